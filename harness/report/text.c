/* SPDX-License-Identifier: MIT */
#include "report/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/text.h"

/* Room for `more` bytes and a NUL. */
static bool grow(struct text *text, size_t more)
{
    if (text->failed || more >= SIZE_MAX / 2 - text->length) {
        text->failed = true;
        return false;
    }
    if (text->length + more < text->size) {
        return true;
    }
    size_t size = text->size == 0 ? 256 : text->size;
    while (size <= text->length + more) {
        size *= 2;
    }
    char *bytes = realloc(text->bytes, size);
    if (bytes == NULL) {
        text->failed = true;
        return false;
    }
    text->bytes = bytes;
    text->size = size;
    return true;
}

void text_put(struct text *text, const char *from, size_t length)
{
    if (grow(text, length)) {
        memcpy(text->bytes + text->length, from, length);
        text->length += length;
        text->bytes[text->length] = '\0';
    }
}

void text_puts(struct text *text, const char *from)
{
    text_put(text, from, strlen(from));
}

void text_printf(struct text *text, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    int needed = vsnprintf(NULL, 0, format, list);
    va_end(list);
    if (needed < 0 || !grow(text, (size_t)needed)) {
        text->failed = true;
        return;
    }
    va_start(list, format);
    vsnprintf(text->bytes + text->length, (size_t)needed + 1, format, list);
    va_end(list);
    text->length += (size_t)needed;
}

void text_blanks(struct text *text, size_t count)
{
    if (grow(text, count)) {
        memset(text->bytes + text->length, ' ', count);
        text->length += count;
        text->bytes[text->length] = '\0';
    }
}

void text_clear(struct text *text)
{
    text->length = 0;
    if (text->bytes != NULL) {
        text->bytes[0] = '\0';
    }
}

void text_free(struct text *text)
{
    free(text->bytes);
    *text = (struct text){0};
}

const char *text_string(const struct text *text)
{
    return text->bytes == NULL ? "" : text->bytes;
}

/* The same, of `length` bytes. */
static void put_printable(struct text *text, const char *from, size_t length)
{
    size_t needed = platen_text_printable(from, length, NULL, 0);
    if (grow(text, needed)) {
        platen_text_printable(from, length, text->bytes + text->length, needed + 1);
        text->length += needed;
    }
}

void text_put_printable(struct text *text, const char *from, size_t limit)
{
    size_t length = strlen(from);
    bool cut = length > limit;
    if (cut) {
        length = limit;
        while (length > 0 && ((unsigned char)from[length] & 0xC0) == 0x80) {
            length--; /* not inside a character */
        }
    }
    put_printable(text, from, length);
    if (cut) {
        text_puts(text, "...");
    }
}

void text_put_tap(struct text *text, const char *from)
{
    struct text line = {0};
    text_put_printable(&line, from, SIZE_MAX);
    const char *at = text_string(&line);
    while (*at != '\0') {
        size_t plain = strcspn(at, "\\#");
        text_put(text, at, plain);
        at += plain;
        if (*at != '\0') {
            char escaped[2] = {'\\', *at++};
            text_put(text, escaped, sizeof escaped);
        }
    }
    text->failed = text->failed || line.failed;
    text_free(&line);
}

/* ---- character by character --------------------------------------------------------------------
 */

#define NO_CHARACTER UINT32_MAX

