/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdlib.h>
#include <string.h>

static void test_what_was_written_is_read(void **state)
{
    const char *path = in_scratch(state, "file");
    platen_os_file file;
    char data[8];
    size_t moved;

    write_text(path, "0123456789");
    write_text(path, "abcdef");
    assert_int_equal(platen_os_file_open_read(path, &file), 0);
    assert_int_equal(platen_os_file_read(file, data, 4, &moved), 0);
    assert_int_equal(moved, 4);
    assert_memory_equal(data, "abcd", 4);
    assert_int_equal(platen_os_file_read(file, data, 8, &moved), 0);
    assert_int_equal(moved, 2);
    assert_int_equal(platen_os_file_read(file, data, 8, &moved), 0);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_file_close(file), 0);
}

static void test_offsets(void **state)
{
    platen_os_file file;
    char data[8];
    uint64_t size;
    size_t moved;

    assert_int_equal(platen_os_file_temporary(&file), 0);
    assert_int_equal(platen_os_file_write_at(file, 0, "abcdef", 6, &moved), 0);
    assert_int_equal(platen_os_file_write_at(file, 2, "XY", 2, &moved), 0);
    assert_int_equal(moved, 2);
    assert_int_equal(platen_os_file_size(file, &size), 0);
    assert_int_equal(size, 6);
    assert_int_equal(platen_os_file_read_at(file, 1, data, 4, &moved), 0);
    assert_int_equal(moved, 4);
    assert_memory_equal(data, "bXYe", 4);
    assert_int_equal(platen_os_file_read_at(file, 4, data, 8, &moved), 0);
    assert_int_equal(moved, 2);
    assert_int_equal(platen_os_file_read_at(file, 6, data, 8, &moved), 0);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_file_read_at(file, UINT64_C(1) << 33, data, 8, &moved), 0);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_file_flush(file), 0);
    assert_int_equal(platen_os_file_close(file), 0);
    (void)state;
}

/* Sparse: takes no room on the disk. */
static void test_offsets_beyond_4_gib(void **state)
{
    const uint64_t beyond = (UINT64_C(1) << 32) + 5;
    platen_os_file file;
    char data[2];
    uint64_t size;
    size_t moved;

    (void)state;
    assert_int_equal(platen_os_file_temporary(&file), 0);
    assert_int_equal(platen_os_file_write_at(file, beyond, "z", 1, &moved), 0);
    assert_int_equal(platen_os_file_size(file, &size), 0);
    assert_true(size == beyond + 1);
    assert_int_equal(platen_os_file_read_at(file, beyond - 1, data, 2, &moved), 0);
    assert_int_equal(moved, 2);
    assert_memory_equal(data, "\0z", 2);
    assert_int_equal(platen_os_file_close(file), 0);
}

static void test_missing_files_and_missing_folders_differ(void **state)
{
    platen_os_file file = 0;

    assert_int_equal(platen_os_file_open_read(in_scratch(state, "none"), &file),
                     PLATEN_FILE_NOT_FOUND);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
    file = 0;
    assert_int_equal(platen_os_file_open_read(in_scratch(state, "none/x"), &file),
                     PLATEN_PATH_NOT_FOUND);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
    file = 0;
    assert_int_equal(platen_os_file_open_write(in_scratch(state, "none/x"), &file),
                     PLATEN_PATH_NOT_FOUND);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
    assert_int_equal(platen_os_remove_file(in_scratch(state, "none")), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_os_remove_file(in_scratch(state, "none/x")), PLATEN_PATH_NOT_FOUND);
}

static void test_a_folder_is_no_file(void **state)
{
    platen_os_file file;

    assert_int_equal(platen_os_file_open_read(*state, &file), PLATEN_DIRECTORY);
    assert_int_equal(platen_os_file_open_write(*state, &file), PLATEN_DIRECTORY);
    assert_int_equal(platen_os_file_replace(*state, "x", 1), PLATEN_DIRECTORY);
    assert_int_equal(platen_os_remove_file(*state), PLATEN_DIRECTORY);
    assert_true(is_there(*state));
}

