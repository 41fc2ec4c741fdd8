/* SPDX-License-Identifier: MIT
 *
 * A verb's usage held against the words of a line.
 */
#include "script/usage.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "os/error.h"

static bool bind(struct script_words *words, const struct script_item *item, bool expected,
                 const struct platen_word *word, struct platen_text_error *error)
{
    if (words->count == SCRIPT_BOUND) {
        return platen_text_fail(error, word->line, word->column, "too many words");
    }
    words->bound[words->count].name = item->name;
    words->bound[words->count].length = item->length;
    words->bound[words->count].expected = expected;
    words->bound[words->count++].word = word;
    return true;
}

/* ---- words with a name ----------------------------------------------------------------------- */

static const struct script_item *find_option(const struct script_items *items, unsigned from,
                                             unsigned to, const struct platen_word *word)
{
    for (unsigned i = from; i < to; i++) {
        const struct script_item *item = &items->items[i];
        if (item->value != NULL && item->length == word->name_length &&
            memcmp(item->name, word->name, item->length) == 0) {
            return item;
        }
    }
    return NULL;
}

/* The names among the items, options or words of their own, that a word may have been meant for. */
static struct platen_hint hint_for(const struct script_items *items, unsigned from, unsigned to,
                                   bool options, const char *word, size_t length)
{
    char names[3 * SCRIPT_ITEMS][32];
    const char *list[3 * SCRIPT_ITEMS];
    size_t count = 0;

    for (unsigned i = from; i < to; i++) {
        const struct script_item *item = &items->items[i];
        if ((item->value != NULL) != options || isupper((unsigned char)*item->name)) {
            continue;
        }
        for (size_t at = 0, part; at < item->length && count < 3 * SCRIPT_ITEMS; at += part + 1) {
            const char *bar = memchr(item->name + at, '|', item->length - at);
            part = bar == NULL ? item->length - at : (size_t)(bar - item->name) - at;
            snprintf(names[count], sizeof names[count], "%.*s", (int)part, item->name + at);
            list[count] = names[count];
            count++;
        }
    }
    return platen_hint(word, length, list, sizeof *list, count);
}

static bool fail_option(const struct script_items *items, unsigned from, unsigned to,
                        const struct platen_word *word, const struct script_verb *verb,
                        struct platen_text_error *error)
{
    struct platen_hint hint = hint_for(items, from, to, true, word->name, word->name_length);
    return platen_text_fail(error, word->line, word->column, "%s: there is no %.*s=%s", verb->words,
                            word->name_length > 40 ? 40 : (int)word->name_length, word->name,
                            hint.text);
}

static bool is_bound(const struct script_words *words, const struct script_item *item)
{
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].name == item->name) {
            return true;
        }
    }
    return false;
}

static bool sort_options(const struct script_items *items, struct script_words *words,
                         struct platen_text_error *error)
{
    unsigned to = words->verb->traits & SCRIPT_LOOKS ? items->count : items->arrow;

    for (const struct platen_word *word = words->left; word != NULL; word = word->next) {
        if (word->name == NULL) {
            continue;
        }
        const struct script_item *item = find_option(items, 0, to, word);
        if (item == NULL && (words->verb->traits & SCRIPT_FREE) != 0) {
            continue;
        }
        if (item == NULL) {
            return fail_option(items, 0, to, word, words->verb, error);
        }
        if (is_bound(words, item)) {
            return platen_text_fail(error, word->line, word->column, "%.*s= stands here twice",
                                    (int)word->name_length, word->name);
        }
        if (!script_fits_value(item, word, error) ||
            !bind(words, item, item >= items->items + items->arrow, word, error)) {
            return false;
        }
    }
    return true;
}

/* ---- words by their place -------------------------------------------------------------------- */

struct place {
    const struct script_items *items;
    const struct platen_word *word; /* the next one without a name */
    unsigned at;                    /* the next item */
};

static const struct platen_word *unnamed(const struct platen_word *word)
{
    while (word != NULL && word->name != NULL) {
        word = word->next;
    }
    return word;
}

static bool is_placed(const struct script_item *item)
{
    return item->value == NULL;
}

/* Can the word stand for the item? */
static bool fits_item(const struct script_item *item, const struct platen_word *word)
{
    if (word == NULL) {
        return false;
    }
    if (item->sigil == '@') {
        return word->kind == PLATEN_WORD_STREAM;
    }
    if (item->sigil == '$') {
        return word->kind == PLATEN_WORD_NAME;
    }
    if (script_item_is_value(item)) {
        return true;
    }
    return word->kind == PLATEN_WORD_BARE &&
           script_is_one_of(item->name, item->length, word->at, word->length);
}

/* What of a usage stands before the arrow. */
static int left_length(const char *usage)
{
    const char *arrow = strstr(usage, "->");
    size_t length = arrow == NULL ? strlen(usage) : (size_t)(arrow - usage);
    while (length > 0 && usage[length - 1] == ' ') {
        length--;
    }
    return (int)length;
}

static bool fail_missing(const struct script_item *item, const struct script_words *words,
                         const struct platen_word *word, uint32_t line, uint32_t column,
                         struct platen_text_error *error)
{
    char sigil[2] = {item->sigil, '\0'};
    if (word != NULL) {
        line = word->line;
        column = word->column;
    }
    return platen_text_fail(error, line, column, "%s: %s%.*s is missing; usage: %s %.*s",
                            words->verb->words, sigil, (int)item->length, item->name,
                            words->verb->words, left_length(words->verb->usage),
                            words->verb->usage);
}

