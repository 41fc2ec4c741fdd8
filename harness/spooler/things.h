/* SPDX-License-Identifier: MIT
 *
 * The things of the spooler: monitors, ports, printers, jobs, and the spooler itself.
 *
 * Locks, in the order in which they may be taken: the list of spoolers, a spooler's `lock`, the
 * ledger of handles. None is held while a monitor or an event handler is called (R106).
 *
 * Sleeping: on words of memory through the spooler's clock, so that time can be simulated. Who
 * changes what a sleeper waits for changes the word, and wakes, under the lock.
 */
#ifndef SPOOLER_THINGS_H
#define SPOOLER_THINGS_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <platen/spooler.h>

#include "call/call.h"
#include "os/file.h"
#include "os/format.h"
#include "os/module.h"
#include "os/text.h"
#include "os/thread.h"
#include "registry/registry.h"
#include "spooler/reactions.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)

typedef _Atomic uint32_t word;

/* ---- the things ------------------------------------------------------------------------------ */

/* What EnumPorts of one monitor said, checked and copied: one block. */
struct port_entry {
    const char16_t *name;
    const char16_t *monitor;
    const char16_t *description;
    uint32_t type;
};

struct port_list {
    atomic_uint refs;
    uint32_t count;
    uint32_t bytes[3]; /* what packing it takes, by level */
    struct port_entry entries[];
};

/* A thread that is in EnumPorts of a monitor: if the monitor asks for the ports meanwhile it gets
 * the list as it was, and no call without end. */
struct asking {
    uint64_t thread;
    struct asking *next;
};

struct monitor {
    struct monitor *next;
    struct monitor *gone; /* the next of those that were unloaded */
    uint32_t number;      /* the list is in this order */
    platen_spooler *spooler;
    char *name;
    char16_t *name16;
    platen_os_module *module; /* NULL: linked into the program, or carried */
    void (*release)(void *carried);
    bool (*is_gone)(void *carried);
    void *carried; /* by somebody else (carry.h) */
    struct platen_entry_table entry;
    MONITORINIT init; /* stays as it is until Shutdown has returned (R84) */
    char16_t *server;
    platen_registry_view *view;
    MONITOR2 table; /* our copy: what lies beyond cbSize is NULL (R86) */
    HANDLE instance;
    bool language;  /* it was loaded as a language monitor: it has no ports */
    bool ready;     /* may be called */
    bool closing;   /* may be called no more */
    bool leaving;   /* it is being unloaded: bound to no more printers */
    uint32_t calls; /* under way from threads that are not lanes, and Xcv handles */
    uint32_t xcvs;  /* handles that are open */
    MONITOR2 shown; /* for language monitors (R118): a copy of `table` that they may spoil */
    struct asking *asking;
    struct port_list *list; /* NULL: never asked */
    uint32_t changes;       /* of the ports, as far as they passed through us */
    bool fresh;             /* no change since `list` */
    bool level1;            /* it refused level 2 (R89) */
    bool notifying;         /* somebody tells it which of its ports are used */
};

struct binding {
    struct printer *printer;
    struct port *port;
    struct binding *next; /* of the port */
};

/* How a port is open, or is to be opened: whose functions the handle belongs to follows from it. */
struct way {
    struct monitor *language; /* NULL: none */
    bool bidi;                /* the calls of jobs go to the language monitor */
};

/* What SetPort level 3 said last of a port; all zero: it was cleared. */
struct port_told {
    uint32_t bits; /* of a printer's status */
    uint32_t status;
    uint32_t severity;
    char text[128]; /* made printable */
};

struct errand;

struct port {
    struct port *next;
    platen_spooler *spooler;
    struct monitor *monitor;
    char *name;
    char16_t *name16;
    struct binding *bindings; /* printers that are bound to it */
    uint32_t pools;           /* of these with several ports */
    struct job *current;
    struct job *waiting; /* for their completion, the oldest first; linked by `next` */
    uint32_t status;     /* SetPort level 3: JOB_STATUS bits for its jobs */
    struct port_told told;
    bool told_used;          /* its monitor was told that printers are bound to it */
    struct errand *errands;  /* the oldest first */
    bool parked;             /* no new job until the status is cleared (R108) */
    bool open;               /* OpenPort or OpenPortEx said TRUE, ClosePort has not been called */
    bool shut;               /* to be closed as soon as no job has it */
    bool connect;            /* to be opened before a job wants it */
    bool stays;              /* open without printers too (PLATEN_OPEN_AT_START) */
    bool visited;            /* a thread that is not its lane opens or closes it */
    uint32_t visitors;       /* that wait for that: the record stays */
    bool busy;               /* its lane is in a call that belongs to no job */
    bool running;            /* the lane's thread has not ended */
    bool asleep;             /* it waits for work */
    struct way way;          /* while it is open */
    struct monitor *through; /* whose functions take the handle */
    HANDLE handle;
    word work; /* changes when the lane should look around */
    platen_os_thread *thread;
    struct platen_lane lane;
    uint8_t *buffer;
};

#define MOST_PORTS 64 /* of a printer: the bits of job.tried */

