/* SPDX-License-Identifier: MIT
 *
 * Waiting for jobs. Who waits also ends jobs whose completion is overdue: their lanes may be busy.
 */
#include "spooler/inside.h"

static bool is_over(const platen_spooler *spooler, uint64_t deadline)
{
    return deadline != PLATEN_FOREVER && spooler->clock->now(spooler->clock) >= deadline;
}

static uint32_t wait_for_all(platen_spooler *spooler, uint64_t deadline)
{
    uint32_t error = 0;

    lock(spooler);
    spooler->idlers++;
    while (spooler->active != 0 && !error) {
        uint64_t until = deadline;
        if (spool_completion_expire_any(spooler, &until))
            continue;
        if (is_over(spooler, deadline))
            error = PLATEN_TIMEOUT;
        else
            sleep_on(spooler, &spooler->done, until);
    }
    spooler->idlers--;
    unlock(spooler);
    return error;
}

/* With the lock held. Somebody may forget the job meanwhile: it stays until the last waiter leaves.
 */
static uint32_t wait_for(platen_spooler *spooler, struct job *job, uint64_t deadline,
                         struct platen_job_info *info)
{
    uint32_t error = 0;

    job->waiters++;
    while (!job->settled && !error) {
        uint64_t until = deadline;
        if (job->wait_until != 0 && spool_completion_expire(job->port, &until))
            continue;
        if (is_over(spooler, deadline))
            error = PLATEN_TIMEOUT;
        else
            sleep_on(spooler, &spooler->done, until);
    }
    if (info != NULL)
        spool_job_fill(job, info);
    spool_job_let_go(job);
    return error;
}

uint32_t platen_job_wait(platen_spooler *spooler, uint32_t job_id, uint64_t deadline,
                         struct platen_job_info *info)
{
    uint32_t error = PLATEN_INVALID_PARAMETER;

    if (info != NULL)
        *info = (struct platen_job_info){.id = 0};
    if (job_id == 0)
        return wait_for_all(spooler, deadline);
    lock(spooler);
    struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL)
        error = wait_for(spooler, job, deadline, info);
    unlock(spooler);
    return error;
}
