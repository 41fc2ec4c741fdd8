/* SPDX-License-Identifier: MIT
 *
 * Inside of apply: what its files share.
 */
#ifndef CALL_APPLYING_H
#define CALL_APPLYING_H

#include "call/apply.h"
#include "call/building.h"

struct call_applying {
    struct platen_call *call;
    struct platen_slot_info slot;
    const struct platen_apply_form *form;
    const struct platen_word *right;
    struct platen_text_error *error;
    size_t needed;                 /* what the rows take in this width; 0: none came */
    bool too_small;                /* they did not fit */
    PBIDI_RESPONSE_CONTAINER tree; /* that was made; freed again if the rest makes no sense */
};

PLATEN_OS_PRINTF(3, 4)
bool call_apply_fail(const struct call_applying *a, const struct platen_word *word,
                     const char *format, ...);

/* PORT_INFO and JOB_INFO: structures from the front of `to`, their texts down from its end. */
bool call_apply_rows(struct call_applying *a, const struct platen_arg_info *arg,
                     const struct platen_word *word, unsigned char *to, size_t room);
/* A BIDI_RESPONSE_CONTAINER made by the Router functions; its address is written to `to`. */
bool call_apply_tree(struct call_applying *a, const struct platen_arg_info *arg,
                     const struct platen_word *word, unsigned char *to);
/* After all is applied: sizes that were needed, in this width. */
void call_apply_sizes(struct call_applying *a);

#endif
