/* SPDX-License-Identifier: MIT
 *
 * JSON Lines, read back by jansson. That they keep to the schema is seen to by report_test.py.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "trial.h"

/* One line after the other; what is no JSON fails. NULL after the last. */
static json_t *next_line(const char **at)
{
    const char *end = strchr(*at, '\n');
    if (**at == '\0') {
        return NULL;
    }
    assert_non_null(end);
    json_t *object = json_loadb(*at, (size_t)(end - *at), JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(object);
    *at = end + 1;
    return object;
}

/* The next line about that event. */
static json_t *next_event(const char **at, const char *event)
{
    json_t *object;
    while ((object = next_line(at)) != NULL) {
        if (strcmp(json_string_value(json_object_get(object, "event")), event) == 0) {
            return object;
        }
        json_decref(object);
    }
    fail_msg("no event %s", event);
    return NULL;
}

static void assert_text(const json_t *object, const char *key, const char *expected)
{
    char with_hex[64];
    snprintf(with_hex, sizeof with_hex, "%s_hex", key);
    const char *hex = json_string_value(json_object_get(object, with_hex));
    const char *text = json_string_value(json_object_get(object, key));
    assert_non_null(text);
    if (hex == NULL) {
        assert_int_equal(strcmp(text, expected), 0);
        return;
    }
    char *bytes = bytes_of_hex(hex);
    char *shown = printable_name(expected);
    assert_non_null(bytes);
    assert_int_equal(strcmp(bytes, expected), 0);
    assert_int_equal(strcmp(text, shown), 0);
    free(shown);
    free(bytes);
}

static void every_text_comes_back(void **state)
{
    (void)state;
    struct trial trial;
    size_t count = hostile_names() + 200;
    trial_open(&trial, PLATEN_REPORT_JSON);
    for (size_t i = 0; i < count; i++) {
        char *name = hostile_name(i);
        tell_test(&trial, name);
        tell_check(&trial, name, PLATEN_REPORT_FAIL, name, name);
        tell_log(&trial, name);
        tell_test_end(&trial, PLATEN_REPORT_FAIL, name);
        free(name);
    }
    tell_run_end(&trial);
    const char *at = trial_text(&trial);
    for (size_t i = 0; i < count; i++) {
        char *name = hostile_name(i);
        json_t *begin = next_event(&at, "test-begin");
        json_t *check = next_event(&at, "check");
        json_t *log = next_event(&at, "log");
        json_t *end = next_event(&at, "test-end");
        assert_text(begin, "test", name);
        assert_text(check, "name", name);
        assert_text(check, "expected", name);
        assert_text(check, "got", name);
        assert_text(log, "text", name);
        assert_text(end, "text", name);
        json_decref(begin);
        json_decref(check);
        json_decref(log);
        json_decref(end);
        free(name);
    }
    trial_close(&trial);
}

static void assert_line(const char **at, json_t *expected)
{
    json_t *line = next_line(at);
    assert_non_null(line);
    assert_non_null(expected);
    if (!json_equal(line, expected)) {
        char *text = json_dumps(line, 0);
        print_error("%s\n", text);
        free(text);
        fail();
    }
    json_decref(line);
    json_decref(expected);
}

static void tell_some(struct trial *trial)
{
    const struct platen_report_finding finding = {.rule = "R12", .severity = "MUST"};
    const struct platen_report_job job = {.document = "a.ps",
                                          .port = "LPT1:",
                                          .id = 7,
                                          .state = "failed",
                                          .bytes = UINT64_C(5000000000),
                                          .writes = 3,
                                          .duration = 250000000,
                                          .call = "WritePort",
                                          .error = 170};
    struct platen_report_event event = {
        .kind = PLATEN_REPORT_RUN_BEGIN, .name = "platen run", .seed = UINT64_MAX};
    platen_report_tell(trial->report, &event);
    tell_file(trial, "a.spool");
    tell_test(trial, "test");
    event = (struct platen_report_event){.kind = PLATEN_REPORT_JOB, .job = &job};
    platen_report_tell(trial->report, &event);
    event = (struct platen_report_event){.kind = PLATEN_REPORT_FINDING,
                                         .verdict = PLATEN_REPORT_FAIL,
                                         .name = "probe",
                                         .finding = &finding};
    platen_report_tell(trial->report, &event);
    tell_test_end(trial, PLATEN_REPORT_PASS, NULL);
    tell_file_end(trial);
    tell_run_end(trial);
}

static void lines_as_the_schema_has_them(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_JSON);
    tell_some(&trial);
    const char *at = trial_text(&trial);
    assert_line(&at, json_pack("{s:s, s:s, s:s}", "event", "run-begin", "name", "platen run",
                               "seed", "18446744073709551615"));
    assert_line(&at, json_pack("{s:s, s:s}", "event", "file-begin", "file", "a.spool"));
    assert_line(&at, json_pack("{s:s, s:s, s:s}", "event", "test-begin", "test", "test", "file",
                               "a.spool"));
    assert_line(&at,
                json_pack("{s:s, s:s, s:s, s:n, s:i, s:s, s:I, s:i, s:i, s:f, s:s, "
                          "s:{s:i, s:s, s:s}, s:s}",
                          "event", "job", "document", "a.ps", "port", "LPT1:", "monitor", "id", 7,
                          "state", "failed", "bytes", (json_int_t)5000000000, "writes", 3,
                          "completions", 0, "seconds", 0.25, "call", "WritePort", "error", "code",
                          170, "name", "ERROR_BUSY", "text", "it is in use", "test", "test"));
    assert_line(&at, json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "event", "finding", "test",
                               "test", "name", "probe", "verdict", "fail", "file", "a.spool",
                               "rule", "R12", "severity", "MUST"));
    assert_line(&at, json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:f}", "event", "test-end", "test",
                               "test", "file", "a.spool", "verdict", "fail", "checks", 1,
                               "failed_checks", 1, "seconds", 0.0));
    json_decref(next_event(&at, "file-end"));
    json_t *end = next_event(&at, "run-end");
    assert_true(json_is_true(json_object_get(end, "complete")));
    assert_int_equal(json_integer_value(json_object_get(end, "fail")), 1);
    json_decref(end);
    assert_null(next_line(&at));
    trial_close(&trial);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_text_comes_back),
        cmocka_unit_test(lines_as_the_schema_has_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
