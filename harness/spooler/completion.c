/* SPDX-License-Identifier: MIT
 *
 * Completion (R105): SetJob 6 for jobs whose calls go to the port monitor, 7 for those whose calls
 * go to a language monitor. A job that has to wait for it stands in the list of its port, whose
 * lane goes on to the next; who waits for the job, or for all, keeps an eye on its time as well.
 */
#include <stdlib.h>

#include "spooler/inside.h"

#define PATIENCE (120 * SECOND)

void spool_completion_wait(struct port *port, struct job *job)
{
    platen_spooler *spooler = port->spooler;
    struct job **at = &port->waiting;

    while (*at != NULL)
        at = &(*at)->next;
    *at = job;
    job->next = NULL;
    job->port = port;
    job->wait_until = spooler->clock->now(spooler->clock) + PATIENCE;
    wake(spooler, &spooler->done);
}

static void take_off(struct job *job)
{
    struct job **at = &job->port->waiting;

    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    job->next = NULL;
    job->port = NULL;
    job->wait_until = 0;
}

/* Before its completion has come: from the first byte, at its old place. */
void spool_completion_restart(struct job *job)
{
    take_off(job);
    job->tried = 0;
    atomic_store_explicit(&job->bytes, 0, memory_order_relaxed);
    spool_queue_put(job);
}

void spool_completion_end(struct job *job, enum platen_job_state state)
{
    platen_spooler *spooler = job->printer->spooler;
    char *port = spool_port_name_copy(job->port);
    bool failed = state == PLATEN_JOB_FAILED;

    take_off(job);
    spool_job_end(job, state, failed ? PLATEN_TIMEOUT : 0, failed ? "SetJob" : NULL);
    unlock(spooler);
    spool_job_settle(spooler, job, port);
    free(port);
}

static enum platen_job_state state_after(const platen_spooler *spooler)
{
    switch (spool_reaction(&spooler->reactions, SPOOL_WHEN_NEVER_COMPLETED)) {
    case SPOOL_FAIL:
        return PLATEN_JOB_FAILED;
    case SPOOL_CANCEL:
        return PLATEN_JOB_CANCELLED;
    default:
        return PLATEN_JOB_PRINTED;
    }
}

bool spool_completion_expire(struct port *port, uint64_t *until)
{
    platen_spooler *spooler = port->spooler;
    struct job *job = port->waiting;

    if (job == NULL)
        return false;
    if (!spooler->ending && spooler->clock->now(spooler->clock) < job->wait_until) {
        *until = job->wait_until < *until ? job->wait_until : *until;
        return false;
    }
    spool_completion_end(job, state_after(spooler));
    lock(spooler);
    return true;
}

bool spool_completion_expire_any(platen_spooler *spooler, uint64_t *until)
{
    for (struct port *at = spooler->ports; at != NULL; at = at->next)
        if (spool_completion_expire(at, until))
            return true;
    return false;
}

/* ---- SetJob ---------------------------------------------------------------------------------- */

uint32_t spool_completion_note(struct job *job, uint32_t command)
{
    platen_spooler *spooler = job->printer->spooler;
    uint32_t id = job->id;
    bool early = job->state == PLATEN_JOB_QUEUED;
    bool completes =
        command == (job->language ? JOB_CONTROL_LAST_PAGE_EJECTED : JOB_CONTROL_SENT_TO_PRINTER);

    job->completions++;
    job->complete |= completes && !early;
    if (completes && job->wait_until != 0)
        spool_completion_end(job, PLATEN_JOB_PRINTED);
    else
        unlock(spooler);
    if (early)
        spool_say(spooler, PLATEN_EVENT_FINDING, NULL, id,
                  "SetJob(%u) for a job that has not been started (R52)", (unsigned)command);
    return 0;
}
