/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_SIZE 1024
#define KEPT      8

int scratch_setup(void **state)
{
    char *folder = malloc(PATH_SIZE);
    *state = folder;
    return !folder || platen_os_make_temporary_folder(folder, PATH_SIZE) != 0;
}

int scratch_teardown(void **state)
{
    uint32_t error;

    system_forget_links();
    error = platen_os_remove_folder(*state);
    free(*state);
    return error != 0;
}

const char *in_scratch(void **state, const char *name)
{
    static char paths[KEPT][PATH_SIZE];
    static unsigned next;
    char *path = paths[next++ % KEPT];

    snprintf(path, PATH_SIZE, *name ? "%s/%s" : "%s%s", (const char *)*state, name);
    return path;
}

void write_text(const char *path, const char *text)
{
    platen_os_file file;
    size_t moved;

    assert_int_equal(platen_os_file_open_write(path, &file), 0);
    assert_int_equal(platen_os_file_write(file, text, strlen(text), &moved), 0);
    assert_int_equal(moved, strlen(text));
    assert_int_equal(platen_os_file_close(file), 0);
}

void assert_text(const char *path, const char *text)
{
    char *data;
    size_t size;

    assert_int_equal(platen_os_file_load(path, 1 << 20, &data, &size), 0);
    assert_string_equal(data, text);
    assert_int_equal(size, strlen(text));
    free(data);
}

bool is_there(const char *path)
{
    platen_os_file file;
    uint32_t error = platen_os_file_open_read(path, &file);
    if (!error)
        platen_os_file_close(file);
    return error == 0 || error == PLATEN_DIRECTORY;
}
