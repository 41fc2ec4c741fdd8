/* SPDX-License-Identifier: MIT
 *
 * The verdict: findings are merged, crashes are one finding, rules come in their order, and what is
 * expected, a SHOULD or not tried is told as what it is.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "check/inside.h"
#include "os/file.h"

#define EVENTS 2000

struct trial {
    struct platen_check_options options;
    struct platen_script_world world;
    struct check check;
    struct check_expected expected;
    struct check_counts counts;
    char folder[256];
    char path[300];
    json_t *events[EVENTS];
    size_t count;
};

static int begin(void **state)
{
    struct trial *trial = calloc(1, sizeof *trial);
    if (trial == NULL ||
        platen_os_make_temporary_folder(trial->folder, sizeof trial->folder) != 0) {
        return -1;
    }
    snprintf(trial->path, sizeof trial->path, "%s/report.json", trial->folder);
    trial->check.options = &trial->options;
    trial->check.world = &trial->world;
    trial->check.survey.needs = UINT32_MAX;
    trial->check.outcomes = calloc(check_probe_count + 1, sizeof *trial->check.outcomes);
    *state = trial;
    return trial->check.outcomes == NULL ? -1 : 0;
}

static int end(void **state)
{
    struct trial *trial = *state;
    for (size_t i = 0; i <= check_probe_count; i++) {
        check_findings_free(&trial->check.outcomes[i]);
    }
    for (size_t i = 0; i < trial->count; i++) {
        json_decref(trial->events[i]);
    }
    platen_os_remove_folder(trial->folder);
    free(trial->check.outcomes);
    free(trial);
    return 0;
}

/* The first probe that binds the rule, and nothing between. */
static size_t probe_of(int rule)
{
    size_t i = 0;
    while (i < check_probe_count && !check_probe_binds(&check_probes[i], rule)) {
        i++;
    }
    assert_in_range(i, 0, check_probe_count - 1);
    return i;
}

static void wants(struct trial *trial, int rule)
{
    trial->options.rules[rule] = true;
}

static void tried(struct trial *trial, int rule)
{
    wants(trial, rule);
    trial->check.outcomes[probe_of(rule)].tried[rule] = true;
}

static struct check_finding *finds(struct trial *trial, size_t probe, int rule, const char *key)
{
    const struct check_finding finding = {
        .rule = rule, .line = "Call", .expected = "TRUE", .got = "FALSE", .key = key};
    trial->check.outcomes[probe].tried[rule] = true;
    wants(trial, rule);
    return check_find(&trial->check.outcomes[probe], &finding);
}

static void expects(struct trial *trial, int rule, bool should)
{
    trial->expected.list[trial->expected.count].rule = rule;
    trial->expected.list[trial->expected.count++].should = should;
}

static void read_report(struct trial *trial)
{
    char *text = NULL;
    size_t size = 0;
    assert_int_equal(platen_os_file_load(trial->path, 1 << 24, &text, &size), 0);
    for (char *line = strtok(text, "\n"); line != NULL; line = strtok(NULL, "\n")) {
        assert_in_range(trial->count, 0, EVENTS - 1);
        trial->events[trial->count] = json_loads(line, 0, NULL);
        assert_non_null(trial->events[trial->count++]);
    }
    free(text);
}

static void judge_all(struct trial *trial)
{
    const struct platen_report_output output = {.format = PLATEN_REPORT_JSON, .path = trial->path};
    trial->check.report = platen_report_create();
    assert_non_null(trial->check.report);
    assert_int_equal(platen_report_add(trial->check.report, &output), 0);
    judge(&trial->check, &trial->expected, NULL, &trial->counts);
    assert_int_equal(platen_report_close(trial->check.report, NULL), 0);
    read_report(trial);
}

static const char *text_of(json_t *event, const char *name)
{
    const char *text = json_string_value(json_object_get(event, name));
    return text == NULL ? "" : text;
}

