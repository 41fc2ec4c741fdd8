/* SPDX-License-Identifier: MIT
 *
 * A call of bidi_run over a source with written answers, and what it came to. Whatever is allocated
 * is counted (R73), in blocks of just the size that was asked for.
 */
#ifndef PLATEN_TESTS_BIDI_TRIAL_H
#define PLATEN_TESTS_BIDI_TRIAL_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "bidi/bidi.h"

/* What the source knows: until a NULL. `text` NULL: 13005 although it is listed. */
struct trial_value {
    const char *schema;
    const char *text;
    uint32_t code; /* answered instead of the text */
    bool fixed;    /* cannot be set */
};

struct trial {
    const struct trial_value *values;
    uint32_t list_error;
    uint32_t set_error;
    int gets, sets, lists;
    char last_schema[512]; /* of the last get or set */
    char last_value[9000]; /* of the last set, or the last argument */
    long blocks;           /* of the Router's memory that are alive */
    long containers;
    long made;
    bool without_set;
};
extern struct trial trial;

/* Everything from the start; the same values as given. */
void trial_reset(const struct trial_value *values);
/* Nothing is alive any more. */
int trial_is_clean(void **state);

struct bidi_source trial_source(void);
extern const struct bidi_memory trial_memory;

/* A request in the making. */
struct ask {
    uint32_t number;
    const char16_t *schema;
    BIDI_DATA data;
};
/* In memory of just its size; free() it. */
BIDI_REQUEST_CONTAINER *trial_request(const struct ask *asks, uint32_t count);

/* Asks with administrative access, and is told whatever comes. */
uint32_t trial_run(const char16_t *action, const struct ask *asks, uint32_t count,
                   PBIDI_RESPONSE_CONTAINER *answer);
/* The answer is one row: result, number, schema ("" NULL) and text of the value ("" none). */
void trial_expect(PBIDI_RESPONSE_CONTAINER answer, uint32_t row, uint32_t result, uint32_t number,
                  const char *schema, const char *value);
void trial_free(PBIDI_RESPONSE_CONTAINER answer);

#endif