static bool take_word(struct place *place, struct script_words *words,
                      struct platen_text_error *error)
{
    const struct script_item *item = &place->items->items[place->at++];
    const struct platen_word *word = place->word;

    if (script_item_is_value(item) && !script_fits_sort(item->name, item->length, word, error)) {
        return false;
    }
    if (!bind(words, item, false, word, error)) {
        return false;
    }
    place->word = unnamed(word->next);
    while (item->repeated && place->word != NULL && !platen_word_is(place->word, "as")) {
        place->word = unnamed(place->word->next);
    }
    return true;
}

static void skip_group(struct place *place, unsigned group)
{
    while (place->at < place->items->arrow && place->items->items[place->at].group == group) {
        place->at++;
    }
}

static bool fail_surplus(const struct script_items *items, const struct script_verb *verb,
                         const struct platen_word *word, struct platen_text_error *error)
{
    struct platen_hint hint = hint_for(items, 0, items->arrow, false, word->raw, word->raw_length);
    int shown = word->raw_length > 40 ? 40 : (int)word->raw_length;
    if (hint.text[0] != '\0') {
        return platen_text_fail(error, word->line, word->column, "%s: %.*s does not belong here%s",
                                verb->words, shown, word->raw, hint.text);
    }
    return platen_text_fail(error, word->line, word->column,
                            "%s: %.*s does not belong here; usage: %s %.*s", verb->words, shown,
                            word->raw, verb->words, left_length(verb->usage), verb->usage);
}

static bool sort_places(const struct script_items *items, struct script_words *words,
                        const struct platen_line *line, struct platen_text_error *error)
{
    struct place place = {.items = items, .word = unnamed(words->left)};
    unsigned inside = 0; /* the group whose first word has been taken */

    while (place.at < items->arrow) {
        const struct script_item *item = &items->items[place.at];
        if (!is_placed(item)) {
            place.at++;
        } else if (fits_item(item, place.word)) {
            inside = item->group;
            if (!take_word(&place, words, error)) {
                return false;
            }
        } else if (item->group != 0 && item->group != inside) {
            skip_group(&place, item->group);
        } else {
            return fail_missing(item, words, place.word, line->number,
                                line->arrow != 0 ? line->arrow : 1, error);
        }
    }
    if (place.word == NULL) {
        return true;
    }
    return fail_surplus(items, words->verb, place.word, error);
}

/* ---- behind the arrow ------------------------------------------------------------------------ */

static bool is_error(const struct platen_word *word)
{
    char name[64];
    uint64_t number;
    if (platen_word_number(word, &number)) {
        return true;
    }
    if (word->kind != PLATEN_WORD_BARE || word->length >= sizeof name) {
        return false;
    }
    memcpy(name, word->at, word->length);
    name[word->length] = '\0';
    return platen_error_number(name) != UINT32_MAX;
}

/* Can one alternative of a word without a name be expected? */
static bool is_expectable(const struct script_items *items, const struct platen_word *word)
{
    if (platen_word_is(word, "any") || word->kind == PLATEN_WORD_NAME) {
        return true;
    }
    for (unsigned i = items->arrow; i < items->count; i++) {
        const struct script_item *item = &items->items[i];
        if (item->value != NULL) {
            continue;
        }
        if (script_item_is_value(item) ? is_error(word) : fits_item(item, word)) {
            return true;
        }
    }
    return false;
}

static bool check_result(const struct script_items *items, const struct script_words *words,
                         const struct platen_word *word, struct platen_text_error *error)
{
    for (const struct platen_word *one = word; one != NULL; one = one->either) {
        if (!is_expectable(items, one)) {
            struct platen_hint hint =
                hint_for(items, items->arrow, items->count, false, one->raw, one->raw_length);
            return platen_text_fail(error, word->line, word->column,
                                    "%s: %.*s cannot be expected%s", words->verb->words,
                                    one->raw_length > 40 ? 40 : (int)one->raw_length, one->raw,
                                    hint.text);
        }
    }
    return true;
}

static bool sort_right(const struct script_items *items, struct script_words *words,
                       const struct platen_line *line, struct platen_text_error *error)
{
    if (words->expects && !items->has_arrow) {
        return platen_text_fail(error, line->number, line->arrow,
                                "%s: nothing can be expected of it", words->verb->words);
    }
    for (const struct platen_word *word = words->right; word != NULL; word = word->next) {
        if (word->name == NULL) {
            if (!check_result(items, words, word, error)) {
                return false;
            }
            continue;
        }
        const struct script_item *item = find_option(items, items->arrow, items->count, word);
        if (item == NULL) {
            return fail_option(items, items->arrow, items->count, word, words->verb, error);
        }
        if (!script_fits_value(item, word, error)) {
            return false;
        }
    }
    return true;
}

bool script_words_sort(const struct script_verb *verb, const struct platen_word *arguments,
                       const struct platen_line *line, struct script_words *words,
                       struct platen_text_error *error)
{
    struct script_items items;

    *words = (struct script_words){
        .verb = verb, .left = arguments, .right = line->right, .expects = line->arrow != 0};
    script_usage_read(verb->usage, &items);
    return sort_options(&items, words, error) && sort_places(&items, words, line, error) &&
           sort_right(&items, words, line, error);
}

const struct platen_word *script_word(const struct script_words *words, const char *name)
{
    size_t length = strlen(name);
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].length == length && memcmp(words->bound[i].name, name, length) == 0) {
            return words->bound[i].word;
        }
    }
    return NULL;
}
