/* SPDX-License-Identifier: MIT
 *
 * A call is data: a slot, its arguments, its result, its last-error, its time and its lane. This
 * header makes, from slots.def, one struct of arguments and one function per slot. Those functions
 * are the only place where a monitor's function pointers are called, and the way back from a
 * monitor to the spooler runs through them as well.
 *
 *   spooler -> platen_call_WritePort(lane, table, ...) -> observers before -> table->pfnWritePort
 *           <- observers after <-
 *
 * Without observers a call is the function pointer, a store and a few loads.
 */
#ifndef CALL_CALL_H
#define CALL_CALL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/winsplp.h>

/* winspool's headers make macros of some of the slots' names, windef.h of the directions. */
#undef AddPort
#undef ConfigurePort
#undef DeletePort
#undef EnumPorts
#undef IN
#undef OUT

/* The exports of a module, in the form of a table like the others. */
struct platen_entry_table {
    LPMONITOR2(WINAPI *InitializePrintMonitor2)(PMONITORINIT init, PHANDLE monitor);
    BOOL(WINAPI *DllMain)(HINSTANCE module, DWORD reason, LPVOID reserved);
};

typedef const struct platen_entry_table *platen_table_ENTRY;
typedef const MONITOR2 *platen_table_MONITOR;
typedef const MONITORREG *platen_table_REGISTRY;
typedef const PLATEN_IMPORTS *platen_table_WINSPOOL;

/* struct platen_args_WritePort { HANDLE hPort; LPBYTE pBuffer; ... } */
#define FIRST(type, name, kind, direction, size, count) type name;
#define ARG(type, name, kind, direction, size, count)   type name;
#define PLATEN_SLOT(table, result, slot, members)                                                  \
    struct platen_args_##slot {                                                                    \
        members                                                                                    \
    };
#include "call/slots.def"
#undef PLATEN_SLOT

union platen_args {
#define PLATEN_SLOT(table, result, slot, members) struct platen_args_##slot slot;
#include "call/slots.def"
#undef PLATEN_SLOT
};
#undef FIRST
#undef ARG

enum platen_slot {
#define PLATEN_SLOT(table, result, slot, members) PLATEN_SLOT_##slot,
#include "call/slots.def"
#undef PLATEN_SLOT
    PLATEN_SLOT_COUNT
};

struct platen_lane;
struct platen_built;
struct platen_facts;

/* A slot has at most so many numbers that go both ways (INOUT). */
#define PLATEN_GIVEN 2

struct platen_call {
    enum platen_slot slot;
    struct platen_lane *lane;
    uint32_t depth; /* 0: made by the spooler's own doing; 1: a call back inside it; ... */
    bool answered;  /* an observer answered in `before`: the callee was not called */
    bool passing;   /* it is somebody else's: the callee finds that one's last-error */
    uint64_t begin; /* nanoseconds on the system's clock */
    uint64_t end;
    union platen_args args;
    union {
        uint32_t code; /* BOOL and CODE results */
        void *pointer; /* TABLE and HANDLE results */
    } result;
    uint32_t last_error; /* of the thread, when the call had returned; what the caller will find */
    uint32_t given[PLATEN_GIVEN]; /* what stood in the slot's INOUT numbers when it began ... */
    bool given_kept;              /* ... if that was kept */
    const struct platen_built
        *built;                 /* made of words: whose memory the arguments lie in; or NULL */
    struct platen_facts *facts; /* where what is seen of it is kept; NULL: nobody wants to know */
    uint16_t wanted;            /* what is to be looked at beyond that: PLATEN_FACTS_... */
};

/* Sees every call of a lane. `before` may answer in the callee's place: it sets result and out
 * arguments and `answered`, and last_error if it has one (without: 0 for a call to a monitor, for a
 * call back what the monitor had). `after` may change result and last_error. Both run on the
 * calling thread; they are called in the order of the list and must not make calls of their own. */
struct platen_observer {
    void (*before)(struct platen_observer *observer, struct platen_call *call);
    void (*after)(struct platen_observer *observer, struct platen_call *call);
    struct platen_observer *next;
};

/* A lane is a thread as far as calls are concerned: whose spooler it works for, who watches, and
 * how deep it is in calls. Each thread of the spooler owns one; a thread of a monitor's own gets
 * one when it first calls back ("t1"). */
