/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static platen_os_root *open_root(const char *folder)
{
    platen_os_root *root;
    assert_int_equal(platen_os_root_open(folder, &root), 0);
    return root;
}

/* Both must say the same: what may be written, and what is written then. */
static void assert_refused(platen_os_root *root, const char *below, uint32_t error)
{
    platen_os_file file = 0;

    assert_int_equal(platen_os_root_check(root, below), error);
    assert_int_equal(platen_os_root_create(root, below, &file), error);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
}

static void write_below(platen_os_root *root, const char *below, const char *text)
{
    platen_os_file file;
    size_t moved;

    assert_int_equal(platen_os_root_check(root, below), 0);
    assert_int_equal(platen_os_root_create(root, below, &file), 0);
    assert_int_equal(platen_os_file_write(file, text, strlen(text), &moved), 0);
    assert_int_equal(platen_os_file_close(file), 0);
}

static void test_a_root_is_a_folder(void **state)
{
    platen_os_root *root = *state;

    write_text(in_scratch(state, "file"), "x");
    assert_int_equal(platen_os_root_open(in_scratch(state, "none"), &root), PLATEN_PATH_NOT_FOUND);
    assert_null(root);
    assert_int_equal(platen_os_root_open(in_scratch(state, "file"), &root), PLATEN_DIRECTORY);
    assert_null(root);
    assert_int_equal(platen_os_root_open("", &root), PLATEN_PATH_NOT_FOUND);
    platen_os_root_close(NULL);
}

static void assert_below(void **state, const char *path, uint32_t error, const char *expected)
{
    const char *below = path;

    assert_int_equal(platen_os_path_below(*state, path, &below), error);
    if (error)
        assert_null(below);
    else
        assert_string_equal(below, expected);
}

static void test_the_text_of_a_path(void **state)
{
    static const char *const invalid[] = {
        "", ".", "..", "a/..", "../a", "a/../b", "./a", "a/./b", "a//b", "a/", "a/b/",
    };
    char name[600];

    assert_below(state, "a", 0, "a");
    assert_below(state, "a/.b/..c", 0, "a/.b/..c");
    assert_below(state, in_scratch(state, "a/b"), 0, "a/b");
    for (size_t i = 0; i < sizeof invalid / sizeof *invalid; i++) {
        assert_below(state, invalid[i], PLATEN_INVALID_NAME, NULL);
        snprintf(name, sizeof name, "%s/%s", (const char *)*state, invalid[i]);
        assert_below(state, name, PLATEN_INVALID_NAME, NULL);
    }
    assert_below(state, *state, PLATEN_INVALID_NAME, NULL);
    assert_below(state, "/", PLATEN_ACCESS_DENIED, NULL);
    assert_below(state, "/etc/cron.d/x", PLATEN_ACCESS_DENIED, NULL);
    snprintf(name, sizeof name, "%sx/a", (const char *)*state);
    assert_below(state, name, PLATEN_ACCESS_DENIED, NULL);
    snprintf(name, sizeof name, "//%s/a", (const char *)*state);
    assert_below(state, name, PLATEN_ACCESS_DENIED, NULL);
}

static void test_the_text_of_a_root(void **state)
{
    char folder[600], path[600];
    const char *below;

    snprintf(folder, sizeof folder, "%s//", (const char *)*state);
    snprintf(path, sizeof path, "%s/a", (const char *)*state);
    assert_int_equal(platen_os_path_below(folder, path, &below), 0);
    assert_string_equal(below, "a");
    assert_int_equal(platen_os_path_below("folder", "a", &below), 0);
    assert_string_equal(below, "a");
    assert_int_equal(platen_os_path_below("folder", path, &below), PLATEN_ACCESS_DENIED);
    assert_int_equal(platen_os_path_below("", path, &below), PLATEN_ACCESS_DENIED);
    assert_null(below);
}

static void test_names_that_are_too_long(void **state)
{
    platen_os_root *root = open_root(*state);
    char *name = malloc(70000);

    assert_non_null(name);
    memset(name, 'n', 255);
    name[255] = 0;
    write_below(root, name, "x");
    name[255] = 'n';
    name[256] = 0;
    assert_below(state, name, PLATEN_FILENAME_EXCED_RANGE, NULL);
    assert_refused(root, name, PLATEN_FILENAME_EXCED_RANGE);
    for (size_t i = 0; i < 69998; i += 2)
        memcpy(name + i, "n/", 2);
    name[69998] = 'n';
    name[69999] = 0;
    assert_below(state, name, PLATEN_FILENAME_EXCED_RANGE, NULL);
    assert_refused(root, name, PLATEN_FILENAME_EXCED_RANGE);
    free(name);
    platen_os_root_close(root);
}

static void test_a_file_is_made_or_emptied(void **state)
{
    platen_os_root *root = open_root(*state);

    assert_int_equal(platen_os_make_folder(in_scratch(state, "a/b")), 0);
    write_below(root, "file", "much text");
    write_below(root, "file", "less");
    assert_text(in_scratch(state, "file"), "less");
    write_below(root, "a/b/file", "deep");
    assert_text(in_scratch(state, "a/b/file"), "deep");
    platen_os_root_close(root);
}

static void test_a_check_makes_nothing(void **state)
{
    platen_os_root *root = open_root(*state);

    write_text(in_scratch(state, "file"), "kept");
    assert_int_equal(platen_os_root_check(root, "file"), 0);
    assert_int_equal(platen_os_root_check(root, "other"), 0);
    assert_text(in_scratch(state, "file"), "kept");
    assert_int_equal(system_count_entries(*state), 1);
    platen_os_root_close(root);
}

