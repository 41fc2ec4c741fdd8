/* SPDX-License-Identifier: MIT
 *
 * Orders to jobs: pause, resume, cancel, restart, delete; by the program, or by the monitor through
 * SetJob. The monitor whose job it is learns of them through GetJob alone (R107).
 */
#include <stdlib.h>

#include "spooler/inside.h"

static bool has_ended(const struct job *job)
{
    return job->state != PLATEN_JOB_QUEUED && job->state != PLATEN_JOB_PRINTING;
}

/* The lane that has the job, or may take it, looks at it. */
static void wake_lane(struct job *job)
{
    if (job->port != NULL)
        spool_lane_nudge(job->port);
    else
        spool_queue_offer(job->printer);
}

/* Gives up the lock for good; nobody takes the job away meanwhile. */
static uint32_t tell(struct job *job, enum platen_event_kind kind)
{
    platen_spooler *spooler = job->printer->spooler;
    char *port = job->port != NULL ? spool_port_name_copy(job->port) : NULL;

    job->waiters++;
    unlock(spooler);
    spool_tell_job(spooler, kind, job, port, NULL, 0);
    free(port);
    lock(spooler);
    spool_job_let_go(job);
    unlock(spooler);
    return 0;
}

static uint32_t give_up(const struct job *job, uint32_t error)
{
    unlock(job->printer->spooler);
    return error;
}

/* ---- the orders: with the lock held, which each gives up for good -----------------------------
 */

static uint32_t pause(struct job *job, bool asked)
{
    (void)asked;
    if (has_ended(job))
        return give_up(job, PLATEN_INVALID_PARAMETER);
    if (atomic_fetch_or(&job->orders, ORDER_PAUSE) & ORDER_PAUSE)
        return give_up(job, 0);
    return tell(job, PLATEN_EVENT_JOB_PAUSED);
}

static uint32_t resume(struct job *job, bool asked)
{
    (void)asked;
    if (has_ended(job))
        return give_up(job, PLATEN_INVALID_PARAMETER);
    if (!(atomic_fetch_and(&job->orders, ~(uint32_t)ORDER_PAUSE) & ORDER_PAUSE))
        return give_up(job, 0);
    wake_lane(job);
    return tell(job, PLATEN_EVENT_JOB_RESUMED);
}

void spool_job_cancel_queued(struct job *job)
{
    platen_spooler *spooler = job->printer->spooler;
    char *port = spool_printer_port_copy(job->printer);

    spool_queue_take(job);
    spool_job_end(job, PLATEN_JOB_CANCELLED, 0, NULL);
    unlock(spooler);
    spool_job_settle(spooler, job, port);
    free(port);
}

/* What has come to its end but for its completion is printed. */
static uint32_t cancel(struct job *job, bool asked)
{
    if (job->state == PLATEN_JOB_QUEUED) {
        spool_job_cancel_queued(job);
        return 0;
    }
    if (job->wait_until != 0) {
        spool_completion_end(job, PLATEN_JOB_PRINTED);
        return 0;
    }
    if (job->state == PLATEN_JOB_PRINTING) {
        atomic_fetch_or(&job->orders, asked ? ORDER_CANCEL : ORDER_CANCEL | ORDER_STOP);
        if (job->port != NULL)
            spool_lane_nudge(job->port);
    }
    return give_up(job, 0);
}

static uint32_t delete (struct job *job, bool asked)
{
    if (!has_ended(job))
        return cancel(job, asked);
    job->deleted = true;
    job->revived = false;
    spool_document_close(&job->source);
    return give_up(job, 0);
}

/* One that has ended goes to the end of its queue. While its end is being told it is revived by
 * who tells it. */
static uint32_t restart_ended(struct job *job)
{
    const struct printer *printer = job->printer;

    if (printer->port_count == 0 || printer->spooler->ending)
        return give_up(job, PLATEN_INVALID_PRINTER_NAME);
    if (job->source.kind == SOURCE_NONE || job->deleted)
        return give_up(job, PLATEN_FILE_NOT_FOUND);
    if (job->settled)
        spool_job_revive(job);
    else
        job->revived = true;
    return tell(job, PLATEN_EVENT_JOB_RESTARTED);
}

static uint32_t restart(struct job *job, bool asked)
{
    uint32_t orders = atomic_load(&job->orders);

    if (has_ended(job))
        return restart_ended(job);
    if (orders & ORDER_CANCEL)
        return give_up(job, PLATEN_INVALID_PARAMETER);
    if (job->wait_until != 0) {
        spool_completion_restart(job);
        return tell(job, PLATEN_EVENT_JOB_RESTARTED);
    }
    if (job->state == PLATEN_JOB_PRINTING) {
        atomic_fetch_or(&job->orders, asked ? ORDER_RESTART | ORDER_ASKED : ORDER_RESTART);
        wake_lane(job);
    }
    return give_up(job, 0);
}

uint32_t spool_job_order(struct job *job, enum platen_job_command command, bool asked)
{
    static uint32_t (*const orders[])(struct job * job, bool asked) = {
        [PLATEN_JOB_PAUSE] = pause,     [PLATEN_JOB_RESUME] = resume, [PLATEN_JOB_CANCEL] = cancel,
        [PLATEN_JOB_RESTART] = restart, [PLATEN_JOB_DELETE] = delete,
    };

    return orders[command](job, asked);
}

/* ---- the public side ------------------------------------------------------------------------- */

uint32_t platen_job_control(platen_spooler *spooler, uint32_t job_id,
                            enum platen_job_command command)
{
    if (command < PLATEN_JOB_PAUSE || command > PLATEN_JOB_DELETE)
        return PLATEN_INVALID_PARAMETER;
    lock(spooler);
    struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL)
        return spool_job_order(job, command, false);
    unlock(spooler);
    return PLATEN_INVALID_PARAMETER;
}

uint32_t platen_job_cancel(platen_spooler *spooler, uint32_t job_id)
{
    return platen_job_control(spooler, job_id, PLATEN_JOB_CANCEL);
}

void platen_job_forget(platen_spooler *spooler, uint32_t job_id)
{
    lock(spooler);
    struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL && !job->shadow) {
        job->forgotten = true;
        spool_job_sweep(job);
    }
    unlock(spooler);
}
