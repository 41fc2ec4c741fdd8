/* SPDX-License-Identifier: MIT
 *
 * What the files of the spooler do for one another. Functions that the linker sees are named
 * spool_..., so that they meet no name of a program that links the library. Locks and sleeping:
 * things.h.
 */
#ifndef SPOOLER_INSIDE_H
#define SPOOLER_INSIDE_H

#include "spooler/things.h"

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
/* errand.c: on the lane of one of the printer's ports, which is open then, between jobs. Of what it
 * leads to nothing is kept by the spooler. */
struct errand {
    struct errand *next;
    struct printer *printer;
    /* Without the lock. */
    uint32_t (*run)(struct port *port, struct errand *errand);
    bool hurried; /* a job that has the port is not waited for: TIMEOUT at once */
    uint32_t error;
    bool begun;
    bool done;
};
#define SPOOL_ERRAND_PATIENCE UINT64_C(15000000000) /* nanoseconds for the port to be free */
/* What `run` said. TIMEOUT: the port was not free in time; BUSY: on a lane nobody may wait for
 * another; INVALID_PRINTER_NAME; what opening the port said. */
uint32_t spool_errand_run(platen_spooler *spooler, const char16_t *printer, struct errand *errand);
/* On the lane, with the lock held, which is given up meanwhile: false if there is none. */
bool spool_errand_next(struct port *port);
/* printing.c: one job, from StartDocPort to EndDocPort, on the lane's thread. */
void spool_print_job(struct port *port, struct job *job);

/* ---- queue.c: who prints what next; with the lock held --------------------------------------- */

/* Into its printer's queue, at its place; and out of it. */
void spool_queue_put(struct job *job);
void spool_queue_take(struct job *job);
/* Something about the printer's queue has changed: lanes that sleep look at it. */
void spool_queue_offer(const struct printer *printer);
/* The port will take no job for now: those that it shares printers with may have to. */
void spool_queue_offer_others(const struct port *port);
/* The port among those of the printer, as a bit of job.tried. */
uint64_t spool_queue_bit(const struct printer *printer, const struct port *port);
/* Is there a port that has not refused the job? */
bool spool_queue_any_left(const struct job *job);
/* What the port has to print next; NULL: nothing, and *until is made earlier if that changes with
 * time. */
struct job *spool_queue_next(const struct port *port, uint64_t *until);
/* The port's lane takes the job; and is done with it. */
void spool_queue_begin(struct port *port, struct job *job);
void spool_queue_leave(struct port *port, struct job *job);

/* ---- way.c: opening and closing ports -------------------------------------------------------- */

/* The call that failed, and why. */
struct fault {
    const char *slot; /* NULL: none, or the document itself */
    uint32_t error;
};

/* On the port's lane, without the lock: opens it on that way, unless it is; closes it. */
enum spool_action spool_way_open(struct port *port, const struct way *way, char16_t *printer,
                                 struct fault *fault);
void spool_way_close(struct port *port);
/* On the lane, with the lock held, which is given up meanwhile: opens it before a job wants it. */
void spool_way_connect(struct port *port);
/* Every port that the monitor lists, for good. */
void spool_way_open_all(struct monitor *monitor);
/* On another thread, with the lock held, once the lane has ended. */
void spool_way_visit_open(struct port *port);
void spool_way_visit_close(struct port *port);

/* ---- completion.c: with the lock held -------------------------------------------------------- */

/* The job has come to its end but for its completion; it is the port's no more. */
void spool_completion_wait(struct port *port, struct job *job);
/* Ends one job of the port whose wait is over, giving up the lock meanwhile; false: there is none,
 * and *until is made earlier if there will be. */
bool spool_completion_expire(struct port *port, uint64_t *until);
/* The same for all ports. */
bool spool_completion_expire_any(platen_spooler *spooler, uint64_t *until);
/* Ends a job that waits, giving up the lock for good. */
void spool_completion_end(struct job *job, enum platen_job_state state);
/* One that waits is queued again. */
void spool_completion_restart(struct job *job);
/* SetJob 6 or 7. Gives up the lock for good. */
uint32_t spool_completion_note(struct job *job, uint32_t command);

/* ---- event.c --------------------------------------------------------------------------------- */

/* Tells of something; the text is made from the format, cut and made printable. */
void spool_say(platen_spooler *spooler, enum platen_event_kind kind, const char *port, uint32_t job,
               const char *format, ...) PLATEN_OS_PRINTF(5, 6);
/* Tells of a job; slot and error as far as they matter. Costs a look if nobody listens. */
void spool_tell_job(platen_spooler *spooler, enum platen_event_kind kind, const struct job *job,
                    const char *port, const char *slot, uint32_t error);
void spool_tell_port(platen_spooler *spooler, const char16_t *port, const PORT_INFO_3W *info);
/* After FALSE: was it the end of the process that the monitor ran in? That is told already. */
bool spool_carrier_is_gone(void);
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
/* Its registry keys that are still open, as findings. */
void spool_monitor_report_keys(struct monitor *monitor);
/* Calls the module's DllMain, if that is for us to do. */
bool spool_monitor_dll_main(struct monitor *monitor, DWORD reason);
void spool_monitor_unlist(struct monitor *monitor);
void spool_monitor_free(struct monitor *monitor);
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
void spool_port_drop(struct port *port);
/* The name of a port, and of a printer's port if it has one alone, for an event. To be freed; NULL
 * if nobody would be told. */
char *spool_port_name_copy(const struct port *port);
char *spool_printer_port_copy(const struct printer *printer);
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
/* A job that has ended is queued again, from its first byte. */
void spool_job_revive(struct job *job);
/* Is it on its way, as far as its owner can tell? */
enum platen_job_state spool_job_state(const struct job *job);
/* Is its time over? */
bool spool_job_is_late(const struct job *job);
/* control.c: an order, by the program or (asked) by the monitor. Gives up the lock for good. */
uint32_t spool_job_order(struct job *job, enum platen_job_command command, bool asked);
/* It goes if nobody needs it. */
void spool_job_sweep(struct job *job);
void spool_job_fill(const struct job *job, struct platen_job_info *info);
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
/* With the lock held: the job has ended; what can be read again stays for a while. */
void spool_document_keep(struct job *job);
/* Before it is printed: a file that was let go is opened again, as it is now. */
uint32_t spool_document_reopen(struct job *job);
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
/* status.c, with the lock held: SetPort said this. */
void spool_status_note(struct port *port, const PORT_INFO_3W *info);
/* notify.c, without the lock: monitors learn which of their ports are used by now, so many names at
 * a time. */
#define SPOOL_NOTICES 64
void spool_notify(platen_spooler *spooler);
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
/* lane.c: the lane of a thread that a monitor made. */
struct platen_lane *spool_lane_of_stranger(HANDLE hSpooler);
void spool_strangers_end(platen_spooler *spooler);

/* The contract's types lack const; nobody writes there. */
static inline void *writable(const void *memory)
{
    return (void *)(uintptr_t)memory;
}

#endif
