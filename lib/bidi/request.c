/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <platen/errors.h>

#include "request.h"

uint32_t request_count(const BIDI_REQUEST_CONTAINER *request)
{
    DWORD count;
    memcpy(&count, (const char *)request + offsetof(BIDI_REQUEST_CONTAINER, Count), sizeof(count));
    return count;
}

BIDI_REQUEST_DATA request_entry(const BIDI_REQUEST_CONTAINER *request, uint32_t index)
{
    BIDI_REQUEST_DATA entry;
    const char *first = (const char *)request + offsetof(BIDI_REQUEST_CONTAINER, aData);
    memcpy(&entry, first + index * sizeof(entry), sizeof(entry));
    return entry;
}

static char16_t unit_at(const void *text, size_t index)
{
    char16_t unit;
    memcpy(&unit, (const char *)text + index * sizeof(unit), sizeof(unit));
    return unit;
}

/* Unit by unit, for behind the NUL there may be nothing; a pair is taken together. */
bool request_text(const void *text, char *to, size_t size)
{
    size_t used = 0;
    *to = '\0';
    for (size_t i = 0; text && i < size; i++) {
        char16_t units[2] = {unit_at(text, i), 0};
        size_t count = 1;
        if (!units[0])
            return true;
        if (units[0] >= 0xD800 && units[0] < 0xDC00) {
            units[1] = unit_at(text, i + 1);
            count += units[1] >= 0xDC00 && units[1] < 0xE000;
        }
        size_t needed = platen_text_to8(units, count, to + used, size - used);
        if (needed >= size - used)
            return false;
        used += needed;
        i += count - 1;
    }
    return false;
}

bool request_is(const void *text, const char *word)
{
    size_t i = 0;
    for (; word[i]; i++) {
        char16_t unit = unit_at(text, i);
        if (unit > 0x7e || platen_text_fold(unit) != platen_text_fold((unsigned char)word[i]))
            return false;
    }
    return unit_at(text, i) == 0;
}

static bool is_text(uint32_t type)
{
    return type == BIDI_STRING || type == BIDI_TEXT || type == BIDI_ENUM;
}

uint32_t request_value(const BIDI_DATA *data, uint32_t type, char *to, size_t size)
{
    *to = '\0';
    if (type != BIDI_NULL && data->dwBidiType != type &&
        !(is_text(type) && is_text(data->dwBidiType)))
        return PLATEN_INVALID_PARAMETER;
    switch (data->dwBidiType) {
    case BIDI_NULL:
        return 0;
    case BIDI_INT:
        snprintf(to, size, "%ld", (long)data->u.iData);
        return 0;
    case BIDI_BOOL:
        snprintf(to, size, "%s", data->u.bData ? "true" : "false");
        return 0;
    case BIDI_STRING:
    case BIDI_TEXT:
    case BIDI_ENUM:
        return request_text(data->u.sData, to, size) ? 0 : PLATEN_INVALID_PARAMETER;
    default:
        return PLATEN_INVALID_PARAMETER;
    }
}
