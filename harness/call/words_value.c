/* SPDX-License-Identifier: MIT
 *
 * Reading a line: characters, texts and the other values.
 */
#include <string.h>

#include "call/escape.h"
#include "call/wordread.h"
#include "os/text.h"

uint32_t call_column(const struct call_reader *reader)
{
    return (uint32_t)((size_t)(reader->at - reader->begin) - reader->wide + 1);
}

bool call_read_fail(struct call_reader *reader, const char *what)
{
    return platen_text_fail(reader->error, reader->number, call_column(reader), "%s", what);
}

/* ---- characters ------------------------------------------------------------------------------ */

/* Steps over one character that is not ASCII. */
static bool take_wide(struct call_reader *reader)
{
    const unsigned char *at = reader->at;
    size_t length = *at >= 0xf0 ? 4 : *at >= 0xe0 ? 3 : 2;
    if (length > (size_t)(reader->end - at) || !platen_text_is_utf8((const char *)at, length)) {
        return platen_text_fail(reader->error, reader->number, call_column(reader),
                                "byte 0x%02x is no UTF-8; in data it is written \\x%02x", *at, *at);
    }
    uint32_t c = *at & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        c = c << 6 | (at[i] & 0x3fu);
    }
    if (call_is_mark(c)) {
        return platen_text_fail(reader->error, reader->number, call_column(reader),
                                "character U+%04X cannot be seen; it is written \\u{%x}",
                                (unsigned)c, (unsigned)c);
    }
    reader->at += length;
    reader->wide += length - 1;
    return true;
}

static bool control(struct call_reader *reader)
{
    return platen_text_fail(reader->error, reader->number, call_column(reader),
                            "control character 0x%02x; in text it is written \\x%02x", *reader->at,
                            *reader->at);
}

/* Steps over one character of anything but text. */
bool call_take(struct call_reader *reader)
{
    unsigned char c = *reader->at;
    if (c >= 0x80) {
        return take_wide(reader);
    }
    if ((c < 0x20 && c != '\t') || c == 0x7f) {
        return control(reader);
    }
    reader->at++;
    return true;
}

/* ASCII that a bare word does not run over: controls, blanks, and " ! [ ] { | } */
static bool stops_bare(unsigned char c)
{
    static const uint64_t stops[2] = {0xffffffffu | 1ull << ' ' | 1ull << '!' | 1ull << '"',
                                      1ull << ('[' - 64) | 1ull << (']' - 64) | 1ull << ('{' - 64) |
                                          1ull << ('|' - 64) | 1ull << ('}' - 64) |
                                          1ull << (0x7f - 64)};
    return c >= 0x80 || (stops[c >> 6] >> (c & 63) & 1) != 0;
}

static bool ends_bare(unsigned char c)
{
    return c == '\t' || (c >= ' ' && c < 0x7f && stops_bare(c));
}

/* ---- quoted text ----------------------------------------------------------------------------- */

/* \u{1f5a8}, at the backslash. */
static bool take_unit(struct call_reader *reader)
{
    uint32_t value = 0;
    size_t digits = 0;
    while (digits < 7 && call_hex_digit(call_peek(reader, 3 + digits)) < 16) {
        value = value << 4 | call_hex_digit(call_peek(reader, 3 + digits));
        digits++;
    }
    if (call_peek(reader, 2) != '{' || digits == 0 || value > 0x10ffff ||
        call_peek(reader, 3 + digits) != '}') {
        return call_read_fail(reader, "\\u wants a number up to 10ffff in braces: \\u{d800}");
    }
    reader->at += 4 + digits;
    return true;
}

static bool take_escape(struct call_reader *reader)
{
    switch (call_peek(reader, 1)) {
    case 'n':
    case 'r':
    case 't':
    case '"':
    case '\\':
        reader->at += 2;
        return true;
    case 'x':
        if (call_hex_digit(call_peek(reader, 2)) > 15 ||
            call_hex_digit(call_peek(reader, 3)) > 15) {
            return call_read_fail(reader, "\\x wants two hexadecimal digits");
        }
        reader->at += 4;
        return true;
    case 'u':
        return take_unit(reader);
    default:
        return call_read_fail(reader,
                              "no such escape; there are \\n \\r \\t \\\" \\\\ \\xHH \\u{H}");
    }
}

/* From the quote to the quote. */
static bool take_text(struct call_reader *reader, struct platen_word *word)
{
    uint32_t opened = call_column(reader);
    const unsigned char *begin = ++reader->at;
    while (reader->at < reader->end && *reader->at != '"') {
        unsigned char c = *reader->at;
        if (c >= 0x20 && c < 0x7f && c != '\\') {
            reader->at++;
            continue;
        }
        bool fine = c == '\\'   ? take_escape(reader)
                    : c >= 0x80 ? take_wide(reader)
                                : control(reader);
        if (!fine) {
            return false;
        }
    }
    if (reader->at == reader->end) {
        return platen_text_fail(reader->error, reader->number, opened, "this text does not end");
    }
    word->at = (const char *)begin;
    word->length = (size_t)(reader->at++ - begin);
    return true;
}

