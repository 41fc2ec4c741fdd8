/* SPDX-License-Identifier: MIT
 *
 * What a DLL called of Windows that its host has stood in for, told once for each function.
 */
#include <stdio.h>

#include "call/words.h"
#include "hosted/inside.h"
#include "spooler/carry.h"

#define MOST 60 /* letters of a name that are told */

static int length_of(const struct platen_word *word)
{
    return word->length < MOST ? (int)word->length : MOST;
}

void hosted_told_native(struct hosted *hosted, const struct platen_word *words)
{
    char text[400];
    const struct platen_word *unmodelled = platen_word_named(words, "unmodelled");
    const struct platen_word *system = platen_word_named(words, "system");
    const struct platen_word *stored = platen_word_named(words, "stored");
    const struct platen_word *word = unmodelled == NULL ? NULL : unmodelled->inside;
    for (; word != NULL; word = word->next) {
        snprintf(text, sizeof text,
                 "the monitor '%s' called %.*s, which this spooler does not have: it was told that "
                 "it is not supported (50)",
                 hosted->name, length_of(word), word->at);
        platen_spooler_tell(hosted->spooler, PLATEN_EVENT_LOG, text);
    }
    word = system == NULL ? NULL : system->inside;
    for (; word != NULL; word = word->next) {
        hosted_find(hosted,
                    "the monitor '%s' gave a key of the spooler's to %.*s of the system's registry "
                    "(R6)",
                    hosted->name, length_of(word), word->at);
    }
    word = stored == NULL ? NULL : stored->inside;
    for (; word != NULL; word = word->next) {
        hosted_find(hosted,
                    "the monitor '%s' changed the system's registry with %.*s, instead of the "
                    "store that it was given (R5)",
                    hosted->name, length_of(word), word->at);
    }
}
