/* SPDX-License-Identifier: MIT
 *
 * The explorer: what it finds out about monitors that it has never seen.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "fixture.h"
#include "os/file.h"

struct exploring {
    struct fixture fixture;
    struct check check;
    struct check_outcome *outcomes;
};

static const struct check_survey *explored(struct exploring *exploring, const char *monitor)
{
    const char *why = NULL;
    enum platen_check_status status = PLATEN_CHECK_CLEAN;
    fixture_begin(&exploring->fixture, monitor);
    exploring->outcomes = calloc(check_probe_count + 1, sizeof *exploring->outcomes);
    assert_non_null(exploring->outcomes);
    exploring->check = (struct check){
        .options = &exploring->fixture.options,
        .world = &exploring->fixture.world,
        .report = platen_report_create(),
        .outcomes = exploring->outcomes,
    };
    platen_os_mutex_init(&exploring->check.lock);
    assert_int_equal(
        platen_os_make_temporary_folder(exploring->check.folder, sizeof exploring->check.folder),
        0);
    assert_true(explore(&exploring->check, &why, &status));
    return &exploring->check.survey;
}

static void done(struct exploring *exploring)
{
    struct check *check = &exploring->check;
    platen_os_remove_folder(check->folder);
    check_survey_dispose(&check->survey);
    for (size_t i = 0; i <= check_probe_count; i++) {
        check_findings_free(&exploring->outcomes[i]);
    }
    free(exploring->outcomes);
    platen_report_close(check->report, NULL);
    platen_os_mutex_destroy(&check->lock);
}

static void assert_needs(const struct check_survey *survey, uint32_t there, uint32_t missing)
{
    assert_int_equal(survey->needs & there, there);
    assert_int_equal(survey->needs & missing, 0);
}

static void test_everything_is_found(void **state)
{
    struct exploring exploring;
    (void)state;
    const struct check_survey *survey = explored(&exploring, "good_full");
    assert_needs(survey,
                 PLATEN_NEED_PORTS | PLATEN_NEED_NO_PORTS | PLATEN_NEED_LEVEL_2 | PLATEN_NEED_XCV |
                     PLATEN_NEED_ADD_PORT | PLATEN_NEED_DELETE_PORT | PLATEN_NEED_TARGET |
                     PLATEN_NEED_JOB_TARGET | PLATEN_NEED_STALLING_DEVICE |
                     PLATEN_NEED_NO_BACK_CHANNEL | PLATEN_NEED_PRINTER_DATA |
                     PLATEN_NEED_DEVICE_ID | PLATEN_NEED_TIMEOUTS | PLATEN_NEED_BIDI |
                     PLATEN_NEED_SHUTDOWN | PLATEN_NEED_MODULE | PLATEN_NEED_STORE |
                     PLATEN_NEED_SECOND_INSTANCE,
                 PLATEN_NEED_OPENPORTEX);
    assert_int_equal(survey->target.kind, TARGET_DEVICE);
    assert_non_null(survey->target.port2);
    assert_false(survey->language);
    done(&exploring);
}

static void test_a_file_in_the_current_folder(void **state)
{
    struct exploring exploring;
    (void)state;
    const struct check_survey *survey = explored(&exploring, "good_static");
    assert_needs(survey, PLATEN_NEED_PORTS | PLATEN_NEED_TARGET,
                 PLATEN_NEED_ADD_PORT | PLATEN_NEED_STALLING_DEVICE | PLATEN_NEED_JOB_TARGET |
                     PLATEN_NEED_NO_PORTS | PLATEN_NEED_STORE);
    assert_int_equal(survey->target.kind, TARGET_FILE);
    assert_int_equal(strncmp(survey->target.path, "${host}/", 8), 0);
    assert_int_equal(survey->port_count, 2);
    done(&exploring);
}

static void test_the_file_that_the_job_names(void **state)
{
    struct exploring exploring;
    (void)state;
    const struct check_survey *survey = explored(&exploring, "good_null_instance");
    assert_needs(survey, PLATEN_NEED_TARGET | PLATEN_NEED_JOB_TARGET,
                 PLATEN_NEED_ADD_PORT | PLATEN_NEED_STORE | PLATEN_NEED_SECOND_INSTANCE);
    assert_non_null(strstr(survey->lacks[PLATEN_RULE_NEED_INDEX_SECOND_INSTANCE], "no Shutdown"));
    assert_non_null(survey->job_port);
    assert_non_null(survey->target.output);
    done(&exploring);
}

static void test_a_port_that_is_a_path(void **state)
{
    struct exploring exploring;
    (void)state;
    const struct check_survey *survey = explored(&exploring, "good_addport");
    assert_needs(survey,
                 PLATEN_NEED_NO_PORTS | PLATEN_NEED_PORTS | PLATEN_NEED_ADD_PORT |
                     PLATEN_NEED_TARGET,
                 PLATEN_NEED_STALLING_DEVICE);
    assert_int_equal(survey->target.kind, TARGET_FILE);
    assert_non_null(strstr(survey->target.setup, "AddPort"));
    done(&exploring);
}

static void test_a_language_monitor(void **state)
{
    struct exploring exploring;
    (void)state;
    const char *why = NULL;
    enum platen_check_status status = PLATEN_CHECK_CLEAN;
    fixture_begin(&exploring.fixture, "good_language");
    exploring.outcomes = calloc(check_probe_count + 1, sizeof *exploring.outcomes);
    assert_non_null(exploring.outcomes);
    exploring.check = (struct check){
        .options = &exploring.fixture.options,
        .world = &exploring.fixture.world,
        .report = platen_report_create(),
        .outcomes = exploring.outcomes,
    };
    platen_os_mutex_init(&exploring.check.lock);
    assert_int_equal(
        platen_os_make_temporary_folder(exploring.check.folder, sizeof exploring.check.folder), 0);
    /* The world of this test has no builtin monitor to put it over. */
    assert_false(explore(&exploring.check, &why, &status));
    assert_int_equal(status, PLATEN_CHECK_MONITOR);
    assert_non_null(why);
    done(&exploring);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_is_found),
        cmocka_unit_test(test_a_file_in_the_current_folder),
        cmocka_unit_test(test_the_file_that_the_job_names),
        cmocka_unit_test(test_a_port_that_is_a_path),
        cmocka_unit_test(test_a_language_monitor),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
