/* SPDX-License-Identifier: MIT
 *
 * The program runs itself as a child: what arrives there is written back byte for byte.
 */
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "os/console.h"

static int echo_arguments(int count, char **arguments)
{
    platen_os_file out = platen_os_file_standard(PLATEN_OS_STDOUT);
    size_t moved;

    for (int i = 2; i < count; i++)
        if (platen_os_file_write(out, arguments[i], strlen(arguments[i]), &moved) != 0 ||
            platen_os_file_write(out, "\n", 1, &moved) != 0)
            return 1;
    return platen_os_is_terminal(PLATEN_OS_STDOUT) ? 1 : 0;
}

static int echo_variable(const char *name)
{
    platen_os_file out = platen_os_file_standard(PLATEN_OS_STDOUT);
    char *value = platen_os_environment(name);
    size_t moved;
    uint32_t error = 1;

    if (value)
        error = platen_os_file_write(out, value, strlen(value), &moved);
    free(value);
    return error != 0;
}

static void test_arguments_arrive_as_they_were(void **state)
{
    static const char *const arguments[] = {
        "arguments", "two words", "\"quoted\\\"", "", "gr\xC3\xBC\xC3\x9F \xE6\x97\xA5", NULL,
    };
    char output[256];

    (void)state;
    assert_int_equal(system_run_self(arguments, output, sizeof output), 0);
    assert_string_equal(output, "two words\n\"quoted\\\"\n\ngr\xC3\xBC\xC3\x9F \xE6\x97\xA5\n");
}

static void test_a_standard_stream_changes_no_byte(void **state)
{
    static const char *const arguments[] = {"arguments", "a\nb\r\nc\x1a", NULL};
    char output[64];

    (void)state;
    assert_int_equal(system_run_self(arguments, output, sizeof output), 0);
    assert_string_equal(output, "a\nb\r\nc\x1a\n");
}

static void test_variables_arrive_in_utf8(void **state)
{
    static const char *const arguments[] = {"variable", "PLATEN_TEST_VARIABLE", NULL};
    char output[64], *value;

    (void)state;
    system_set_variable("PLATEN_TEST_VARIABLE", "\xC3\xA4=\xE2\x82\xAC");
    assert_int_equal(system_run_self(arguments, output, sizeof output), 0);
    assert_string_equal(output, "\xC3\xA4=\xE2\x82\xAC");
    system_set_variable("PLATEN_TEST_VARIABLE", NULL);
    assert_null(platen_os_environment("PLATEN_TEST_VARIABLE"));
    system_set_variable("PLATEN_TEST_VARIABLE", "x");
    value = platen_os_environment("PLATEN_TEST_VARIABLE");
    assert_string_equal(value, "x");
    free(value);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_arguments_arrive_as_they_were),
        cmocka_unit_test(test_a_standard_stream_changes_no_byte),
        cmocka_unit_test(test_variables_arrive_in_utf8),
    };
    int count;
    char **arguments = platen_os_arguments(argc, argv, &count);

    if (count > 1 && strcmp(arguments[1], "arguments") == 0)
        return echo_arguments(count, arguments);
    if (count > 2 && strcmp(arguments[1], "variable") == 0)
        return echo_variable(arguments[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
