/* SPDX-License-Identifier: MIT
 *
 * A parser under fire: each file of this folder is one target, in libFuzzer's form. Built with
 * clang's fuzzer it looks for inputs itself; in every other build replay.c feeds it the corpus.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* Writes the input to a file, the same one each time, for parsers that want a path. */
const char *fuzz_file(const uint8_t *data, size_t size);

/* Ends the program: the parser broke a promise. */
#define FUZZ_ASSERT(condition)                                                                     \
    do {                                                                                           \
        if (!(condition)) {                                                                        \
            fuzz_fail(#condition, __FILE__, __LINE__);                                             \
        }                                                                                          \
    } while (0)
_Noreturn void fuzz_fail(const char *what, const char *file, int line);

#endif
