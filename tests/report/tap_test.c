/* SPDX-License-Identifier: MIT
 *
 * TAP 14, read back by a strict reader.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "tap_reader.h"
#include "trial.h"

static json_t *read_tap(struct trial *trial)
{
    char wrong[300] = "";
    const char *text = trial_text(trial);
    json_t *document = tap_read(text, trial->size, wrong, sizeof wrong);
    if (document == NULL) {
        print_error("%s\n", wrong);
    }
    assert_non_null(document);
    return document;
}

static json_t *point_at(const json_t *document, size_t index)
{
    json_t *point = json_array_get(json_object_get(document, "points"), index);
    assert_non_null(point);
    return point;
}

static const char *string_at(const json_t *map, const char *key)
{
    return json_string_value(json_object_get(map, key));
}

static void assert_string_at(const json_t *map, const char *key, const char *expected)
{
    const char *found = string_at(map, key);
    assert_non_null(found);
    assert_string_equal(found, expected);
}

/* The name as a reader has it: from the diagnostics, if what stands in the line is not all. */
static void assert_name(const json_t *point, const char *name)
{
    const json_t *yaml = json_object_get(point, "yaml");
    const char *hex = string_at(yaml, "name_hex");
    if (hex != NULL) {
        char *bytes = bytes_of_hex(hex);
        assert_non_null(bytes);
        assert_int_equal(strcmp(bytes, name), 0);
        free(bytes);
        return;
    }
    const char *exact = string_at(yaml, "name");
    exact = exact == NULL ? string_at(point, "description") : exact;
    assert_int_equal(strcmp(exact, name), 0);
}

static void every_name_comes_back(void **state)
{
    (void)state;
    struct trial trial;
    size_t count = hostile_names() + 200;
    trial_open(&trial, PLATEN_REPORT_TAP);
    for (size_t i = 0; i < count; i++) {
        char *name = hostile_name(i);
        enum platen_report_verdict verdict = (enum platen_report_verdict)(i % 6);
        tell_whole_test(&trial, name, verdict, verdict == PLATEN_REPORT_PASS ? NULL : name);
        free(name);
    }
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    for (size_t i = 0; i < count; i++) {
        char *name = hostile_name(i);
        assert_name(point_at(document, i), name);
        free(name);
    }
    assert_int_equal(json_integer_value(json_object_get(document, "plan")), count);
    json_decref(document);
    trial_close(&trial);
}

static void names_of_files_and_checks_come_back(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    for (size_t i = 0; i < hostile_names(); i++) {
        char *name = hostile_name(i);
        tell_file(&trial, name);
        tell_log(&trial, name);
        tell_test(&trial, "test");
        tell_check(&trial, name, PLATEN_REPORT_FAIL, name, name);
        tell_log(&trial, name);
        tell_test_end(&trial, PLATEN_REPORT_FAIL, NULL);
        tell_file_end(&trial);
        free(name);
    }
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    for (size_t i = 0; i < hostile_names(); i++) {
        char *name = hostile_name(i);
        json_t *subtest = json_object_get(point_at(document, i), "subtest");
        json_t *yaml = json_object_get(point_at(subtest, 0), "yaml");
        json_t *failure = json_array_get(json_object_get(yaml, "failures"), 0);
        json_t *point = json_pack("{s:O, s:s}", "yaml", failure, "description", "");
        assert_name(point, name);
        json_decref(point);
        free(name);
    }
    json_decref(document);
    trial_close(&trial);
}

static void verdicts_as_everybody_reads_them(void **state)
{
    (void)state;
    static const struct {
        enum platen_report_verdict verdict;
        bool ok;
        const char *directive;
    } rows[] = {
        {PLATEN_REPORT_PASS, true, NULL},   {PLATEN_REPORT_FAIL, false, NULL},
        {PLATEN_REPORT_SKIP, true, "SKIP"}, {PLATEN_REPORT_XFAIL, false, "\124ODO"},
        {PLATEN_REPORT_XPASS, false, NULL}, {PLATEN_REPORT_ERROR, false, NULL},
    };
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    for (size_t i = 0; i < 6; i++) {
        tell_whole_test(&trial, "test", rows[i].verdict, "the # reason");
    }
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    for (size_t i = 0; i < 6; i++) {
        const json_t *point = point_at(document, i);
        const char *directive = string_at(point, "directive");
        assert_int_equal(json_is_true(json_object_get(point, "ok")), rows[i].ok);
        assert_int_equal(directive == NULL, rows[i].directive == NULL);
        if (directive != NULL) {
            assert_string_equal(directive, rows[i].directive);
            assert_string_at(point, "reason", "the # reason");
        }
        assert_string_at(json_object_get(point, "yaml"), "reason", "the # reason");
        assert_string_at(json_object_get(point, "yaml"), "verdict",
                         platen_report_verdict_name(rows[i].verdict));
    }
    json_decref(document);
    trial_close(&trial);
}

