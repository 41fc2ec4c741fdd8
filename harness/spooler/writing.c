/* SPDX-License-Identifier: MIT
 *
 * WritePort until all is accepted (contract 2.7), and what follows from each of its answers.
 */
#include <stdlib.h>

#include "spooler/printing.h"

/* How long a monitor may go on saying TRUE with 0 bytes, and how long we wait between its answers.
 */
#define PATIENCE    (300 * SECOND)
#define FIRST_PAUSE MILLISECOND
#define LAST_PAUSE  (16 * MILLISECOND)
#define RETRY_PAUSE (100 * MILLISECOND)
#define PROGRESS    (100 * MILLISECOND)

/* ---- pauses ---------------------------------------------------------------------------------- */

/* Sleeps, but not through an order that stops the job. */
static void pause_for(struct printing *p, uint64_t nanoseconds)
{
    uint64_t until = spool_printing_now(p) + nanoseconds;
    uint32_t seen = atomic_load(&p->port->work);

    if (p->job->limit != 0 && p->job->limit < until)
        until = p->job->limit;
    while (spool_printing_stopped(p) == SPOOL_GO_ON && spool_printing_now(p) < until) {
        p->spooler->clock->wait(p->spooler->clock, plain(&p->port->work), seen, until);
        seen = atomic_load(&p->port->work);
    }
}

static bool is_paused(const struct printing *p)
{
    return atomic_load_explicit(&p->job->orders, memory_order_relaxed) & ORDER_PAUSE;
}

/* A job that is paused in the middle of its bytes keeps its port. */
static enum spool_action wait_for_orders(struct printing *p)
{
    const struct job *job = p->job;

    lock(p->spooler);
    while (is_paused(p) && spool_printing_stopped(p) == SPOOL_GO_ON)
        sleep_on(p->spooler, &p->port->work, job->limit != 0 ? job->limit : PLATEN_FOREVER);
    unlock(p->spooler);
    return spool_printing_stopped(p);
}

/* ---- what follows from an answer ------------------------------------------------------------- */

static void set_trouble(struct printing *p, bool trouble)
{
    if (p->job->in_trouble == trouble)
        return;
    lock(p->spooler);
    p->job->in_trouble = trouble;
    unlock(p->spooler);
}

/* Offers the rest again, as often as the program wants (R101). */
static enum spool_action retry(struct printing *p)
{
    if (p->retries >= p->spooler->options.retries)
        return SPOOL_FAIL;
    p->retries++;
    set_trouble(p, true);
    spool_tell_job(p->spooler, PLATEN_EVENT_JOB_TROUBLE, p->job, p->port->name, p->fault.slot,
                   p->fault.error);
    pause_for(p, RETRY_PAUSE);
    return SPOOL_GO_ON;
}

static enum spool_action stalled(struct printing *p)
{
    spool_say(p->spooler, PLATEN_EVENT_FINDING, p->port->name, p->job->id,
              "WritePort of '%s' said TRUE and took nothing for five minutes (R100)",
              p->port->through->name);
    p->fault = (struct fault){"WritePort", PLATEN_TIMEOUT};
    return spool_reaction(&p->spooler->reactions, SPOOL_WHEN_WRITE_STALLED);
}

/* TRUE with 0 bytes is neither an error nor progress: ask again, ever less often, not for ever. */
static enum spool_action back_off(struct printing *p)
{
    uint64_t here = spool_printing_now(p);

    if (p->idle_since == 0) {
        p->idle_since = here;
        p->pause = FIRST_PAUSE;
        return SPOOL_GO_ON;
    }
    if (here - p->idle_since > PATIENCE)
        return stalled(p);
    pause_for(p, p->pause);
    p->pause = p->pause * 2 < LAST_PAUSE ? p->pause * 2 : LAST_PAUSE;
    return SPOOL_GO_ON;
}

static enum spool_action again(struct printing *p)
{
    (void)p;
    return SPOOL_GO_ON;
}

/* The actions that go on with the job; all others end it. */
static enum spool_action (*const ways_on[SPOOL_ACTIONS])(struct printing *p) = {
    [SPOOL_AGAIN] = again,
    [SPOOL_BACK_OFF] = back_off,
    [SPOOL_RETRY] = retry,
};

static enum spool_action react(struct printing *p, enum spool_condition condition)
{
    enum spool_action action = spool_reaction(&p->spooler->reactions, condition);

    if (ways_on[action] != NULL)
        action = ways_on[action](p);
    if (action == SPOOL_GO_ON)
        p->fault = (struct fault){.slot = NULL};
    return action;
}

