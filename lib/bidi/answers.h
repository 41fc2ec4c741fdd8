/* SPDX-License-Identifier: MIT
 *
 * A response in the making: rows, each with the request that it answers; what hangs from them is
 * the Router's memory from the start.
 */
#ifndef PLATEN_LIB_BIDI_ANSWERS_H
#define PLATEN_LIB_BIDI_ANSWERS_H

#include "bidi/bidi.h"

struct answers {
    const struct bidi_memory *memory;
    BIDI_RESPONSE_DATA *rows;
    uint32_t *owners; /* which request each answers */
    uint32_t count;
    uint32_t room;
    bool failed;    /* a row has a code */
    uint32_t error; /* NOT_ENOUGH_MEMORY: no more rows are taken, and there will be no response */
};

/* A row: its code, the name in UTF-8 or NULL, and without a code a value of that type; its text
 * NULL, or the type BIDI_NULL, is none. A text that is no value of the type makes the code
 * INVALID_DATA. */
struct answer {
    uint32_t code;
    const char *schema;
    uint32_t type;
    const char *text;
};

void answers_add(struct answers *answers, uint32_t owner, const struct answer *answer);
/* Moves a row out of another response, which is left without it. */
void answers_move(struct answers *answers, uint32_t owner, BIDI_RESPONSE_DATA *row);

/* The response: rows in the order of their requests, each with the number of its own. NULL when
 * memory is out. The rows are gone either way. `numbers` has one for each of `requests`. */
PBIDI_RESPONSE_CONTAINER answers_finish(struct answers *answers, const uint32_t *numbers,
                                        uint32_t requests);

#endif
