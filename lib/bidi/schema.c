/* SPDX-License-Identifier: MIT */
#include <string.h>

#include <platen/winsplp.h>

#include "bidi/schema.h"

#define READ   false
#define CHANGE true

static const struct bidi_schema table[] = {
#define PLATEN_BIDI(name, type, access, learned, keys)                                             \
    {"\\Printer." name, BIDI_##type, access, BIDI_##learned, keys},
#include "bidi.def"
#undef PLATEN_BIDI
};

enum { ROWS = sizeof(table) / sizeof(table[0]) };

/* What case means here: names are ASCII. */
static char fold(char c)
{
    return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

static bool is_word(char c)
{
    return (fold(c) >= 'A' && fold(c) <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/* One `*` in a row at most, and words between separators: nothing to go back for. */
static bool fits(const char *pattern, const char *name)
{
    for (; *pattern; pattern++) {
        if (*pattern != '*') {
            if (fold(*pattern) != fold(*name++))
                return false;
            continue;
        }
        if (!is_word(*name))
            return false;
        while (is_word(*name))
            name++;
    }
    return *name == '\0';
}

const struct bidi_schema *bidi_schema_find(const char *name)
{
    for (size_t i = 0; i < ROWS; i++)
        if (fits(table[i].name, name))
            return &table[i];
    return NULL;
}

const struct bidi_schema *bidi_schema_at(size_t row)
{
    return row < ROWS ? &table[row] : NULL;
}

bool bidi_is_open(const struct bidi_schema *row)
{
    return strchr(row->name, '*') != NULL;
}

static const char *skip_word(const char *text)
{
    while (is_word(*text))
        text++;
    return text;
}

/* A backslash, words divided by dots, and for a value a colon and a word (D23). */
enum bidi_shape bidi_shape_of(const char *text)
{
    const char *word = text;
    if (*text != '\\')
        return BIDI_NO_NAME;
    do {
        word = text + 1;
        text = skip_word(word);
    } while (text != word && *text == '.');
    if (text == word)
        return BIDI_NO_NAME;
    if (*text == '\0')
        return BIDI_PATH;
    word = text + 1;
    text = skip_word(word);
    return word[-1] == ':' && text != word && *text == '\0' ? BIDI_NAME : BIDI_NO_NAME;
}

bool bidi_is_under(const char *path, const char *name, bool deep)
{
    while (*path && fold(*path) == fold(*name)) {
        path++;
        name++;
    }
    return *path == '\0' && (*name == ':' || (deep && *name == '.'));
}

bool bidi_same_name(const char *a, const char *b)
{
    while (*a && fold(*a) == fold(*b)) {
        a++;
        b++;
    }
    return *a == '\0' && *b == '\0';
}
