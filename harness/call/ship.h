/* SPDX-License-Identifier: MIT
 *
 * Ships calls over the connection of a lane, the same on both sides of it.
 *
 *   platen_ship_call: line -> CALL ... calls that come back meanwhile are served ... RETURN ->
 * apply
 *
 * A CALL's body is the call's line; a RETURN's is what stands behind the arrow, and in a second
 * line what else there is to say, as words: damaged=[pBuffer] (memory around it was written to),
 * and what the sides add. Data beyond PLATEN_SHIP_INLINE bytes lies in the frame's bulk, as
 * @bulk[0+65536]. A frame that makes no sense ends the connection; a line that makes none is that
 * call's failure alone, and a complaint.
 */
#ifndef CALL_SHIP_H
#define CALL_SHIP_H

#include "call/build.h"
#include "call/frame.h"

#define PLATEN_SHIP_DEEP    32u /* calls that were received and have not returned */
#define PLATEN_SHIP_INLINE  256u
#define PLATEN_SHIP_DETAILS 1500u

struct platen_ship;

/* What the two sides do in their own way. `context` is the first argument of all; those functions
 * that are not said to be needed may be NULL. */
struct platen_ship_side {
    void *context;
    unsigned word;   /* bytes of a pointer over there */
    bool honest;     /* what comes is run by who trusts it: see struct platen_names */
    bool beforehand; /* what stands in numbers that only come back is sent along: not everybody
                        who makes calls has made them anything */
    /* Needed. May that be called from over there? */
    bool (*takes)(void *context, enum platen_slot slot, uint16_t flags);
    /* Needed. Runs a call that came. */
    void (*run)(void *context, struct platen_call *call, uint16_t flags);
    /* Memory for the arguments of a call that came, instead of the ship's own. */
    struct platen_built *(*memory)(void *context, enum platen_slot slot);
    /* Writes what is to be said behind the answer to a call that came; how much that is. */
    size_t (*add)(void *context, const struct platen_call *call, char *to, size_t size);
    /* What was said behind an answer; before the answer is applied. */
    void (*told)(void *context, const struct platen_call *call, const struct platen_word *words);
    /* The table that a call which gives one gave. */
    LPMONITOR2 (*table)(void *context);
    /* As in struct platen_names: the table for a monitor of the other side. */
    const MONITOR2 *(*monitor)(void *context, uint64_t monitor);
    /* As in struct platen_call_form. */
    bool (*name)(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size);
    size_t (*readable)(void *context, const void *at);
    /* A line from over there made no sense. */
    void (*complain)(void *context, const char *what);
    const PLATEN_IMPORTS *imports; /* the Router functions for trees; needed */
};

/* Takes the channel over. NULL: no memory; then the channel is freed. `side` is borrowed. */
struct platen_ship *platen_ship_new(struct platen_channel *channel,
                                    const struct platen_ship_side *side);
void platen_ship_free(struct platen_ship *ship);
struct platen_channel *platen_ship_channel(struct platen_ship *ship);

/* Makes the call over there and brings back what it brings back; platen_call_keep_given must have
 * been called. 0: it was answered, or the answer made no sense (then it is refused with
 * INVALID_DATA). Otherwise what became of the connection, and the call is as it was. */
uint32_t platen_ship_call(struct platen_ship *ship, struct platen_call *call, uint16_t flags);

/* Sends a frame of that kind and waits for its RETURN: its body, valid until the next frame. */
uint32_t platen_ship_ask(struct platen_ship *ship, enum platen_frame_kind kind, uint16_t flags,
                         const char *text, const char **answer, size_t *size);

/* Serves what comes, until the connection ends: HANDLE_EOF, or worse. Frames that are no calls are
 * given to `other` (may be NULL: they are an error), which says whether to go on. */
uint32_t platen_ship_serve(struct platen_ship *ship,
                           bool (*other)(void *context, const struct platen_frame *frame));

/* The words that the other side took its leave with; "" if it did not. */
const char *platen_ship_farewell(const struct platen_ship *ship);
/* And what it said of it, as words: fault="SIGSEGV" at=0x10 stack=["ill.so+0x1139"]; not checked.
 */
const char *platen_ship_details(const struct platen_ship *ship);

#endif
