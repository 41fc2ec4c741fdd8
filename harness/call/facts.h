/* SPDX-License-Identifier: MIT
 *
 * Facts: what only the process that runs the monitor can see of a call. They are looked at in
 * native memory right after the call, in the host as well as in this process, and travel as words
 * in the second line of a RETURN, where they are a stranger's data: whatever does not parse is left
 * out.
 *
 *   damaged=[pPorts]                memory beside an argument was written to
 *   touched=[{name=pPorts from=0 to=43}]      of !painted memory: the first and last byte that
 * differ laid=[{name=pPorts rows=3 array=48 low=100 high=212 odd=0 outside=0 endless=0 empty=0
 * null=0}] table={cbSize=184 ReadPort=NULL aligned=1 readable=1 executable=1 hash=0x...} tree={...}
 * of SendRecvBidiDataFromPort process={threads=1 handles=12 heap=123456}
 */
#ifndef CALL_FACTS_H
#define CALL_FACTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "call/build.h"

#define PLATEN_FACTS_DAMAGED 8u
#define PLATEN_FACTS_TOUCHED 8u
#define PLATEN_FACTS_NAME    40u

/* What is looked at on request alone. */
enum platen_facts_wanted {
    PLATEN_FACTS_PROCESS = 1,   /* struct platen_facts_process */
    PLATEN_FACTS_TABLE = 2,     /* the table that initialisation gave, looked at again */
    PLATEN_FACTS_LAST_ERROR = 4 /* the call begins with a last-error of 0xDEADBEEF */
};
#define PLATEN_FACTS_STALE 0xDEADBEEFu

/* An argument that was !painted. */
struct platen_facts_touched {
    char name[PLATEN_FACTS_NAME];
    uint64_t size; /* bytes that were painted */
    bool any;      /* one differs at least: */
    uint64_t from; /* the first of them, */
    uint64_t to;   /* and the last */
};

/* How the rows of EnumPorts lie in their buffer (R14, R15, R16). Offsets from its begin. */
struct platen_facts_laid {
    bool known;
    uint64_t rows;    /* structures that were looked at: at most as many as fit */
    uint64_t array;   /* bytes of structures, those that do not fit included */
    uint64_t size;    /* of the buffer */
    bool any;         /* a text lies in the buffer, behind the structures: */
    uint64_t low;     /* where the lowest begins */
    uint64_t high;    /* where the highest ends, NUL included */
    uint32_t odd;     /* texts at odd addresses */
    uint32_t outside; /* that do not begin between the structures and the buffer's end */
    uint32_t endless; /* without a NUL in the buffer */
    uint32_t empty;   /* port names that are "" */
    uint32_t null;    /* that are NULL */
};

/* The table that InitializePrintMonitor2 gave (R2, R3). */
struct platen_facts_table {
    bool known;
    bool null;           /* it gave none; nothing else is known then */
    bool readable;       /* up to cbSize; nothing else is known otherwise */
    bool aligned;        /* for pointers */
    uint32_t size;       /* cbSize */
    uint32_t members;    /* bits of MONITOR2's members that are not NULL, in their order */
    uint32_t executable; /* those whose pointer leads to memory that can be run */
    uint64_t hash;       /* of its bytes: the same as long as the table is */
};

/* The answer of SendRecvBidiDataFromPort (R73, R74). */
struct platen_facts_tree {
    bool known;         /* an answer was given */
    bool from_router;   /* the container is a block of RouterAllocBidiResponseContainer's, or of
                           RouterAllocBidiMem's */
    uint32_t entries;   /* Count */
    bool fits;          /* they lie in that block */
    uint32_t strangers; /* schemas and values elsewhere than at the begin of a Router block */
    uint32_t shared;    /* that two places of the answer point at */
    uint32_t request;   /* that point into the request */
    uint32_t endless;   /* texts without a NUL in their block */
    uint32_t before;    /* Router blocks that were there when the call began */
    uint32_t after;     /* when it had ended, the answer included */
    uint32_t left;      /* and when the answer had been freed */
};

/* Of the whole process; only differences mean anything. -1: not to be had there. */
struct platen_facts_process {
    bool known;
    int64_t threads;
    int64_t handles; /* descriptors, on Windows handles */
    int64_t heap;    /* bytes in use */
};

struct platen_facts {
    bool known;     /* somebody has looked */
    bool elsewhere; /* and it is another process that looks */
    uint64_t kept;  /* what the look before the call kept: Router blocks */
    unsigned damaged_count;
    char damaged[PLATEN_FACTS_DAMAGED][PLATEN_FACTS_NAME];
    unsigned touched_count;
    struct platen_facts_touched touched[PLATEN_FACTS_TOUCHED];
    struct platen_facts_laid laid;
    struct platen_facts_table table;
    struct platen_facts_tree tree;
    struct platen_facts_process process;
};

/* Before the call, which has `wanted`: nothing is known yet. */
void platen_facts_begin(struct platen_facts *facts, const struct platen_call *call);
/* Right after the call, before its memory is poisoned; nothing if another process looks. */
void platen_facts_look(struct platen_facts *facts, const struct platen_call *call);

#endif
