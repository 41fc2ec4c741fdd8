/* SPDX-License-Identifier: MIT
 *
 * What a host says is left of the monitor after its last Shutdown (R77).
 */
#include <string.h>

#include "call/words.h"
#include "hosted/inside.h"

static unsigned number_of(const struct platen_line *line, const char *name)
{
    uint64_t number = 0;
    const struct platen_word *word = platen_word_named(line->left, name);
    bool fine = word != NULL && platen_word_number(word, &number) && number <= 100000;
    return fine ? (unsigned)number : 0;
}

void hosted_told_rest(struct hosted *hosted, const char *answer)
{
    struct platen_line line;
    struct platen_words *words = platen_words_new();
    if (words != NULL && platen_words_read(words, answer, strcspn(answer, "\n"), 1, &line, NULL)) {
        unsigned threads = number_of(&line, "threads");
        unsigned devices = number_of(&line, "devices");
        if (threads > 0) {
            hosted_find(hosted,
                        "Shutdown of the monitor '%s' has returned, and threads of its own still "
                        "run: %u (R77)",
                        hosted->name, threads);
        }
        if (devices > 0) {
            hosted_find(hosted,
                        "Shutdown of the monitor '%s' has returned, and files, sockets or devices "
                        "that it writes to are still open: %u (R77)",
                        hosted->name, devices);
        }
    }
    platen_words_free(words);
}
