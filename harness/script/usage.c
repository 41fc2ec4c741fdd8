/* SPDX-License-Identifier: MIT
 *
 * A verb's usage, as verbs.def writes it, held against the words of a line.
 */
#include "script/verbs.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "os/error.h"

#define MAX_ITEMS 40

/* One word of a usage. */
struct item {
    const char *name; /* "PORT", "on", "title"; without $ and @ */
    size_t length;
    const char *value; /* behind "=": "TEXT", "on|off"; NULL: none */
    size_t value_length;
    unsigned group; /* the brackets that it stands in; 0: none, it must be there */
    char sigil;     /* '$', '@' or 0 */
    bool repeated;
};

struct items {
    struct item items[MAX_ITEMS];
    unsigned count;
    unsigned arrow; /* the first item behind "->" */
    bool has_arrow;
};

static const char *take_item(const char *at, struct item *item)
{
    size_t length = strcspn(at, " ]");
    const char *equals = memchr(at, '=', length);

    *item = (struct item){.name = at, .length = length};
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

static void read_usage(const char *usage, struct items *to)
{
    unsigned groups = 0;
    unsigned group = 0;

    *to = (struct items){0};
    for (const char *at = usage; *at != '\0' && to->count < MAX_ITEMS;) {
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

static bool is_upper(const struct item *item)
{
    return isupper((unsigned char)*item->name);
}

/* Is the word one of "a|b|c"? */
static bool is_one_of(const char *list, size_t length, const char *word, size_t word_length)
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

static bool fits_sort(const char *name, size_t length, const struct platen_word *word,
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

static bool fits_value(const struct item *item, const struct platen_word *word,
                       struct platen_text_error *error)
{
    if (word->kind == PLATEN_WORD_NONE) {
        return platen_text_fail(error, word->line, word->column, "%.*s= has no value",
                                (int)word->name_length, word->name);
    }
    if (isupper((unsigned char)*item->value) || word->kind == PLATEN_WORD_NAME) {
        return fits_sort(item->value, item->value_length, word, error);
    }
    return is_one_of(item->value, item->value_length, word->at, word->length) ||
           platen_text_fail(error, word->line, word->column, "%.*s must be one of %.*s",
                            (int)word->name_length, word->name, (int)item->value_length,
                            item->value);
}

static bool bind(struct script_words *words, const struct item *item, bool expected,
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

static const struct item *find_option(const struct items *items, unsigned from, unsigned to,
                                      const struct platen_word *word)
{
    for (unsigned i = from; i < to; i++) {
        const struct item *item = &items->items[i];
        if (item->value != NULL && item->length == word->name_length &&
            memcmp(item->name, word->name, item->length) == 0) {
            return item;
        }
    }
    return NULL;
}

/* The names among the items, options or words of their own, that a word may have been meant for. */
static struct platen_hint hint_for(const struct items *items, unsigned from, unsigned to,
                                   bool options, const char *word, size_t length)
{
    char names[3 * MAX_ITEMS][32];
    const char *list[3 * MAX_ITEMS];
    size_t count = 0;

    for (unsigned i = from; i < to; i++) {
        const struct item *item = &items->items[i];
        if ((item->value != NULL) != options || isupper((unsigned char)*item->name)) {
            continue;
        }
        for (size_t at = 0, part; at < item->length && count < 3 * MAX_ITEMS; at += part + 1) {
            const char *bar = memchr(item->name + at, '|', item->length - at);
            part = bar == NULL ? item->length - at : (size_t)(bar - item->name) - at;
            snprintf(names[count], sizeof names[count], "%.*s", (int)part, item->name + at);
            list[count] = names[count];
            count++;
        }
    }
    return platen_hint(word, length, list, sizeof *list, count);
}

static bool fail_option(const struct items *items, unsigned from, unsigned to,
                        const struct platen_word *word, const struct script_verb *verb,
                        struct platen_text_error *error)
{
    struct platen_hint hint = hint_for(items, from, to, true, word->name, word->name_length);
    return platen_text_fail(error, word->line, word->column, "%s: there is no %.*s=%s", verb->words,
                            word->name_length > 40 ? 40 : (int)word->name_length, word->name,
                            hint.text);
}

static bool is_bound(const struct script_words *words, const struct item *item)
{
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].name == item->name) {
            return true;
        }
    }
    return false;
}

static bool sort_options(const struct items *items, struct script_words *words,
                         struct platen_text_error *error)
{
    unsigned to = words->verb->traits & SCRIPT_LOOKS ? items->count : items->arrow;

    for (const struct platen_word *word = words->left; word != NULL; word = word->next) {
        if (word->name == NULL) {
            continue;
        }
        const struct item *item = find_option(items, 0, to, word);
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
        if (!fits_value(item, word, error) ||
            !bind(words, item, item >= items->items + items->arrow, word, error)) {
            return false;
        }
    }
    return true;
}

/* ---- words by their place -------------------------------------------------------------------- */

struct place {
    const struct items *items;
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

static bool is_placed(const struct item *item)
{
    return item->value == NULL;
}

/* Can the word stand for the item? */
static bool fits_item(const struct item *item, const struct platen_word *word)
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
    if (is_upper(item)) {
        return true;
    }
    return word->kind == PLATEN_WORD_BARE &&
           is_one_of(item->name, item->length, word->at, word->length);
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

static bool fail_missing(const struct item *item, const struct script_words *words,
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
    const struct item *item = &place->items->items[place->at++];
    const struct platen_word *word = place->word;

    if (is_upper(item) && !fits_sort(item->name, item->length, word, error)) {
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

static bool fail_surplus(const struct items *items, const struct script_verb *verb,
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

static bool sort_places(const struct items *items, struct script_words *words,
                        const struct platen_line *line, struct platen_text_error *error)
{
    struct place place = {.items = items, .word = unnamed(words->left)};
    unsigned inside = 0; /* the group whose first word has been taken */

    while (place.at < items->arrow) {
        const struct item *item = &items->items[place.at];
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
static bool is_expectable(const struct items *items, const struct platen_word *word)
{
    if (platen_word_is(word, "any") || word->kind == PLATEN_WORD_NAME) {
        return true;
    }
    for (unsigned i = items->arrow; i < items->count; i++) {
        const struct item *item = &items->items[i];
        if (item->value != NULL) {
            continue;
        }
        if (is_upper(item) ? is_error(word) : fits_item(item, word)) {
            return true;
        }
    }
    return false;
}

static bool check_result(const struct items *items, const struct script_words *words,
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

static bool sort_right(const struct items *items, struct script_words *words,
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
        const struct item *item = find_option(items, items->arrow, items->count, word);
        if (item == NULL) {
            return fail_option(items, items->arrow, items->count, word, words->verb, error);
        }
        if (!fits_value(item, word, error)) {
            return false;
        }
    }
    return true;
}

bool script_words_sort(const struct script_verb *verb, const struct platen_word *arguments,
                       const struct platen_line *line, struct script_words *words,
                       struct platen_text_error *error)
{
    struct items items;

    *words = (struct script_words){
        .verb = verb, .left = arguments, .right = line->right, .expects = line->arrow != 0};
    read_usage(verb->usage, &items);
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
