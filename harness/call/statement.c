/* SPDX-License-Identifier: MIT
 *
 * Which word of a line is the lane, and which one says what is done.
 */
#include "call/build.h"

static bool is_slot(const struct platen_word *word)
{
    return word->kind == PLATEN_WORD_BARE && word->name == NULL &&
           platen_slot_find_part(word->at, word->length) != PLATEN_SLOT_COUNT;
}

/* Verbs are small letters: what looks like one and is none is a slip, not a lane. */
static bool looks_like_verb(const struct platen_word *word)
{
    for (size_t i = 0; i < word->length; i++) {
        if ((word->at[i] < 'a' || word->at[i] > 'z') && word->at[i] != '-') {
            return false;
        }
    }
    return true;
}

static bool is_lane(const struct platen_word *word, bool (*is_verb)(const char *, size_t))
{
    const struct platen_word *next = word->next;
    if (word->name != NULL || word->kind == PLATEN_WORD_TEXT) {
        return word->name == NULL;
    }
    if (word->kind != PLATEN_WORD_BARE || next == NULL || next->kind != PLATEN_WORD_BARE ||
        next->name != NULL || is_slot(word) ||
        (is_verb != NULL && is_verb(word->at, word->length))) {
        return false;
    }
    return is_slot(next) || (is_verb != NULL && is_verb(next->at, next->length)) ||
           !looks_like_verb(word);
}

void platen_statement_find(const struct platen_line *line,
                           bool (*is_verb)(const char *name, size_t length),
                           struct platen_statement *statement)
{
    const struct platen_word *word = line->left;
    *statement = (struct platen_statement){.slot = PLATEN_SLOT_COUNT};
    if (word == NULL) {
        return;
    }
    if (is_lane(word, is_verb)) {
        statement->lane = word;
        statement->depth = line->depth;
        word = word->next;
    }
    statement->head = word;
    if (word == NULL) {
        return;
    }
    statement->arguments = word->next;
    if (word->kind == PLATEN_WORD_BARE && word->name == NULL) {
        statement->slot = platen_slot_find_part(word->at, word->length);
    }
}
