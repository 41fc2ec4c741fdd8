/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void test_every_missing_part_is_made(void **state)
{
    const char *path = in_scratch(state, "a/b//c/d/");

    assert_int_equal(platen_os_make_folder(path), 0);
    assert_int_equal(platen_os_make_folder(path), 0);
    assert_int_equal(platen_os_make_folder(*state), 0);
    write_text(in_scratch(state, "a/b/c/d/file"), "x");
    assert_int_equal(platen_os_make_folder(in_scratch(state, "a/b/c/d/file")), PLATEN_DIRECTORY);
    assert_int_not_equal(platen_os_make_folder(in_scratch(state, "a/b/c/d/file/e")), 0);
}

static void test_temporary_folders_are_new(void **state)
{
    char one[512], other[512], small[8] = "1234567";

    (void)state;
    assert_int_equal(platen_os_make_temporary_folder(one, sizeof one), 0);
    assert_int_equal(platen_os_make_temporary_folder(other, sizeof other), 0);
    assert_string_not_equal(one, other);
    assert_int_equal(system_count_entries(one), 0);
    assert_int_equal(platen_os_remove_folder(one), 0);
    assert_int_equal(platen_os_remove_folder(other), 0);
    assert_false(is_there(one));
    assert_int_equal(platen_os_make_temporary_folder(small, sizeof small),
                     PLATEN_INSUFFICIENT_BUFFER);
    assert_string_equal(small, "");
    assert_int_equal(platen_os_make_temporary_folder(NULL, 0), PLATEN_INSUFFICIENT_BUFFER);
}

static void test_a_folder_goes_with_all_that_is_in_it(void **state)
{
    const char *folder = in_scratch(state, "folder");

    assert_int_equal(platen_os_make_folder(in_scratch(state, "folder/a/b")), 0);
    assert_int_equal(platen_os_make_folder(in_scratch(state, "folder/c")), 0);
    write_text(in_scratch(state, "folder/a/b/file"), "x");
    write_text(in_scratch(state, "folder/file"), "x");
    assert_int_equal(platen_os_remove_folder(folder), 0);
    assert_int_equal(system_count_entries(*state), 0);
    assert_int_equal(platen_os_remove_folder(folder), PLATEN_FILE_NOT_FOUND);
    write_text(folder, "no folder");
    assert_int_equal(platen_os_remove_folder(folder), PLATEN_DIRECTORY);
    assert_text(folder, "no folder");
}

/* Under Wine no link can be removed; then it must be refused. */
static void test_a_link_goes_and_what_it_leads_to_stays(void **state)
{
    const char *canary = in_scratch(state, "kept/canary");
    uint32_t error;

    assert_int_equal(platen_os_make_folder(in_scratch(state, "kept")), 0);
    assert_int_equal(platen_os_make_folder(in_scratch(state, "folder")), 0);
    write_text(canary, "canary");
    system_link(in_scratch(state, "kept"), in_scratch(state, "folder/link"));
    system_link(canary, in_scratch(state, "folder/file-link"));
    error = platen_os_remove_folder(in_scratch(state, "folder"));
    assert_text(canary, "canary");
    assert_true(is_there(in_scratch(state, "folder")) == (error != 0));
    if (error)
        assert_int_equal(error, PLATEN_STOPPED_ON_SYMLINK);
}

/* Longer than 260 characters, which Windows' short form cannot say. */
static void test_long_paths(void **state)
{
    char part[101], name[400], file[410], *data;
    const char *path;
    size_t size;

    memset(part, 'p', 100);
    part[100] = 0;
    snprintf(name, sizeof name, "%s/%s/%s", part, part, part);
    assert_int_equal(platen_os_make_folder(in_scratch(state, name)), 0);
    snprintf(file, sizeof file, "%s/file", name);
    path = in_scratch(state, file);
    write_text(path, "x");
    assert_int_equal(platen_os_file_replace(path, "long", 4), 0);
    assert_int_equal(platen_os_file_load(path, 10, &data, &size), 0);
    assert_string_equal(data, "long");
    free(data);
    assert_int_equal(platen_os_remove_file(path), 0);
}

static void assert_absolute(const char *path, const char *end)
{
    char *absolute;
    size_t length;

    assert_int_equal(platen_os_absolute_path(path, &absolute), 0);
    length = strlen(absolute);
    assert_true(length > strlen(end));
    for (size_t i = 0; end[i]; i++) {
        char c = absolute[length - strlen(end) + i];
        assert_int_equal(c == '\\' ? '/' : c, end[i]);
    }
    free(absolute);
}

static void test_absolute_paths(void **state)
{
    char *absolute = (char *)state;

    assert_int_equal(platen_os_absolute_path("", &absolute), PLATEN_INVALID_NAME);
    assert_null(absolute);
    assert_absolute("name", "/name");
    assert_absolute("./a/./b", "/a/b");
    assert_absolute("a//b/", "/a/b/");
    assert_absolute(".hidden/..name", "/.hidden/..name");
    assert_int_equal(platen_os_absolute_path(*state, &absolute), 0);
    assert_int_equal(strlen(absolute), strlen(*state));
    free(absolute);
}

static void test_the_last_part_of_a_path(void **state)
{
    static const struct {
        const char *path, *name;
    } rows[] = {
        {"name", "name"}, {"a/name", "name"}, {"/name", "name"}, {"a//b/name", "name"},
        {"a/b/", "b/"},   {"", ""},           {"a:b/c", "c"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(platen_os_path_name(rows[i].path), rows[i].name);
}

static void test_the_stem_of_a_path(void **state)
{
    static const struct {
        const char *path, *stem;
    } rows[] = {
        {"/lib/usbmon.so", "usbmon"}, {"name", "name"}, {"a.b/name", "name"},       {".so", ".so"},
        {"a.b.dll", "a.b"},           {"", ""},         {"longname.so", "longnam"},
    };
    char stem[sizeof "longnam"];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        platen_os_path_stem(rows[i].path, stem, sizeof stem);
        assert_string_equal(stem, rows[i].stem);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(test_every_missing_part_is_made),
        scratch_test(test_temporary_folders_are_new),
        scratch_test(test_a_folder_goes_with_all_that_is_in_it),
        scratch_test(test_a_link_goes_and_what_it_leads_to_stays),
        scratch_test(test_long_paths),
        scratch_test(test_absolute_paths),
        scratch_test(test_the_last_part_of_a_path),
        scratch_test(test_the_stem_of_a_path),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
