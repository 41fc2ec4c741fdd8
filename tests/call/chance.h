/* SPDX-License-Identifier: MIT
 *
 * Calls by chance: every slot, every kind of argument, with what is empty, hostile and odd among
 * it. What goes in and what comes back are both there, as if the call had been made.
 */
#ifndef TESTS_CALL_CHANCE_H
#define TESTS_CALL_CHANCE_H

#include "call/build.h"
#include "call/print.h"

struct chance;

struct chance *chance_new(uint64_t seed);
void chance_free(struct chance *chance);

/* Another call of that slot; what the one before pointed at is gone. */
void chance_call(struct chance *chance, enum platen_slot slot, struct platen_call *call);
/* One of the numbers below `below`. */
uint32_t chance_below(struct chance *chance, uint32_t below);

/* How such calls are printed, and what their names mean: handles from 0x500 are $kindN, data is
 * told as @s[offset+length] where `form` says so. */
void chance_form(struct chance *chance, struct platen_call_form *form);
extern const struct platen_names chance_names;

/* The kinds that have been made so far. */
extern bool chance_kinds[PLATEN_KINDS];

#endif
