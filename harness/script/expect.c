/* SPDX-License-Identifier: MIT
 *
 * A verb's outcome beside what was expected of it.
 */
#include "script/expect.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/text.h"

void script_field_number(struct script_outcome *outcome, const char *name, uint64_t number)
{
    if (outcome->count < SCRIPT_FIELDS) {
        outcome->fields[outcome->count++] = (struct script_field){.name = name, .number = number};
    }
}

void script_field_text(struct script_outcome *outcome, const char *name, const char *text)
{
    if (outcome->count < SCRIPT_FIELDS) {
        outcome->fields[outcome->count++] =
            (struct script_field){.name = name, .text = text == NULL ? "" : text};
    }
}

void script_field_bytes(struct script_outcome *outcome, const char *name, const void *bytes,
                        size_t size)
{
    if (outcome->count < SCRIPT_FIELDS) {
        outcome->fields[outcome->count++] =
            (struct script_field){.name = name, .bytes = bytes == NULL ? "" : bytes, .size = size};
    }
}

/* ---- what came, as text ---------------------------------------------------------------------- */

struct text {
    char *to;
    size_t size;
    size_t used;
};

static void put(struct text *text, const char *from)
{
    size_t length = strlen(from);
    size_t room = text->size - text->used - 1;
    size_t part = length < room ? length : room;
    memcpy(text->to + text->used, from, part);
    text->used += part;
    text->to[text->used] = '\0';
}

static void put_code(struct text *text, uint32_t code)
{
    char number[16];
    const char *name = platen_error_name(code);
    snprintf(number, sizeof number, "%u", (unsigned)code);
    put(text, text->used > 0 ? " " : "");
    put(text, name == NULL ? number : name);
}

static void put_bytes(struct text *text, const unsigned char *bytes, size_t size)
{
    char one[8];
    if (size > 64) {
        snprintf(one, sizeof one, "<");
        put(text, one);
        char length[32];
        snprintf(length, sizeof length, "%zu bytes>", size);
        put(text, length);
        return;
    }
    put(text, "\"");
    for (size_t i = 0; i < size; i++) {
        bool plain = bytes[i] >= 0x20 && bytes[i] < 0x7f && bytes[i] != '"' && bytes[i] != '\\';
        snprintf(one, sizeof one, plain ? "%c" : "\\x%02x", bytes[i]);
        put(text, one);
    }
    put(text, "\"");
}

static void put_field(struct text *text, const struct script_field *field)
{
    char number[32];
    put(text, text->used > 0 ? " " : "");
    put(text, field->name);
    put(text, "=");
    if (field->text != NULL) {
        char *quoted = script_quote(field->text);
        bool word = strspn(field->text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                        "0123456789_-:.") == strlen(field->text);
        put(text, word || quoted == NULL ? field->text : quoted);
        free(quoted);
    } else if (field->bytes != NULL) {
        put_bytes(text, field->bytes, field->size);
    } else {
        snprintf(number, sizeof number, "%llu", (unsigned long long)field->number);
        put(text, number);
    }
}

/* Does the line ask for the field, or for none at all? */
static bool is_asked(const struct script_words *words, const char *name)
{
    bool asked = words->right != NULL;
    if (platen_word_named(words->right, name) != NULL) {
        return true;
    }
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].expected) {
            asked = true;
            if (words->bound[i].length == strlen(name) &&
                memcmp(words->bound[i].name, name, words->bound[i].length) == 0) {
                return true;
            }
        }
    }
    return !asked;
}

/* Only the fields that were asked for, if any were; else all. */
void script_outcome_print(const struct script_outcome *outcome, const struct script_words *words,
                          char *to, size_t size)
{
    struct text text = {.to = to, .size = size};

    *to = '\0';
    if (outcome->word != NULL) {
        put(&text, outcome->word);
    }
    for (unsigned i = 0; i < outcome->count; i++) {
        if (is_asked(words, outcome->fields[i].name)) {
            put_field(&text, &outcome->fields[i]);
        }
    }
    if (outcome->error != 0 || text.used == 0) {
        put_code(&text, outcome->error);
    }
    if (outcome->why != NULL) {
        put(&text, " (");
        put(&text, outcome->why);
        put(&text, ")");
    }
}

/* ---- comparing ------------------------------------------------------------------------------- */

static bool is_code(const struct platen_word *word, uint32_t code)
{
    char name[64];
    uint64_t number;
    if (platen_word_number(word, &number)) {
        return number == code;
    }
    if (word->kind != PLATEN_WORD_BARE || word->length >= sizeof name) {
        return false;
    }
    memcpy(name, word->at, word->length);
    name[word->length] = '\0';
    return platen_error_number(name) == code;
}

static bool is_result(const struct platen_word *word, const struct script_outcome *outcome)
{
    for (; word != NULL; word = word->either) {
        if (platen_word_is(word, "any") ||
            (outcome->word != NULL && platen_word_is(word, outcome->word)) ||
            is_code(word, outcome->error)) {
            return true;
        }
    }
    return false;
}

