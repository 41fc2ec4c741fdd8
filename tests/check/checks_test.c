/* SPDX-License-Identifier: MIT
 *
 * Whole checks, of monitors that are well and of some that are not: what they come to.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fixture.h"
#include "os/file.h"

static uint64_t with(const struct fixture *fixture, enum platen_report_verdict verdict)
{
    return fixture->totals.verdicts[verdict];
}

static void test_a_good_monitor_is_clean(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_begin(&fixture, "good_static");
    fixture_wants(&fixture, 1, 3);
    fixture_wants(&fixture, 11, 21);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_CLEAN);
    assert_int_equal(fixture.totals.failed_checks, 0);
    assert_int_equal(fixture.totals.tests, 14);
    assert_int_equal(with(&fixture, PLATEN_REPORT_SKIP), 1); /* R19: it has ports */
    assert_int_equal(with(&fixture, PLATEN_REPORT_PASS), 13);
    assert_string_equal(fixture.told, "");
}

static void test_a_broken_one_is_caught(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_begin(&fixture, "broken_r12_past_end");
    fixture_wants(&fixture, 11, 18);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_FOUND);
    assert_int_equal(with(&fixture, PLATEN_REPORT_FAIL), 1);
}

static void test_a_should_fails_if_strict(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_begin(&fixture, "broken_r17_any_level");
    fixture_wants(&fixture, 17, 17);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_CLEAN);
    assert_int_equal(with(&fixture, PLATEN_REPORT_WARN), 1);
    fixture.options.strict = true;
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_FOUND);
    assert_int_equal(with(&fixture, PLATEN_REPORT_FAIL), 1);
}

static void test_what_is_expected_has_to_come(void **state)
{
    char folder[256];
    char path[300];
    struct fixture fixture;
    (void)state;
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(path, sizeof path, "%s/expected", folder);
    assert_int_equal(platen_os_file_replace(path, "R12 # known\n", 12), 0);
    fixture_begin(&fixture, "broken_r12_past_end");
    fixture_wants(&fixture, 12, 12);
    fixture.options.expected = path;
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_CLEAN);
    assert_int_equal(with(&fixture, PLATEN_REPORT_XFAIL), 1);
    fixture_begin(&fixture, "good_static");
    fixture_wants(&fixture, 12, 12);
    fixture.options.expected = path;
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_FOUND);
    assert_int_equal(with(&fixture, PLATEN_REPORT_XPASS), 1);
    assert_int_equal(platen_os_file_replace(path, "R12 because\n", 12), 0);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_WRONG);
    assert_int_equal(fixture.totals.tests, 0);
    assert_non_null(strstr(fixture.told, "expected:1: "));
    assert_int_equal(platen_os_remove_folder(folder), 0);
}

static void test_what_cannot_be_loaded(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_begin(&fixture, "there_is_none");
    fixture_wants(&fixture, 1, 20);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_MONITOR);
    assert_string_not_equal(fixture.told, "");
    fixture_begin(&fixture, "broken_r01_name");
    fixture_wants(&fixture, 1, 20);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_MONITOR);
    assert_int_equal(with(&fixture, PLATEN_REPORT_FAIL), 1); /* R1 */
}

static void test_all_is_skipped(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_begin(&fixture, "good_full");
    fixture_wants(&fixture, 68, 68); /* for --hostile */
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_NOTHING);
}

static void ill(struct fixture *fixture, const char *how)
{
    fixture_begin(fixture, NULL);
    snprintf(fixture->path, sizeof fixture->path, "%s", ILL_FILE);
    setenv("ILL", how, 1);
}

static void test_one_crash_is_one_finding(void **state)
{
    struct fixture fixture;
    (void)state;
    ill(&fixture, "EnumPorts:crash");
    fixture_wants(&fixture, 11, 21);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_FOUND);
    unsetenv("ILL");
    assert_int_equal(fixture.totals.failed_checks, 1);
    assert_int_equal(with(&fixture, PLATEN_REPORT_FAIL), 1);
    assert_int_equal(with(&fixture, PLATEN_REPORT_PASS), 0);
}

static void test_a_call_that_hangs_is_called_off(void **state)
{
    struct fixture fixture;
    (void)state;
    ill(&fixture, "OpenPort:hang");
    fixture_wants(&fixture, 23, 23);
    fixture.options.timeout = UINT64_C(1000000000);
    assert_int_equal(fixture_run(&fixture), PLATEN_CHECK_FOUND);
    unsetenv("ILL");
    assert_int_equal(fixture.totals.failed_checks, 1);
}

static void test_an_interrupt_ends_it(void **state)
{
    struct fixture fixture;
    (void)state;
    fixture_begin(&fixture, "good_static");
    fixture_wants(&fixture, 11, 21);
    fixture.interrupted = true;
    assert_int_not_equal(fixture_run(&fixture), PLATEN_CHECK_CLEAN);
}

static void test_findings_are_the_same_however_many_work(void **state)
{
    struct fixture one;
    struct fixture many;
    (void)state;
    fixture_begin(&one, "broken_r13_difference");
    fixture_wants(&one, 11, 29);
    one.options.jobs = 1;
    fixture_begin(&many, "broken_r13_difference");
    fixture_wants(&many, 11, 29);
    many.options.jobs = 8;
    assert_int_equal(fixture_run(&one), fixture_run(&many));
    assert_memory_equal(one.totals.verdicts, many.totals.verdicts, sizeof one.totals.verdicts);
    assert_int_equal(one.totals.failed_checks, many.totals.failed_checks);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_good_monitor_is_clean),
        cmocka_unit_test(test_a_broken_one_is_caught),
        cmocka_unit_test(test_a_should_fails_if_strict),
        cmocka_unit_test(test_what_is_expected_has_to_come),
        cmocka_unit_test(test_what_cannot_be_loaded),
        cmocka_unit_test(test_all_is_skipped),
        cmocka_unit_test(test_one_crash_is_one_finding),
        cmocka_unit_test(test_a_call_that_hangs_is_called_off),
        cmocka_unit_test(test_an_interrupt_ends_it),
        cmocka_unit_test(test_findings_are_the_same_however_many_work),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
