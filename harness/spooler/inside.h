/* SPDX-License-Identifier: MIT
 *
 * What the files of the spooler share. Functions that the linker sees are named spool_..., so that
 * they meet no name of a program that links the library.
 *
 * Locks, in the order in which they may be taken: the list of spoolers, a spooler's `lock`, the
 * ledger of handles. None is held while a monitor or an event handler is called (R106).
 *
 * Sleeping: on words of memory through the spooler's clock, so that time can be simulated. Who
 * changes what a sleeper waits for changes the word, and wakes, under the lock.
 */
#ifndef SPOOLER_INSIDE_H
#define SPOOLER_INSIDE_H

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
    platen_spooler *spooler;
    char *name;
    char16_t *name16;
    platen_os_module *module; /* NULL: linked into the program */
    struct platen_entry_table entry;
    MONITORINIT init; /* stays as it is until Shutdown has returned (R84) */
    char16_t *server;
    platen_registry_view *view;
    MONITOR2 table; /* our copy: what lies beyond cbSize is NULL (R86) */
    HANDLE instance;
    bool language;  /* it was loaded as a language monitor: it has no ports */
    bool ready;     /* may be called */
    bool closing;   /* may be called no more */
    uint32_t calls; /* under way from threads that are not lanes */
    struct asking *asking;
    struct port_list *list; /* NULL: never asked */
    uint32_t changes;       /* of the ports, as far as they passed through us */
    bool fresh;             /* no change since `list` */
    bool level1;            /* it refused level 2 (R89) */
};

struct port {
    struct port *next;
    platen_spooler *spooler;
    struct monitor *monitor;
    char *name;
    char16_t *name16;
    struct printer *printers; /* bound to it */
    struct job *current;
    uint32_t status; /* SetPort level 3: JOB_STATUS bits for its jobs */
    bool parked;     /* no new job until the status is cleared (R108) */
    bool open;       /* OpenPort said TRUE, ClosePort has not been called */
    bool running;    /* the lane's thread has not ended */
    bool asleep;     /* it waits for work */
    HANDLE handle;
    word work; /* changes when the lane should look around */
    platen_os_thread *thread;
    struct platen_lane lane;
    uint8_t *buffer;
};

struct printer {
    struct printer *next;    /* in its row of names */
    struct printer *sibling; /* on the same port */
    platen_spooler *spooler;
    struct port *port; /* NULL once it is deleted */
    char *name;
    char16_t *name16;
    uint64_t hash;
    struct job *first; /* queued jobs in order */
    struct job *last;
    uint32_t jobs; /* queued or printing */
    uint32_t refs; /* jobs that are known, open handles, and one until it is deleted */
    bool held;
};

enum source_kind { SOURCE_NONE, SOURCE_FILE, SOURCE_STANDARD, SOURCE_MEMORY, SOURCE_CALLBACK };

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

struct job {
    uint32_t id; /* 0: this place is free */
    uint32_t error;
    uint32_t completions;
    word writes;
    _Atomic uint64_t bytes;
    uint64_t size;
    uint64_t queued_at;
    uint64_t started_at;
    uint64_t ended_at;
    const char *slot;
    struct printer *printer;
    struct job *next;
    struct job_text *text;
    struct source source;
    uint8_t state; /* enum platen_job_state */
    bool settled;  /* ended, and its event has been delivered */
    bool forgotten;
    bool shadow;     /* shadow.h: in the spooler's list of them, not in the table */
    bool in_trouble; /* the last WritePort failed and is tried again */
    atomic_bool cancel;
    uint16_t waiters;
};

struct job_chunk;

#define PRINTER_ROWS 256

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
    struct platen_observer *observers;
    struct foreign_lane *foreign;

    platen_os_mutex lock; /* everything below, and what it leads to */
    bool ending;
    struct monitor *monitors;
    struct port *ports;
    struct deletion *deletions; /* DeletePort calls under way */
    struct printer *printers[PRINTER_ROWS];
    platen_xcv *xcvs; /* those that the program opened; the others hang from handles */
    struct job_chunk **chunks;
    uint32_t chunk_room;
    uint32_t chunk_count;
    uint32_t last_job;
    struct job *shadows;
    uint32_t active; /* jobs that are not settled */
    uint32_t idlers; /* threads that wait for active == 0 */
    word done;       /* changes when a job that is waited for has settled, a port is closed ... */
};