/* ---- one call -------------------------------------------------------------------------------- */

static void count(struct printing *p, uint32_t written)
{
    struct job *job = p->job;
    uint64_t bytes = atomic_load_explicit(&job->bytes, memory_order_relaxed) + written;

    atomic_store_explicit(&job->writes,
                          atomic_load_explicit(&job->writes, memory_order_relaxed) + 1,
                          memory_order_relaxed);
    atomic_store_explicit(&job->bytes, bytes, memory_order_relaxed);
    if (written == 0)
        return;
    p->idle_since = 0;
    p->retries = 0;
    set_trouble(p, false);
    if (p->spooler->options.on_event == NULL)
        return;
    uint64_t here = spool_printing_now(p);
    if (here - p->told_at < PROGRESS)
        return;
    p->told_at = here;
    spool_tell_job(p->spooler, PLATEN_EVENT_JOB_PROGRESS, job, p->port->name, NULL, 0);
}

/* A count above what was offered is a finding, and not believed (R38). */
static uint32_t believe(const struct printing *p, DWORD written, uint32_t size)
{
    if (written <= size)
        return written;
    spool_say(p->spooler, PLATEN_EVENT_FINDING, p->port->name, p->job->id,
              "WritePort of '%s' claims %u bytes of %u (R38)", p->port->through->name,
              (unsigned)written, (unsigned)size);
    return size;
}

/* What it moved counts whatever it said (R38). */
static enum spool_action write_once(struct printing *p, const uint8_t *data, uint32_t size,
                                    uint32_t *moved)
{
    struct port *port = p->port;
    DWORD written = 0;

    if (!platen_call_WritePort(&port->lane, &port->through->table, port->handle, writable(data),
                               size, &written)) {
        uint32_t error = spool_printing_failed(p, "WritePort");
        *moved = believe(p, written, size);
        count(p, *moved);
        return react(p, spool_write_refused(error));
    }
    *moved = believe(p, written, size);
    count(p, *moved);
    if (*moved == size)
        return SPOOL_GO_ON;
    p->fault = (struct fault){"WritePort", PLATEN_WRITE_FAULT};
    return react(p, *moved == 0 ? SPOOL_WHEN_WRITE_NOTHING : SPOOL_WHEN_WRITE_SHORT);
}

/* ---- the document ---------------------------------------------------------------------------- */

/* Short counts lead to a call with exactly the rest (R99). */
static enum spool_action write_all(struct printing *p, const uint8_t *data, uint32_t size)
{
    while (size > 0) {
        uint32_t moved = 0;
        enum spool_action action = is_paused(p) ? wait_for_orders(p) : spool_printing_stopped(p);
        if (action == SPOOL_GO_ON)
            action = write_once(p, data, size, &moved);
        if (action != SPOOL_GO_ON)
            return action;
        data += moved;
        size -= moved;
    }
    return SPOOL_GO_ON;
}

enum spool_action spool_printing_unreadable(struct printing *p, uint64_t offset, uint32_t error)
{
    spool_say(p->spooler, PLATEN_EVENT_LOG, p->port->name, p->job->id,
              error == PLATEN_HANDLE_EOF
                  ? "the document ended after %llu bytes, before its time (%s)"
                  : "the document cannot be read at byte %llu: %s",
              (unsigned long long)offset, spool_words_of(error).text);
    p->fault = (struct fault){NULL, error};
    return spool_reaction(&p->spooler->reactions, SPOOL_WHEN_UNREADABLE);
}

/* What lies in memory is not copied. */
static bool has_buffer(struct printing *p)
{
    if (p->port->buffer == NULL && p->job->source.kind != SOURCE_MEMORY)
        p->port->buffer = malloc(p->spooler->options.chunk);
    return p->port->buffer != NULL || p->job->source.kind == SOURCE_MEMORY;
}

enum spool_action spool_printing_write(struct printing *p)
{
    uint64_t offset = 0;

    if (!has_buffer(p))
        return spool_printing_unreadable(p, 0, PLATEN_NOT_ENOUGH_MEMORY);
    for (;;) {
        const uint8_t *data;
        uint32_t size;
        uint32_t error = spool_document_read(p->job, offset, p->port->buffer,
                                             p->spooler->options.chunk, &data, &size);
        if (error)
            return spool_printing_unreadable(p, offset, error);
        if (size == 0)
            return SPOOL_GO_ON;
        enum spool_action action = write_all(p, data, size);
        if (action != SPOOL_GO_ON)
            return action;
        offset += size;
    }
}
