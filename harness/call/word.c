/* SPDX-License-Identifier: MIT
 *
 * What a word says: numbers, text, bytes.
 */
#include <stdlib.h>
#include <string.h>

#include "call/escape.h"
#include "call/wordlist.h"
#include "os/text.h"

bool platen_word_is(const struct platen_word *word, const char *bare)
{
    return word != NULL && word->kind == PLATEN_WORD_BARE && strlen(bare) == word->length &&
           memcmp(bare, word->at, word->length) == 0;
}

const struct platen_word *platen_word_named(const struct platen_word *word, const char *name)
{
    size_t length = strlen(name);
    while (word != NULL && (word->name == NULL || word->name_length != length ||
                            memcmp(word->name, name, length) != 0)) {
        word = word->next;
    }
    return word;
}

size_t platen_word_count(const struct platen_word *word)
{
    size_t count = 0;
    for (; word != NULL; word = word->next) {
        count++;
    }
    return count;
}

/* ---- numbers --------------------------------------------------------------------------------- */

static bool hex_number(const char *at, size_t length, uint64_t *value)
{
    uint64_t number = 0;
    if (length == 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned digit = call_hex_digit((unsigned char)at[i]);
        if (digit > 15 || number >> 60 != 0) {
            return false;
        }
        number = number << 4 | digit;
    }
    *value = number;
    return true;
}

static bool decimal_number(const char *at, size_t length, uint64_t *value)
{
    uint64_t number = 0;
    if (length == 0) {
        return false;
    }
    for (size_t i = 0; i < length; i++) {
        unsigned digit = (unsigned)((unsigned char)at[i] - '0');
        if (digit > 9 || number > (UINT64_MAX - digit) / 10) {
            return false;
        }
        number = number * 10 + digit;
    }
    *value = number;
    return true;
}

bool call_number(const char *at, size_t length, uint64_t *value)
{
    if (length > 2 && at[0] == '0' && (at[1] | 0x20) == 'x') {
        return hex_number(at + 2, length - 2, value);
    }
    return decimal_number(at, length, value);
}

bool platen_word_number(const struct platen_word *word, uint64_t *value)
{
    return word != NULL && word->kind == PLATEN_WORD_BARE &&
           call_number(word->at, word->length, value);
}

bool platen_word_signed(const struct platen_word *word, int64_t *value)
{
    uint64_t number;
    if (word == NULL || word->kind != PLATEN_WORD_BARE || word->length == 0) {
        return false;
    }
    bool minus = word->at[0] == '-';
    if (!call_number(word->at + minus, word->length - minus, &number) ||
        number > (uint64_t)INT64_MAX + minus) {
        return false;
    }
    *value = minus ? (int64_t)(0 - number) : (int64_t)number;
    return true;
}

bool platen_word_seconds(const struct platen_word *word, uint64_t *nanoseconds)
{
    const uint64_t second = 1000000000;
    uint64_t whole, part = 0;
    if (word == NULL || word->kind != PLATEN_WORD_BARE) {
        return false;
    }
    const char *dot = memchr(word->at, '.', word->length);
    size_t before = dot == NULL ? word->length : (size_t)(dot - word->at);
    size_t after = dot == NULL ? 0 : word->length - before - 1;
    if (!decimal_number(word->at, before, &whole) || after > 9 ||
        (dot != NULL && !decimal_number(dot + 1, after, &part)) ||
        whole > UINT64_MAX / second - 1) {
        return false;
    }
    for (; after < 9; after++) {
        part *= 10;
    }
    *nanoseconds = whole * second + part;
    return true;
}

bool platen_word_bits(const struct platen_word *word, const char **kind, size_t *kind_length,
                      uint64_t *bits)
{
    if (word == NULL || word->kind != PLATEN_WORD_BARE) {
        return false;
    }
    const char *colon = memchr(word->at, ':', word->length);
    size_t before = colon == NULL ? 0 : (size_t)(colon - word->at);
    size_t after = colon == NULL ? 0 : word->length - before - 1;
    if (after < 3 || colon[1] != '0' || (colon[2] | 0x20) != 'x' ||
        !hex_number(colon + 3, after - 2, bits)) {
        return false;
    }
    *kind = word->at;
    *kind_length = before;
    return true;
}

/* ---- text ------------------------------------------------------------------------------------ */

bool call_is_text(const struct platen_word *word)
{
    return word->kind == PLATEN_WORD_TEXT || word->kind == PLATEN_WORD_GLOB ||
           word->kind == PLATEN_WORD_BARE;
}

/* One piece of a text: a byte written \xHH, a number written \u{H}, or plain bytes. */
struct piece {
    enum { OCTET, UNIT, PLAIN } sort;
    uint32_t value;
    const char *at;
    size_t length;
};

static size_t escape_piece(const char *at, const char *end, struct piece *piece)
{
    static const char letters[] = "nrt\"\\";
    static const char bytes[] = "\n\r\t\"\\";
    char c = at != NULL && end - at > 1 ? at[1] : '\0';
    piece->value = 0;
    piece->sort = OCTET;
    if (c == 'x' && end - at >= 4) {
        piece->value =
            call_hex_digit((unsigned char)at[2]) << 4 | call_hex_digit((unsigned char)at[3]);
        return 4;
    }
    if (c == 'u') {
        piece->sort = UNIT;
        const char *digit = at + 3;
        for (; digit < end && *digit != '}'; digit++) {
            piece->value = piece->value << 4 | call_hex_digit((unsigned char)*digit);
        }
        return (size_t)(digit - at) + (digit < end);
    }
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    piece->value = letter == NULL ? '\\' : (unsigned char)bytes[letter - letters];
    return letter == NULL ? 1 : 2;
}

