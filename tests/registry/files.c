/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "files.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "os/text.h"

#define NO_LIMIT ((size_t)1 << 30)

static char folder[1024];

int files_open(void **state)
{
    (void)state;
    return (int)platen_os_make_temporary_folder(folder, sizeof folder);
}

int files_close(void **state)
{
    (void)state;
    return (int)platen_os_remove_folder(folder);
}

const char *files_path(const char *name)
{
    static char path[sizeof folder + 64];
    snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

const char *files_write(const char *name, const void *bytes, size_t size)
{
    const char *path = files_path(name);
    platen_os_file file;
    size_t done = 0, moved;
    (void)platen_os_remove_file(path); /* emptying it would make some systems wait for the disk */
    assert_int_equal(platen_os_file_open_write(path, &file), 0);
    for (; done < size; done += moved) {
        assert_int_equal(
            platen_os_file_write(file, (const char *)bytes + done, size - done, &moved), 0);
    }
    assert_int_equal(platen_os_file_close(file), 0);
    return path;
}

unsigned char *files_read(const char *path, size_t *size)
{
    char *bytes;
    assert_int_equal(platen_os_file_load(path, NO_LIMIT, &bytes, size), 0);
    return (unsigned char *)bytes;
}

unsigned char *files_utf16(const char *text, int big, size_t *size)
{
    char16_t *units = platen_text_new16(text, SIZE_MAX);
    size_t length = platen_text_length16(units, SIZE_MAX);
    unsigned char *bytes = malloc(2 * length + 2);
    assert_non_null(bytes);
    bytes[big ? 1 : 0] = 0xff;
    bytes[big ? 0 : 1] = 0xfe;
    for (size_t i = 0; i < length; i++) {
        bytes[2 * i + (big ? 3 : 2)] = (unsigned char)units[i];
        bytes[2 * i + (big ? 2 : 3)] = (unsigned char)(units[i] >> 8);
    }
    free(units);
    *size = 2 * length + 2;
    return bytes;
}
