/* SPDX-License-Identifier: MIT
 *
 * The stream: counted, put in order, told by many at once.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <string.h>

#include "os/thread.h"
#include "tap_reader.h"
#include "trial.h"

static struct platen_report_totals totals_of(struct trial *trial)
{
    struct platen_report_totals totals;
    platen_report_totals(trial->report, &totals);
    return totals;
}

static void tests_are_counted_by_verdict(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    for (unsigned verdict = 0; verdict < PLATEN_REPORT_VERDICTS; verdict++) {
        for (unsigned i = 0; i <= verdict; i++) {
            tell_whole_test(&trial, "test", (enum platen_report_verdict)verdict, NULL);
        }
    }
    struct platen_report_totals totals = totals_of(&trial);
    assert_int_equal(totals.tests, 1 + 2 + 3 + 4 + 5 + 6 + 7);
    for (unsigned verdict = 0; verdict < PLATEN_REPORT_VERDICTS; verdict++) {
        assert_int_equal(totals.verdicts[verdict], verdict + 1);
    }
    tell_run_end(&trial);
    trial_close(&trial);
}

static void a_test_with_a_failed_check_has_failed(void **state)
{
    (void)state;
    static const struct {
        enum platen_report_verdict check;
        enum platen_report_verdict told;
        enum platen_report_verdict counted;
    } rows[] = {
        {PLATEN_REPORT_PASS, PLATEN_REPORT_PASS, PLATEN_REPORT_PASS},
        {PLATEN_REPORT_FAIL, PLATEN_REPORT_PASS, PLATEN_REPORT_FAIL},
        {PLATEN_REPORT_XPASS, PLATEN_REPORT_PASS, PLATEN_REPORT_FAIL},
        {PLATEN_REPORT_ERROR, PLATEN_REPORT_PASS, PLATEN_REPORT_FAIL},
        {PLATEN_REPORT_SKIP, PLATEN_REPORT_PASS, PLATEN_REPORT_PASS},
        {PLATEN_REPORT_WARN, PLATEN_REPORT_PASS, PLATEN_REPORT_WARN},
        {PLATEN_REPORT_WARN, PLATEN_REPORT_FAIL, PLATEN_REPORT_FAIL},
        {PLATEN_REPORT_XFAIL, PLATEN_REPORT_PASS, PLATEN_REPORT_PASS},
        {PLATEN_REPORT_FAIL, PLATEN_REPORT_XFAIL, PLATEN_REPORT_XFAIL},
        {PLATEN_REPORT_PASS, (enum platen_report_verdict)77, PLATEN_REPORT_ERROR},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct trial trial;
        trial_open(&trial, PLATEN_REPORT_JSON);
        tell_test(&trial, "test");
        tell_check(&trial, "check", rows[i].check, NULL, NULL);
        tell_test_end(&trial, rows[i].told, NULL);
        assert_int_equal(totals_of(&trial).verdicts[rows[i].counted], 1);
        assert_int_equal(totals_of(&trial).checks, 1);
        tell_run_end(&trial);
        trial_close(&trial);
    }
}

static json_t *read_tap(struct trial *trial)
{
    char wrong[300] = "";
    const char *text = trial_text(trial);
    json_t *document = tap_read(text, trial->size, wrong, sizeof wrong);
    if (document == NULL) {
        print_error("%s\n%.2000s\n", wrong, text);
    }
    assert_non_null(document);
    return document;
}

/* In any order, the report is valid and nothing is lost. */
static void any_order_is_put_right(void **state)
{
    (void)state;
    uint64_t random = 1;
    for (int round = 0; round < 100; round++) {
        struct trial trial;
        trial_open(&trial, PLATEN_REPORT_TAP);
        for (int i = 0; i < 60; i++) {
            random = random * UINT64_C(6364136223846793005) + 1442695040888963407u;
            enum platen_report_kind kind =
                (enum platen_report_kind)((random >> 33) % (PLATEN_REPORT_KINDS + 1));
            if (kind != PLATEN_REPORT_RUN_END) {
                platen_report_tell(trial.report,
                                   &(struct platen_report_event){.kind = kind,
                                                                 .name = "name",
                                                                 .text = "text",
                                                                 .test = (random >> 50) % 3,
                                                                 .verdict = PLATEN_REPORT_PASS});
            }
        }
        tell_run_end(&trial);
        uint64_t tests = totals_of(&trial).tests;
        tell_run_end(&trial); /* and what comes after the end is nothing */
        tell_whole_test(&trial, "late", PLATEN_REPORT_PASS, NULL);
        assert_int_equal(totals_of(&trial).tests, tests);
        json_t *document = read_tap(&trial);
        json_t *point;
        size_t index;
        uint64_t found = 0;
        json_array_foreach(json_object_get(document, "points"), index, point)
        {
            json_t *subtest = json_object_get(point, "subtest");
            found += subtest == NULL ? 1 : json_array_size(json_object_get(subtest, "points"));
        }
        assert_int_equal(found, tests);
        json_decref(document);
        trial_close(&trial);
    }
}