/* ---- the other values ------------------------------------------------------------------------ */

static bool take_number(struct call_reader *reader, uint64_t *value)
{
    const unsigned char *begin = reader->at;
    *value = 0;
    while (reader->at < reader->end && *reader->at >= '0' && *reader->at <= '9') {
        unsigned digit = *reader->at - '0';
        if (*value > (UINT64_MAX - digit) / 10) {
            return call_read_fail(reader, "this number is too large");
        }
        *value = *value * 10 + digit;
        reader->at++;
    }
    return reader->at > begin || call_read_fail(reader, "a number is missing");
}

/* The letters after $ or @. */
bool call_take_label(struct call_reader *reader, struct platen_word *word, bool dots)
{
    const unsigned char *begin = ++reader->at;
    while (reader->at < reader->end &&
           (call_is_name(*reader->at) || (dots && (*reader->at == '-' || *reader->at == '.')))) {
        reader->at++;
    }
    word->at = (const char *)begin;
    word->length = (size_t)(reader->at - begin);
    return word->length > 0 || call_read_fail(reader, "a name is missing");
}

static bool take_name(struct call_reader *reader, struct platen_word *word)
{
    word->kind = PLATEN_WORD_NAME;
    return call_take_label(reader, word, false);
}

static bool take_stream(struct call_reader *reader, struct platen_word *word)
{
    word->kind = PLATEN_WORD_STREAM;
    word->count = UINT64_MAX;
    if (!call_take_label(reader, word, true) || call_peek(reader, 0) != '[') {
        return word->length > 0;
    }
    reader->at++;
    if (!take_number(reader, &word->offset)) {
        return false;
    }
    if (call_peek(reader, 0) != '+') {
        return call_read_fail(reader, "a slice is written [offset+length]");
    }
    reader->at++;
    if (!take_number(reader, &word->count)) {
        return false;
    }
    if (call_peek(reader, 0) != ']') {
        return call_read_fail(reader, "this slice wants its ]");
    }
    reader->at++;
    return word->count <= UINT64_MAX - word->offset ||
           call_read_fail(reader, "this slice is too long");
}

/* <12 bytes>; false, and nothing taken, if it is something else. */
static bool take_length(struct call_reader *reader, struct platen_word *word)
{
    static const char bytes[] = " bytes>";
    struct call_reader ahead = *reader;
    ahead.error = NULL;
    ahead.at++;
    if (!take_number(&ahead, &word->count) || (size_t)(ahead.end - ahead.at) < sizeof bytes - 1 ||
        memcmp(ahead.at, bytes, sizeof bytes - 1) != 0) {
        word->count = 0;
        return false;
    }
    reader->at = ahead.at + sizeof bytes - 1;
    word->kind = PLATEN_WORD_LENGTH;
    return true;
}

static bool take_fields(struct call_reader *reader, struct platen_word *word)
{
    if (call_peek(reader, 1) == '.' && call_peek(reader, 2) == '.' && call_peek(reader, 3) == '.' &&
        call_peek(reader, 4) == '}') {
        reader->at += 5;
        word->kind = PLATEN_WORD_OMITTED;
        return true;
    }
    word->kind = PLATEN_WORD_FIELDS;
    return call_take_inside(reader, word, '}');
}

bool call_take_bare(struct call_reader *reader, struct platen_word *word)
{
    const unsigned char *begin = reader->at;
    word->kind = PLATEN_WORD_BARE;
    while (reader->at < reader->end) {
        if (!stops_bare(*reader->at)) {
            reader->at++;
        } else if (ends_bare(*reader->at)) {
            break;
        } else if (!call_take(reader)) {
            return false;
        }
    }
    word->at = (const char *)begin;
    word->length = (size_t)(reader->at - begin);
    if (word->length == 0) {
        return call_read_fail(reader, "a value is missing");
    }
    if (word->length == 3 && memcmp(begin, "...", 3) == 0) {
        word->kind = PLATEN_WORD_OMITTED;
    }
    return call_peek(reader, 0) != '{' || take_fields(reader, word);
}

/* A value without attributes and alternatives. */
bool call_take_plain(struct call_reader *reader, struct platen_word *word)
{
    word->at = (const char *)reader->at;
    switch (call_peek(reader, 0)) {
    case '"':
        word->kind = PLATEN_WORD_TEXT;
        return take_text(reader, word);
    case '$':
        return take_name(reader, word);
    case '@':
        return take_stream(reader, word);
    case '{':
        return take_fields(reader, word);
    case '[':
        word->kind = PLATEN_WORD_ROWS;
        return call_take_inside(reader, word, ']');
    case '!':
        return true;
    case '~':
        if (call_peek(reader, 1) == '"') {
            reader->at++;
            word->kind = PLATEN_WORD_GLOB;
            return take_text(reader, word);
        }
        break;
    case '<':
        if (take_length(reader, word)) {
            return true;
        }
        break;
    default:
        break;
    }
    return call_take_bare(reader, word);
}
