/* SPDX-License-Identifier: MIT
 *
 * Writing values into a line: numbers, text, bytes, handles.
 */
#include "call/buildmemory.h"
#include "call/escape.h"
#include "call/printing.h"
#include "os/error.h"
#include "os/text.h"

static const char digits[] = "0123456789abcdef";

void call_put_cut(struct call_printer *line, const char *text, size_t length)
{
    if (line->used < line->size) {
        size_t room = line->size - line->used;
        memcpy(line->to + line->used, text, length < room ? length : room);
    }
    line->used += length;
}

void call_put_text(struct call_printer *line, const char *text)
{
    call_put(line, text, strlen(text));
}

void call_put_number(struct call_printer *line, uint64_t value)
{
    char text[20];
    size_t at = sizeof text;
    do {
        text[--at] = (char)('0' + value % 10);
        value /= 10;
    } while (value != 0);
    call_put(line, text + at, sizeof text - at);
}

static void put_hex_digits(struct call_printer *line, uint64_t value)
{
    char text[16];
    size_t at = sizeof text;
    do {
        text[--at] = digits[value & 15];
        value >>= 4;
    } while (value != 0);
    call_put(line, text + at, sizeof text - at);
}

void call_put_hex(struct call_printer *line, uint64_t value)
{
    CALL_PUT(line, "0x");
    put_hex_digits(line, value);
}

void call_put_bits(struct call_printer *line, const char *kind, uint64_t value)
{
    call_put_text(line, kind);
    CALL_PUT(line, ":0x");
    put_hex_digits(line, value);
}

/* ---- text ------------------------------------------------------------------------------------ */

/* What stands for a byte in quotes, by its value. A trace is made of little else: whoever has room
 * for the longest writes all four bytes and counts those that are meant. */
static const struct escaped {
    char text[4];
    uint32_t length;
} escapes[256] = {
#define PLAIN(b)  ((b) >= 0x20 && (b) < 0x7f && (b) != '"' && (b) != '\\')
#define LETTER(b) ((b) == '\n' ? 'n' : (b) == '\r' ? 'r' : (b) == '\t' ? 't' : (b))
#define SHORT(b)  (LETTER(b) != (b) || (b) == '"' || (b) == '\\')
#define DIGIT(d)  (char)((d) < 10 ? '0' + (d) : 'a' + (d)-10)
#define ONE(b)                                                                                     \
    {                                                                                              \
        {(char)(PLAIN(b) ? (b) : '\\'), (char)(SHORT(b) ? LETTER(b) : 'x'), DIGIT((b) >> 4),       \
         DIGIT((b)&15)},                                                                           \
            PLAIN(b)   ? 1                                                                         \
            : SHORT(b) ? 2                                                                         \
                       : 4                                                                         \
    }
#define FOUR(b)    ONE(b), ONE((b) + 1), ONE((b) + 2), ONE((b) + 3)
#define SIXTEEN(b) FOUR(b), FOUR((b) + 4), FOUR((b) + 8), FOUR((b) + 12)
#define MANY(b)    SIXTEEN(b), SIXTEEN((b) + 16), SIXTEEN((b) + 32), SIXTEEN((b) + 48)
    MANY(0), MANY(64), MANY(128), MANY(192)
#undef PLAIN
#undef LETTER
#undef SHORT
#undef DIGIT
#undef ONE
#undef FOUR
#undef SIXTEEN
#undef MANY
};

static void put_escaped(struct call_printer *line, unsigned char byte)
{
    call_put(line, escapes[byte].text, escapes[byte].length);
}

static char16_t unit_at(const void *units, size_t i)
{
    char16_t unit;
    memcpy(&unit, (const char *)units + i * sizeof unit, sizeof unit);
    return unit;
}

/* One or two units that are not ASCII; returns how many. */
static size_t put_units(struct call_printer *line, const void *units, size_t i, size_t length)
{
    char16_t pair[2] = {unit_at(units, i), i + 1 < length ? unit_at(units, i + 1) : (char16_t)0};
    bool high = pair[0] >= 0xd800 && pair[0] < 0xdc00;
    bool whole = high && pair[1] >= 0xdc00 && pair[1] < 0xe000;
    bool lone = !whole && pair[0] >= 0xd800 && pair[0] < 0xe000;
    if (lone || call_is_mark(pair[0])) {
        CALL_PUT(line, "\\u{");
        put_hex_digits(line, pair[0]);
        call_put_char(line, '}');
        return 1;
    }
    char bytes[8];
    call_put(line, bytes, platen_text_to8(pair, whole ? 2 : 1, bytes, sizeof bytes));
    return whole ? 2 : 1;
}

void call_put_wide(struct call_printer *line, const void *units, size_t length)
{
    call_put_char(line, '"');
    for (size_t i = 0; i < length;) {
        char16_t unit = unit_at(units, i);
        if (unit < 0x80) {
            put_escaped(line, (unsigned char)unit);
            i++;
        } else {
            i += put_units(line, units, i, length);
        }
    }
    call_put_char(line, '"');
}

