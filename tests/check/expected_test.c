/* SPDX-License-Identifier: MIT
 *
 * The file of findings that are expected, and what is told of a wrong one.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "check/inside.h"
#include "os/file.h"

static char folder[256];
static char path[300];
static char told[2000];

static void complain(void *context, const char *text)
{
    (void)context;
    size_t used = strlen(told);
    const char *name = strstr(text, "expected.txt");
    snprintf(told + used, sizeof told - used, "%s\n", name == NULL ? text : name);
}

static bool read_text(const char *text, struct check_expected *expected)
{
    const struct platen_script_world world = {.complain = complain};
    const struct check check = {.world = &world};
    told[0] = '\0';
    assert_int_equal(platen_os_file_replace(path, text, strlen(text)), 0);
    return expected_read(&check, path, expected);
}

static void test_rules_and_reasons(void **state)
{
    struct check_expected expected;
    (void)state;
    assert_true(read_text("# what we know\n\nR12  # one byte too far \r\n"
                          "r15 SHOULD #never meets Windows\n\tR20\n7#no blanks",
                          &expected));
    assert_string_equal(told, "");
    assert_int_equal(expected.count, 4);
    assert_int_equal(expected.list[0].rule, 12);
    assert_false(expected.list[0].should);
    assert_string_equal(expected.list[0].reason, "one byte too far");
    assert_int_equal(expected.list[0].line, 3);
    assert_int_equal(expected.list[1].rule, 15);
    assert_true(expected.list[1].should);
    assert_string_equal(expected.list[1].reason, "never meets Windows");
    assert_int_equal(expected.list[2].rule, 20);
    assert_null(expected.list[2].reason);
    assert_int_equal(expected.list[3].rule, 7);
    check_texts_free(&expected.texts);
}

static void test_nothing_is_expected(void **state)
{
    struct check_expected expected;
    const struct check check = {.world = NULL};
    (void)state;
    assert_true(expected_read(&check, NULL, &expected));
    assert_int_equal(expected.count, 0);
    assert_true(read_text("", &expected));
    assert_int_equal(expected.count, 0);
}

static void test_each_wrong_line_is_told(void **state)
{
    struct check_expected expected;
    (void)state;
    assert_false(
        read_text("R12\nR0\nR83 # a spooler's\nenum\nR1 MUST\nR2 SHOULD R3\nR12\n", &expected));
    assert_string_equal(told, "expected.txt:2: this is no rule for monitors (R1 to R82): 'R0'\n"
                              "expected.txt:3: this is no rule for monitors (R1 to R82): 'R83'\n"
                              "expected.txt:4: this is no rule for monitors (R1 to R82): 'enum'\n"
                              "expected.txt:5: behind a rule stands nothing, SHOULD, or # and the "
                              "reason: 'MUST'\n"
                              "expected.txt:6: one rule a line: 'R3'\n"
                              "expected.txt:7: it stands here twice: 'R12'\n");
    check_texts_free(&expected.texts);
}

static void test_no_such_file(void **state)
{
    const struct platen_script_world world = {.complain = complain};
    const struct check check = {.world = &world};
    struct check_expected expected;
    (void)state;
    told[0] = '\0';
    assert_int_equal(platen_os_remove_file(path), 0);
    assert_false(expected_read(&check, path, &expected));
    assert_string_equal(told, "expected.txt cannot be read\n");
}

static int begin(void **state)
{
    (void)state;
    if (platen_os_make_temporary_folder(folder, sizeof folder) != 0) {
        return -1;
    }
    snprintf(path, sizeof path, "%s/expected.txt", folder);
    return 0;
}

static int end(void **state)
{
    (void)state;
    return platen_os_remove_folder(folder) == 0 ? 0 : -1;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rules_and_reasons),
        cmocka_unit_test(test_nothing_is_expected),
        cmocka_unit_test(test_each_wrong_line_is_told),
        cmocka_unit_test(test_no_such_file),
    };
    return cmocka_run_group_tests(tests, begin, end);
}
