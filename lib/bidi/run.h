/* SPDX-License-Identifier: MIT
 *
 * One SendRecvBidiDataFromPort under way: what bidi.c, ask.c and next.c share.
 */
#ifndef PLATEN_LIB_BIDI_RUN_H
#define PLATEN_LIB_BIDI_RUN_H

#include "answers.h"
#include "bidi/bidi.h"
#include "listed.h"

struct bidi_run {
    const struct bidi_source *source;
    const struct bidi_call *call;
    struct answers answers;

    uint32_t count; /* entries that are answered: at least one, for EnumSchema has none to show */
    bool virtual;   /* it is that one */
    uint32_t *numbers;
    uint32_t *codes; /* of each entry: what becomes of it if nobody answers; 0: it is answered */

    struct bidi_names names;
    bool listed;
    uint32_t list_error; /* why the list may be short */

    /* Of the entry at hand. */
    char schema[BIDI_SCHEMA_BYTES];
    char value[BIDI_VALUE_BYTES];
    char argument[BIDI_VALUE_BYTES];
};

/* An action's work on one entry: rows in the answers and 0; or the entry's code, and no row. */
uint32_t bidi_ask_schema(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry);
uint32_t bidi_ask_get(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry);
uint32_t bidi_ask_all(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry);
uint32_t bidi_ask_with(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry);
uint32_t bidi_ask_set(struct bidi_run *run, uint32_t index, const BIDI_REQUEST_DATA *entry);

/* Asks the source's `next` about what it may know, and takes its rows over. */
void bidi_ask_next(struct bidi_run *run);

#endif