static const char *verdict_of(struct trial *trial, int rule)
{
    for (size_t i = 0; i < trial->count; i++) {
        if (strcmp(text_of(trial->events[i], "event"), "test-end") == 0 &&
            json_integer_value(json_object_get(trial->events[i], "number")) == rule) {
            return text_of(trial->events[i], "verdict");
        }
    }
    return "none";
}

static size_t findings_of(struct trial *trial, const char *rule)
{
    size_t count = 0;
    for (size_t i = 0; i < trial->count; i++) {
        count += strcmp(text_of(trial->events[i], "event"), "finding") == 0 &&
                 strcmp(text_of(trial->events[i], "rule"), rule) == 0;
    }
    return count;
}

/* ---- the tests ------------------------------------------------------------------------------- */

static void test_equal_findings_are_one(void **state)
{
    struct trial *trial = *state;
    size_t probe = probe_of(12);
    assert_non_null(finds(trial, probe, 12, "size #"));
    assert_null(finds(trial, probe, 12, "size #"));
    assert_non_null(finds(trial, probe, 12, "another"));
    assert_non_null(finds(trial, probe + 1, 12, "size #")); /* another probe's: told once as well */
    assert_int_equal(trial->check.outcomes[probe].findings->times, 2);
    judge_all(trial);
    assert_int_equal(findings_of(trial, "R12"), 2);
    assert_string_equal(verdict_of(trial, 12), "fail");
    assert_int_equal(trial->counts.failed, 1);
}

static void test_a_should_warns(void **state)
{
    struct trial *trial = *state;
    finds(trial, probe_of(17), 17, "a");
    finds(trial, probe_of(13), 13, "b")->should = true; /* a part of a MUST rule */
    judge_all(trial);
    assert_string_equal(verdict_of(trial, 17), "warn");
    assert_string_equal(verdict_of(trial, 13), "warn");
    assert_int_equal(trial->counts.warned, 2);
    assert_int_equal(trial->counts.failed, 0);
}

static void test_strict_makes_it_fail(void **state)
{
    struct trial *trial = *state;
    trial->options.strict = true;
    finds(trial, probe_of(17), 17, "a");
    judge_all(trial);
    assert_string_equal(verdict_of(trial, 17), "fail");
    assert_int_equal(trial->counts.failed, 1);
}

static void test_what_nobody_tried_is_skipped(void **state)
{
    struct trial *trial = *state;
    size_t probe = probe_of(14);
    tried(trial, 11);
    wants(trial, 12);
    wants(trial, 14);
    wants(trial, 19);
    trial->check.survey.needs &= ~(uint32_t)PLATEN_NEED_NO_PORTS;
    trial->check.outcomes[probe].skipped[14] = "there was no time";
    judge_all(trial);
    assert_string_equal(verdict_of(trial, 11), "pass");
    assert_string_equal(verdict_of(trial, 12), "skip");
    assert_string_equal(verdict_of(trial, 14), "skip");
    assert_string_equal(verdict_of(trial, 19), "skip");
    assert_int_equal(trial->counts.passed, 1);
    assert_int_equal(trial->counts.skipped, 3);
    for (size_t i = 0; i < trial->count; i++) {
        if (strcmp(text_of(trial->events[i], "verdict"), "skip") == 0) {
            assert_string_not_equal(text_of(trial->events[i], "text"), "");
        }
    }
}

static void test_what_is_expected_is_excused(void **state)
{
    struct trial *trial = *state;
    finds(trial, probe_of(12), 12, "a");
    finds(trial, probe_of(13), 13, "a");
    tried(trial, 14);
    expects(trial, 12, false);
    expects(trial, 13, true); /* but only what is a SHOULD */
    expects(trial, 14, false);
    judge_all(trial);
    assert_string_equal(verdict_of(trial, 12), "xfail");
    assert_string_equal(verdict_of(trial, 13), "fail");
    assert_string_equal(verdict_of(trial, 14), "xpass");
    assert_int_equal(trial->counts.excused, 1);
    assert_int_equal(trial->counts.failed, 2);
}

