/* SPDX-License-Identifier: MIT
 *
 * Calls of threads that a monitor made itself: how many there are and when is chance, which ones
 * there are is not.
 */
#include <stdlib.h>
#include <string.h>

#include "script/trace.h"

#define ROWS  256
#define MOST  4096 /* different ones; a monitor that makes more is not compared further */
#define SHOWN 512

struct member {
    struct member *next;
    uint32_t number; /* of the line; 0: it was not recorded */
    bool came;
    char text[];
};

struct trace_set {
    struct member *rows[ROWS];
    uint32_t count;
    struct platen_words *words;
};

struct trace_set *trace_set_new(void)
{
    struct trace_set *set = calloc(1, sizeof *set);
    if (set == NULL) {
        return NULL;
    }
    set->words = platen_words_new();
    if (set->words == NULL) {
        free(set);
        return NULL;
    }
    return set;
}

void trace_set_free(struct trace_set *set)
{
    if (set == NULL) {
        return;
    }
    for (unsigned row = 0; row < ROWS; row++) {
        while (set->rows[row] != NULL) {
            struct member *member = set->rows[row];
            set->rows[row] = member->next;
            free(member);
        }
    }
    platen_words_free(set->words);
    free(set);
}

static void put(char *to, size_t *used, const char *from, size_t length)
{
    size_t room = SHOWN - 1 - *used;
    size_t part = length < room ? length : room;
    memcpy(to + *used, from, part);
    *used += part;
    to[*used] = '\0';
}

/* Words that are the same whenever it happens. */
static void put_words(char *to, size_t *used, const struct platen_word *word)
{
    for (; word != NULL; word = word->next) {
        if (word->name != NULL &&
            (platen_is_volatile(word->name, word->name_length) || word->kind == PLATEN_WORD_NAME)) {
            continue;
        }
        const char *handle = memchr(word->raw, ':', word->raw_length);
        if (word->kind == PLATEN_WORD_BARE && handle != NULL && handle[1] == '0') {
            continue; /* bits of a handle */
        }
        put(to, used, " ", 1);
        if (word->name != NULL) {
            put(to, used, word->name, word->name_length);
            put(to, used, "=", 1);
        }
        put(to, used, word->raw, word->raw_length);
    }
}

static struct member *member_of(struct trace_set *set, const struct script_statement *statement)
{
    char text[SHOWN];
    size_t used = 0;
    const char *slot = platen_slot_info(statement->parts.slot).name;

    put(text, &used, slot, strlen(slot));
    put_words(text, &used, statement->parts.arguments);
    put(text, &used, " ->", 3);
    put_words(text, &used, statement->line.right);
    uint32_t hash = 2166136261u;
    for (size_t i = 0; i < used; i++) {
        hash = (hash ^ (unsigned char)text[i]) * 16777619u;
    }
    struct member **row = &set->rows[hash % ROWS];
    for (struct member *at = *row; at != NULL; at = at->next) {
        if (strcmp(at->text, text) == 0) {
            return at;
        }
    }
    struct member *made = set->count < MOST ? calloc(1, sizeof *made + used + 1) : NULL;
    if (made != NULL) {
        memcpy(made->text, text, used + 1);
        made->next = *row;
        *row = made;
        set->count++;
    }
    return made;
}

void trace_set_expect(struct trace_set *set, const struct script_statement *statement,
                      uint32_t number)
{
    struct member *member = member_of(set, statement);
    if (member != NULL && member->number == 0) {
        member->number = number;
    }
}

void trace_set_saw(struct trace_set *set, const struct platen_call *call)
{
    const struct platen_call_form form = {.inline_bytes = 256};
    struct script_statement statement;
    struct platen_text_error error;
    char line[4096];
    size_t length = platen_call_print(call, &form, line, sizeof line);

    if (length < sizeof line &&
        script_statement_read(set->words, line, length, 1, &statement, &error) &&
        statement.parts.slot != PLATEN_SLOT_COUNT) {
        struct member *member = member_of(set, &statement);
        if (member != NULL) {
            member->came = true;
        }
    }
}

void trace_set_compare(struct trace_set *set,
                       void (*tell)(void *context, uint32_t number, const char *text, bool came),
                       void *context)
{
    for (unsigned row = 0; row < ROWS; row++) {
        for (const struct member *at = set->rows[row]; at != NULL; at = at->next) {
            if (at->came != (at->number != 0)) {
                tell(context, at->number, at->text, at->came);
            }
        }
    }
}
