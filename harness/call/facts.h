/* SPDX-License-Identifier: MIT
 *
 * Facts: what only the process that runs the monitor can see of a call. They are looked at in
 * native memory right after the call, in the host as well as in this process, and travel as words
 * in the second line of a RETURN, where they are a stranger's data: whatever does not parse is left
 * out.
 *
 *   damaged=[pPorts]                memory beside an argument was written to
 *   touched=[{name=pPorts size=512 from=0 to=43}]     of !painted memory; no from: nothing was
 * written laid={rows=3 array=96 size=512 low=100 high=212 odd=0 outside=0 endless=0 empty=0 null=0}
 *   functions={size=184 readable=1 aligned=1 members=0x.. executable=0x.. hash=0x..}
 *   tree={router=1 entries=2 fits=1 strangers=0 shared=0 request=0 endless=0 before=0 after=5
 * left=0} process={threads=1 handles=12 heap=123456 children=0}
 *
 * Before the call platen_facts_begin, right after it platen_facts_look. What happens elsewhere is
 * read there, printed, and read here (platen_facts_read); look does nothing then.
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

/* What is looked at beyond what always is. */
enum platen_facts_wanted {
    PLATEN_FACTS_PROCESS = 1,    /* struct platen_facts_process */
    PLATEN_FACTS_TABLE = 2,      /* the table that initialisation gave, looked at again */
    PLATEN_FACTS_LAST_ERROR = 4, /* the call begins with a last-error of PLATEN_FACTS_STALE */
    PLATEN_FACTS_ALL = 8         /* what always is: without it nothing is (a session sets it) */
};
#define PLATEN_FACTS_STALE 0xDEADBEEFu

/* An argument that was !painted. */
struct platen_facts_touched {
    char name[PLATEN_FACTS_NAME];
    uint64_t size; /* bytes that were painted */
    bool any;      /* one differs at least: */
    uint64_t from; /* the first of them, */
    uint64_t to;   /* and the last */
    bool zeros;    /* all of it is 0 now: NULL was written */
};

/* How the rows of EnumPorts lie in their buffer (R14, R15, R16). Offsets from its begin. */
struct platen_facts_laid {
    bool known;       /* it said TRUE, and there is a buffer */
    uint64_t rows;    /* structures that were looked at: at most as many as fit */
    uint64_t array;   /* bytes of structures, those that do not fit included */
    uint64_t size;    /* of the buffer, as far as it is there */
    bool any;         /* a text lies in the buffer, behind the structures: */
    uint64_t low;     /* where the lowest begins */
    uint64_t high;    /* where the highest ends, NUL included */
    uint32_t odd;     /* texts at odd addresses */
    uint32_t outside; /* that do not begin between the structures and the buffer's end */
    uint32_t endless; /* without a NUL in the buffer */
    uint32_t empty;   /* port names that are "" */
    uint32_t null;    /* that are NULL */
};

/* The table that InitializePrintMonitor2 gave, in a session the last one (R2, R3). */
struct platen_facts_table {
    bool known;
    bool null;           /* it gave none; nothing else is known then */
    bool readable;       /* up to cbSize; nothing else is known otherwise */
    bool aligned;        /* for pointers */
    uint32_t size;       /* cbSize, for its own width of pointers */
    uint32_t members;    /* bits of MONITOR2's members that are not NULL, in their order */
    uint32_t executable; /* those whose pointer leads to memory that can be run */
    uint64_t hash;       /* of its bytes: the same as long as the table is */
    uint32_t inner;      /* dwMonitorSize of a MONITOREX that it stands for; 0: it is none */
};

/* The answer of SendRecvBidiDataFromPort (R73, R74). The counts of blocks are of the whole process.
 */
struct platen_facts_tree {
    bool known;         /* an answer was given */
    bool from_router;   /* the container is a block that a Router function gave */
    uint32_t entries;   /* Count; 0 unless from_router */
    bool fits;          /* they lie in that block */
    uint32_t strangers; /* schemas and values elsewhere than at the begin of a Router block */
    uint32_t shared;    /* blocks that two places of the answer point at */
    uint32_t request;   /* pointers into the call's own arguments; they are strangers as well */
    uint32_t endless;   /* texts without a NUL in their block */
    uint32_t before;    /* Router blocks that were there when the call began */
    uint32_t after;     /* when it had ended, the answer included */
    uint32_t left;      /* and without what freeing the answer frees */
};

/* Of the whole process; only differences mean anything. -1: not to be had there. */
struct platen_facts_process {
    bool known;
    int64_t threads;
    int64_t handles;  /* descriptors, on Windows handles */
    int64_t heap;     /* bytes in use */
    int64_t children; /* processes that it started and did not wait for */
};

struct platen_facts {
    bool known;           /* somebody has looked */
    bool elsewhere;       /* and it is another process that looks */
    uint32_t before;      /* Router blocks, when the call began */
    const void *table_at; /* the table to look at; NULL: there is none */
    unsigned damaged_count;
    char damaged[PLATEN_FACTS_DAMAGED][PLATEN_FACTS_NAME];
    unsigned touched_count;
    struct platen_facts_touched touched[PLATEN_FACTS_TOUCHED];
    struct platen_facts_laid laid;
    struct platen_facts_table table;
    struct platen_facts_tree tree;
    struct platen_facts_process process;
};

/* Before the call, which has `wanted`: nothing is known yet. `table`: the monitor's MONITOR2. */
void platen_facts_begin(struct platen_facts *facts, const struct platen_call *call,
                        const void *table);
/* Right after the call, before its memory is poisoned; nothing if another process looks. */
void platen_facts_look(struct platen_facts *facts, const struct platen_call *call);

/* Writes them as words, each after a blank, but for `damaged`; how much that is. Nothing that does
 * not fit whole. */
size_t platen_facts_print(const struct platen_facts *facts, char *to, size_t size);
/* Reads what those words tell. */
void platen_facts_read(struct platen_facts *facts, const struct platen_word *words);

#endif