static bool matches_hash(const struct platen_word *pattern, const char *text)
{
    const char *at = pattern->at;
    size_t length = pattern->length;
    if (length > 7 && memcmp(at, "sha256:", 7) == 0) {
        at += 7;
        length -= 7;
    }
    for (size_t i = 0; i < length; i++) {
        char digit = at[i] >= 'A' && at[i] <= 'F' ? (char)(at[i] + 32) : at[i];
        if (text[i] != digit) {
            return false;
        }
    }
    return text[length] == '\0';
}

static bool matches_field(struct script_lane *lane, const struct platen_word *pattern,
                          const struct script_field *field)
{
    struct platen_match_form form = {.context = lane, .sha256 = script_sha256};

    if (pattern->kind == PLATEN_WORD_NAME) {
        const struct platen_word *value = script_variable(lane, pattern->at, pattern->length);
        pattern = value == NULL ? pattern : value;
    }
    if (field->text != NULL && strcmp(field->name, "sha256") == 0) {
        return matches_hash(pattern, field->text);
    }
    if (field->text != NULL) {
        return platen_match_text(pattern, field->text);
    }
    if (field->bytes != NULL) {
        return platen_match_bytes(pattern, field->bytes, field->size, &form);
    }
    return platen_match_number(pattern, field->number);
}

static const struct script_field *find_field(const struct script_outcome *outcome,
                                             const struct platen_word *word)
{
    for (unsigned i = 0; i < outcome->count; i++) {
        const struct script_field *field = &outcome->fields[i];
        if (strlen(field->name) == word->name_length &&
            memcmp(field->name, word->name, word->name_length) == 0) {
            return field;
        }
    }
    return NULL;
}

/* A $name that stands for nothing yet takes what came. */
static bool binds(struct script_lane *lane, const struct platen_word *pattern,
                  const struct script_field *field)
{
    char *name;
    if (pattern->kind != PLATEN_WORD_NAME || pattern->either != NULL ||
        script_is_name(lane, pattern->at, pattern->length)) {
        return false;
    }
    name = script_alloc(lane, pattern->length + 1);
    if (name == NULL) {
        return false;
    }
    memcpy(name, pattern->at, pattern->length);
    name[pattern->length] = '\0';
    if (field->text != NULL) {
        script_set_text(lane->test, name, field->text);
    } else if (field->bytes == NULL) {
        script_set_number(lane->test, name, field->number);
    }
    return field->text != NULL || field->bytes == NULL;
}

const struct platen_word *script_expected(const struct script_words *words, const char *name)
{
    size_t length = strlen(name);
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].expected && words->bound[i].length == length &&
            memcmp(words->bound[i].name, name, length) == 0) {
            return words->bound[i].word;
        }
    }
    return platen_word_named(words->right, name);
}

void script_judge(struct script_outcome *outcome, const struct platen_word *word, bool fine)
{
    if (word != NULL && outcome->judgements < sizeof outcome->fine / sizeof *outcome->fine) {
        outcome->judged[outcome->judgements] = word;
        outcome->fine[outcome->judgements++] = fine;
    }
}

static bool is_judged(const struct script_outcome *outcome, const struct platen_word *word)
{
    for (unsigned i = 0; i < outcome->judgements; i++) {
        if (outcome->judged[i] == word) {
            return true;
        }
    }
    return false;
}

/* What has been compared so far. */
struct comparison {
    unsigned count;
    unsigned wrong;
    uint32_t column; /* of the first that is wrong */
};

static void add(struct comparison *to, const struct platen_word *word, bool fine)
{
    to->count++;
    if (!fine && to->wrong++ == 0) {
        to->column = word->column;
    }
}

static void compare_word(struct script_lane *lane, const struct platen_word *word,
                         const struct script_outcome *outcome, struct comparison *to)
{
    const struct script_field *field;
    if (is_judged(outcome, word)) {
        return;
    }
    if (word->name == NULL) {
        add(to, word, is_result(word, outcome));
        return;
    }
    field = find_field(outcome, word);
    add(to, word, field != NULL && (binds(lane, word, field) || matches_field(lane, word, field)));
}

bool script_is_expected(const struct script_words *words, const struct script_outcome *outcome,
                        const struct platen_word *word)
{
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].expected && words->bound[i].word == word) {
            return true;
        }
    }
    return is_judged(outcome, word);
}

bool script_outcome_matches(struct script_lane *lane, const struct script_words *words,
                            const struct script_outcome *outcome, unsigned *compared,
                            uint32_t *column)
{
    struct comparison all = {0};

    for (unsigned i = 0; i < outcome->judgements; i++) {
        add(&all, outcome->judged[i], outcome->fine[i]);
    }
    for (const struct platen_word *word = words->right; word != NULL; word = word->next) {
        compare_word(lane, word, outcome, &all);
    }
    for (unsigned i = 0; i < words->count; i++) {
        if (words->bound[i].expected) {
            compare_word(lane, words->bound[i].word, outcome, &all);
        }
    }
    *compared = all.count;
    *column = all.column;
    return all.wrong == 0;
}
