/* SPDX-License-Identifier: MIT
 *
 * Inside of the matcher.
 */
#ifndef CALL_MATCHING_H
#define CALL_MATCHING_H

#include "call/arena.h"
#include "call/match.h"

#define CALL_DIFFERENCES 64 /* of one call; further ones are not listed */
#define CALL_PATH        256

struct platen_matcher {
    struct call_arena arena;
    struct platen_words *words; /* for structures that came back */
    struct platen_difference list[CALL_DIFFERENCES];
    size_t count;
};

struct call_matching {
    struct platen_matcher *matcher;
    const struct platen_call *call; /* NULL: a single value */
    const struct platen_match_form *form;
    char path[CALL_PATH]; /* of what is being compared */
};

/* What came, in one of few sorts. */
enum call_sort {
    CALL_NOTHING, /* it did not come back */
    CALL_NULL,
    CALL_NUMBER,
    CALL_TEXT, /* units at any address */
    CALL_BYTES,
    CALL_HANDLE,
    CALL_POINTER,
    CALL_WILD, /* a pointer that leads nowhere */
    CALL_TREE  /* a structure, as words */
};

struct call_value {
    enum call_sort sort;
    enum platen_kind kind;
    uint64_t number; /* NUMBER, HANDLE, POINTER */
    const void *data;
    size_t size; /* units or bytes */
    const struct platen_word *tree;
};

/* Does the value fit the word, or one of its alternatives? Not for trees. */
bool call_value_matches(struct call_matching *matching, const struct platen_word *expected,
                        const struct call_value *value);
/* Does the number fit a bare word: a number, a range, an error's name? */
bool call_number_matches(const struct platen_word *expected, uint64_t value);
/* Is it the name of that error, with or without ERROR_? */
bool call_error_matches(const struct platen_word *expected, uint32_t code);
/* A range 1..5, 1.. or ..5; false if it is none. */
bool call_range(const struct platen_word *word, uint64_t *least, uint64_t *most);

/* Compares trees, and lists what differs. */
void call_match_tree(struct call_matching *matching, const struct platen_word *expected,
                     const struct platen_word *got);
/* The same for one word with its alternatives; true if it fits. Lists nothing. */
bool call_tree_matches(struct call_matching *matching, const struct platen_word *expected,
                       const struct platen_word *got);

void call_differ(struct call_matching *matching, const struct platen_word *expected,
                 const char *got, size_t length);

/* What a call that went well answers: "TRUE", "table"; NULL where it is a code. */
const char *call_result_word(enum platen_result result);

/* * ? [a-z] [!a-z] */
bool call_glob(const char16_t *pattern, size_t pattern_length, const char16_t *text, size_t length);

/* "TRUE", "ERROR_BUSY", "FALSE ERROR_TIMEOUT". */
size_t call_print_result(const struct platen_call *call, char *to, size_t size);
/* The text of one argument's value, as call/print.h has it. */
size_t call_print_argument(const struct platen_call *call, const struct platen_call_form *form,
                           const struct platen_arg_info *arg, char *to, size_t size);

#endif
