/* SPDX-License-Identifier: MIT
 *
 * A .reg file as text: from bytes to units, small steps over them, and complaints.
 */
#include "registry/regfile.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define FOUND_UNITS 24 /* how much of the file a complaint shows */

/* ---- complaints ------------------------------------------------------------------------------ */

struct location {
    size_t line;
    size_t column; /* in units, as they are what the file is made of */
};

static struct location locate(const struct regfile *file, size_t at)
{
    struct location where = {1, 1};
    for (size_t i = 0; i < at; i++) {
        bool half = file->text[i] == u'\r' && i + 1 < file->length && file->text[i + 1] == u'\n';
        bool breaks = (file->text[i] == u'\r' && !half) || file->text[i] == u'\n';
        where.line += breaks;
        where.column = breaks ? 1 : where.column + 1;
    }
    return where;
}

uint32_t regfile_complain(struct regfile *file, size_t at, const char *format, ...)
{
    struct location where = locate(file, at);
    size_t path_size = platen_text_printable(file->path, SIZE_MAX, NULL, 0) + 1;
    size_t size = path_size + 512;
    char *text = malloc(size);
    if (text == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    size_t used = platen_text_printable(file->path, SIZE_MAX, text, path_size);
    used += (size_t)snprintf(text + used, size - used, ":%zu:%zu: ", where.line, where.column);
    va_list list;
    va_start(list, format);
    vsnprintf(text + used, size - used, format, list);
    va_end(list);
    free(file->complaint);
    file->complaint = text;
    return PLATEN_INVALID_DATA;
}

/* What stands at the reader's place, for a person. */
static void describe(const struct regfile *file, char *to, size_t size)
{
    char bytes[FOUND_UNITS * 3 + 1], safe[FOUND_UNITS * 6 + 1];
    size_t end = file->at;
    while (end < file->length && end - file->at < FOUND_UNITS && file->text[end] != u'\r' &&
           file->text[end] != u'\n') {
        end++;
    }
    if (end == file->at) {
        snprintf(to, size, "the end of the %s", end == file->length ? "file" : "line");
        return;
    }
    size_t count = platen_text_to8(file->text + file->at, end - file->at, bytes, sizeof bytes);
    platen_text_printable(bytes, count, safe, sizeof safe);
    snprintf(to, size, "'%s'", safe);
}

uint32_t regfile_expected(struct regfile *file, const char *what)
{
    char found[FOUND_UNITS * 6 + 8];
    describe(file, found, sizeof found);
    return regfile_complain(file, file->at, "expected %s, found %s", what, found);
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static uint32_t decode16(struct regfile *file, const unsigned char *bytes, size_t size, bool big)
{
    file->text = malloc((size / 2 + 1) * sizeof *file->text);
    if (file->text == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    file->length = size / 2;
    for (size_t i = 0; i < file->length; i++) {
        file->text[i] = (char16_t)(bytes[2 * i + big] | bytes[2 * i + !big] << 8);
    }
    if (size % 2 != 0) {
        return regfile_complain(file, file->length, "the file ends within a character of UTF-16");
    }
    return 0;
}

/* Bytes that are no UTF-8 have become U+FFFD, which the file may also hold itself: where one stands
 * that is not in the bytes, the file is wrong. */
static uint32_t check_replaced(struct regfile *file, const unsigned char *bytes)
{
    const unsigned char *byte = bytes;
    for (size_t i = 0; i < file->length;) {
        if (file->text[i] == 0xfffd && memcmp(byte, "\xef\xbf\xbd", 3) != 0) {
            return regfile_complain(
                file, i, "the byte 0x%02x is no UTF-8; save the file as UTF-8 or UTF-16", *byte);
        }
        i += *byte >= 0xf0 ? 2 : 1;
        byte += *byte < 0x80 ? 1 : *byte < 0xe0 ? 2 : *byte < 0xf0 ? 3 : 4;
    }
    return 0;
}

static uint32_t decode8(struct regfile *file, const char *bytes, size_t size)
{
    file->text =
        malloc((size + 1) * sizeof *file->text); /* no character has more units than bytes */
    if (file->text == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    file->length = platen_text_to16(bytes, size, file->text, size + 1);
    return check_replaced(file, (const unsigned char *)bytes);
}

uint32_t regfile_decode(struct regfile *file, const char *bytes, size_t size)
{
    const unsigned char *raw = (const unsigned char *)bytes;
    if (size >= 2 && raw[0] == 0xff && raw[1] == 0xfe) {
        return decode16(file, raw + 2, size - 2, false);
    }
    if (size >= 2 && raw[0] == 0xfe && raw[1] == 0xff) {
        return decode16(file, raw + 2, size - 2, true);
    }
    bool mark = size >= 3 && memcmp(raw, "\xef\xbb\xbf", 3) == 0;
    return mark ? decode8(file, bytes + 3, size - 3) : decode8(file, bytes, size);
}

/* ---- steps ----------------------------------------------------------------------------------- */

char16_t regfile_peek(const struct regfile *file)
{
    return file->at < file->length ? file->text[file->at] : 0;
}

bool regfile_at_line_end(const struct regfile *file)
{
    char16_t unit = regfile_peek(file);
    return file->at == file->length || unit == u'\r' || unit == u'\n';
}

void regfile_skip_blanks(struct regfile *file)
{
    while (regfile_peek(file) == u' ' || regfile_peek(file) == u'\t') {
        file->at++;
    }
}

void regfile_skip_line_break(struct regfile *file)
{
    bool pair = regfile_peek(file) == u'\r' && file->at + 1 < file->length &&
                file->text[file->at + 1] == u'\n';
    file->at += file->at == file->length ? 0 : pair ? 2 : 1;
}

bool regfile_word(struct regfile *file, const char *word)
{
    size_t length = strlen(word);
    if (length > file->length - file->at) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        char16_t letter = (unsigned char)word[i];
        if (platen_text_fold(file->text[file->at + i]) != platen_text_fold(letter)) {
            return false;
        }
    }
    file->at += length;
    return true;
}

/* The place of the quote that ends the text which begins at `from`; the file's length if none. */
static size_t closing_quote(const struct regfile *file, size_t from)
{
    size_t at = from;
    while (at < file->length && file->text[at] != u'"') {
        at += file->text[at] == u'\\' ? 2 : 1;
    }
    return at < file->length ? at : file->length;
}

uint32_t regfile_quoted(struct regfile *file, char16_t **text, size_t *length)
{
    size_t end = closing_quote(file, file->at + 1);
    uint32_t error = 0;

    *length = 0;
    *text = malloc((end - file->at + 1) * sizeof **text);
    if (*text == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (end == file->length) {
        return regfile_complain(file, file->at, "the text that begins here has no closing quote");
    }
    for (file->at++; file->at < end && error == 0; file->at++) {
        bool escape = regfile_peek(file) == u'\\';
        file->at += escape;
        char16_t unit = regfile_peek(file);
        if (escape && unit != u'\\' && unit != u'"') {
            error = regfile_expected(file, "\\ or \" after the \\ before it");
        } else if (unit == 0) {
            error = regfile_complain(file, file->at, "a text in quotes cannot hold a NUL");
        }
        (*text)[(*length)++] = unit;
    }
    (*text)[*length] = 0;
    file->at = end + 1;
    return error;
}
