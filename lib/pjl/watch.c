/* SPDX-License-Identifier: MIT
 *
 * The thread that listens to the printer, in jobs and between them, and does what follows from what
 * it hears: the port's state, and the end of jobs. It sleeps in the port monitor's ReadPort, or on
 * the port's condition where there is nothing to be read, and never longer than until a job that
 * waits is to be completed.
 */
#include <string.h>

#include <platen/errors.h>

#include "codes.h"
#include "imports.h"
#include "os/clock.h"
#include "port.h"

enum { READ_BYTES = 2048, STACK = 256 * 1024 };

/* ---- the port's state ---------------------------------------------------------------------- */

bool pjl_watch_tell(struct pjl_port *port)
{
    struct pjl_meaning meaning = {0};
    if (port->learned.has_state)
        meaning = pjl_meaning_of(port->learned.state.codes[0], port->learned.state.online);
    if (meaning.status == port->told_status && meaning.severity == port->told_severity)
        return false;
    port->told_status = meaning.status;
    port->told_severity = meaning.severity;
    platen_os_mutex_unlock(&port->lock);
    imports_set_port(&port->instance->imports, port->name, meaning.status, meaning.severity);
    platen_os_mutex_lock(&port->lock);
    return true;
}

/* ---- jobs that wait ------------------------------------------------------------------------ */

static bool is_over(const struct pjl_job *job, uint64_t now)
{
    return job->printed || job->cancelled || now >= job->until;
}

/* Completes one job whose time has come; the lock is held, and let go meanwhile. */
static bool complete_one(struct pjl_port *port)
{
    struct pjl_job **at = &port->waiting;
    uint64_t now = platen_os_now();
    while (*at && !is_over(*at, now))
        at = &(*at)->next;
    struct pjl_job *job = *at;
    if (!job)
        return false;
    *at = job->next;
    if (!job->printed && !job->cancelled && !port->learned.tells_jobs)
        port->silent_on_jobs = true;
    platen_os_mutex_unlock(&port->lock);
    pjl_job_complete(port, job);
    platen_os_mutex_lock(&port->lock);
    return true;
}

static uint64_t next_moment(const struct pjl_port *port)
{
    uint64_t moment = PLATEN_OS_FOREVER;
    for (const struct pjl_job *job = port->waiting; job; job = job->next)
        if (job->until < moment)
            moment = job->until;
    return moment;
}

/* A job without a name, or with the beginning of one, is the oldest that it may be: printers cut
 * names, and print one job after the other. The job that is being sent can be cancelled at any
 * time, but is not printed before its end has gone out. */
static bool fits(const struct pjl_job *job, const struct pjl_event *event)
{
    bool may_be = event->what == PJL_JOB_CANCELLED ? job->listening : job->ended;
    return may_be && !job->printed && !job->cancelled &&
           (!event->name[0] || pjl_is_name(job->name, event->name));
}

static void note_event(struct pjl_port *port, const struct pjl_event *event)
{
    struct pjl_job *job = port->waiting;
    while (job && !fits(job, event))
        job = job->next;
    if (!job && port->job && fits(port->job, event))
        job = port->job;
    if (!job)
        return;
    job->printed = event->what == PJL_JOB_PRINTED;
    job->cancelled = event->what == PJL_JOB_CANCELLED;
}

/* ---- reading ------------------------------------------------------------------------------- */

/* What is more than there is room for is lost, the oldest first: nobody has wanted it. */
static void put_aside(void *context, const char *bytes, size_t size)
{
    struct pjl_port *port = context;
    if (size > sizeof(port->aside)) {
        bytes += size - sizeof(port->aside);
        size = sizeof(port->aside);
    }
    size_t most = sizeof(port->aside) - size;
    size_t old = port->aside_size;
    if (old > most)
        memmove(port->aside, port->aside + (old - most), most);
    old = old < most ? old : most;
    memcpy(port->aside + old, bytes, size);
    port->aside_size = (uint32_t)(old + size);
}

struct listener {
    struct pjl_reply_sink learned;
    struct pjl_port *port;
};

static void on_begin(void *context, const char *heading)
{
    struct listener *listener = context;
    listener->learned.begin(listener->learned.context, heading);
}

static void on_line(void *context, const char *line)
{
    struct listener *listener = context;
    listener->learned.line(listener->learned.context, line);
}

static void on_end(void *context, bool whole)
{
    struct listener *listener = context;
    struct pjl_event event;
    listener->learned.end(listener->learned.context, whole);
    while (pjl_learned_event(&listener->port->learned, &event))
        if (event.what != PJL_JOB_STARTED)
            note_event(listener->port, &event);
}

static void on_aside(void *context, const char *bytes, size_t size)
{
    struct listener *listener = context;
    put_aside(listener->port, bytes, size);
}

/* What came while no job was open, and cannot have been kept from one, came between jobs. What was
 * kept says nothing of the printer's state now. */
static void note_bytes(struct pjl_port *port, const char *bytes, uint32_t size)
{
    struct listener listener = {pjl_learned_sink(&port->learned), port};
    const struct pjl_reply_sink sink = {&listener, on_begin, on_line, on_end, on_aside};
    pjl_reply_feed(&port->reply, bytes, size, &sink);
    if (port->learned.speaks && port->speech != PJL_FOREIGN)
        port->speech = PJL_SPEAKS;
    if (!port->job && platen_os_now() >= port->last_end + PJL_BETWEEN)
        port->between = PJL_WORKS;
    if (!port->job && port->between != PJL_WORKS)
        port->learned.has_state = false;
}