static void what_is_open_at_the_end_did_not_end(void **state)
{
    (void)state;
    for (int with_file = 0; with_file < 2; with_file++) {
        struct trial trial;
        trial_open(&trial, PLATEN_REPORT_TAP);
        if (with_file) {
            tell_file(&trial, "file");
        }
        tell_test(&trial, "replaced");
        tell_test(&trial, "open");
        tell_run_end(&trial);
        assert_int_equal(totals_of(&trial).verdicts[PLATEN_REPORT_ERROR], 2);
        json_t *document = read_tap(&trial);
        assert_int_equal(json_array_size(json_object_get(document, "points")), with_file ? 1 : 2);
        json_decref(document);
        trial_close(&trial);
    }
}

static void a_check_in_no_test_is_a_test(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_check(&trial, "alone", PLATEN_REPORT_FAIL, "a", "b");
    assert_int_equal(totals_of(&trial).verdicts[PLATEN_REPORT_FAIL], 1);
    tell_run_end(&trial);
    trial_close(&trial);
}

static void a_set_without_reports_counts(void **state)
{
    (void)state;
    struct trial trial = {.report = platen_report_create()};
    assert_non_null(trial.report);
    tell_whole_test(&trial, "test", PLATEN_REPORT_SKIP, NULL);
    assert_int_equal(totals_of(&trial).verdicts[PLATEN_REPORT_SKIP], 1);
    assert_int_equal(platen_report_close(trial.report, NULL), 0);
    assert_int_equal(platen_report_close(NULL, NULL), 0);
}

/* ---- many at once -----------------------------------------------------------------------------
 */

#define TELLERS 8
#define ROUNDS  100

struct teller {
    struct trial *trial;
    uint64_t number;
};

static void tell_many(void *argument)
{
    const struct teller *teller = argument;
    struct platen_report *report = teller->trial->report;
    char name[40];
    for (int i = 0; i < ROUNDS; i++) {
        struct platen_report_event event = {
            .kind = PLATEN_REPORT_TEST_BEGIN, .test = teller->number, .name = name};
        snprintf(name, sizeof name, "teller %d", (int)teller->number);
        platen_report_tell(report, &event);
        event.kind = PLATEN_REPORT_CHECK;
        event.verdict = PLATEN_REPORT_FAIL;
        for (int check = 0; check < 3; check++) {
            snprintf(name, sizeof name, "%d %d", (int)teller->number, check);
            platen_report_tell(report, &event);
        }
        event.kind = PLATEN_REPORT_TEST_END;
        event.name = NULL;
        platen_report_tell(report, &event);
    }
}

static void assert_own_checks(const json_t *point)
{
    const char *name = json_string_value(json_object_get(point, "description"));
    json_t *failures = json_object_get(json_object_get(point, "yaml"), "failures");
    int number = -1;
    assert_int_equal(sscanf(name, "teller %d", &number), 1);
    assert_int_equal(json_array_size(failures), 3);
    for (int check = 0; check < 3; check++) {
        char expected[40];
        snprintf(expected, sizeof expected, "%d %d", number, check);
        assert_string_equal(
            json_string_value(json_object_get(json_array_get(failures, (size_t)check), "name")),
            expected);
    }
}

static void tests_side_by_side_keep_their_checks(void **state)
{
    (void)state;
    struct trial trial;
    struct teller tellers[TELLERS];
    platen_os_thread *threads[TELLERS];
    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_file(&trial, "together");
    for (unsigned i = 0; i < TELLERS; i++) {
        tellers[i] = (struct teller){&trial, i + 1};
        assert_int_equal(platen_os_thread_start(&threads[i], "teller", 0, tell_many, &tellers[i]),
                         0);
    }
    for (unsigned i = 0; i < TELLERS; i++) {
        platen_os_thread_join(threads[i]);
    }
    tell_file_end(&trial);
    tell_run_end(&trial);
    assert_int_equal(totals_of(&trial).failed_checks, TELLERS * ROUNDS * 3);
    json_t *document = read_tap(&trial);
    json_t *subtest =
        json_object_get(json_array_get(json_object_get(document, "points"), 0), "subtest");
    json_t *points = json_object_get(subtest, "points");
    assert_int_equal(json_array_size(points), TELLERS * ROUNDS);
    for (size_t i = 0; i < json_array_size(points); i++) {
        assert_own_checks(json_array_get(points, i));
    }
    json_decref(document);
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tests_are_counted_by_verdict),
        cmocka_unit_test(a_test_with_a_failed_check_has_failed),
        cmocka_unit_test(any_order_is_put_right),
        cmocka_unit_test(what_is_open_at_the_end_did_not_end),
        cmocka_unit_test(a_check_in_no_test_is_a_test),
        cmocka_unit_test(a_set_without_reports_counts),
        cmocka_unit_test(tests_side_by_side_keep_their_checks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