/* Bare words have no escapes: their backslashes are themselves. */
static bool next_piece(const struct platen_word *word, size_t *at, struct piece *piece)
{
    const char *from = word->at + *at, *end = word->at + word->length;
    if (from == end) {
        return false;
    }
    const char *back =
        word->kind == PLATEN_WORD_BARE ? NULL : memchr(from, '\\', (size_t)(end - from));
    if (back == from) {
        *at += escape_piece(from, end, piece);
        return true;
    }
    *piece = (struct piece){
        .sort = PLAIN, .at = from, .length = (size_t)((back == NULL ? end : back) - from)};
    *at += piece->length;
    return true;
}

static size_t put_units(uint32_t value, char16_t *to, size_t used, size_t size)
{
    char16_t units[2] = {(char16_t)value, 0};
    size_t count = value > 0xffff ? 2 : 1;
    if (count == 2) {
        units[0] = (char16_t)(0xd800 + ((value - 0x10000) >> 10));
        units[1] = (char16_t)(0xdc00 + ((value - 0x10000) & 0x3ff));
    }
    for (size_t i = 0; i < count; i++) {
        if (used + i < size) {
            to[used + i] = units[i];
        }
    }
    return count;
}

/* Plain bytes are UTF-8: the reader saw to that. */
static size_t put_plain16(const struct piece *piece, char16_t *to, size_t used, size_t size)
{
    size_t count = 0;
    for (size_t i = 0, step; i < piece->length; i += step) {
        unsigned char c = (unsigned char)piece->at[i];
        uint32_t value = c;
        step = c < 0x80 ? 1 : c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : 2;
        value = step == 1 ? value : value & (0x7fu >> step);
        for (size_t b = 1; b < step && i + b < piece->length; b++) {
            value = value << 6 | ((unsigned char)piece->at[i + b] & 0x3fu);
        }
        count += put_units(value, to, used + count, size);
    }
    return count;
}

size_t platen_word_text16(const struct platen_word *word, char16_t *to, size_t size)
{
    struct piece piece;
    size_t used = 0;
    if (!call_is_text(word)) {
        return 0;
    }
    for (size_t at = 0; next_piece(word, &at, &piece);) {
        used += piece.sort == PLAIN ? put_plain16(&piece, to, used, size)
                                    : put_units(piece.value, to, used, size);
    }
    return used;
}

static size_t put_run(const void *from, size_t length, char *to, size_t used, size_t size)
{
    size_t room = used < size ? size - used : 0;
    if (room > 0) {
        memcpy(to + used, from, length < room ? length : room);
    }
    return length;
}

/* One escape, as bytes; returns where the next piece begins. */
static const char *take_escape(const char *at, const char *end, char bytes[8], size_t *count)
{
    struct piece piece;
    *count = 1;
    at += escape_piece(at, end, &piece);
    bytes[0] = (char)piece.value;
    if (piece.sort == UNIT) {
        char16_t units[2];
        size_t wide = put_units(piece.value, units, 0, 2);
        *count = platen_text_to8(units, wide, bytes, 8);
    }
    return at;
}

/* As many \xHH as stand here: what data is full of. Returns how many. */
static size_t take_bytes(const char *at, const char *end, char *to, size_t room)
{
    size_t count = 0;
    for (; end - at >= 4 && at[0] == '\\' && at[1] == 'x'; at += 4) {
        if (count < room) {
            to[count] = (char)(call_hex_digit((unsigned char)at[2]) << 4 |
                               call_hex_digit((unsigned char)at[3]));
        }
        count++;
    }
    return count;
}

size_t platen_word_bytes(const struct platen_word *word, void *to, size_t size)
{
    const char *at = word->at, *end = word->at + word->length;
    char *bytes = to;
    size_t used = 0;
    if (!call_is_text(word)) {
        return 0;
    }
    while (at < end) {
        const char *run = at;
        while (at < end && (*at != '\\' || word->kind == PLATEN_WORD_BARE)) {
            at++;
        }
        used += put_run(run, (size_t)(at - run), bytes, used, size);
        size_t room = used < size ? size - used : 0;
        size_t count = take_bytes(at, end, room > 0 ? bytes + used : NULL, room);
        used += count;
        at += 4 * count;
        if (at < end && count == 0) {
            char escaped[8];
            at = take_escape(at, end, escaped, &count);
            used += put_run(escaped, count, bytes, used, size);
        }
    }
    return used;
}

const char *platen_word_string(struct platen_words *words, const struct platen_word *word,
                               struct platen_text_error *error)
{
    if (!call_is_text(word)) {
        (void)platen_text_fail(error, word->line, word->column, "a text is wanted here");
        return NULL;
    }
    size_t units = platen_word_text16(word, NULL, 0);
    char16_t *wide = call_arena_take(&words->arena, (units + 1) * sizeof *wide);
    char *text = call_arena_take(&words->arena, units * 3 + 1);
    if (wide == NULL || text == NULL) {
        (void)platen_text_fail(error, word->line, word->column, "no memory for this text");
        return NULL;
    }
    (void)platen_word_text16(word, wide, units);
    wide[units] = 0;
    if (platen_text_length16(wide, units) != units) {
        (void)platen_text_fail(error, word->line, word->column, "this text holds a NUL");
        return NULL;
    }
    (void)platen_text_to8(wide, units, text, units * 3 + 1);
    return text;
}
