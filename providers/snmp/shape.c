/* SPDX-License-Identifier: MIT */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "learn.h"
#include "os/text.h"

enum { UNIT_PERCENT = 19 };

static bool is_blank(char byte)
{
    return byte == ' ';
}

/* What a device calls text may be anything: bytes that are no UTF-8 are taken as Latin-1. */
static size_t widen(const unsigned char *from, size_t size, char *to, size_t room)
{
    size_t length = 0;
    for (size_t i = 0; i < size && from[i] && length + 3 < room; i++) {
        if (from[i] < 0x80) {
            to[length++] = (char)from[i];
            continue;
        }
        to[length++] = (char)(0xc0 | from[i] >> 6);
        to[length++] = (char)(0x80 | (from[i] & 0x3f));
    }
    return length;
}

/* As much as there is room for, cut between characters. */
static size_t copy(const unsigned char *from, size_t size, char *to, size_t room)
{
    size_t length = strnlen((const char *)from, size);
    if (length >= room)
        length = room - 1;
    while (length > 0 && length < size && (from[length] & 0xc0) == 0x80)
        length--;
    memcpy(to, from, length);
    return length;
}

/* Control characters, those of two bytes among them, become blanks. */
static void flatten(char *text, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        unsigned char byte = (unsigned char)text[i], next = (unsigned char)text[i + 1];
        if (byte < 0x20 || byte == 0x7f)
            text[i] = ' ';
        if (byte == 0xc2 && next < 0xa0)
            text[i] = text[i + 1] = ' ';
    }
}

bool shape_text(const struct mib_value *value, char text[LEARN_TEXT])
{
    char *begin = text;
    size_t length;

    text[0] = 0;
    if (!value->there || !value->bytes)
        return false;
    if (platen_text_is_utf8((const char *)value->bytes, value->size))
        length = copy(value->bytes, value->size, text, LEARN_TEXT);
    else
        length = widen(value->bytes, value->size, text, LEARN_TEXT);
    text[length] = 0;
    flatten(text, length);
    while (length > 0 && is_blank(text[length - 1]))
        text[--length] = 0;
    while (is_blank(*begin))
        begin++;
    memmove(text, begin, strlen(begin) + 1);
    return text[0] != 0;
}

bool shape_count(const struct mib_value *value, char text[LEARN_TEXT])
{
    if (!value->there || value->bytes || value->number < 0)
        return false;
    snprintf(text, LEARN_TEXT, "%" PRId64, value->number);
    return true;
}

void shape_percent(const struct mib_value *level, const struct mib_value *capacity,
                   const struct mib_value *unit, char text[LEARN_TEXT])
{
    int64_t percent = -1;
    if (level->there && level->number >= 0) {
        if (capacity->there && capacity->number > 0)
            percent = level->number * 100 / capacity->number;
        else if (unit->there && unit->number == UNIT_PERCENT)
            percent = level->number;
    }
    snprintf(text, LEARN_TEXT, "%d", percent > 100 ? 100 : (int)percent);
}

void shape_bool(bool value, char text[LEARN_TEXT])
{
    strcpy(text, value ? "true" : "false");
}
