/* SPDX-License-Identifier: MIT
 *
 * The table of verbs, and what a usage says about the words of a line.
 */
#ifndef SCRIPT_VERBS_H
#define SCRIPT_VERBS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/build.h"

enum script_verb_id {
#define PLATEN_VERB(words, function, traits, usage, summary) SCRIPT_VERB_##function,
#include "script/verbs.def"
#undef PLATEN_VERB
    SCRIPT_VERBS
};

enum script_traits {
    SCRIPT_BLOCK = 1,
    SCRIPT_SETUP = 2,
    SCRIPT_TRACE = 4,
    SCRIPT_LOOKS = 8,
    SCRIPT_FREE = 16,
    SCRIPT_KEPT = 32,
    SCRIPT_OWNED = 64
};

struct script_verb {
    enum script_verb_id id;
    const char *words;
    unsigned traits;
    const char *usage;
    const char *summary;
};

extern const struct script_verb script_verbs[SCRIPT_VERBS];

/* Does a verb begin with this word? For platen_statement_find. */
bool script_is_verb(const char *word, size_t length);
/* The verb that a statement's head, or that and the word after it, name; *arguments are the words
 * behind. NULL: there is none, and error says which comes near. */
const struct script_verb *script_verb_find(const struct platen_statement *parts,
                                           const struct platen_word **arguments,
                                           struct platen_text_error *error);

/* ---- the words of a line, sorted out by the usage of its verb -------------------------------- */

#define SCRIPT_BOUND 32

struct script_words {
    const struct script_verb *verb;
    const struct platen_word *left;  /* all words after the verb's own */
    const struct platen_word *right; /* behind "->", or NULL */
    bool expects;                    /* there is a "->" */
    unsigned count;
    struct {
        const char *name; /* as the usage calls it: "PORT", "title" */
        size_t length;
        const struct platen_word *word;
        bool expected; /* stands behind "->" in the usage */
    } bound[SCRIPT_BOUND];
};

/* false: error says what is wrong. */
bool script_words_sort(const struct script_verb *verb, const struct platen_word *arguments,
                       const struct platen_line *line, struct script_words *words,
                       struct platen_text_error *error);
/* What stands for a value, an option or a word of the usage; NULL: it was left out. Of a value that
 * is repeated the first; the others follow it up to a word that has a name. */
const struct platen_word *script_word(const struct script_words *words, const char *name);

#endif