static void a_failure_says_everything(void **state)
{
    (void)state;
    struct trial trial;
    const struct platen_report_finding finding = {
        .rule = "R12", .severity = "MUST", .clause = "contract 2.7", .trace = "a\nb"};
    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_file(&trial, "a.spool");
    tell_test(&trial, "test");
    tell_check(&trial, "passed", PLATEN_REPORT_PASS, "x", "x");
    tell_check(&trial, "OpenPort", PLATEN_REPORT_FAIL, "TRUE", "FALSE 5");
    platen_report_tell(trial.report, &(struct platen_report_event){.kind = PLATEN_REPORT_FINDING,
                                                                   .verdict = PLATEN_REPORT_FAIL,
                                                                   .name = "probe",
                                                                   .repeat = "platen check x R12",
                                                                   .finding = &finding});
    tell_test_end(&trial, PLATEN_REPORT_PASS, NULL);
    tell_file_end(&trial);
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    json_t *file = point_at(document, 0);
    json_t *point = point_at(json_object_get(file, "subtest"), 0);
    json_t *expected =
        json_pack("[{s:s, s:s, s:s, s:i, s:i, s:s, s:s}, {s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}]",
                  "name", "OpenPort", "verdict", "fail", "file", "a.spool", "line", 12, "column", 5,
                  "expected", "TRUE", "got", "FALSE 5", "name", "probe", "verdict", "fail", "file",
                  "a.spool", "rule", "R12", "severity", "MUST", "clause", "contract 2.7", "trace",
                  "a\nb", "repeat", "platen check x R12");
    json_t *yaml = json_object_get(point, "yaml");
    assert_true(json_equal(json_object_get(yaml, "failures"), expected));
    assert_int_equal(json_integer_value(json_object_get(yaml, "checks")), 3);
    assert_true(json_is_false(json_object_get(point, "ok")));
    assert_true(json_is_false(json_object_get(file, "ok")));
    json_decref(expected);
    json_decref(document);
    trial_close(&trial);
}

static void files_without_tests_and_runs_without_files(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_file(&trial, "empty.spool");
    tell_file_end(&trial);
    tell_whole_test(&trial, "flat", PLATEN_REPORT_PASS, NULL);
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    assert_string_at(point_at(document, 0), "directive", "SKIP");
    assert_string_at(point_at(document, 1), "description", "flat");
    assert_null(json_object_get(point_at(document, 1), "subtest"));
    json_decref(document);
    trial_close(&trial);

    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_run(&trial, "nothing");
    tell_run_end(&trial);
    document = read_tap(&trial);
    assert_int_equal(json_integer_value(json_object_get(document, "plan")), 0);
    json_decref(document);
    trial_close(&trial);
}

static void a_run_that_is_broken_off_bails_out(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_file(&trial, "a.spool");
    tell_test(&trial, "never ends");
    json_t *document = read_tap(&trial); /* no end is told */
    json_t *point = point_at(json_object_get(point_at(document, 0), "subtest"), 0);
    assert_true(json_is_false(json_object_get(point, "ok")));
    assert_string_at(json_object_get(point, "yaml"), "verdict", "error");
    assert_string_at(document, "bail", "the run did not end");
    json_decref(document);
    trial_close(&trial);
}

/* In the reader's eyes: no subtest, no plan, no test point. */
static void what_is_logged_is_a_comment(void **state)
{
    (void)state;
    static const char *const texts[] = {"Subtest: trap", "1..7", "ok 1 - trap", "Bail out!"};
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    for (size_t i = 0; i < 4; i++) {
        tell_log(&trial, texts[i]);
    }
    tell_whole_test(&trial, "test", PLATEN_REPORT_PASS, NULL);
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    json_t *comments = json_object_get(document, "comments");
    assert_int_equal(json_array_size(comments), 4);
    assert_string_equal(json_string_value(json_array_get(comments, 0)), "info: Subtest: trap");
    json_decref(document);
    trial_close(&trial);
}

/* The first are told, the others are counted. */
static void endless_failures_are_counted(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_TAP);
    tell_test(&trial, "test");
    for (int i = 0; i < 1000; i++) {
        tell_check(&trial, "check", PLATEN_REPORT_FAIL, "a", "b");
    }
    tell_test_end(&trial, PLATEN_REPORT_FAIL, NULL);
    tell_run_end(&trial);
    json_t *document = read_tap(&trial);
    json_t *yaml = json_object_get(point_at(document, 0), "yaml");
    size_t told = json_array_size(json_object_get(yaml, "failures"));
    assert_int_equal(told + (size_t)json_integer_value(json_object_get(yaml, "more_failures")),
                     1000);
    json_decref(document);
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_name_comes_back),
        cmocka_unit_test(names_of_files_and_checks_come_back),
        cmocka_unit_test(verdicts_as_everybody_reads_them),
        cmocka_unit_test(a_failure_says_everything),
        cmocka_unit_test(files_without_tests_and_runs_without_files),
        cmocka_unit_test(a_run_that_is_broken_off_bails_out),
        cmocka_unit_test(what_is_logged_is_a_comment),
        cmocka_unit_test(endless_failures_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
