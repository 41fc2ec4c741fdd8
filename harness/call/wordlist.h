/* SPDX-License-Identifier: MIT
 *
 * Inside of the call's text: the memory of words.
 */
#ifndef CALL_WORDLIST_H
#define CALL_WORDLIST_H

#include "call/arena.h"
#include "call/words.h"

struct platen_words {
    struct call_arena arena;
};

/* Is it a word that has a text: TEXT, GLOB, BARE? */
bool call_is_text(const struct platen_word *word);
/* The whole slice as a number, decimal or 0x... */
bool call_number(const char *at, size_t length, uint64_t *value);

#endif
