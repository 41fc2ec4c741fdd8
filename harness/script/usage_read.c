/* SPDX-License-Identifier: MIT
 *
 * A usage as verbs.def writes it, and what a value must be to fit.
 */
#include <ctype.h>
#include <string.h>

#include "script/usage.h"

static const char *take_item(const char *at, struct script_item *item)
{
    size_t length = strcspn(at, " ]");
    const char *equals = memchr(at, '=', length);

    *item = (struct script_item){.name = at, .length = length};
    if (equals != NULL) {
        item->length = (size_t)(equals - at);
        item->value = equals + 1;
        item->value_length = length - item->length - 1;
    }
    if (*at == '$' || *at == '@') {
        item->sigil = *at;
        item->name++;
        item->length--;
    }
    if (item->length > 3 && memcmp(item->name + item->length - 3, "...", 3) == 0) {
        item->repeated = true;
        item->length -= 3;
    }
    return at + length;
}

void script_usage_read(const char *usage, struct script_items *to)
{
    unsigned groups = 0;
    unsigned group = 0;

    *to = (struct script_items){0};
    for (const char *at = usage; *at != '\0' && to->count < SCRIPT_ITEMS;) {
        if (*at == ' ' || *at == ']') {
            group = *at == ']' ? 0 : group;
            at++;
        } else if (*at == '[') {
            group = ++groups;
            at++;
        } else if (strncmp(at, "->", 2) == 0) {
            to->arrow = to->count;
            to->has_arrow = true;
            at += 2;
        } else {
            at = take_item(at, &to->items[to->count]);
            to->items[to->count++].group = group;
        }
    }
    if (!to->has_arrow) {
        to->arrow = to->count;
    }
}

/* ---- values ---------------------------------------------------------------------------------- */

bool script_item_is_value(const struct script_item *item)
{
    return isupper((unsigned char)*item->name);
}

/* Is the word one of "a|b|c"? */
bool script_is_one_of(const char *list, size_t length, const char *word, size_t word_length)
{
    while (length > 0) {
        const char *bar = memchr(list, '|', length);
        size_t part = bar == NULL ? length : (size_t)(bar - list);
        if (part == word_length && memcmp(list, word, part) == 0) {
            return true;
        }
        part += bar == NULL ? 0 : 1;
        list += part;
        length -= part;
    }
    return false;
}

static bool is_size(const struct platen_word *word)
{
    uint64_t value;
    struct platen_word digits = *word;
    if (digits.length > 1 && strchr("KMG", digits.at[digits.length - 1]) != NULL) {
        digits.length--;
        digits.raw_length--;
    }
    return platen_word_number(&digits, &value);
}

static bool is_number(const struct platen_word *word)
{
    uint64_t value;
    return platen_word_number(word, &value);
}

static bool is_seconds(const struct platen_word *word)
{
    uint64_t value;
    return platen_word_seconds(word, &value);
}

static bool is_hash(const struct platen_word *word)
{
    return word->length == 64 + 7 && strncmp(word->at, "sha256:", 7) == 0;
}

/* 64 digits alone will do where nothing else could stand. */
static bool is_hex(const struct platen_word *word)
{
    return is_hash(word) || word->length == 64;
}

/* What the name of a value asks of a word; names that are not here take any. */
static const struct {
    const char *name;
    bool (*fits)(const struct platen_word *word);
    const char *what;
} sorts[] = {
    {"COUNT", is_number, "a number"},
    {"NUMBER", is_number, "a number"},
    {"MASK", is_number, "a number"},
    {"SIZE", is_size, "a number, with K, M or G or without"},
    {"SECONDS", is_seconds, "seconds"},
    {"HASH", is_hash, "sha256: and 64 digits"},
    {"HEX", is_hex, "sha256: and 64 digits"},
};

bool script_fits_sort(const char *name, size_t length, const struct platen_word *word,
                      struct platen_text_error *error)
{
    if (word->kind == PLATEN_WORD_NAME) {
        return true; /* it is known when it runs */
    }
    for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
        if (strlen(sorts[i].name) == length && memcmp(sorts[i].name, name, length) == 0 &&
            !sorts[i].fits(word)) {
            return platen_text_fail(error, word->line, word->column, "%.*s must be %s, not %.*s",
                                    (int)(word->name == NULL ? length : word->name_length),
                                    word->name == NULL ? name : word->name, sorts[i].what,
                                    word->raw_length > 40 ? 40 : (int)word->raw_length, word->raw);
        }
    }
    return true;
}

bool script_fits_value(const struct script_item *item, const struct platen_word *word,
                       struct platen_text_error *error)
{
    if (word->kind == PLATEN_WORD_NONE) {
        return platen_text_fail(error, word->line, word->column, "%.*s= has no value",
                                (int)word->name_length, word->name);
    }
    if (isupper((unsigned char)*item->value) || word->kind == PLATEN_WORD_NAME) {
        return script_fits_sort(item->value, item->value_length, word, error);
    }
    return script_is_one_of(item->value, item->value_length, word->at, word->length) ||
           platen_text_fail(error, word->line, word->column, "%.*s must be one of %.*s",
                            (int)word->name_length, word->name, (int)item->value_length,
                            item->value);
}
