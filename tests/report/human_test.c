/* SPDX-License-Identifier: MIT
 *
 * What people read.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "names.h"
#include "trial.h"

static void a_report_for_people(void **state)
{
    (void)state;
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_HUMAN);
    tell_run(&trial, "platen run");
    tell_file(&trial, "a.spool");
    tell_whole_test(&trial, "a job arrives", PLATEN_REPORT_PASS, NULL);
    tell_test(&trial, "an unknown port is refused");
    tell_check(&trial, "passed", PLATEN_REPORT_PASS, NULL, NULL);
    tell_check(&trial, "OpenPort pName=\"LPT9:\"", PLATEN_REPORT_FAIL, "FALSE 3", "TRUE");
    platen_report_tell(
        trial.report, &(struct platen_report_event){.kind = PLATEN_REPORT_CHECK,
                                                    .name = "same again",
                                                    .verdict = PLATEN_REPORT_ERROR,
                                                    .repeat = "platen run --only refused a.spool"});
    tell_log(&trial, "only for those who ask");
    platen_report_tell(
        trial.report, &(struct platen_report_event){.kind = PLATEN_REPORT_TEST_END,
                                                    .verdict = PLATEN_REPORT_FAIL,
                                                    .repeat = "platen run --only refused a.spool"});
    tell_whole_test(&trial, "USB", PLATEN_REPORT_SKIP, "no USB here");
    tell_whole_test(&trial, "known", PLATEN_REPORT_XFAIL, "some day");
    tell_file_end(&trial);
    platen_report_tell(trial.report, &(struct platen_report_event){.kind = PLATEN_REPORT_RUN_END,
                                                                   .duration = 12000000});
    assert_string_equal(
        trial_text(&trial),
        "# platen report\n"
        "a.spool:\n"
        "    a job arrives                                                       [PASS]\n"
        "    an unknown port is refused                                          [FAIL]\n"
        "        a.spool:12:5: OpenPort pName=\"LPT9:\"\n"
        "            expected: FALSE 3\n"
        "            got:      TRUE\n"
        "        a.spool: same again\n"
        "        again: platen run --only refused a.spool\n"
        "    USB                                                                 [SKIP]\n"
        "        no USB here\n"
        "    known                                                               [XFAIL]\n"
        "        some day\n"
        "\n"
        "4 tests in 1 file: 1 passed, 1 failed, 1 skipped, 1 failed as expected (0.012 s)\n");
    trial_close(&trial);
}

static void more_for_those_who_ask(void **state)
{
    (void)state;
    const struct platen_report_output output = {.format = PLATEN_REPORT_HUMAN, .verbose = true};
    const struct platen_report_job job = {
        .document = "a.ps", .port = "LPT1:", .id = 3, .state = "printed", .bytes = 10};
    const struct platen_report_finding finding = {
        .rule = "R12", .severity = "MUST", .title = "counts are true", .trace = "one\ntwo"};
    struct trial trial;
    trial_open_output(&trial, &output);
    tell_test(&trial, "test");
    platen_report_tell(trial.report,
                       &(struct platen_report_event){.kind = PLATEN_REPORT_JOB, .job = &job});
    tell_log(&trial, "said");
    tell_check(&trial, "WritePort", PLATEN_REPORT_PASS, NULL, NULL);
    platen_report_tell(trial.report, &(struct platen_report_event){.kind = PLATEN_REPORT_FINDING,
                                                                   .verdict = PLATEN_REPORT_FAIL,
                                                                   .name = "probe",
                                                                   .finding = &finding});
    tell_test_end(&trial, PLATEN_REPORT_FAIL, NULL);
    tell_run_end(&trial);
    assert_string_equal(
        trial_text(&trial),
        "# platen report\n"
        "    job 3 a.ps on LPT1:: printed, 10 bytes in 0.000 s\n"
        "    info: said\n"
        "test                                                                    [FAIL]\n"
        "    line 12:5: WritePort [PASS]\n"
        "    probe\n"
        "        R12 (MUST) counts are true\n"
        "        trace:\n"
        "            one\n"
        "            two\n"
        "\n"
        "1 test: 1 failed\n");
    trial_close(&trial);
}

static void a_rule_is_told_once_in_a_test(void **state)
{
    (void)state;
    struct platen_report_finding finding = {.rule = "R12",
                                            .severity = "MUST",
                                            .title = "counts",
                                            .effect = "lost",
                                            .change = "count",
                                            .says = "Counts are true."};
    struct platen_report_event event = {.kind = PLATEN_REPORT_FINDING,
                                        .verdict = PLATEN_REPORT_WARN,
                                        .name = "probe",
                                        .finding = &finding};
    struct trial trial;
    trial_open(&trial, PLATEN_REPORT_HUMAN);
    tell_test(&trial, "test");
    platen_report_tell(trial.report, &event);
    finding.trace = "line";
    platen_report_tell(trial.report, &event);
    finding.severity = "SHOULD";
    platen_report_tell(trial.report, &event);
    tell_test_end(&trial, PLATEN_REPORT_PASS, NULL);
    tell_run_end(&trial);
    assert_string_equal(
        trial_text(&trial),
        "# platen report\n"
        "test                                                                    [WARN]\n"
        "    probe [WARN]\n"
        "        R12 (MUST) counts\n"
        "        rule:     Counts are true.\n"
        "        effect:   lost\n"
        "        change:   count\n"
        "    probe [WARN]\n"
        "        trace:\n"
        "            line\n"
        "    probe [WARN]\n"
        "        R12 (SHOULD) counts\n"
        "        rule:     Counts are true.\n"
        "        effect:   lost\n"
        "        change:   count\n"
        "        trace:\n"
        "            line\n"
        "\n"
        "1 test: 1 with warnings\n");
    trial_close(&trial);
}

/* Colours are the report's own; what others send never becomes one. */
static void nothing_disturbs_a_terminal(void **state)
{
    (void)state;
    const struct platen_report_output output = {
        .format = PLATEN_REPORT_HUMAN, .colour = true, .verbose = true};
    struct trial trial;
    size_t count = hostile_names() + 200;
    trial_open_output(&trial, &output);
    for (size_t i = 0; i < count; i++) {
        char *name = hostile_name(i);
        const struct platen_report_job job = {
            .document = name, .port = name, .monitor = name, .state = name, .call = name};
        const struct platen_report_finding finding = {name, name, name, name,
                                                      name, name, name, name};
        tell_file(&trial, name);
        tell_test(&trial, name);
        platen_report_tell(trial.report,
                           &(struct platen_report_event){.kind = PLATEN_REPORT_JOB, .job = &job});
        tell_log(&trial, name);
        tell_check(&trial, name, PLATEN_REPORT_FAIL, name, name);
        platen_report_tell(trial.report,
                           &(struct platen_report_event){.kind = PLATEN_REPORT_FINDING,
                                                         .verdict = PLATEN_REPORT_FAIL,
                                                         .name = name,
                                                         .text = name,
                                                         .repeat = name,
                                                         .place = {.file = name},
                                                         .finding = &finding});
        tell_test_end(&trial, PLATEN_REPORT_FAIL, name);
        tell_file_end(&trial);
        free(name);
    }
    tell_run_end(&trial);
    trial_text(&trial);
    size_t escapes = 0;
    for (char *at = trial.text; (at = strchr(at, '\033')) != NULL; at++) {
        assert_true(strncmp(at, "\033[31m[", 6) == 0 || strncmp(at, "\033[0m\n", 5) == 0);
        *at = '!'; /* so that only foreign ones are left */
        escapes++;
    }
    assert_int_equal(escapes, 2 * count);
    assert_true(is_harmless(trial.text, trial.size, "\n"));
    trial_close(&trial);
}

static void names_are_cut_between_characters(void **state)
{
    (void)state;
    struct trial trial;
    char name[4001];
    for (size_t i = 0; i < 2000; i++) {
        memcpy(name + 2 * i, "\xc3\xbc", 3);
    }
    for (size_t from = 0; from < 2; from++) {
        trial_open(&trial, PLATEN_REPORT_HUMAN);
        name[0] = 'x';
        tell_whole_test(&trial, name + from, PLATEN_REPORT_PASS, NULL);
        tell_run_end(&trial);
        const char *text = trial_text(&trial);
        assert_true(trial.size < 1500);
        assert_non_null(strstr(text, "\xc3\xbc... [PASS]\n"));
        trial_close(&trial);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_report_for_people),
        cmocka_unit_test(more_for_those_who_ask),
        cmocka_unit_test(a_rule_is_told_once_in_a_test),
        cmocka_unit_test(nothing_disturbs_a_terminal),
        cmocka_unit_test(names_are_cut_between_characters),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
