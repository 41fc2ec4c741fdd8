/* SPDX-License-Identifier: MIT
 *
 * Inside of the builder: memory for arguments. Regions are pages with one behind them that nobody
 * can touch; they are kept from call to call, so that building a call maps nothing.
 */
#ifndef CALL_BUILDMEMORY_H
#define CALL_BUILDMEMORY_H

#include "call/arena.h"
#include "call/build.h"
#include "call/structs.h"

#define CALL_PIECES  64           /* guarded values in one call */
#define CALL_GRAVES  64           /* poisoned ones that are kept out of reach */
#define CALL_LARGEST (1ull << 30) /* bytes of one value */

struct call_region {
    unsigned char *pages;
    size_t capacity; /* without the page behind */
    bool locked;     /* it was made read-only */
};

/* One value with memory of its own. */
struct call_piece {
    unsigned char *begin;
    size_t size;
    unsigned attributes;
    size_t asked_short;              /* N of !short=N */
    const struct call_struct *shape; /* what was made there; NULL: data or text */
    const char *arg;                 /* whose it is */
};

struct platen_built {
    struct call_arena arena;
    struct call_region regions[CALL_PIECES];
    struct call_piece pieces[CALL_PIECES];
    unsigned count;
    struct call_cell *cells;
    const char *damaged[CALL_PIECES];
    struct call_region graves[CALL_GRAVES]; /* what was poisoned in the calls before */
    unsigned buried;
};

/* What is asked of a value's memory. */
struct call_wish {
    size_t size;
    size_t alignment;
    unsigned attributes;
    size_t asked_short;
    const struct call_struct *shape;
    const char *arg;
    bool out; /* it comes back: it may be !painted */
};

/* A number or handle that comes back, between canaries. */
struct call_cell {
    struct call_cell *next;
    const char *arg;
    size_t width;
    unsigned char before[8];
    unsigned char value[8];
    unsigned char after[8];
};

/* Takes all pieces and cells back. */
void call_memory_reset(struct platen_built *built);
/* Memory before a guard page, not zeroed, between canaries; NULL: no memory, or too many. The piece
 * is smaller than wished if !short says so. */
struct call_piece *call_memory_piece(struct platen_built *built, const struct call_wish *wish);
/* Makes what asks for it read-only; to be called when all is filled. 0 or a code. */
uint32_t call_memory_lock(struct platen_built *built);
/* `width` (4 or 8) zeroed bytes; NULL: no memory. */
void *call_memory_cell(struct platen_built *built, size_t width, const char *arg);
/* The piece that `at` lies in, or right behind; NULL if none. */
const struct call_piece *call_memory_find(const struct platen_built *built, const void *at);

#endif