struct platen_lane {
    const char *name;
    struct platen_spooler *spooler;
    struct platen_observer *observers; /* does not change while the lane makes calls */
    uint32_t depth;
    const struct platen_call *current; /* the innermost that is under way as data; NULL: none */
};

/* The lane of the calling thread; NULL on a thread that nobody knows. */
struct platen_lane *platen_lane_here(void);
/* Makes `lane` (may be NULL) the calling thread's and returns the one that was. */
struct platen_lane *platen_lane_enter(struct platen_lane *lane);

/* ret platen_call_WritePort(lane, table, HANDLE hPort, ...). Clears the last-error first, so that
 * what is found after FALSE is this call's own. The pointer in the table must not be NULL. */
#define PLATEN_TYPE_BOOL                                BOOL
#define PLATEN_TYPE_CODE                                DWORD
#define PLATEN_TYPE_VOID                                void
#define PLATEN_TYPE_HANDLE                              HANDLE
#define PLATEN_TYPE_TABLE                               LPMONITOR2
#define FIRST(type, name, kind, direction, size, count) , type name
#define ARG(type, name, kind, direction, size, count)   , type name
#define PLATEN_SLOT(table, result, slot, members)                                                  \
    PLATEN_TYPE_##result platen_call_##slot(struct platen_lane *lane,                              \
                                            platen_table_##table where members);
#include "call/slots.def"
#undef PLATEN_SLOT
#undef FIRST
#undef ARG

/* Runs a call that exists as data: the slot's function out of its table with the arguments in the
 * struct. `where` is the table that the slot belongs to. Observers see it. */
void platen_call_run(struct platen_call *call, const void *where);

/* ---- the tables of slots.def at run time ----------------------------------------------------- */

enum platen_table {
    PLATEN_TABLE_ENTRY,
    PLATEN_TABLE_MONITOR,
    PLATEN_TABLE_REGISTRY,
    PLATEN_TABLE_WINSPOOL
};
enum platen_result {
    PLATEN_RESULT_BOOL,
    PLATEN_RESULT_CODE,
    PLATEN_RESULT_VOID,
    PLATEN_RESULT_HANDLE,
    PLATEN_RESULT_TABLE
};
enum platen_direction { PLATEN_IN, PLATEN_OUT, PLATEN_INOUT };
enum platen_kind {
#define PLATEN_KIND(name, form, text) PLATEN_KIND_##name,
#include "call/kinds.def"
#undef PLATEN_KIND
    PLATEN_KINDS
};

struct platen_arg_info {
    const char *name;
    uint16_t name_length;
    enum platen_kind kind;
    enum platen_direction direction;
    uint16_t offset;   /* in the slot's struct of arguments */
    uint16_t width;    /* bytes there */
    uint16_t size_at;  /* offset of the argument that says how big this one is; its own if none */
    uint16_t count_at; /* offset of the argument that says how much was filled; its own if none */
};

struct platen_slot_info {
    const char *name;
    size_t name_length;
    enum platen_table table;
    enum platen_result result;
    const struct platen_arg_info *args;
    unsigned arg_count;
};

struct platen_slot_info platen_slot_info(enum platen_slot slot);
/* "number", "PORT_INFO array": what a kind is called. */
const char *platen_kind_text(enum platen_kind kind);
/* The slot of that name; PLATEN_SLOT_COUNT if there is none. */
enum platen_slot platen_slot_find(const char *name);
/* An argument's bits, whatever its type. */
uint64_t platen_call_arg(const struct platen_call *call, const struct platen_arg_info *arg);
/* Keeps what stands in the INOUT numbers: for an observer's `before`, if the call is to be printed
 * whole after it has returned. */
void platen_call_keep_given(struct platen_call *call);
/* What stood in this INOUT number, if it was kept; else what stands there now; 0 for NULL. */
uint32_t platen_call_given(const struct platen_call *call, const struct platen_arg_info *arg);
/* The value of the argument at `offset` of the slot's struct as a number: what a DWORD is, or what
 * a COUNT points at (0 for NULL). */
uint32_t platen_call_number(const struct platen_call *call, uint16_t offset);

#endif
