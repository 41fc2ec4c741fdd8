/* SPDX-License-Identifier: MIT */
/* A folder of its own for each test program, and documents written into it. */
#ifndef PLATEN_TEST_SHOW_FIXTURE_H
#define PLATEN_TEST_SHOW_FIXTURE_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "show/internal.h"

int make_folder(void **state);
int remove_folder(void **state);

/* A path in the folder; valid until the next call but three. */
const char *in_folder(const char *name);
/* Writes a document and returns its path. */
const char *write_document(const char *name, const void *bytes, size_t size);
/* Writes it, identifies it, removes it. */
struct platen_show_document identify(const void *bytes, size_t size);
bool exists(const char *path);

/* Identifies a string literal, which may hold NUL. */
#define IDENTIFY(literal) identify("" literal, sizeof(literal) - 1)

#endif
