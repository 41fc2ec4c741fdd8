/* SPDX-License-Identifier: MIT
 *
 * Memory that is given out piece by piece and taken back all at once. What was given out never
 * moves; blocks are kept for the next time.
 */
#ifndef CALL_ARENA_H
#define CALL_ARENA_H

#include <stddef.h>

struct call_block {
    struct call_block *next;
    size_t size;
    size_t used;
    /* the bytes follow */
};

struct call_arena {
    struct call_block *first;
    struct call_block *current;
};

/* `size` bytes, aligned for anything, not zeroed; NULL: no memory. */
void *call_arena_take(struct call_arena *arena, size_t size);
/* Takes everything back. */
void call_arena_reset(struct call_arena *arena);
void call_arena_free(struct call_arena *arena);
/* How many bytes there are from `at` to the end of what was given out of its block; 0 if it lies in
 * none. */
size_t call_arena_reach(const struct call_arena *arena, const void *at);

#endif
