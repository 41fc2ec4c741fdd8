/* SPDX-License-Identifier: MIT */
#include "script/verbs.h"

#include <stdio.h>
#include <string.h>

#define BLOCK SCRIPT_BLOCK
#define SETUP SCRIPT_SETUP
#define TRACE SCRIPT_TRACE
#define LOOKS SCRIPT_LOOKS
#define FREE  SCRIPT_FREE
#define KEPT  SCRIPT_KEPT
#define OWNED SCRIPT_OWNED

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

/* Asked for every line of a trace: most words are told apart by their first letter and length. */
bool script_is_verb(const char *word, size_t length)
{
    for (unsigned i = 0; i < SCRIPT_VERBS && length > 0; i++) {
        const char *words = script_verbs[i].words;
        if (*words == *word && strncmp(words, word, length) == 0 &&
            (words[length] == '\0' || words[length] == ' ')) {
            return true;
        }
    }
    return false;
}

/* The slot or verb that is most like it. */
static struct platen_hint hint_for(const char *name)
{
    const char *names[PLATEN_SLOT_COUNT + SCRIPT_VERBS];
    size_t count = 0;

    for (unsigned i = 0; i < SCRIPT_VERBS; i++) {
        names[count++] = script_verbs[i].words;
    }
    for (unsigned i = 0; i < PLATEN_SLOT_COUNT; i++) {
        struct platen_slot_info slot = platen_slot_info((enum platen_slot)i);
        names[count] = slot.name;
        count += slot.table == PLATEN_TABLE_MONITOR;
    }
    return platen_hint(name, strlen(name), names, sizeof *names, count);
}

struct unknown {
    char name[96];
    struct platen_hint hint;
};

static void look_up(const struct platen_word *head, const struct platen_word *second,
                    struct unknown *unknown)
{
    bool two = script_is_verb(head->at, head->length) && second != NULL &&
               second->kind == PLATEN_WORD_BARE && second->name == NULL;
    snprintf(unknown->name, sizeof unknown->name, "%.*s%s%.*s", (int)(head->raw_length % 1000),
             head->raw, two ? " " : "", two ? (int)(second->length % 1000) : 0,
             two ? second->at : "");
    unknown->hint = hint_for(unknown->name);
}

/* In "main WritePrt" the second word is the one that is wrong, in "Mian WritePort" neither; a lane
 * may be called as one likes, so the word that comes near to something is it. */
static void fail_unknown(const struct platen_statement *parts, struct platen_text_error *error)
{
    const struct platen_word *word = parts->lane != NULL ? parts->lane : parts->head;
    const struct platen_word *second = word->next;
    struct unknown unknown;
    struct unknown next;

    look_up(word, second, &unknown);
    if (unknown.hint.text[0] == '\0' && second != NULL && second->kind == PLATEN_WORD_BARE &&
        second->name == NULL) {
        look_up(second, second->next, &next);
        if (next.hint.text[0] != '\0') {
            word = second;
            unknown = next;
        }
    }
    platen_text_fail(error, word->line, word->column, "there is no slot or verb %s%s", unknown.name,
                     unknown.hint.text);
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
        fail_unknown(parts, error);
    }
    return verb;
}
