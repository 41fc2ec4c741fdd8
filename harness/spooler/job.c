/* SPDX-License-Identifier: MIT
 *
 * Jobs: found by their number at once, however many there are, in chunks that come and go whole.
 */
#include <stdlib.h>

#include "spooler/inside.h"

#define CHUNK 1024u

struct job_chunk {
    uint32_t live;
    struct job jobs[CHUNK];
};

/* ---- the table: with the lock held ----------------------------------------------------------- */

static struct job *find_shadow(const platen_spooler *spooler, uint32_t id)
{
    struct job *at = spooler->shadows;

    while (at != NULL && (at->id != id || at->forgotten))
        at = at->next;
    return at;
}

struct job *spool_job_find(platen_spooler *spooler, uint32_t id)
{
    uint32_t index = id - 1;

    if (spooler->shadows != NULL && find_shadow(spooler, id) != NULL)
        return find_shadow(spooler, id);
    if (id == 0 || id > spooler->last_job || spooler->chunks[index / CHUNK] == NULL)
        return NULL;
    struct job *job = &spooler->chunks[index / CHUNK]->jobs[index % CHUNK];
    return job->id == id && !job->forgotten ? job : NULL;
}

static bool make_room(platen_spooler *spooler, uint32_t chunk)
{
    if (chunk >= spooler->chunk_room) {
        uint32_t room = spooler->chunk_room * 2 + 16;
        struct job_chunk **chunks = realloc(spooler->chunks, room * sizeof *chunks);
        if (chunks == NULL)
            return false;
        spooler->chunks = chunks;
        spooler->chunk_room = room;
    }
    while (chunk >= spooler->chunk_count) {
        struct job_chunk *made = calloc(1, sizeof *made);
        if (made == NULL)
            return false;
        spooler->chunks[spooler->chunk_count++] = made;
    }
    return true;
}

/* Numbers that shadows have are passed over. */
static uint32_t next_index(const platen_spooler *spooler)
{
    uint32_t index = spooler->last_job;

    while (spooler->shadows != NULL && find_shadow(spooler, index + 1) != NULL)
        index++;
    return index;
}

struct job *spool_job_new(struct printer *printer)
{
    platen_spooler *spooler = printer->spooler;
    uint32_t index = next_index(spooler);

    if (index >= UINT32_MAX - 1 || !make_room(spooler, index / CHUNK))
        return NULL;
    struct job *job = &spooler->chunks[index / CHUNK]->jobs[index % CHUNK];
    spooler->chunks[index / CHUNK]->live++;
    spooler->last_job = index + 1;
    spooler->active++;
    job->id = index + 1;
    job->state = PLATEN_JOB_QUEUED;
    job->printer = printer;
    job->queued_at = spooler->clock->now(spooler->clock);
    printer->jobs++;
    printer->refs++;
    return job;
}

/* Its place stays empty: numbers are not used twice. */
static void release(platen_spooler *spooler, struct job *job)
{
    uint32_t chunk = (job->id - 1) / CHUNK;

    if (job->shadow) {
        spool_shadow_release(job);
        return;
    }
    free(job->text);
    spool_printer_unref(job->printer);
    *job = (struct job){.id = 0};
    if (--spooler->chunks[chunk]->live == 0 && spooler->last_job >= (chunk + 1) * CHUNK) {
        free(spooler->chunks[chunk]);
        spooler->chunks[chunk] = NULL;
    }
}

void spool_jobs_end(platen_spooler *spooler)
{
    while (spooler->shadows != NULL)
        spool_shadow_release(spooler->shadows);
    for (uint32_t at = 0; at < spooler->chunk_count; at++) {
        for (uint32_t i = 0; i < CHUNK && spooler->chunks[at] != NULL; i++)
            if (spooler->chunks[at]->jobs[i].id != 0)
                release(spooler, &spooler->chunks[at]->jobs[i]);
        free(spooler->chunks[at]);
    }
    free(spooler->chunks);
}

void spool_job_let_go(struct job *job)
{
    job->waiters--;
    if (job->forgotten && job->settled && job->waiters == 0)
        release(job->printer->spooler, job);
}

/* ---- the end of a job ------------------------------------------------------------------------ */

void spool_job_end(struct job *job, enum platen_job_state state, uint32_t error, const char *slot)
{
    platen_spooler *spooler = job->printer->spooler;

    job->state = (uint8_t)state;
    job->error = state == PLATEN_JOB_FAILED ? error : 0;
    job->slot = slot;
    job->ended_at = spooler->clock->now(spooler->clock);
    job->in_trouble = false;
    job->printer->jobs--;
}

