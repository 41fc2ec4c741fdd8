/* SPDX-License-Identifier: MIT
 *
 * Who prints what next: the queues of printers, and the choice of a port. All with the lock held.
 *
 * A port takes the oldest job of its printers that may go there. Of several ports of one printer
 * the first that is free takes it: the others leave it to that one, which looks for itself or has
 * been woken. Whatever changes who may take what, wakes those that sleep.
 */
#include "spooler/inside.h"

/* ---- a printer's queue ----------------------------------------------------------------------- */

void spool_queue_put(struct job *job)
{
    struct printer *printer = job->printer;
    struct job **at = &printer->first;

    job->state = PLATEN_JOB_QUEUED;
    job->port = NULL;
    if (printer->last != NULL && printer->last->order < job->order)
        at = &printer->last->next;
    while (*at != NULL && (*at)->order < job->order)
        at = &(*at)->next;
    job->next = *at;
    *at = job;
    job->queued = true;
    if (job->next == NULL)
        printer->last = job;
    spool_queue_offer(printer);
}

void spool_queue_take(struct job *job)
{
    struct job **at = &job->printer->first;
    struct job *before = NULL;

    while (*at != NULL && *at != job) {
        before = *at;
        at = &(*at)->next;
    }
    if (*at == NULL)
        return;
    *at = job->next;
    if (job->printer->last == job)
        job->printer->last = before;
    job->next = NULL;
    job->queued = false;
}

void spool_queue_offer(const struct printer *printer)
{
    if (printer->held || printer->first == NULL)
        return;
    for (uint32_t i = 0; i < printer->port_count; i++)
        if (printer->bindings[i].port->asleep)
            spool_lane_nudge(printer->bindings[i].port);
}

void spool_queue_offer_others(const struct port *port)
{
    for (const struct binding *at = port->bindings; at != NULL && port->pools != 0; at = at->next)
        if (at->printer->port_count > 1)
            spool_queue_offer(at->printer);
}

/* ---- the choice ------------------------------------------------------------------------------ */

uint64_t spool_queue_bit(const struct printer *printer, const struct port *port)
{
    uint32_t i = 0;

    while (i < printer->port_count && printer->bindings[i].port != port)
        i++;
    return i < printer->port_count ? UINT64_C(1) << i : 0;
}

bool spool_queue_any_left(const struct job *job)
{
    uint32_t count = job->printer->port_count;

    return count != 0 && (~job->tried & (UINT64_MAX >> (MOST_PORTS - count))) != 0;
}

static bool is_free(const struct port *port)
{
    return port->running && port->current == NULL && !port->parked && !port->busy && !port->visited;
}

/* Is there a port before this one that will take the job at once? */
static bool is_left_to_another(const struct job *job, const struct port *port)
{
    const struct binding *bindings = job->printer->bindings;

    for (uint32_t i = 0; bindings[i].port != port; i++)
        if (is_free(bindings[i].port) && (job->tried >> i & 1) == 0)
            return true;
    return false;
}

/* What one job means to the search for the next one. */
enum meaning { TAKE, LOOK_ON, LOOK_NO_FURTHER };

static enum meaning weigh(const struct port *port, const struct job *job, uint64_t now,
                          uint64_t *until)
{
    if (job->limit != 0 && now >= job->limit)
        return TAKE; /* to its end, without a call */
    if (job->limit != 0 && job->limit < *until)
        *until = job->limit;
    if (port->parked || job->printer->held)
        return LOOK_NO_FURTHER;
    if (atomic_load(&job->orders) & ORDER_PAUSE)
        return LOOK_ON;
    if (job->not_before > now) {
        *until = job->not_before < *until ? job->not_before : *until;
        return LOOK_NO_FURTHER;
    }
    if (job->tried & spool_queue_bit(job->printer, port))
        return LOOK_ON;
    return is_left_to_another(job, port) ? LOOK_NO_FURTHER : TAKE;
}

static struct job *next_of(const struct printer *printer, const struct port *port, uint64_t now,
                           uint64_t *until)
{
    for (struct job *at = printer->first; at != NULL; at = at->next) {
        enum meaning meaning = weigh(port, at, now, until);
        if (meaning != LOOK_ON)
            return meaning == TAKE ? at : NULL;
    }
    return NULL;
}

struct job *spool_queue_next(const struct port *port, uint64_t *until)
{
    uint64_t now = port->spooler->clock->now(port->spooler->clock);
    struct job *oldest = NULL;

    for (const struct binding *at = port->bindings; at != NULL; at = at->next) {
        struct job *job = next_of(at->printer, port, now, until);
        if (job != NULL && (oldest == NULL || job->order < oldest->order))
            oldest = job;
    }
    return oldest;
}

void spool_queue_begin(struct port *port, struct job *job)
{
    spool_queue_take(job);
    job->state = PLATEN_JOB_PRINTING;
    job->port = port;
    job->printer->printing++;
    if (job->timeout != 0 && job->limit == 0)
        job->limit = port->spooler->clock->now(port->spooler->clock) + job->timeout;
    port->current = job;
    spool_queue_offer_others(port);
}

void spool_queue_leave(struct port *port, struct job *job)
{
    job->printer->printing--;
    job->port = NULL;
    port->current = NULL;
}