static void test_no_file_is_an_invalid_handle(void **state)
{
    char byte = 0;
    uint64_t size = 1;
    size_t moved = 1;

    (void)state;
    assert_int_equal(platen_os_file_write(PLATEN_OS_NO_FILE, "x", 1, &moved),
                     PLATEN_INVALID_HANDLE);
    assert_int_equal(moved, 0);
    moved = 1;
    assert_int_equal(platen_os_file_read(PLATEN_OS_NO_FILE, &byte, 1, &moved),
                     PLATEN_INVALID_HANDLE);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_file_size(PLATEN_OS_NO_FILE, &size), PLATEN_INVALID_HANDLE);
    assert_int_equal(size, 0);
    assert_int_equal(platen_os_file_flush(PLATEN_OS_NO_FILE), PLATEN_INVALID_HANDLE);
    assert_int_equal(platen_os_file_close(PLATEN_OS_NO_FILE), PLATEN_INVALID_HANDLE);
}

static void test_a_pipe_has_no_size_and_an_end(void **state)
{
    platen_os_file ends[2];
    char data[8];
    uint64_t size = 1;
    size_t moved;

    (void)state;
    system_pipe(ends);
    assert_int_equal(platen_os_file_size(ends[0], &size), PLATEN_BAD_DEV_TYPE);
    assert_int_equal(size, 0);
    assert_int_equal(platen_os_file_write(ends[1], "abc", 3, &moved), 0);
    assert_int_equal(platen_os_file_close(ends[1]), 0);
    assert_int_equal(platen_os_file_read(ends[0], data, 8, &moved), 0);
    assert_int_equal(moved, 3);
    assert_int_equal(platen_os_file_read(ends[0], data, 8, &moved), 0);
    assert_int_equal(moved, 0);
    assert_int_equal(platen_os_file_close(ends[0]), 0);
}

static void test_no_file_is_inherited(void **state)
{
    platen_os_file files[4];
    platen_os_root *root;

    assert_int_equal(platen_os_root_open(*state, &root), 0);
    assert_int_equal(platen_os_root_create(root, "file", &files[0]), 0);
    assert_int_equal(platen_os_file_open_write(in_scratch(state, "other"), &files[1]), 0);
    assert_int_equal(platen_os_file_open_read(in_scratch(state, "other"), &files[2]), 0);
    assert_int_equal(platen_os_file_temporary(&files[3]), 0);
    for (int i = 0; i < 4; i++) {
        assert_false(system_is_inherited(files[i]));
        assert_int_equal(platen_os_file_close(files[i]), 0);
    }
    platen_os_root_close(root);
}

static void test_a_temporary_file_leaves_nothing(void **state)
{
    platen_os_file file;
    size_t moved;

    system_set_variable("TMPDIR", *state);
    system_set_variable("TMP", *state);
    system_set_variable("TEMP", *state);
    assert_int_equal(platen_os_file_temporary(&file), 0);
    assert_int_equal(platen_os_file_write(file, "x", 1, &moved), 0);
    assert_int_equal(platen_os_file_close(file), 0);
    assert_int_equal(system_count_entries(*state), 0);
    system_set_variable("TMPDIR", in_scratch(state, "none"));
    system_set_variable("TMP", in_scratch(state, "none"));
    system_set_variable("TEMP", in_scratch(state, "none"));
    assert_int_not_equal(platen_os_file_temporary(&file), 0);
    assert_int_equal(file, PLATEN_OS_NO_FILE);
    system_set_variable("TMPDIR", NULL);
}

static void test_replace(void **state)
{
    const char *path = in_scratch(state, "file");

    assert_int_equal(platen_os_file_replace(path, "first text", 10), 0);
    assert_text(path, "first text");
    assert_int_equal(platen_os_file_replace(path, "second", 6), 0);
    assert_text(path, "second");
    assert_int_equal(platen_os_file_replace(path, "", 0), 0);
    assert_text(path, "");
    assert_int_equal(system_count_entries(*state), 1);
    assert_int_equal(platen_os_file_replace(in_scratch(state, "none/x"), "x", 1),
                     PLATEN_PATH_NOT_FOUND);
    assert_int_equal(system_count_entries(*state), 1);
}