/* Is reading the thread's? Between jobs a printer is listened to that is known to speak PJL. */
static bool listens(const struct pjl_port *port)
{
    bool wanted = port->job ? port->job->listening : port->speech == PJL_SPEAKS;
    return port->watched && wanted && !port->deaf;
}

/* The lock is held, and let go meanwhile. */
static void read_once(struct pjl_port *port)
{
    char bytes[READ_BYTES];
    uint32_t moved;
    uint64_t begun = platen_os_now();
    const struct pjl_job *job = port->job;
    port->reading = true;
    platen_os_mutex_unlock(&port->lock);
    uint32_t error = pjl_below_read(&port->below, bytes, sizeof(bytes), &moved);
    uint64_t now = platen_os_now();
    platen_os_mutex_lock(&port->lock);
    port->reading = false;
    port->heard = port->heard || !error;
    if (error && job == port->job) /* otherwise it may have been about the job before */
        port->deaf = true;
    if (moved)
        note_bytes(port, bytes, moved);
    platen_os_cond_broadcast(&port->changed);
    if (!moved && !port->closing && now < begun + PJL_PAUSE)
        platen_os_cond_wait_until(&port->changed, &port->lock,
                                  now + (port->job ? PJL_PAUSE : PJL_LONG_PAUSE));
}

/* ---- greeting ------------------------------------------------------------------------------ */

/* Once, between jobs: does the port carry anything there? If so the printer tells its state from
 * now on. */
static bool greet(struct pjl_port *port)
{
    struct pjl_say say;
    bool due = port->speech == PJL_SPEAKS && port->between == PJL_NOT_TRIED && !port->job &&
               !port->turn && !port->closing;
    if (!due)
        return false;
    port->turn = true;
    enum pjl_extent extent = port->greeted ? PJL_STATE_ALONE : PJL_EVERYTHING;
    platen_os_mutex_unlock(&port->lock);
    pjl_say_hello(&say, extent);
    bool works = !pjl_port_say(port, &say, 0, false) && say.sent > 0;
    platen_os_mutex_lock(&port->lock);
    port->between = works ? PJL_WORKS : PJL_REFUSED;
    port->greeted = port->greeted || works;
    port->asked = platen_os_now();
    port->turn = false;
    platen_os_cond_broadcast(&port->changed);
    return true;
}

/* ---- the thread ---------------------------------------------------------------------------- */

static void watch(void *argument)
{
    struct pjl_port *port = argument;
    platen_os_mutex_lock(&port->lock);
    port->watched = true;
    while (!port->closing) {
        if (pjl_watch_tell(port) || complete_one(port) || greet(port))
            continue;
        if (listens(port) && !port->reading)
            read_once(port);
        else
            platen_os_cond_wait_until(&port->changed, &port->lock, next_moment(port));
    }
    platen_os_mutex_unlock(&port->lock);
}

/* In the turn, or before anybody knows the port. */
uint32_t pjl_watch_begin(struct pjl_port *port)
{
    if (port->thread)
        return 0;
    if (!pjl_below_set_read_timeout(&port->below, PJL_READ_MS)) {
        platen_os_mutex_lock(&port->lock);
        port->heard = true;
        platen_os_mutex_unlock(&port->lock);
    }
    return platen_os_thread_start(&port->thread, "platen-pjl", STACK, watch, port);
}

void pjl_watch_end(struct pjl_port *port)
{
    if (port->thread)
        platen_os_thread_join(port->thread);
    port->thread = NULL;
}

/* ---- ReadPort ------------------------------------------------------------------------------ */

static uint32_t take_aside(struct pjl_port *port, void *data, uint32_t size)
{
    uint32_t moved = port->aside_size < size ? port->aside_size : size;
    memcpy(data, port->aside, moved);
    memmove(port->aside, port->aside + moved, port->aside_size - moved);
    port->aside_size -= moved;
    return moved;
}

/* Where the thread reads, what is not for it is waited for as long as it reads once. */
static uint32_t read_beside(struct pjl_port *port, void *data, uint32_t size)
{
    uint64_t until = platen_os_now() + PJL_READ_MS * PJL_MILLISECOND;
    while (!port->aside_size && (port->reading || listens(port)) && !port->closing)
        if (!platen_os_cond_wait_until(&port->changed, &port->lock, until))
            break;
    return take_aside(port, data, size);
}

/* Whoever reads, the printer's word about a job is heard: somebody may be waiting for it. */
uint32_t pjl_watch_read(struct pjl_port *port, void *data, uint32_t size, uint32_t *moved)
{
    uint32_t error = 0;
    *moved = 0;
    if (size == 0)
        return 0;
    if (!data)
        return PLATEN_INVALID_PARAMETER;
    platen_os_mutex_lock(&port->lock);
    *moved = read_beside(port, data, size);
    bool own = !*moved && !port->reading && !listens(port) && !port->closing;
    bool speaks = port->speech == PJL_SPEAKS;
    if (own)
        port->reading = true;
    platen_os_mutex_unlock(&port->lock);
    if (!own)
        return error;
    uint32_t most = speaks && size > READ_BYTES ? READ_BYTES : size;
    error = pjl_below_read(&port->below, data, most, moved);
    platen_os_mutex_lock(&port->lock);
    port->reading = false;
    if (*moved && speaks) {
        note_bytes(port, data, *moved);
        *moved = take_aside(port, data, size);
    }
    platen_os_cond_broadcast(&port->changed);
    platen_os_mutex_unlock(&port->lock);
    return error;
}
