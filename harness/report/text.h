/* SPDX-License-Identifier: MIT
 *
 * A text that grows, and the ways in which foreign text is made harmless for each format.
 */
#ifndef REPORT_TEXT_H
#define REPORT_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/format.h"

/* Zero-initialise. When memory is out `failed` is set, and what does not fit is dropped. */
struct text {
    char *bytes; /* NUL-terminated if not NULL */
    size_t length;
    size_t size;
    bool failed;
};

void text_put(struct text *text, const char *from, size_t length);
void text_puts(struct text *text, const char *from);
PLATEN_OS_PRINTF(2, 3)
void text_printf(struct text *text, const char *format, ...);
void text_blanks(struct text *text, size_t count);
void text_clear(struct text *text); /* keeps the memory */
void text_free(struct text *text);
/* The text, "" if it is empty. */
const char *text_string(const struct text *text);

/* One line that cannot disturb a terminal. At most `limit` bytes of `from` are shown (SIZE_MAX: all
 * of it), and "..." if that is not all. */
void text_put_printable(struct text *text, const char *from, size_t limit);
/* A description or reason of TAP: printable, and with `#` and `\` escaped as TAP 14 wants. */
void text_put_tap(struct text *text, const char *from);
/* A double-quoted scalar that YAML and JSON read alike; text that is UTF-8 comes back as it was,
 * other bytes are shown as printable. */
void text_put_quoted(struct text *text, const char *from);
/* Text of which every character may stand in XML 1.0; others become \x1b and the like. It is not
 * escaped otherwise: that is the writer's business. */
void text_put_xml(struct text *text, const char *from);
/* Two hexadecimal digits per byte. */
void text_put_hex(struct text *text, const char *from);

/* Is it UTF-8 as the standard has it? */
bool text_is_utf8(const char *from);
/* Columns on a terminal, more or less: characters. */
size_t text_columns(const char *from, size_t length);

#endif
