/* SPDX-License-Identifier: MIT
 *
 * What the files of the faults share. fault.c keeps the rules and decides which one has a call,
 * deed.c does it, slots.c knows which calls a rule can be about, text.c reads and writes rules.
 */
#ifndef FAULT_INSIDE_H
#define FAULT_INSIDE_H

#include <stdatomic.h>

#include "fault/fault.h"
#include "os/thread.h"

_Static_assert(PLATEN_SLOT_COUNT <= 64, "a set of slots is 64 bits");

struct platen_fault {
    platen_fault *next;
    struct platen_fault_rule rule; /* without its texts */
    char *lane;                    /* NULL: any */
    uint64_t slots;                /* a bit for each slot that it is about */
    uint64_t seen;
    uint64_t hits;
    uint32_t held;
    uint32_t refs; /* the list, and calls under way */
    HANDLE *gone;  /* ports whose device it took away */
    size_t gone_count;
    _Atomic uint32_t released;
};

/* A call under way that something is done to. */
struct fault_call {
    struct fault_call *next;
    struct platen_call *call;
    platen_fault *fault;
    const struct platen_fault_rule *rule;
    uint64_t seed;
    uint32_t code;   /* of a failure */
    bool fails;      /* whatever the callee says */
    uint16_t capped; /* offset of the number that was made smaller; */
    uint32_t asked;  /* what it was; */
    bool restores;   /* whether there is one */
    uint32_t
        rooms[2]; /* bytes of memory whose size comes back changed, in the order of arguments */
};

struct platen_faults {
    struct platen_observer observer; /* first */
    struct platen_clock *clock;
    atomic_uint active;   /* rules and calls under way: with none a call costs a look */
    platen_os_mutex lock; /* everything below */
    bool ended;
    platen_fault *first;
    struct fault_call *calls;
};

/* slots.c: NULL, or a sentence that says what is wrong. */
const char *fault_slots(const struct platen_fault_rule *rule, uint64_t *slots);
/* Memory of the caller's that the callee fills, with a size that another argument says. */
bool fault_is_memory(const struct platen_arg_info *arg);
/* A handle that comes back. */
bool fault_is_new_handle(const struct platen_arg_info *arg);
/* The handle of the port that the call is about; NULL: none. */
HANDLE fault_port_of(const struct platen_call *call);
/* SetJob's "sent to printer" and "last page ejected" (R105). */
bool fault_is_completion(const struct platen_call *call);

/* deed.c: before and after the callee. */
void fault_begin(struct fault_call *at, const struct platen_fault_rule *rule);
void fault_end(struct fault_call *at);

#endif
