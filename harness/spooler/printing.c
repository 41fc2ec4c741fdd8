/* SPDX-License-Identifier: MIT
 *
 * One job on its way through a port: OpenPort if need be, StartDocPort, WritePort until all is
 * accepted, EndDocPort (contract 3.3). All on the lane's thread, no lock held.
 */
#include <stdlib.h>

#include "os/lasterror.h"
#include "spooler/inside.h"

/* How long a monitor may go on saying TRUE with 0 bytes, and how long we wait between its answers.
 */
#define PATIENCE    (300 * SECOND)
#define FIRST_PAUSE MILLISECOND
#define LAST_PAUSE  (16 * MILLISECOND)
#define RETRY_PAUSE (100 * MILLISECOND)
#define PROGRESS    (100 * MILLISECOND)

struct printing {
    platen_spooler *spooler;
    struct port *port;
    struct job *job;
    const char *slot;    /* the function that failed; NULL: none, or the document itself */
    uint64_t told_at;    /* when progress was told of */
    uint64_t idle_since; /* 0: the last WritePort moved something */
    uint64_t pause;
    uint32_t retries;
};

static uint64_t now(const platen_spooler *spooler)
{
    return spooler->clock->now(spooler->clock);
}

static bool is_cancelled(const struct printing *p)
{
    return atomic_load_explicit(&p->job->cancel, memory_order_relaxed);
}

static uint32_t failed(struct printing *p, const char *slot)
{
    p->slot = slot;
    return spool_reason_of(p->spooler, p->port->monitor->name, slot, p->port->name);
}

/* ---- the port -------------------------------------------------------------------------------- */

static void set_open(struct port *port, bool open, HANDLE handle)
{
    lock(port->spooler);
    port->open = open;
    port->handle = handle;
    if (!open)
        wake(port->spooler, &port->spooler->done);
    unlock(port->spooler);
}

