/* SPDX-License-Identifier: MIT
 *
 * Faults: an observer of calls that makes chosen ones fail, come short, come late, hang, find the
 * device gone, or come back with junk. It works by rules, which can be added and removed while
 * calls are under way, in both directions: what a monitor does to a spooler and what a spooler does
 * to a monitor.
 *
 * As scripts write a rule:
 *   fault WritePort nth=3 error 28          the third WritePort from now on, once
 *   fault registry nth=$n error 8           the n-th call of the monitor's to its registry
 *   fault SetJobW always hang               each, until it is released
 *   fault EndDocPort lane="LPT1:" delay 45s error ERROR_SEM_TIMEOUT
 *   fault WritePort nth=2 count=5 short 100
 *   fault WritePort disconnect              from now on the port's device is gone
 *   fault ReadPort always garbage seed=7
 *   fault EnumPorts garbage FALSE 5         fails, and leaves junk where zeros should be
 *
 * What a rule counts: the calls that it could act on, from the moment it was added: the slot or
 * group, the lane, and the kind of fault decide (see `kinds` below). It acts on the nth of them and
 * those after it, `count` in all. Of several rules whose turn it is with the same call the one that
 * was added first has it; the others have seen it and keep their turn.
 *
 * Where the observer stands: before all others in the list. They then see what the caller gets.
 */
#ifndef FAULT_FAULT_H
#define FAULT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/backend.h>

#include "call/call.h"

/* What is done to a call. `error`, `short`, `disconnect` and `garbage` exclude each other; each of
 * them may come after a delay or a hang. */
enum platen_fault_kind {
    /* Nothing but the delay or the hang: the call is made afterwards. Acts on every call. */
    PLATEN_FAULT_NONE,

    /* The call fails with `code`: BOOL functions say FALSE with that last-error (0: FALSE without a
     * reason), functions that return a code return it, others return NULL with that last-error. The
     * callee is not called; out-parameters are as after a failure: counts 0, handles NULL, all else
     * untouched. But a call that gives something back (EndDocPort, ClosePort, XcvClosePort,
     * CloseKey, ClosePrinter) is made all the same, and its answer changed: a failure there leaves
     * nothing held. What the monitor reports as completed meanwhile (SetJob 6 and 7 in such an
     * EndDocPort) is answered with TRUE and goes no further. Acts on all calls but Shutdown. */
    PLATEN_FAULT_ERROR,

    /* The callee is told of `limit` bytes (characters, where it counts a name) of room or data at
     * most, and does what it does then. WritePort and ReadPort move less. Calls that fill memory of
     * the caller's (EnumPorts, XcvDataPort, GetPrinterDataFromPort, GetJobW, EnumPortsW, EnumKey,
     * EnumValue, QueryValue) say what they say to a buffer too small: INSUFFICIENT_BUFFER or
     * MORE_DATA, and what is needed. Acts on these. */
    PLATEN_FAULT_SHORT,

    /* This call and all later ones on its port's handle fail with 1167 as above, except ClosePort,
     * which is made and says what it says; with it the handle's fault is over. Acts on calls that
     * have a port's handle, except ClosePort. */
    PLATEN_FAULT_DISCONNECT,

    /* Junk, made from `seed` (the same in each run), stands in the out-parameters. With `says`
     * TRUE the call is made, and if it succeeded its counts and handles and the whole of the memory
     * that it was given to fill are overwritten. With `says` FALSE the call fails with `code` as
     * above, but the counts and handles are junk instead of 0. Acts on calls with counts, handles
     * or memory that come back; pointers are not among them. A handle that was overwritten stays
     * open. */
    PLATEN_FAULT_GARBAGE
};

struct platen_fault_rule {
    const char *calls; /* a slot's name, or a group's (platen_fault_groups) */
    const char *lane; /* only calls on lanes of that name (a port's lane has the port's name); NULL:
                         any */
    uint64_t nth;     /* the first call that it acts on; 1 is the next, 0 means 1 */
    uint64_t count;   /* how many calls it acts on; 0: no end */
    uint64_t delay;   /* nanoseconds before the call; PLATEN_FOREVER: hangs until released */
    enum platen_fault_kind kind;
    uint32_t code;  /* ERROR, GARBAGE with says FALSE */
    uint32_t limit; /* SHORT */
    bool says;      /* GARBAGE: after TRUE (success), not FALSE */
    uint64_t seed;  /* GARBAGE */
};

