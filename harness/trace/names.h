/* SPDX-License-Identifier: MIT
 *
 * Names of handles: $port1 is the first port that appears. A value that is given out again after it
 * was closed is a new handle with a new name; until then whoever uses it uses the closed one.
 */
#ifndef TRACE_NAMES_H
#define TRACE_NAMES_H

#include <stdatomic.h>
#include <stdint.h>

#include "call/call.h"
#include "os/thread.h"

struct trace_name {
    uint64_t value;
    uint32_t kind;   /* never a NEW_ one */
    uint32_t number; /* 0: this place is free */
    uint32_t opens;  /* how often the value was given out and not closed */
    bool closed;
};

struct trace_names {
    platen_os_mutex lock;
    struct trace_name *places;
    uint32_t room; /* a power of two */
    uint32_t count;
    uint32_t last[PLATEN_KINDS]; /* numbers given so far */
    _Atomic uint32_t changes;    /* how often a handle that had a number was given another */
};

/* What a thread has found last: it need not ask again before there is a change. */
struct trace_names_found {
    struct {
        uint64_t value;
        uint32_t kind;
        uint32_t number; /* 0: this place is free */
        uint32_t changes;
    } places[4];
    unsigned turn;
};

bool trace_names_init(struct trace_names *names);
void trace_names_free(struct trace_names *names);

/* The number of a handle, a new one if it has none; 0 when memory is out. */
uint32_t trace_names_find(struct trace_names *names, enum platen_kind kind, uint64_t value);
/* The same, without a lock where the thread has found it before. */
uint32_t trace_names_recall(struct trace_names *names, struct trace_names_found *found,
                            enum platen_kind kind, uint64_t value);
/* The same for one that was just given out. */
uint32_t trace_names_open(struct trace_names *names, enum platen_kind kind, uint64_t value);
/* The same for one that is about to be closed, if it was not given out more than once. */
uint32_t trace_names_close(struct trace_names *names, enum platen_kind kind, uint64_t value);
/* It was not closed after all. */
void trace_names_keep(struct trace_names *names, enum platen_kind kind, uint64_t value,
                      uint32_t number);

/* PORT for NEW_PORT. */
enum platen_kind trace_names_kind(enum platen_kind kind);
bool trace_names_is_new(enum platen_kind kind);

#endif