static void test_what_is_refused_stays_as_it_was(void **state)
{
    platen_os_root *root = open_root(*state);

    assert_int_equal(platen_os_make_folder(in_scratch(state, "folder")), 0);
    write_text(in_scratch(state, "file"), "kept");
    assert_refused(root, "none/file", PLATEN_PATH_NOT_FOUND);
    assert_refused(root, "folder", PLATEN_DIRECTORY);
    assert_refused(root, "file/file", PLATEN_DIRECTORY);
    assert_refused(root, "../file", PLATEN_INVALID_NAME);
    assert_refused(root, "folder/../file", PLATEN_INVALID_NAME);
    assert_refused(root, "/file", PLATEN_INVALID_NAME);
    assert_refused(root, "", PLATEN_INVALID_NAME);
    assert_text(in_scratch(state, "file"), "kept");
    assert_int_equal(system_count_entries(*state), 2);
    platen_os_root_close(root);
}

static void test_the_second_writer_is_kept_out(void **state)
{
    platen_os_root *root = open_root(*state), *other = open_root(*state);
    platen_os_file first, second = 0;
    size_t moved;

    assert_int_equal(platen_os_root_create(root, "file", &first), 0);
    assert_int_equal(platen_os_file_write(first, "first", 5, &moved), 0);
    assert_int_equal(platen_os_root_create(root, "file", &second), PLATEN_SHARING_VIOLATION);
    assert_int_equal(second, PLATEN_OS_NO_FILE);
    assert_int_equal(platen_os_root_create(other, "file", &second), PLATEN_SHARING_VIOLATION);
    assert_text(in_scratch(state, "file"), "first");
    assert_int_equal(platen_os_file_close(first), 0);
    assert_int_equal(platen_os_root_create(other, "file", &second), 0);
    assert_int_equal(platen_os_file_close(second), 0);
    assert_text(in_scratch(state, "file"), "");
    platen_os_root_close(root);
    platen_os_root_close(other);
}

/* What the child gets when it opens the file that we hold. */
static int open_as_child(const char *folder)
{
    platen_os_root *root;
    platen_os_file file;
    uint32_t error = platen_os_root_open(folder, &root);

    if (!error) {
        error = platen_os_root_create(root, "file", &file);
        platen_os_root_close(root);
    }
    return error == PLATEN_SHARING_VIOLATION ? 32 : error ? 1 : 0;
}

static void test_a_writer_in_another_process_is_kept_out(void **state)
{
    const char *const arguments[] = {"open", *state, NULL};
    platen_os_root *root = open_root(*state);
    platen_os_file file;
    char output[16];

    assert_int_equal(platen_os_root_create(root, "file", &file), 0);
    assert_int_equal(system_run_self(arguments, output, sizeof output), 32);
    assert_int_equal(platen_os_file_close(file), 0);
    assert_int_equal(system_run_self(arguments, output, sizeof output), 0);
    platen_os_root_close(root);
}

static void test_no_link_is_followed(void **state)
{
    platen_os_root *root;

    assert_int_equal(platen_os_make_folder(in_scratch(state, "out")), 0);
    assert_int_equal(platen_os_make_folder(in_scratch(state, "root")), 0);
    write_text(in_scratch(state, "out/canary"), "canary");
    system_link(in_scratch(state, "out/canary"), in_scratch(state, "root/file"));
    system_link(in_scratch(state, "out"), in_scratch(state, "root/folder"));
    root = open_root(in_scratch(state, "root"));
    assert_refused(root, "file", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "folder", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "folder/canary", PLATEN_STOPPED_ON_SYMLINK);
    assert_refused(root, "folder/new", PLATEN_STOPPED_ON_SYMLINK);
    assert_text(in_scratch(state, "out/canary"), "canary");
    assert_int_equal(system_count_entries(in_scratch(state, "out")), 1);
    platen_os_root_close(root);
}

static void test_the_root_itself_may_be_reached_through_links(void **state)
{
    platen_os_root *root;

    assert_int_equal(platen_os_make_folder(in_scratch(state, "real/sub")), 0);
    system_link(in_scratch(state, "real"), in_scratch(state, "link"));
    root = open_root(in_scratch(state, "link"));
    write_below(root, "sub/file", "x");
    assert_text(in_scratch(state, "real/sub/file"), "x");
    platen_os_root_close(root);
}

static void test_a_file_of_two_names_is_refused(void **state)
{
    platen_os_root *root = open_root(*state);

    write_text(in_scratch(state, "one"), "kept");
    system_hard_link(in_scratch(state, "one"), in_scratch(state, "two"));
    assert_refused(root, "two", PLATEN_TOO_MANY_LINKS);
    assert_text(in_scratch(state, "one"), "kept");
    assert_int_equal(platen_os_remove_file(in_scratch(state, "one")), 0);
    write_below(root, "two", "now");
    assert_text(in_scratch(state, "two"), "now");
    platen_os_root_close(root);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        scratch_test(test_a_root_is_a_folder),
        scratch_test(test_the_text_of_a_path),
        scratch_test(test_the_text_of_a_root),
        scratch_test(test_names_that_are_too_long),
        scratch_test(test_a_file_is_made_or_emptied),
        scratch_test(test_a_check_makes_nothing),
        scratch_test(test_what_is_refused_stays_as_it_was),
        scratch_test(test_the_second_writer_is_kept_out),
        scratch_test(test_a_writer_in_another_process_is_kept_out),
        scratch_test(test_no_link_is_followed),
        scratch_test(test_the_root_itself_may_be_reached_through_links),
        scratch_test(test_a_file_of_two_names_is_refused),
    };
    if (argc == 3)
        return open_as_child(argv[2]);
    return cmocka_run_group_tests(tests, NULL, NULL);
}
