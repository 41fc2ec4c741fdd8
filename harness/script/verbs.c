/* SPDX-License-Identifier: MIT */
#include "script/verbs.h"

#include <stdio.h>
#include <string.h>

#define BLOCK SCRIPT_BLOCK
#define SETUP SCRIPT_SETUP
#define TRACE SCRIPT_TRACE
#define LOOKS SCRIPT_LOOKS
#define FREE  SCRIPT_FREE

const struct script_verb script_verbs[SCRIPT_VERBS] = {
#define PLATEN_VERB(words, function, traits, usage, summary)                                       \
    {SCRIPT_VERB_##function, words, traits, usage, summary},
#include "script/verbs.def"
#undef PLATEN_VERB
};

/* Is the verb called `first second`, or `first` if second is NULL? */
static bool is_called(const struct script_verb *verb, const struct platen_word *first,
                      const struct platen_word *second)
{
    const char *words = verb->words;
    if (strncmp(words, first->at, first->length) != 0) {
        return false;
    }
    words += first->length;
    if (second == NULL) {
        return *words == '\0';
    }
    return *words == ' ' && strlen(words + 1) == second->length &&
           memcmp(words + 1, second->at, second->length) == 0;
}

static const struct script_verb *find(const struct platen_word *first,
                                      const struct platen_word *second)
{
    for (unsigned i = 0; i < SCRIPT_VERBS; i++) {
        if (is_called(&script_verbs[i], first, second)) {
            return &script_verbs[i];
        }
    }
    return NULL;
}

bool script_is_verb(const char *word, size_t length)
{
    for (unsigned i = 0; i < SCRIPT_VERBS; i++) {
        const char *words = script_verbs[i].words;
        if (strcspn(words, " ") == length && memcmp(words, word, length) == 0) {
            return true;
        }
    }
    return false;
}

/* The slot or verb that is most like `name`. */
static const char *nearest(const char *name, size_t length)
{
    const char *names[PLATEN_SLOT_COUNT + SCRIPT_VERBS];
    size_t count = 0;

    for (unsigned i = 0; i < SCRIPT_VERBS; i++) {
        names[count++] = script_verbs[i].words;
    }
    for (unsigned i = 0; i < PLATEN_SLOT_COUNT; i++) {
        struct platen_slot_info slot = platen_slot_info((enum platen_slot)i);
        if (slot.table == PLATEN_TABLE_MONITOR) {
            names[count++] = slot.name;
        }
    }
    return platen_nearest(name, length, names, sizeof *names, count);
}

static void fail_unknown(const struct platen_word *head, const struct platen_word *second,
                         struct platen_text_error *error)
{
    char name[96];
    bool two = script_is_verb(head->at, head->length) && second != NULL &&
               second->kind == PLATEN_WORD_BARE && second->name == NULL;
    int length =
        snprintf(name, sizeof name, "%.*s%s%.*s", (int)(head->length % 1000), head->at,
                 two ? " " : "", two ? (int)(second->length % 1000) : 0, two ? second->at : "");
    const char *near = length < (int)sizeof name ? nearest(name, (size_t)length) : NULL;
    platen_text_fail(error, head->line, head->column, "there is no slot or verb \"%s\"%s%s%s", name,
                     near == NULL ? "" : "; did you mean ", near == NULL ? "" : near,
                     near == NULL ? "" : "?");
}

const struct script_verb *script_verb_find(const struct platen_statement *parts,
                                           const struct platen_word **arguments,
                                           struct platen_text_error *error)
{
    const struct platen_word *head = parts->head;
    const struct platen_word *second = head->next;
    const struct script_verb *verb = NULL;

    *arguments = second;
    if (head->kind == PLATEN_WORD_BARE && head->name == NULL) {
        if (second != NULL && second->kind == PLATEN_WORD_BARE && second->name == NULL) {
            verb = find(head, second);
            *arguments = verb != NULL ? second->next : second;
        }
        verb = verb == NULL ? find(head, NULL) : verb;
    }
    if (verb == NULL) {
        /* "WritePrt hPort=1" reads as a lane with something unknown behind it. */
        bool lane = parts->lane != NULL && parts->lane->kind == PLATEN_WORD_BARE;
        fail_unknown(lane ? parts->lane : head, lane ? head : second, error);
    }
    return verb;
}
