/* SPDX-License-Identifier: MIT
 *
 * The root where only Windows can attack it: with names that are more than names.
 */
#include "help.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

static void assert_refused(void **state, const char *name, uint32_t error)
{
    platen_os_root *root;
    platen_os_file file = 0;
    const char *below = name;

    assert_int_equal(platen_os_path_below(*state, name, &below), error);
    assert_null(below);
    assert_int_equal(platen_os_root_open(*state, &root), 0);
    assert_int_not_equal(platen_os_root_check(root, name), 0);
    assert_int_not_equal(platen_os_root_create(root, name, &file), 0);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
    platen_os_root_close(root);
    assert_int_equal(system_count_entries(*state), 0);
}

static void test_names_that_are_no_file_names(void **state)
{
    static const char *const names[] = {
        "CON",
        "nul",
        "Prn",
        "aux",
        "COM1",
        "com9",
        "LPT1",
        "lpt0",
        "nul.txt",
        "nul .txt",
        "COM1.a.b",
        "conin$",
        "CONOUT$",
        "clock$",
        "a/nul",
        "nul/a",
        "com\xC2\xB9",
        "LPT\xC2\xB3.x",
        "ab:c",
        "ab::$DATA",
        "a.",
        "a ",
        "a. .",
        "a?b",
        "a*",
        "a|b",
        "a<b",
        "a>b",
        "a\"b",
        "a\x01"
        "b",
        "a\\..\\b",
        "..\\a",
        ".\\a",
        "a\\\\b",
        "a\\",
        "a./b",
        " ",
        ".",
        "..",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_refused(state, names[i], PLATEN_INVALID_NAME);
}

static void test_ways_that_do_not_begin_with_the_root(void **state)
{
    static const char *const names[] = {
        "C:\\Windows\\System32\\x.dll",
        "C:x",
        "\\x",
        "\\\\server\\share\\x",
        "//server/share/x",
        "\\\\?\\C:\\x",
        "\\\\.\\C:",
        "\\\\.\\pipe\\x",
        "\\??\\C:\\x",
        "x:",
        "a:b",
        "a::$DATA",
    };

    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_refused(state, names[i], PLATEN_ACCESS_DENIED);
}

static void test_names_that_only_look_like_devices(void **state)
{
    static const char *const names[] = {
        "com10", "comx", "com", "console", "nulls", "a.nul", "aux-1", "lpt\xC2\xB4", ".nul",
    };
    platen_os_root *root;
    platen_os_file file;

    assert_int_equal(platen_os_root_open(*state, &root), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        assert_int_equal(platen_os_root_create(root, names[i], &file), 0);
        assert_int_equal(platen_os_file_close(file), 0);
        assert_int_equal(system_count_entries(*state), i + 1);
    }
    platen_os_root_close(root);
}

/* Case and the kind of slash say nothing. */
static void test_the_root_in_other_letters(void **state)
{
    char path[600];
    const char *below;

    snprintf(path, sizeof path, "%s\\Sub/File", (const char *)*state);
    for (char *at = path; at < path + strlen(*state); at++)
        *at = *at == '\\' ? '/' : (char)toupper((unsigned char)*at);
    assert_int_equal(platen_os_path_below(*state, path, &below), 0);
    assert_string_equal(below, "Sub/File");
    assert_int_equal(
        platen_os_path_below("C:\\\xC3\xA4\xE2\xB1\xA5\\", "c:/\xC3\x84\xC8\xBA/x", &below), 0);
    assert_string_equal(below, "x");
}

static void test_the_last_part_of_a_path(void **state)
{
    (void)state;
    assert_string_equal(platen_os_path_name("a\\b/c\\name"), "name");
    assert_string_equal(platen_os_path_name("C:name"), "name");
    assert_string_equal(platen_os_path_name("C:\\name"), "name");
    assert_string_equal(platen_os_path_name("a\\b\\"), "b\\");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(test_names_that_are_no_file_names),
        scratch_test(test_ways_that_do_not_begin_with_the_root),
        scratch_test(test_names_that_only_look_like_devices),
        scratch_test(test_the_root_in_other_letters),
        scratch_test(test_the_last_part_of_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
