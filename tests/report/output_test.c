/* SPDX-License-Identifier: MIT
 *
 * Where reports are written, and where not.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "os/file.h"
#include "trial.h"

static void put_file(const char *path, const char *text)
{
    assert_int_equal(platen_os_file_replace(path, text, strlen(text)), 0);
}

static void assert_file(const char *path, const char *expected)
{
    char *text;
    size_t size;
    assert_int_equal(platen_os_file_load(path, 1 << 20, &text, &size), 0);
    assert_string_equal(text, expected);
    free(text);
}

static uint32_t add(struct platen_report *report, enum platen_report_format format,
                    const char *path)
{
    const struct platen_report_output output = {.format = format, .path = path};
    return platen_report_add(report, &output);
}

/* A report of one test in that format, where the trial has one. */
static void write_one(struct trial *trial, enum platen_report_format format)
{
    trial->report = platen_report_create();
    assert_non_null(trial->report);
    assert_int_equal(add(trial->report, format, trial->path), 0);
    tell_whole_test(trial, "test", PLATEN_REPORT_FAIL, NULL);
    tell_run_end(trial);
    assert_int_equal(platen_report_close(trial->report, NULL), 0);
    trial->report = NULL;
}

static void begin(struct trial *trial)
{
    *trial = (struct trial){0};
    assert_int_equal(platen_os_make_temporary_folder(trial->folder, sizeof trial->folder), 0);
    snprintf(trial->path, sizeof trial->path, "%s/report", trial->folder);
}

static void what_is_something_else_is_left_alone(void **state)
{
    (void)state;
    static const char *const others[] = {
        "%PDF-1.4\n", "a letter\n", "{\"name\": \"settings\"}", "<?xml version=\"1.0\"?>\n<html/>",
        "TAP",        "[]"};
    struct trial trial;
    begin(&trial);
    struct platen_report *report = platen_report_create();
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        put_file(trial.path, others[i]);
        for (unsigned format = 0; format < PLATEN_REPORT_FORMATS; format++) {
            assert_int_equal(add(report, (enum platen_report_format)format, trial.path),
                             PLATEN_FILE_EXISTS);
        }
        assert_file(trial.path, others[i]);
    }
    assert_int_equal(platen_report_close(report, NULL), 0);
    trial_close(&trial);
}

static void an_older_report_is_replaced_and_one_of_another_format_is_not(void **state)
{
    (void)state;
    for (unsigned old = 0; old < PLATEN_REPORT_FORMATS; old++) {
        for (unsigned new = 0; new < PLATEN_REPORT_FORMATS; new ++) {
            struct trial trial;
            begin(&trial);
            put_file(trial.path, "");
            write_one(&trial, (enum platen_report_format)old);
            struct platen_report *report = platen_report_create();
            assert_int_equal(add(report, (enum platen_report_format) new, trial.path),
                             old == new ? 0 : PLATEN_FILE_EXISTS);
            assert_int_equal(platen_report_close(report, NULL), 0);
            trial_close(&trial);
        }
    }
}

static void reports_of_others_in_the_same_formats_are_replaced(void **state)
{
    (void)state;
    struct trial trial;
    begin(&trial);
    put_file(trial.path, "<?xml version='1.0' encoding='utf-8'?>\n  <testsuite name='x'/>");
    write_one(&trial, PLATEN_REPORT_JUNIT);
    put_file(trial.path, "TAP version 13\n1..0\n");
    write_one(&trial, PLATEN_REPORT_TAP);
    put_file(trial.path, "{\"event\":\"job\"}\n");
    write_one(&trial, PLATEN_REPORT_JSON);
    trial_close(&trial);
}

static void two_reports_never_share_a_file(void **state)
{
    (void)state;
    struct trial trial;
    char same[600];
    begin(&trial);
    snprintf(same, sizeof same, "%s/./report", trial.folder);
    struct platen_report *report = platen_report_create();
    assert_int_equal(add(report, PLATEN_REPORT_JSON, trial.path), 0);
    assert_int_equal(add(report, PLATEN_REPORT_JSON, trial.path), PLATEN_SHARING_VIOLATION);
    assert_int_equal(add(report, PLATEN_REPORT_TAP, same), PLATEN_SHARING_VIOLATION);
    assert_int_equal(platen_report_close(report, NULL), 0);
    trial_close(&trial);
}