static void test_one_crash_is_one_finding(void **state)
{
    struct trial *trial = *state;
    finds(trial, probe_of(30), 30, "dead in WritePort")->crash = true;
    struct check_finding *weak = finds(trial, probe_of(12), 12, "dead in WritePort");
    weak->crash = weak->weak = true; /* where nothing was being tried */
    finds(trial, probe_of(43), 43, "dead in WritePort")->crash = true;
    finds(trial, probe_of(46), 46, "dead in ReadPort")->crash = true;
    judge_all(trial);
    assert_int_equal(findings_of(trial, "R30"), 1);
    assert_int_equal(findings_of(trial, "R12"), 0);
    assert_int_equal(findings_of(trial, "R43"), 0);
    assert_int_equal(findings_of(trial, "R46"), 1);
    assert_string_equal(verdict_of(trial, 30), "fail");
    assert_string_equal(verdict_of(trial, 12), "skip");
    assert_string_equal(verdict_of(trial, 43), "skip");
}

static void test_a_crash_is_never_a_warning(void **state)
{
    struct trial *trial = *state;
    finds(trial, probe_of(17), 17, "dead in EnumPorts")->crash = true;
    finds(trial, probe_of(43), 43, "x")->should = true;
    judge_all(trial);
    assert_string_equal(verdict_of(trial, 17), "fail");
    assert_string_equal(verdict_of(trial, 43), "warn");
}

static void test_rules_come_in_their_order(void **state)
{
    struct trial *trial = *state;
    static const int order[] = {2, 4, 11, 12, 20, 23, 30, 45};
    const size_t count = sizeof order / sizeof *order;
    size_t at = 0;
    for (size_t i = count; i-- > 0;) {
        tried(trial, order[i]);
    }
    judge_all(trial);
    for (size_t i = 0; i < trial->count; i++) {
        if (strcmp(text_of(trial->events[i], "event"), "test-end") == 0) {
            assert_in_range(at, 0, count - 1);
            assert_int_equal(json_integer_value(json_object_get(trial->events[i], "number")),
                             order[at]);
            at++;
        }
    }
    assert_int_equal(at, count);
}

static void test_every_rule_has_an_effect(void **state)
{
    (void)state;
    for (int rule = 1; rule <= PLATEN_CHECK_RULES; rule++) {
        assert_non_null(platen_check_effect(rule));
        assert_true(strlen(platen_check_effect(rule)) > 40);
    }
    assert_null(platen_check_effect(0));
    assert_null(platen_check_effect(PLATEN_CHECK_RULES + 1));
}

static void test_probes_bind_rules_of_monitors(void **state)
{
    struct platen_check_probe probe;
    size_t count = 0;
    (void)state;
    for (; platen_check_probe(count, &probe); count++) {
        assert_non_null(probe.name);
        assert_true(*probe.summary != '\0');
        assert_in_range(probe.rules[0], 1, PLATEN_CHECK_RULES);
        for (size_t i = 0; i < count; i++) {
            struct platen_check_probe other;
            assert_true(platen_check_probe(i, &other));
            assert_string_not_equal(probe.name, other.name);
        }
    }
    assert_int_equal(count, check_probe_count);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(test_equal_findings_are_one),
        TEST(test_a_should_warns),
        TEST(test_strict_makes_it_fail),
        TEST(test_what_nobody_tried_is_skipped),
        TEST(test_what_is_expected_is_excused),
        TEST(test_one_crash_is_one_finding),
        TEST(test_a_crash_is_never_a_warning),
        TEST(test_rules_come_in_their_order),
        cmocka_unit_test(test_every_rule_has_an_effect),
        cmocka_unit_test(test_probes_bind_rules_of_monitors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
