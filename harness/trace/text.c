/* SPDX-License-Identifier: MIT */
#include "trace/text.h"

#include <string.h>

#include "os/text.h"

void trace_put(struct trace_text *text, const char *bytes, size_t length)
{
    if (text->used < text->room) {
        size_t room = text->room - text->used;
        memcpy(text->to + text->used, bytes, length < room ? length : room);
    }
    text->used += length;
}

void trace_put_text(struct trace_text *text, const char *from)
{
    trace_put(text, from, strlen(from));
}

void trace_put_number(struct trace_text *text, uint64_t number)
{
    char digits[20];
    size_t at = sizeof digits;

    do {
        digits[--at] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0);
    trace_put(text, digits + at, sizeof digits - at);
}

void trace_put_micro(struct trace_text *text, uint64_t nanoseconds)
{
    char rest[4] = {'.', (char)('0' + nanoseconds / 100 % 10), (char)('0' + nanoseconds / 10 % 10),
                    (char)('0' + nanoseconds % 10)};

    trace_put_number(text, nanoseconds / 1000);
    trace_put(text, rest, sizeof rest);
}

static void put_hex(struct trace_text *text, uint32_t number, unsigned digits)
{
    while (digits-- > 0) {
        trace_put(text, &"0123456789abcdef"[number >> 4 * digits & 15], 1);
    }
}

/* The length of the character that begins here, or 0 if none does; its number. */
static size_t character(const unsigned char *at, size_t left, uint32_t *number)
{
    static const unsigned char masks[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
    size_t length = *at < 0x80 ? 1 : *at < 0xc2 ? 0 : *at < 0xe0 ? 2 : *at < 0xf0 ? 3 : 4;

    if (length == 0 || length > left || !platen_text_is_utf8((const char *)at, length)) {
        return 0;
    }
    *number = *at & masks[length];
    for (size_t i = 1; i < length; i++) {
        *number = *number << 6 | (at[i] & 0x3fu);
    }
    return length;
}

/* C1 controls, separators of lines, marks that turn text or have no width. */
static bool disturbs(uint32_t c)
{
    return (c >= 0x80 && c < 0xa0) || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

static void put_character(struct trace_text *text, const unsigned char *at, size_t length,
                          uint32_t number)
{
    if (number == '"' || number == '\\') {
        trace_put(text, "\\", 1);
    }
    if (number < 0x20 || number == 0x7f) {
        trace_put_text(text, "\\x");
        put_hex(text, number, 2);
    } else if (disturbs(number)) {
        trace_put_text(text, "\\u{");
        put_hex(text, number, 4);
        trace_put(text, "}", 1);
    } else {
        trace_put(text, (const char *)at, length);
    }
}

void trace_put_quoted(struct trace_text *text, const char *from)
{
    const unsigned char *at = (const unsigned char *)from;
    size_t left = strlen(from);

    trace_put(text, "\"", 1);
    while (left > 0) {
        uint32_t number = 0;
        size_t length = character(at, left, &number);
        if (length == 0) {
            trace_put_text(text, "\\x");
            put_hex(text, *at, 2);
            length = 1;
        } else {
            put_character(text, at, length, number);
        }
        at += length;
        left -= length;
    }
    trace_put(text, "\"", 1);
}

void trace_put_json(struct trace_text *text, const char *from)
{
    const unsigned char *at = (const unsigned char *)from;
    size_t left = strlen(from);

    trace_put(text, "\"", 1);
    while (left > 0) {
        uint32_t c = 0xfffd;
        size_t length = character(at, left, &c);
        if (c >= 0x20 && c < 0x7f && c != '"' && c != '\\') {
            trace_put(text, (const char *)at, 1);
        } else if (c < 0x10000) {
            trace_put_text(text, "\\u");
            put_hex(text, c, 4);
        } else {
            trace_put_text(text, "\\u");
            put_hex(text, 0xd7c0 + (c >> 10), 4);
            trace_put_text(text, "\\u");
            put_hex(text, 0xdc00 + (c & 0x3ff), 4);
        }
        at += length == 0 ? 1 : length;
        left -= length == 0 ? 1 : length;
    }
    trace_put(text, "\"", 1);
}