struct printer {
    struct printer *next; /* in its row of names */
    platen_spooler *spooler;
    char *name;
    char16_t *name16;
    uint64_t hash;
    struct job *first; /* queued jobs in their order */
    struct job *last;
    uint32_t jobs;     /* that have not ended */
    uint32_t printing; /* of these with a lane */
    uint32_t refs;     /* jobs that are known, open handles, and one until it is deleted */
    bool held;
    struct way way;
    uint32_t port_count; /* 0: a shadow, or deleted */
    struct binding bindings[];
};

enum source_kind {
    SOURCE_NONE,
    SOURCE_FILE,
    SOURCE_CLOSED,  /* a file that is opened again if need be */
    SOURCE_SPOOLED, /* a nameless file of our own */
    SOURCE_STANDARD,
    SOURCE_MEMORY,
    SOURCE_CALLBACK
};

struct source {
    enum source_kind kind;
    union {
        platen_os_file file;
        const uint8_t *data;
        struct {
            uint32_t (*read_at)(void *context, uint64_t offset, void *to, uint32_t size,
                                uint32_t *moved);
            void *context;
        } callback;
    } from;
};

struct job_text {
    const char16_t *output; /* NULL: none */
    const char16_t *datatype;
    const char *title8;
    char16_t title[];
};

/* What was ordered for a job that is on its way; the lane looks at it between its calls. */
enum orders {
    ORDER_CANCEL = 1,
    ORDER_PAUSE = 2,
    ORDER_RESTART = 4,
    ORDER_ASKED = 8, /* the restart: by the monitor */
    ORDER_STOP = 16  /* the cancel: not by the monitor */
};

struct job {
    uint32_t id; /* 0: this place is free */
    uint32_t error;
    uint32_t completions;
    uint32_t starts;
    uint32_t restarts; /* that the monitor asked for */
    word writes;
    _Atomic uint64_t bytes;
    _Atomic uint64_t size; /* a path is opened again for a restart, while events tell of it */
    uint64_t order;        /* in its printer's queue */
    uint64_t tried;        /* ports of its printer that refused it, as bits */
    uint64_t queued_at;
    uint64_t started_at;
    uint64_t ended_at;
    uint64_t timeout;
    uint64_t limit;      /* when its time is over; 0: not begun, or never */
    uint64_t not_before; /* it rests until then */
    uint64_t wait_until; /* for its completion, in the list of its port; 0: it does not wait */
    const char *slot;
    struct printer *printer;
    struct port *port; /* whose lane has it, or in whose list it waits */
    struct job *next;
    struct job_text *text;
    struct source source;
    char *path; /* of a SOURCE_FILE; NULL otherwise */
    _Atomic uint32_t orders;
    _Atomic uint8_t state; /* enum platen_job_state, but never PAUSED */
    bool queued;           /* in its printer's queue */
    bool settled;          /* ended, and its event has been delivered */
    bool forgotten;
    bool shadow;   /* shadow.h: in the spooler's list of them, not in the table */
    bool lasting;  /* its source may be read after its end */
    bool revived;  /* restarted while the event of its end was told */
    bool deleted;  /* after its end: monitors know it no more */
    bool language; /* its calls go to a language monitor: SetJob 7 completes it (R105) */
    bool complete;
    bool in_trouble; /* the last WritePort failed and is tried again */
    uint16_t waiters;
};

struct job_chunk;

#define PRINTER_ROWS 256
#define SHADOW_ROWS  1024
#define KEPT         256 /* spooled documents of jobs that have ended */

/* A job that had ended, by number and order: if it was printed again since, the order differs. */
struct kept {
    uint32_t id;
    uint64_t order;
};

struct platen_spooler {
    struct platen_spooler *next; /* of the process */
    atomic_uint pins;            /* threads that came from a handle or from the list */
    struct platen_spooler_options options;
    char *server_name; /* NULL: none */
    char16_t *machine; /* what GetJob says */
    char16_t *user;
    struct platen_clock *clock;
    platen_registry *registry;
    platen_registry *own_registry;
    struct spool_reactions reactions;
    bool spares; /* the profile wine: a monitor may lack what jobs can do without */
    struct platen_observer *observers;
    struct foreign_lane *foreign;

    platen_os_mutex lock; /* everything below, and what it leads to */
    bool ending;
    struct monitor *monitors;
    uint32_t last_monitor;
    struct monitor *gone; /* unloaded: somebody may still look at them */
    struct port *ports;
    struct deletion *deletions; /* DeletePort calls under way */
    struct printer *printers[PRINTER_ROWS];
    platen_xcv *xcvs; /* those that the program opened; the others hang from handles */
    struct job_chunk **chunks;
    uint32_t chunk_room;
    uint32_t chunk_count;
    uint32_t last_job;
    uint64_t last_order;
    struct job *shadows[SHADOW_ROWS]; /* by number: a trace that runs again may cast a million */
    uint32_t shadow_count;
    struct kept kept[KEPT];
    uint32_t next_kept;
    uint32_t active; /* jobs that are not settled */
    uint32_t idlers; /* threads that wait for active == 0 */
    word done;       /* changes when a job that is waited for has settled, a port is closed ... */
};

/* A DeletePort that the monitor is being asked for: nobody may bind the port meanwhile. */
struct deletion {
    const char16_t *name;
    bool reopen; /* if it is refused */
    struct deletion *next;
};

struct platen_xcv {
    struct platen_xcv *next;
    struct monitor *monitor;
    HANDLE handle;
    uint32_t calls;
    bool listed; /* in the spooler's list */
    bool closing;
};

#endif
