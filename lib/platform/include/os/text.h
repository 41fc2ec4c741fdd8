/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: text. UTF-16 and UTF-8, and case folding that no locale changes. The same code on
 * every system: it stands here because every side of the house needs it.
 *
 * UTF-8 here is generalised: an unpaired surrogate takes the three bytes of its number, so that any
 * UTF-16 survives the way there and back. Bytes that are no UTF-8 become U+FFFD on the way to
 * UTF-16: one for each longest piece that could have begun a character.
 */
#ifndef OS_TEXT_H
#define OS_TEXT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#if !defined(__cplusplus)
#    include <uchar.h>
#endif

/* Units in a NUL-terminated text, without the NUL; at most `limit` (limit if there is no NUL). */
size_t platen_text_length16(const char16_t *text, size_t limit);

/* UTF-16 to UTF-8. `length` units (SIZE_MAX: up to the NUL). Writes at most `size` bytes with a
 * NUL, never half a character; returns the bytes needed without the NUL, so result >= size means
 * cut. to may be NULL with size 0. */
size_t platen_text_to8(const char16_t *from, size_t length, char *to, size_t size);
/* UTF-8 to UTF-16, the same way; sizes and result in units. */
size_t platen_text_to16(const char *from, size_t length, char16_t *to, size_t size);

/* The same into malloc'ed memory; NULL when memory is out or `from` is NULL. */
char *platen_text_new8(const char16_t *from, size_t length);
char16_t *platen_text_new16(const char *from, size_t length);
char16_t *platen_text_copy16(const char16_t *from, size_t length);

/* One unit folded: simple upper case of the basic plane by a fixed table, as file and port names on
 * Windows compare; only where lower case leads back, so that nothing beyond ASCII equals ASCII. */
char16_t platen_text_fold(char16_t unit);
/* <0, 0, >0 by folded units. */
int platen_text_compare_folded(const char16_t *a, const char16_t *b);
bool platen_text_equal_folded(const char16_t *a, const char16_t *b);
/* The same for UTF-8 texts. */
bool platen_text_equal_folded8(const char *a, const char *b);
/* A hash that folded-equal texts share. */
uint64_t platen_text_hash_folded(const char16_t *text);

/* Is this UTF-8 as the standard has it (no surrogates, no overlong forms)? */
bool platen_text_is_utf8(const char *text, size_t length);

/* Copies text for a terminal or a log line: control characters, DEL, C1, line and paragraph
 * separators, direction marks and bytes that are no UTF-8 become escapes (\n, \x1b, \u202e). Cut to
 * fit with its NUL; returns what was needed, as to8. */
size_t platen_text_printable(const char *from, size_t length, char *to, size_t size);

#endif