/* A DeletePort that the monitor is being asked for: nobody may bind the port meanwhile. */
struct deletion {
    const char16_t *name;
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

/* ---- process.c: spoolers of the process, and the handles that OpenPrinter gives -------------- */

static inline void lock(platen_spooler *spooler)
{
    platen_os_mutex_lock(&spooler->lock);
}

static inline void unlock(platen_spooler *spooler)
{
    platen_os_mutex_unlock(&spooler->lock);
}

/* The clock takes a word as plain memory. */
static inline const uint32_t *plain(const void *at)
{
    return at;
}

/* With the lock held: changes the word and wakes who sleeps on it. */
static inline void wake(platen_spooler *spooler, word *at)
{
    atomic_fetch_add(at, 1);
    spooler->clock->wake(spooler->clock, plain(at));
}

/* Gives up the lock, sleeps until the word changes or `until` has come, takes the lock again. */
static inline void sleep_on(platen_spooler *spooler, word *at, uint64_t until)
{
    uint32_t seen = atomic_load(at);

    unlock(spooler);
    spooler->clock->wait(spooler->clock, plain(at), seen, until);
    lock(spooler);
}

/* Makes the process ready, once. */
void spool_process_prepare(void);
void spool_process_add(platen_spooler *spooler);
/* Takes the spooler off the list, ends its handles and waits until nobody has it pinned. */
void spool_process_remove(platen_spooler *spooler);
/* The next spooler of the process after `spooler` (NULL: the first), pinned; unpins `spooler`. */
platen_spooler *spool_process_next(platen_spooler *spooler);
void spool_pin(platen_spooler *spooler);
void spool_unpin(platen_spooler *spooler);

struct opened {
    platen_spooler *spooler;
    struct printer *printer; /* NULL: the server itself, or Xcv */
    platen_xcv *xcv;         /* NULL: none */
};

uint32_t spool_handle_new(const struct opened *what, HANDLE *handle);
/* What the handle stands for, its spooler pinned; false if it is not alive. */
bool spool_handle_find(HANDLE handle, struct opened *what);
/* The same, and the handle is dead from now on. */
bool spool_handle_end(HANDLE handle, struct opened *what);
/* Ends one handle of the spooler that is still alive, of Xcv alone or of any kind; false if there
 * is none. Not pinned. */
bool spool_handle_sweep(platen_spooler *spooler, bool xcv_alone, struct opened *what);

/* ---- lanes ----------------------------------------------------------------------------------- */

/* The calling thread works for a spooler: on its own lane if it has one there, else on this. */
struct visit {
    struct platen_lane own;
    struct platen_lane *before;
    struct platen_lane *lane;
};
void spool_visit_begin(struct visit *visit, platen_spooler *spooler);
void spool_visit_end(struct visit *visit);

/* lane.c. With the lock held: starts the port's thread if it has none; makes it look around. */
uint32_t spool_lane_start(struct port *port);
void spool_lane_nudge(struct port *port);
/* With the lock held: the thread has ended; takes its last traces away. */
void spool_lane_bury(struct port *port);
/* printing.c: one job, from StartDocPort to EndDocPort, on the lane's thread. */
void spool_print_job(struct port *port, struct job *job);
void spool_close_port(struct port *port);

/* ---- event.c --------------------------------------------------------------------------------- */

/* Tells of something; the text is made from the format, cut and made printable. */
void spool_say(platen_spooler *spooler, enum platen_event_kind kind, const char *port, uint32_t job,
               const char *format, ...) PLATEN_OS_PRINTF(5, 6);
/* Tells of a job; slot and error as far as they matter. Costs a look if nobody listens. */
void spool_tell_job(platen_spooler *spooler, enum platen_event_kind kind, const struct job *job,
                    const char *port, const char *slot, uint32_t error);
void spool_tell_port(platen_spooler *spooler, const char16_t *port, const PORT_INFO_3W *info);
/* "170 (it is in use)" */
struct error_words {
    char text[96];
};
struct error_words spool_words_of(uint32_t error);
/* The reason of a call that just said FALSE; a missing one is a finding, and GEN_FAILURE. */
uint32_t spool_reason_of(platen_spooler *spooler, const char *monitor, const char *slot,
                         const char *port);

/* ---- monitors and their ports ---------------------------------------------------------------- */

/* table.c: copies the table that init returned, as far as it may be read. */
uint32_t spool_table_take(struct monitor *monitor, const MONITOR2 *from, char **complaint);
char *spool_complain(const char *format, ...) PLATEN_OS_PRINTF(1, 2);
/* All monitors are shut down and unloaded; no lane and no Xcv handle is left. */
void spool_monitors_end(platen_spooler *spooler);
/* When nobody can look at them any more. */
void spool_monitors_free(platen_spooler *spooler);
/* With the lock held. */
struct monitor *spool_monitor_named(platen_spooler *spooler, const char *name);
/* A call from a thread that is no lane begins, unless the monitor is being shut down. */
bool spool_monitor_enter(struct monitor *monitor);
void spool_monitor_leave(struct monitor *monitor);

/* enumports.c: asks EnumPorts; *list is to be released. */
uint32_t spool_ports_ask(struct platen_lane *lane, struct monitor *monitor,
                         struct port_list **list);
/* ports.c: the list, asked for only if something changed since. */
uint32_t spool_ports_known(struct platen_lane *lane, struct monitor *monitor,
                           struct port_list **list);
/* How many bytes its list takes at a level, by what is known or by its own answer to that question
 * alone; what it says is believed. */
uint32_t spool_ports_size(struct platen_lane *lane, struct monitor *monitor, uint32_t level,
                          uint32_t *bytes);
void spool_ports_release(struct port_list *list);
/* The monitor that has the port, and the name as it lists it (to be freed). UNKNOWN_PORT. */
uint32_t spool_port_owner(platen_spooler *spooler, const char16_t *name, struct monitor **monitor,
                          char16_t **listed);
/* The ports of the monitor may have changed. */
void spool_ports_changed(struct monitor *monitor);
/* With the lock held: the record of a port, NULL if there is none; made; freed if nobody needs
 * it.*/
struct port *spool_port_record(platen_spooler *spooler, const char16_t *name);
uint32_t spool_port_make(struct monitor *monitor, const char16_t *name, struct port **port);
void spool_port_drop(platen_spooler *spooler, const char16_t *name);
/* The port of a printer, to be freed; NULL if nobody would be told. */
char *spool_port_name_copy(const struct printer *printer);
/* Without the lock: all threads leave; later all records go. */
void spool_lanes_end(platen_spooler *spooler);
void spool_ports_end(platen_spooler *spooler);
/* The next monitor that may be called, after `monitor` (NULL: the first). */
struct monitor *spool_monitor_after(platen_spooler *spooler, struct monitor *monitor);

/* ---- printers and jobs: with the lock held --------------------------------------------------- */

/* A printer with room for so many ports, not yet known by its name; without the lock. */
uint32_t spool_printer_new(platen_spooler *spooler, const char *name, uint32_t ports,
                           struct printer **printer);
/* From here on it is found by its name. */
void spool_printer_list(struct printer *printer);
struct printer *spool_printer_named(platen_spooler *spooler, const char16_t *name);
void spool_printer_unref(struct printer *printer);
void spool_printers_end(platen_spooler *spooler);

struct job *spool_job_find(platen_spooler *spooler, uint32_t id);
/* A new job, state queued, not yet in its printer's queue. NULL: no memory. */
struct job *spool_job_new(struct printer *printer);
/* JOB_STATUS bits (contract 1.8). */
uint32_t spool_job_status(const struct job *job);
/* The job has its last state; then the event; then, settled, it may be forgotten. */
void spool_job_end(struct job *job, enum platen_job_state state, uint32_t error, const char *slot);
/* Gives up the lock: a queued job ends here and now, on the thread that cancels it. */
void spool_job_cancel_queued(struct job *job);
/* One who kept the job from being taken away, by counting as a waiter, leaves. */
void spool_job_let_go(struct job *job);
/* shadow.c: nobody needs the shadow any more. */
void spool_shadow_release(struct job *job);
/* Without the lock. */
void spool_job_settle(platen_spooler *spooler, struct job *job, const char *port);
void spool_jobs_end(platen_spooler *spooler);

/* ---- document.c ------------------------------------------------------------------------------ */

uint32_t spool_document_open(const struct platen_document *document, struct source *source,
                             uint64_t *size);
/* Up to `room` bytes from `offset` on: *data leads into `buffer` or into the document itself. */
uint32_t spool_document_read(const struct job *job, uint64_t offset, uint8_t *buffer, uint32_t room,
                             const uint8_t **data, uint32_t *size);
void spool_document_close(struct source *source);
struct job_text *spool_document_text(const struct platen_document *document, bool with_utf8);

/* ---- winspool.c and its helpers -------------------------------------------------------------- */

extern const PLATEN_IMPORTS spool_winspool;
/* The job of that number on the printer of that handle, with the lock held; NULL: there is none. */
struct job *spool_job_on(const struct opened *where, uint32_t id);
/* portinfo.c: EnumPorts over all monitors, SetPort level 3. */
uint32_t spool_portinfo_pack(platen_spooler *spooler, DWORD level, LPBYTE to, DWORD size,
                             LPDWORD needed, LPDWORD returned);
uint32_t spool_port_set_status(platen_spooler *spooler, const char16_t *name,
                               const PORT_INFO_3W *info);
/* jobinfo.c: GetJob for a job of that printer. */
uint32_t spool_jobinfo_get(const struct opened *where, uint32_t id, DWORD level, LPBYTE to,
                           DWORD size, LPDWORD needed);
/* xcv.c: is it ",Xcv..."? Does the spooler have what it names? What stands behind a "\\server\"
 * that is ours; NULL if it is another's. */
bool spool_xcv_named(const char *object);
uint32_t spool_xcv_open(platen_spooler *spooler, const char *object, uint32_t granted, bool listed,
                        platen_xcv **xcv);
bool spool_xcv_known(platen_spooler *spooler, const char *object);
const char *spool_after_server(const platen_spooler *spooler, const char *name);
/* routeralloc.c */
PBIDI_RESPONSE_CONTAINER WINAPI spool_router_alloc_container(DWORD count);
LPVOID WINAPI spool_router_alloc_mem(size_t size);
DWORD WINAPI spool_router_free_container(PBIDI_RESPONSE_CONTAINER tree);
VOID WINAPI spool_router_free_mem(LPVOID memory);
/* lane.c: the lane of a thread that a monitor made. */
struct platen_lane *spool_lane_of_stranger(HANDLE hSpooler);
void spool_strangers_end(platen_spooler *spooler);

/* The contract's types lack const; nobody writes there. */
static inline void *writable(const void *memory)
{
    return (void *)(uintptr_t)memory;
}

#endif