/* How many bytes follow this first byte of a character; 0 if none or if it is no first byte. */
static size_t following(unsigned char lead)
{
    if (lead >= 0xC2 && lead <= 0xDF) {
        return 1;
    }
    if ((lead & 0xF0) == 0xE0) {
        return 2;
    }
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

/* The character at `from`, which is no NUL, and its bytes; unpaired surrogates count as characters.
 * Anything else is NO_CHARACTER, byte by byte. */
static size_t next_character(const char *from, uint32_t *c)
{
    static const uint32_t least[] = {0, 0x80, 0x800, 0x10000};
    unsigned char lead = (unsigned char)from[0];
    size_t more = following(lead);
    *c = lead < 0x80 ? lead : NO_CHARACTER;
    if (more == 0) {
        return 1;
    }
    uint32_t value = lead & (0x3Fu >> more);
    for (size_t i = 1; i <= more; i++) {
        if (((unsigned char)from[i] & 0xC0) != 0x80) {
            return 1;
        }
        value = value << 6 | ((unsigned char)from[i] & 0x3F);
    }
    if (value < least[more] || value > 0x10FFFF) {
        return 1;
    }
    *c = value;
    return more + 1;
}

static bool is_surrogate(uint32_t c)
{
    return c >= 0xD800 && c <= 0xDFFF;
}

/* The last `digits` hexadecimal digits of a number; a text may have millions of them. */
static void put_digits(struct text *text, uint32_t number, size_t digits)
{
    char hex[8];
    for (size_t i = digits; i > 0; i--) {
        hex[i - 1] = "0123456789abcdef"[number & 15];
        number >>= 4;
    }
    text_put(text, hex, digits);
}

/* \x1b or \u202e; as the seam's printable text has them. */
static void put_number(struct text *text, uint32_t c)
{
    text_puts(text, c < 0x80 ? "\\x" : "\\u");
    put_digits(text, c, c < 0x80 ? 2 : 4);
}

static void put_bytes(struct text *text, const char *from, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        text_puts(text, "\\x");
        put_digits(text, (unsigned char)from[i], 2);
    }
}

/* The production Char of XML 1.0. */
static bool may_stand_in_xml(uint32_t c)
{
    if (c < 0x20) {
        return c == '\t' || c == '\n' || c == '\r';
    }
    return !is_surrogate(c) && c != 0xFFFE && c != 0xFFFF;
}

void text_put_xml(struct text *text, const char *from)
{
    while (*from != '\0') {
        uint32_t c;
        size_t bytes = next_character(from, &c);
        if (c == NO_CHARACTER) {
            put_bytes(text, from, bytes);
        } else if (may_stand_in_xml(c)) {
            text_put(text, from, bytes);
        } else {
            put_number(text, c);
        }
        from += bytes;
    }
}

/* Written as an escape in quotes: what YAML forbids there, what ends a line for it, and what turns
 * the direction of a terminal's text. */
static bool is_escaped_in_quotes(uint32_t c)
{
    static const struct {
        uint32_t first, last;
    } ranges[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},
        {0x2028, 0x202E}, {0x2066, 0x2069}, {0xFEFF, 0xFEFF}, {0xFFFE, 0xFFFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++) {
        if (c >= ranges[i].first && c <= ranges[i].last) {
            return true;
        }
    }
    return false;
}

static void put_in_quotes(struct text *text, const char *from, size_t bytes, uint32_t c)
{
    if (c == '"' || c == '\\') {
        char escaped[2] = {'\\', (char)c};
        text_put(text, escaped, sizeof escaped);
    } else if (c == NO_CHARACTER) {
        text_puts(text, "\\");
        put_bytes(text, from, bytes); /* a backslash of the text itself, then x and the number */
    } else if (is_surrogate(c)) {
        text_puts(text, "\\\\u");
        put_digits(text, c, 4);
    } else if (is_escaped_in_quotes(c)) {
        text_puts(text, "\\u");
        put_digits(text, c, 4);
    } else {
        text_put(text, from, bytes);
    }
}

void text_put_quoted(struct text *text, const char *from)
{
    text_puts(text, "\"");
    while (*from != '\0') {
        uint32_t c;
        size_t bytes = next_character(from, &c);
        put_in_quotes(text, from, bytes, c);
        from += bytes;
    }
    text_puts(text, "\"");
}

void text_put_hex(struct text *text, const char *from)
{
    for (; *from != '\0'; from++) {
        put_digits(text, (unsigned char)*from, 2);
    }
}

bool text_is_utf8(const char *from)
{
    return platen_text_is_utf8(from, strlen(from));
}

size_t text_columns(const char *from, size_t length)
{
    size_t columns = 0;
    for (size_t i = 0; i < length; i++) {
        columns += ((unsigned char)from[i] & 0xC0) != 0x80;
    }
    return columns;
}