static uint32_t open_port(struct printing *p)
{
    struct port *port = p->port;
    HANDLE handle = NULL;

    if (port->open)
        return 0;
    if (port->buffer == NULL)
        port->buffer = malloc(p->spooler->options.chunk);
    if (port->buffer == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    if (!platen_call_OpenPort(&port->lane, &port->monitor->table, port->monitor->instance,
                              port->name16, &handle))
        return failed(p, "OpenPort");
    set_open(port, true, handle);
    return 0;
}

void spool_close_port(struct port *port)
{
    struct monitor *monitor = port->monitor;

    if (!port->open)
        return;
    if (!platen_call_ClosePort(&port->lane, &monitor->table, port->handle))
        spool_say(port->spooler, PLATEN_EVENT_FINDING, port->name, 0,
                  "ClosePort of '%s' said FALSE (%s)", monitor->name,
                  spool_words_of(platen_os_get_last_error()).text);
    set_open(port, false, NULL);
}

/* ---- the document ---------------------------------------------------------------------------- */

/* Sleeps, but not through a cancel. */
static void pause_for(struct printing *p, uint64_t nanoseconds)
{
    uint64_t until = now(p->spooler) + nanoseconds;
    uint32_t seen = atomic_load(&p->port->work);

    while (!is_cancelled(p) && now(p->spooler) < until) {
        p->spooler->clock->wait(p->spooler->clock, plain(&p->port->work), seen, until);
        seen = atomic_load(&p->port->work);
    }
}

/* TRUE with 0 bytes is neither an error nor progress: ask again, ever less often, not for ever. */
static uint32_t bear_idleness(struct printing *p)
{
    uint64_t here = now(p->spooler);

    if (p->idle_since == 0) {
        p->idle_since = here;
        p->pause = FIRST_PAUSE;
        return 0;
    }
    if (here - p->idle_since > PATIENCE) {
        spool_say(p->spooler, PLATEN_EVENT_FINDING, p->port->name, p->job->id,
                  "WritePort of '%s' said TRUE and took nothing for five minutes (R100)",
                  p->port->monitor->name);
        p->slot = "WritePort";
        return PLATEN_TIMEOUT;
    }
    pause_for(p, p->pause);
    p->pause = p->pause * 2 < LAST_PAUSE ? p->pause * 2 : LAST_PAUSE;
    return 0;
}

/* Errors that may be over when the rest is offered again. */
static bool may_pass(uint32_t error)
{
    static const uint32_t passing[] = {
        PLATEN_NOT_READY, PLATEN_OUT_OF_PAPER,  PLATEN_SEM_TIMEOUT,
        PLATEN_BUSY,      PLATEN_DEVICE_IN_USE, PLATEN_TIMEOUT,
    };
    for (size_t i = 0; i < sizeof passing / sizeof *passing; i++)
        if (error == passing[i])
            return true;
    return false;
}

static void set_trouble(struct printing *p, bool trouble)
{
    if (p->job->in_trouble == trouble)
        return;
    lock(p->spooler);
    p->job->in_trouble = trouble;
    unlock(p->spooler);
}

/* WritePort said FALSE: 0 if the rest is to be offered again (R101). */
static uint32_t bear_failure(struct printing *p, uint32_t error)
{
    if (!may_pass(error) || p->retries >= p->spooler->options.retries)
        return error;
    p->retries++;
    set_trouble(p, true);
    spool_tell_job(p->spooler, PLATEN_EVENT_JOB_TROUBLE, p->job, p->port->name, p->slot, error);
    pause_for(p, RETRY_PAUSE);
    p->slot = NULL;
    return 0;
}

static void count_progress(struct printing *p, uint32_t written)
{
    struct job *job = p->job;
    uint64_t bytes = atomic_load_explicit(&job->bytes, memory_order_relaxed) + written;

    atomic_store_explicit(&job->bytes, bytes, memory_order_relaxed);
    if (written == 0)
        return;
    p->idle_since = 0;
    p->retries = 0;
    set_trouble(p, false);
    if (p->spooler->options.on_event == NULL)
        return;
    uint64_t here = now(p->spooler);
    if (here - p->told_at < PROGRESS)
        return;
    p->told_at = here;
    spool_tell_job(p->spooler, PLATEN_EVENT_JOB_PROGRESS, job, p->port->name, NULL, 0);
}

/* One WritePort. What it moved counts whatever it said (R38). */
static uint32_t write_once(struct printing *p, const uint8_t *data, uint32_t size, uint32_t *moved)
{
    struct port *port = p->port;
    DWORD written = 0;
    uint32_t error = 0;

    if (!platen_call_WritePort(&port->lane, &port->monitor->table, port->handle, writable(data),
                               size, &written))
        error = failed(p, "WritePort");
    atomic_store_explicit(&p->job->writes,
                          atomic_load_explicit(&p->job->writes, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    if (written > size) {
        spool_say(p->spooler, PLATEN_EVENT_FINDING, port->name, p->job->id,
                  "WritePort of '%s' claims %u bytes of %u (R38)", port->monitor->name,
                  (unsigned)written, (unsigned)size);
        written = size;
    }
    *moved = written;
    count_progress(p, written);
    if (error)
        return bear_failure(p, error);
    return written == 0 ? bear_idleness(p) : 0;
}

/* Short counts lead to a call with exactly the rest (R99). */
static uint32_t write_all(struct printing *p, const uint8_t *data, uint32_t size)
{
    while (size > 0) {
        uint32_t moved;
        if (is_cancelled(p))
            return PLATEN_PRINT_CANCELLED;
        uint32_t error = write_once(p, data, size, &moved);
        if (error)
            return error;
        data += moved;
        size -= moved;
    }
    return 0;
}

static void tell_unreadable(const struct printing *p, uint64_t offset, uint32_t error)
{
    spool_say(p->spooler, PLATEN_EVENT_LOG, p->port->name, p->job->id,
              error == PLATEN_HANDLE_EOF
                  ? "the document ended after %llu bytes, before its time (%s)"
                  : "the document cannot be read at byte %llu: %s",
              (unsigned long long)offset, spool_words_of(error).text);
}

static uint32_t write_document(struct printing *p)
{
    uint64_t offset = 0;

    for (;;) {
        const uint8_t *data;
        uint32_t size;
        uint32_t error = spool_document_read(p->job, offset, p->port->buffer,
                                             p->spooler->options.chunk, &data, &size);
        if (error) {
            tell_unreadable(p, offset, error);
            return error;
        }
        if (size == 0)
            return 0;
        error = write_all(p, data, size);
        if (error)
            return error;
        offset += size;
    }
}

/* ---- the job --------------------------------------------------------------------------------- */

static uint32_t start_doc(struct printing *p)
{
    struct port *port = p->port;
    struct job_text *text = p->job->text;
    DOC_INFO_1W doc = {.pDocName = text->title,
                       .pOutputFile = writable(text->output),
                       .pDatatype = writable(text->datatype)};

    if (!platen_call_StartDocPort(&port->lane, &port->monitor->table, port->handle,
                                  p->job->printer->name16, p->job->id, 1, (LPBYTE)&doc))
        return failed(p, "StartDocPort");
    lock(p->spooler);
    p->job->started_at = now(p->spooler);
    unlock(p->spooler);
    p->told_at = p->job->started_at;
    spool_tell_job(p->spooler, PLATEN_EVENT_JOB_STARTED, p->job, port->name, NULL, 0);
    return 0;
}

/* Once per StartDocPort that said TRUE, whatever came between (R95). The first failure counts. */
static uint32_t end_doc(struct printing *p, uint32_t error)
{
    struct port *port = p->port;
    const char *slot = p->slot;

    if (platen_call_EndDocPort(&port->lane, &port->monitor->table, port->handle))
        return error;
    uint32_t own = failed(p, "EndDocPort");
    if (error == 0)
        return own;
    p->slot = slot;
    return error;
}

static uint32_t run(struct printing *p)
{
    if (is_cancelled(p))
        return PLATEN_PRINT_CANCELLED;
    uint32_t error = open_port(p);
    if (!error)
        error = start_doc(p);
    return error ? error : end_doc(p, write_document(p));
}

/* A cancel that came when all bytes were out and EndDocPort said TRUE came too late. */
static enum platen_job_state verdict(const struct printing *p, uint32_t error)
{
    if (error == 0)
        return PLATEN_JOB_PRINTED;
    return error == PLATEN_PRINT_CANCELLED || is_cancelled(p) ? PLATEN_JOB_CANCELLED
                                                              : PLATEN_JOB_FAILED;
}

void spool_print_job(struct port *port, struct job *job)
{
    struct printing p = {.spooler = port->spooler, .port = port, .job = job};
    uint32_t error = run(&p);

    spool_document_close(&job->source);
    lock(port->spooler);
    port->current = NULL;
    spool_job_end(job, verdict(&p, error), error, p.slot);
    unlock(port->spooler);
    spool_job_settle(port->spooler, job, port->name);
}