/* ---- the observer ---------------------------------------------------------------------------- */

typedef struct platen_faults platen_faults;
/* A rule at work. Valid until it is removed. */
typedef struct platen_fault platen_fault;

/* Delays and hangs are waits on `clock`: the spooler's; NULL: the system's. NULL when memory is
 * out. */
platen_faults *platen_faults_create(struct platen_clock *clock);
/* No call is under way and none will come. NULL is fine. */
void platen_faults_destroy(platen_faults *faults);
/* For platen_spooler_observe; its `next` is the caller's to set. */
struct platen_observer *platen_faults_observer(platen_faults *faults);
/* The run ends: no rule acts any more, and every call that hangs or is delayed goes on. To be
 * called before a spooler is destroyed in which something may hang. */
void platen_faults_end(platen_faults *faults);

/* Texts are copied. 0; INVALID_PARAMETER with a sentence in *complaint (static; may be NULL) where
 * there is no such slot or group, or the kind can act on none of its calls; NOT_ENOUGH_MEMORY. */
uint32_t platen_fault_add(platen_faults *faults, const struct platen_fault_rule *rule,
                          platen_fault **fault, const char **complaint);
/* It acts no more; what it holds up goes on as with `release`, and devices that it took away are
 * there again. NULL is fine. */
void platen_fault_remove(platen_faults *faults, platen_fault *fault);
/* Lets the calls go on that hang or are delayed by it now, and later ones pass without waiting. The
 * rest of the rule (an error after the hang) stays as it is. */
void platen_fault_release(platen_faults *faults, platen_fault *fault);

struct platen_fault_tally {
    uint64_t seen; /* calls that it could have acted on */
    uint64_t hits; /* calls that it acted on; the later calls of a disconnected port are none */
    uint32_t held; /* calls that hang or are delayed by it now */
};
struct platen_fault_tally platen_fault_counts(platen_faults *faults, platen_fault *fault);
/* Has it acted? What `sweep` asks after each round. */
bool platen_fault_reached(platen_faults *faults, platen_fault *fault);

/* ---- rules as text --------------------------------------------------------------------------- */

/* One word after "fault", decoded: nth=3 is {"nth", "3"}, a bare word has no name. */
struct platen_fault_field {
    const char *name; /* NULL: none */
    const char *value;
};

/* The words in their order:
 *   SLOT|GROUP  [nth=N] [count=N] [once] [always] [lane=NAME] [seed=N]
 *   [delay DURATION | hang]
 *   [error CODE | short N | disconnect | garbage [TRUE | FALSE [CODE]]]
 * The bare words come in this order; what has a name may stand anywhere. `once` is count=1, which
 * is what a rule has without any; `always` is count=0. CODE is a number (decimal, 0x..) or a name
 * of <platen/errors.def>, with or without ERROR_. DURATION is a number with ns, us, ms, s, min or
 * h, "1.5s"; a bare number is nanoseconds. Texts of the rule point into the fields. 0;
 * INVALID_PARAMETER, with the number of the field that is wrong in *wrong (`count` when something
 * is missing at the end) and a sentence in *complaint (static). Both may be NULL. */
uint32_t platen_fault_parse(const struct platen_fault_field *fields, size_t count,
                            struct platen_fault_rule *rule, size_t *wrong, const char **complaint);
/* The rule as a script writes it, without "fault ", cut to fit with its NUL; returns the bytes it
 * needs without the NUL. What parse reads from it is the same rule. */
size_t platen_fault_print(const struct platen_fault_rule *rule, char *to, size_t size);

/* What a rule can be about and what it can do, for help, lists and the nearest known word: rows of
 * name, usage and a line of explanation, ended by a name that is NULL. */
struct platen_fault_word {
    const char *name;
    const char *usage;   /* "error CODE"; of a group its name */
    const char *summary; /* one line */
};
extern const struct platen_fault_word platen_fault_groups[];
extern const struct platen_fault_word platen_fault_kinds[];

#endif