void spool_job_settle(platen_spooler *spooler, struct job *job, const char *port)
{
    spool_tell_job(spooler, PLATEN_EVENT_JOB_ENDED, job, port, job->slot, job->error);
    lock(spooler);
    job->settled = true;
    spooler->active--;
    bool awaited = job->waiters != 0 || (spooler->active == 0 && spooler->idlers != 0);
    if (job->forgotten && job->waiters == 0)
        release(spooler, job);
    if (awaited)
        wake(spooler, &spooler->done);
    unlock(spooler);
}

/* ---- what others see ------------------------------------------------------------------------- */

/* What GetJob says, and platen_job_query repeats (R107). */
uint32_t spool_job_status(const struct job *job)
{
    static const uint32_t by_state[] = {
        [PLATEN_JOB_QUEUED] = 0,
        [PLATEN_JOB_PRINTING] = JOB_STATUS_PRINTING,
        [PLATEN_JOB_PRINTED] = JOB_STATUS_PRINTED,
        [PLATEN_JOB_FAILED] = JOB_STATUS_ERROR,
        [PLATEN_JOB_CANCELLED] = JOB_STATUS_DELETED,
    };
    uint32_t status = by_state[job->state];
    bool under_way = job->state <= PLATEN_JOB_PRINTING;

    if (under_way && atomic_load(&job->cancel))
        status |= JOB_STATUS_DELETING;
    if (job->in_trouble)
        status |= JOB_STATUS_ERROR;
    if (under_way && job->printer->port != NULL)
        status |= job->printer->port->status;
    if (job->completions != 0 && job->state == PLATEN_JOB_PRINTED)
        status |= JOB_STATUS_COMPLETE;
    return status;
}

static void fill_info(const struct job *job, struct platen_job_info *info)
{
    *info = (struct platen_job_info){
        .id = job->id,
        .state = (enum platen_job_state)job->state,
        .status = spool_job_status(job),
        .error = job->error,
        .slot = job->slot,
        .bytes = atomic_load_explicit(&job->bytes, memory_order_relaxed),
        .size = job->size,
        .queued_at = job->queued_at,
        .started_at = job->started_at,
        .ended_at = job->ended_at,
        .completions = job->completions,
        .writes = atomic_load_explicit(&job->writes, memory_order_relaxed),
    };
}

uint32_t platen_job_query(platen_spooler *spooler, uint32_t job_id, struct platen_job_info *info)
{
    *info = (struct platen_job_info){.id = 0};
    lock(spooler);
    const struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL)
        fill_info(job, info);
    unlock(spooler);
    return job != NULL ? 0 : PLATEN_INVALID_PARAMETER;
}

/* ---- waiting --------------------------------------------------------------------------------- */

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
        if (is_over(spooler, deadline))
            error = PLATEN_TIMEOUT;
        else
            sleep_on(spooler, &spooler->done, deadline);
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
        if (is_over(spooler, deadline))
            error = PLATEN_TIMEOUT;
        else
            sleep_on(spooler, &spooler->done, deadline);
    }
    if (info != NULL)
        fill_info(job, info);
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

/* ---- cancelling and forgetting --------------------------------------------------------------- */

static void take_from_queue(struct job *job)
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
}

void spool_job_cancel_queued(struct job *job)
{
    platen_spooler *spooler = job->printer->spooler;
    struct source source = job->source;
    char *port = spool_port_name_copy(job->printer);

    job->source.kind = SOURCE_NONE;
    take_from_queue(job);
    spool_job_end(job, PLATEN_JOB_CANCELLED, 0, NULL);
    unlock(spooler);
    spool_document_close(&source);
    spool_job_settle(spooler, job, port);
    free(port);
}

uint32_t platen_job_cancel(platen_spooler *spooler, uint32_t job_id)
{
    lock(spooler);
    struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL && job->state == PLATEN_JOB_QUEUED) {
        spool_job_cancel_queued(job);
        return 0;
    }
    if (job != NULL && job->state == PLATEN_JOB_PRINTING) {
        atomic_store(&job->cancel, true); /* all that a shadow has of it */
        if (job->printer->port != NULL)
            spool_lane_nudge(job->printer->port);
    }
    unlock(spooler);
    return job != NULL ? 0 : PLATEN_INVALID_PARAMETER;
}

void platen_job_forget(platen_spooler *spooler, uint32_t job_id)
{
    lock(spooler);
    struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL && !job->shadow) {
        job->forgotten = true;
        if (job->settled && job->waiters == 0)
            release(spooler, job);
    }
    unlock(spooler);
}