static void what_cannot_be_written_is_known_before_anything_runs(void **state)
{
    (void)state;
    struct trial trial;
    char missing[600];
    begin(&trial);
    snprintf(missing, sizeof missing, "%s/missing/report", trial.folder);
    struct platen_report *report = platen_report_create();
    for (unsigned format = 0; format < PLATEN_REPORT_FORMATS; format++) {
        enum platen_report_format one = (enum platen_report_format)format;
        assert_int_equal(add(report, one, missing), PLATEN_PATH_NOT_FOUND);
        assert_int_not_equal(add(report, one, trial.folder), 0);
        assert_int_equal(add(report, one, ""), PLATEN_INVALID_PARAMETER);
        assert_int_equal(add(report, one, NULL), PLATEN_INVALID_PARAMETER);
    }
    assert_int_equal(add(report, PLATEN_REPORT_FORMATS, trial.path), PLATEN_INVALID_PARAMETER);
    platen_report_tell(report, &(struct platen_report_event){.kind = PLATEN_REPORT_RUN_BEGIN});
    assert_int_equal(add(report, PLATEN_REPORT_TAP, trial.path), PLATEN_INVALID_PARAMETER);
    assert_int_equal(platen_report_close(report, NULL), 0);
    trial_close(&trial);
}

/* Until the end the file is empty: nobody takes an older report for this one's. */
static void junit_stands_whole_or_not_at_all(void **state)
{
    (void)state;
    struct trial trial;
    begin(&trial);
    write_one(&trial, PLATEN_REPORT_JUNIT);
    trial.report = platen_report_create();
    assert_int_equal(add(trial.report, PLATEN_REPORT_JUNIT, trial.path), 0);
    assert_file(trial.path, "");
    tell_whole_test(&trial, "test", PLATEN_REPORT_PASS, NULL);
    assert_file(trial.path, "");
    tell_run_end(&trial);
    assert_non_null(strstr(trial_text(&trial), "</testsuites>\n"));
    trial_close(&trial);
}

static void the_others_stand_there_as_things_happen(void **state)
{
    (void)state;
    static const enum platen_report_format formats[] = {PLATEN_REPORT_HUMAN, PLATEN_REPORT_TAP,
                                                        PLATEN_REPORT_JSON};
    for (size_t i = 0; i < 3; i++) {
        struct trial trial;
        char *text;
        size_t size;
        trial_open(&trial, formats[i]);
        tell_whole_test(&trial, "the test", PLATEN_REPORT_PASS, NULL);
        assert_int_equal(platen_os_file_load(trial.path, 1 << 20, &text, &size), 0);
        assert_non_null(strstr(text, "the test"));
        free(text);
        tell_run_end(&trial);
        trial_close(&trial);
    }
}

static void several_at_once(void **state)
{
    (void)state;
    struct trial trial;
    char paths[PLATEN_REPORT_FORMATS][600];
    begin(&trial);
    trial.report = platen_report_create();
    for (unsigned format = 0; format < PLATEN_REPORT_FORMATS; format++) {
        snprintf(paths[format], sizeof paths[format], "%s/%u", trial.folder, format);
        assert_int_equal(add(trial.report, (enum platen_report_format)format, paths[format]), 0);
    }
    tell_whole_test(&trial, "the test", PLATEN_REPORT_FAIL, NULL);
    tell_run_end(&trial);
    assert_int_equal(platen_report_close(trial.report, NULL), 0);
    trial.report = NULL;
    for (unsigned format = 0; format < PLATEN_REPORT_FORMATS; format++) {
        char *text;
        size_t size;
        assert_int_equal(platen_os_file_load(paths[format], 1 << 20, &text, &size), 0);
        assert_non_null(strstr(text, "the test"));
        free(text);
    }
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_something_else_is_left_alone),
        cmocka_unit_test(an_older_report_is_replaced_and_one_of_another_format_is_not),
        cmocka_unit_test(reports_of_others_in_the_same_formats_are_replaced),
        cmocka_unit_test(two_reports_never_share_a_file),
        cmocka_unit_test(what_cannot_be_written_is_known_before_anything_runs),
        cmocka_unit_test(junit_stands_whole_or_not_at_all),
        cmocka_unit_test(the_others_stand_there_as_things_happen),
        cmocka_unit_test(several_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
