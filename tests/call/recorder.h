/* SPDX-License-Identifier: MIT
 *
 * The four tables of slots.def, filled with functions that do nothing but write down what they were
 * called with. Made from slots.def, so that no slot is forgotten.
 */
#ifndef TESTS_CALL_RECORDER_H
#define TESTS_CALL_RECORDER_H

#include "call/call.h"

extern const struct platen_entry_table recorder_entry;
extern const MONITOR2 recorder_monitor;
extern const MONITORREG recorder_registry;
extern const PLATEN_IMPORTS recorder_winspool;

/* The one of them that has the slot. */
const void *recorder_table(enum platen_slot slot);

struct recorded {
    unsigned calls;
    struct platen_call last;   /* slot and args */
    uint32_t last_error_found; /* when the function was entered */
    uint32_t last_error_left;  /* what it sets; UINT32_MAX: nothing */
    void (*during)(void);      /* called inside, once; NULL: nothing */
};
extern struct recorded recorded;

/* What the slot's function returns: a number, or the bits of a pointer. */
uint64_t recorder_answer(enum platen_slot slot);

/* Fills the arguments with bits of which no two are alike. */
void recorder_fill(struct platen_call *call, enum platen_slot slot);
/* The arguments written down are those of the call. */
void recorder_same(const struct platen_call *call);

/* Calls platen_call_SLOT with the arguments of the struct; 0 for VOID. */
uint64_t recorder_direct(const struct platen_call *call, const void *where);

#endif
