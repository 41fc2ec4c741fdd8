/* SPDX-License-Identifier: MIT
 *
 * Inside of calls by chance.
 */
#ifndef TESTS_CALL_CHANCE_INSIDE_H
#define TESTS_CALL_CHANCE_INSIDE_H

#include "call/arena.h"
#include "chance.h"

#define CHANCE_STREAM 4096u
#define REGION_SIZE   2048u

struct chance {
    uint64_t random;
    struct call_arena arena;
    const struct platen_slot_info *slot;
    struct platen_call *call;
    uint64_t fixed;        /* arguments that are set, one bit for four bytes */
    unsigned char *region; /* texts go there, if not NULL */
    size_t region_used;
};

extern unsigned char chance_stream[CHANCE_STREAM]; /* @s */
extern MONITOR2 chance_table;

#endif