static void test_replace_leaves_no_room_for_longer_names(void **state)
{
    char name[256];

    memset(name, 'n', 255);
    name[255] = 0;
    assert_int_equal(platen_os_file_replace(in_scratch(state, name), "x", 1), 0);
    assert_text(in_scratch(state, name), "x");
}

static void test_replace_goes_through_a_link(void **state)
{
    const char *path = in_scratch(state, "file"), *link = in_scratch(state, "link");

    write_text(path, "old");
    system_link(path, link);
    assert_int_equal(platen_os_file_replace(link, "new", 3), 0);
    assert_text(path, "new");
    assert_text(link, "new");
}

static void test_load(void **state)
{
    const char *path = in_scratch(state, "file");
    char *data = (char *)state;
    size_t size = 1;

    assert_int_equal(platen_os_file_load(in_scratch(state, "none"), 10, &data, &size),
                     PLATEN_FILE_NOT_FOUND);
    assert_null(data);
    assert_int_equal(size, 0);
    write_text(path, "0123456789");
    assert_int_equal(platen_os_file_load(path, 9, &data, &size), PLATEN_FILE_TOO_LARGE);
    assert_null(data);
    assert_int_equal(size, 0);
    assert_int_equal(platen_os_file_load(path, 10, &data, &size), 0);
    assert_int_equal(size, 10);
    assert_string_equal(data, "0123456789");
    free(data);
    assert_int_equal(platen_os_file_load(path, SIZE_MAX, &data, &size), 0);
    assert_int_equal(size, 10);
    free(data);
    write_text(path, "");
    assert_int_equal(platen_os_file_load(path, 0, &data, &size), 0);
    assert_string_equal(data, "");
    free(data);
}

static void test_writing_all(void **state)
{
    const char *path = in_scratch(state, "file");
    platen_os_file file;

    assert_int_equal(platen_os_file_open_write(path, &file), 0);
    assert_int_equal(platen_os_file_write_all(file, "all of it", 9), 0);
    assert_int_equal(platen_os_file_write_all(file, "", 0), 0);
    platen_os_file_close(file);
    assert_text(path, "all of it");
    assert_int_equal(platen_os_file_write_all(PLATEN_OS_NO_FILE, "x", 1), PLATEN_INVALID_HANDLE);
}

static void test_load_of_much(void **state)
{
    const size_t much = 300000;
    const char *path = in_scratch(state, "file");
    char *text = malloc(much), *data;
    size_t size;

    assert_non_null(text);
    for (size_t i = 0; i < much; i++)
        text[i] = (char)(i * 7 + i / 255);
    assert_int_equal(platen_os_file_replace(path, text, much), 0);
    assert_int_equal(platen_os_file_load(path, much, &data, &size), 0);
    assert_int_equal(size, much);
    assert_memory_equal(data, text, much);
    assert_int_equal(data[much], 0);
    free(data);
    assert_int_equal(platen_os_file_load(path, much - 1, &data, &size), PLATEN_FILE_TOO_LARGE);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        scratch_test(test_what_was_written_is_read),
        scratch_test(test_offsets),
        scratch_test(test_offsets_beyond_4_gib),
        scratch_test(test_missing_files_and_missing_folders_differ),
        scratch_test(test_a_folder_is_no_file),
        scratch_test(test_no_file_is_an_invalid_handle),
        scratch_test(test_a_pipe_has_no_size_and_an_end),
        scratch_test(test_no_file_is_inherited),
        scratch_test(test_replace),
        scratch_test(test_replace_leaves_no_room_for_longer_names),
        scratch_test(test_replace_goes_through_a_link),
        scratch_test(test_writing_all),
        scratch_test(test_load),
        scratch_test(test_load_of_much),
        scratch_test(test_a_temporary_file_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
