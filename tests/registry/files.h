/* SPDX-License-Identifier: MIT
 *
 * A folder for the .reg files of a test, and files in it.
 */
#ifndef TESTS_REGISTRY_FILES_H
#define TESTS_REGISTRY_FILES_H

#include <stddef.h>
#include <stdint.h>

/* Group set-up and tear-down: make the folder, remove it with what it holds. */
int files_open(void **state);
int files_close(void **state);

/* The path of a file there; static, until the next call. */
const char *files_path(const char *name);
/* Writes a file and returns its path. */
const char *files_write(const char *name, const void *bytes, size_t size);
/* Reads it whole; free() it. */
unsigned char *files_read(const char *path, size_t *size);

/* UTF-8 as UTF-16 with a byte order mark, the high byte first if `big`; free() it. */
unsigned char *files_utf16(const char *text, int big, size_t *size);

#endif
