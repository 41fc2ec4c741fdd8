/* SPDX-License-Identifier: MIT
 *
 * What the tests of the seam share. The functions system_* ask the system by another way than the
 * seam does, or do what the seam has no word for; each has a POSIX and a Windows form.
 */
#ifndef SEAM_HELP_H
#define SEAM_HELP_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/errors.h>

#include "os/file.h"

/* A fresh folder for each test: give both to cmocka_unit_test_setup_teardown. */
int scratch_setup(void **state);
int scratch_teardown(void **state);
#define scratch_test(f) cmocka_unit_test_setup_teardown(f, scratch_setup, scratch_teardown)

/* The path of `name` in the folder; "" is the folder. Good until eight more were asked for. */
const char *in_scratch(void **state, const char *name);

void write_text(const char *path, const char *text);
void assert_text(const char *path, const char *text);
bool is_there(const char *path);

/* Runs this very program with arguments (NULL ends them); returns its exit status and what it wrote
 * to its standard output, cut to fit. */
int system_run_self(const char *const arguments[], char *output, size_t size);
void system_set_variable(const char *name, const char *value);

/* May this process read, or write, the byte there? */
bool system_can_read(const void *address);
bool system_can_write(void *address);

/* Would a child process get it? */
bool system_is_inherited(platen_os_file file);
void system_pipe(platen_os_file ends[2]);
size_t system_count_entries(const char *folder);

void system_link(const char *target, const char *path);
/* Removes the links where platen_os_remove_folder cannot. */
void system_forget_links(void);
void system_hard_link(const char *target, const char *path);

#endif
