/* SPDX-License-Identifier: MIT */
#include <string.h>

#include "bidi/deviceid.h"

static char fold(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

/* A piece of the id, without the blanks around it. */
struct piece {
    const char *begin;
    size_t length;
};

static struct piece trimmed(const char *begin, const char *end)
{
    while (begin < end && is_blank(*begin))
        begin++;
    while (end > begin && is_blank(end[-1]))
        end--;
    return (struct piece){begin, (size_t)(end - begin)};
}

static bool equal(struct piece piece, const char *word, size_t length)
{
    if (piece.length != length)
        return false;
    for (size_t i = 0; i < length; i++)
        if (fold(piece.begin[i]) != fold(word[i]))
            return false;
    return true;
}

/* Is the piece one of the words between `divider`s? */
static bool is_one_of(struct piece piece, const char *words, char divider)
{
    for (;;) {
        const char *end = strchr(words, divider);
        size_t length = end ? (size_t)(end - words) : strlen(words);
        if (equal(piece, words, length))
            return true;
        if (!end)
            return false;
        words = end + 1;
    }
}

size_t device_id_clean(char *id, size_t length)
{
    const char *end = memchr(id, 0, length);
    struct piece text = trimmed(id, end ? end : id + length);
    memmove(id, text.begin, text.length);
    id[text.length] = '\0';
    for (size_t i = 0; i < text.length; i++)
        if (id[i] < 0x20 || id[i] > 0x7e)
            id[i] = '?';
    return text.length;
}

/* The value of the first of the keys, or an empty piece. */
static struct piece find(const char *id, const char *keys)
{
    while (*id) {
        size_t length = strcspn(id, ";");
        const char *end = id + length;
        const char *colon = memchr(id, ':', length);
        if (colon && is_one_of(trimmed(id, colon), keys, '|'))
            return trimmed(colon + 1, end);
        id = end + (*end == ';');
    }
    return (struct piece){id, 0};
}

bool device_id_value(const char *id, const char *keys, char *value, size_t size)
{
    struct piece found = find(id, keys);
    size_t length = found.length < size ? found.length : size - 1;
    memcpy(value, found.begin, length);
    value[length] = '\0';
    return length > 0;
}

bool device_id_speaks(const char *id, const char *language)
{
    struct piece words = find(id, "COMMAND SET|CMD");
    const char *at = words.begin, *end = words.begin + words.length;
    while (at < end) {
        const char *begin = at;
        while (at < end && *at != ',' && !is_blank(*at))
            at++;
        if (equal(trimmed(begin, at), language, strlen(language)))
            return true;
        at++;
    }
    return false;
}
