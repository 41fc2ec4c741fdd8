/* SPDX-License-Identifier: MIT
 *
 * Names that are hard on a report.
 */
#ifndef REPORT_NAMES_H
#define REPORT_NAMES_H

#include <stdbool.h>
#include <stddef.h>

#define HUGE_NAME ((size_t)1 << 20)

/* The n-th hostile name, malloc'ed: first those that somebody thought of, the last of them of 1
 * MiB, then random ones, the same in every run. */
char *hostile_name(size_t n);
/* How many there are that somebody thought of. */
size_t hostile_names(void);

/* What platen_text_printable makes of it, malloc'ed. */
char *printable_name(const char *name);
/* The bytes that the digits stand for, malloc'ed; NULL if they are none. */
char *bytes_of_hex(const char *digits);
/* Is the text UTF-8 with no control character but those named, and no text direction marks? */
bool is_harmless(const char *text, size_t size, const char *controls);

#endif