size_t call_reach(const struct call_printer *line, const void *at)
{
    uintptr_t place = (uintptr_t)at, region = (uintptr_t)line->region;
    switch (line->bounds) {
    case CALL_REGION:
        return place >= region && place - region < line->region_size
                   ? line->region_size - (place - region)
                   : 0;
    case CALL_FOREIGN:
        return line->form->readable(line->form->context, at);
    case CALL_TRUSTED:
        break;
    }
    return line->call->built == NULL ? SIZE_MAX : platen_built_reach(line->call->built, at);
}

/* Units before the NUL, or as many as can be read. */
static size_t units_at(const void *text, size_t reach)
{
    size_t most = reach / sizeof(char16_t), length = 0;
    while (length < most && unit_at(text, length) != 0) {
        length++;
    }
    return length;
}

void call_put_pointed(struct call_printer *line, const void *text)
{
    if (text == NULL) {
        CALL_PUT(line, "NULL");
        return;
    }
    size_t reach = call_reach(line, text);
    if (reach < sizeof(char16_t) && line->bounds != CALL_TRUSTED) {
        call_put_bits(line, "wild", (uint64_t)(uintptr_t)text);
        return;
    }
    size_t length = units_at(text, reach);
    call_put_wide(line, text, length);
    if (line->bounds == CALL_TRUSTED) {
        call_put_attributes(line, text);
    } else if (length == reach / sizeof(char16_t)) {
        CALL_PUT(line, "!unterminated");
    }
}

/* ---- bytes ----------------------------------------------------------------------------------- */

static inline char *put_byte_at(char *to, unsigned char byte)
{
    memcpy(to, escapes[byte].text, sizeof escapes->text);
    return to + escapes[byte].length;
}

/* Where there is room for the longest text of it: four bytes for each. */
static char *put_bytes_at(char *to, const unsigned char *at, size_t length)
{
    for (; length >= 4; at += 4, length -= 4) {
        to = put_byte_at(to, at[0]);
        to = put_byte_at(to, at[1]);
        to = put_byte_at(to, at[2]);
        to = put_byte_at(to, at[3]);
    }
    for (; length > 0; at++, length--) {
        to = put_byte_at(to, *at);
    }
    return to;
}

void call_put_bytes(struct call_printer *line, const void *bytes, size_t length)
{
    const unsigned char *at = bytes;
    call_put_char(line, '"');
    if (line->used < line->size && length <= (line->size - line->used) / sizeof escapes->text) {
        line->used = (size_t)(put_bytes_at(line->to + line->used, at, length) - line->to);
    } else {
        for (size_t i = 0; i < length; i++) {
            put_escaped(line, at[i]);
        }
    }
    call_put_char(line, '"');
}

void call_put_data(struct call_printer *line, const struct platen_arg_info *arg, const void *bytes,
                   size_t length)
{
    const struct platen_call_form *form = line->form;
    char told[96];
    if (bytes == NULL) {
        CALL_PUT(line, "NULL");
    } else if (length <= form->inline_bytes) {
        call_put_bytes(line, bytes, length);
    } else if (!form->brief && form->data != NULL &&
               form->data(form->context, line->call, arg, bytes, length, told, sizeof told)) {
        call_put_text(line, told);
    } else {
        call_put_char(line, '<');
        call_put_number(line, length);
        CALL_PUT(line, " bytes>");
    }
}

/* ---- errors, handles, attributes ------------------------------------------------------------- */

void call_put_error(struct call_printer *line, uint32_t code)
{
    const char *name = platen_error_name(code);
    if (name != NULL) {
        call_put_text(line, name);
    } else {
        call_put_number(line, code);
    }
}

void call_put_handle(struct call_printer *line, enum platen_kind kind, uint64_t value)
{
    char name[64];
    if (line->form->name != NULL &&
        line->form->name(line->form->context, kind, value, name, sizeof name)) {
        call_put_text(line, name);
    } else if (value == 0) {
        CALL_PUT(line, "NULL");
    } else {
        call_put_bits(line, platen_kind_text(kind), value);
    }
}

void call_put_attributes(struct call_printer *line, const void *at)
{
    static const char *const names[] = {
#define PLATEN_ATTRIBUTE(name, bit, summary) [bit] = "!" #name,
#include "call/attributes.def"
#undef PLATEN_ATTRIBUTE
    };
    if (line->call->built == NULL) {
        return;
    }
    size_t size = 0;
    unsigned attributes = platen_built_attributes(line->call->built, at, &size);
    for (unsigned i = 0; i < sizeof names / sizeof *names; i++) {
        if ((attributes >> i & 1) != 0) {
            call_put_text(line, names[i]);
        }
    }
    if ((attributes & PLATEN_ATTRIBUTE_short) != 0) { /* the last of them */
        call_put_char(line, '=');
        call_put_number(line, size);
    }
}
