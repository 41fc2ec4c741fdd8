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
    struct job *at = spooler->shadow_count == 0 ? NULL : spooler->shadows[id % SHADOW_ROWS];

    while (at != NULL && (at->id != id || at->forgotten))
        at = at->next;
    return at;
}

struct job *spool_job_find(platen_spooler *spooler, uint32_t id)
{
    uint32_t index = id - 1;
    struct job *shadow = find_shadow(spooler, id);

    if (shadow != NULL)
        return shadow;
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

    while (find_shadow(spooler, index + 1) != NULL)
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
    job->order = ++spooler->last_order;
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
    spool_document_close(&job->source);
    free(job->path);
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
    for (uint32_t row = 0; row < SHADOW_ROWS; row++)
        while (spooler->shadows[row] != NULL)
            spool_shadow_release(spooler->shadows[row]);
    for (uint32_t at = 0; at < spooler->chunk_count; at++) {
        for (uint32_t i = 0; i < CHUNK && spooler->chunks[at] != NULL; i++)
            if (spooler->chunks[at]->jobs[i].id != 0)
                release(spooler, &spooler->chunks[at]->jobs[i]);
        free(spooler->chunks[at]);
    }
    free(spooler->chunks);
}

void spool_job_sweep(struct job *job)
{
    if (job->forgotten && job->settled && job->waiters == 0)
        release(job->printer->spooler, job);
}

void spool_job_let_go(struct job *job)
{
    job->waiters--;
    spool_job_sweep(job);
}

/* ---- the end of a job ------------------------------------------------------------------------ */

void spool_job_end(struct job *job, enum platen_job_state state, uint32_t error, const char *slot)
{
    platen_spooler *spooler = job->printer->spooler;

    job->state = (uint8_t)state;
    job->error = error;
    job->slot = slot;
    job->ended_at = spooler->clock->now(spooler->clock);
    job->in_trouble = false;
    job->printer->jobs--;
    spool_document_keep(job);
}

/* Its new end is another's business: who waits goes on waiting. */
static void queue_again(struct job *job)
{
    job->printer->jobs++;
    job->error = 0;
    job->slot = NULL;
    job->tried = job->limit = job->not_before = 0;
    job->complete = job->revived = false;
    job->order = ++job->printer->spooler->last_order;
    atomic_store(&job->orders, 0);
    atomic_store_explicit(&job->bytes, 0, memory_order_relaxed);
    spool_queue_put(job);
}

void spool_job_revive(struct job *job)
{
    job->settled = false;
    job->printer->spooler->active++;
    queue_again(job);
}

void spool_job_settle(platen_spooler *spooler, struct job *job, const char *port)
{
    spool_tell_job(spooler, PLATEN_EVENT_JOB_ENDED, job, port, job->slot, job->error);
    lock(spooler);
    if (job->revived) {
        queue_again(job);
        unlock(spooler);
        return;
    }
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

bool spool_job_is_late(const struct job *job)
{
    const platen_spooler *spooler = job->printer->spooler;

    return job->limit != 0 && spooler->clock->now(spooler->clock) >= job->limit;
}

static bool is_under_way(const struct job *job)
{
    return job->state <= PLATEN_JOB_PRINTING;
}

enum platen_job_state spool_job_state(const struct job *job)
{
    bool paused = is_under_way(job) && (atomic_load(&job->orders) & ORDER_PAUSE);

    return paused ? PLATEN_JOB_PAUSED : (enum platen_job_state)job->state;
}

/* The status of its port; of a queued job's, if all its ports have one. */
static uint32_t port_status(const struct job *job)
{
    const struct printer *printer = job->printer;
    uint32_t status = 0;

    if (job->port != NULL)
        return job->port->status;
    for (uint32_t i = 0; i < printer->port_count; i++) {
        status |= printer->bindings[i].port->status;
        if (printer->bindings[i].port->status == 0)
            return 0;
    }
    return status;
}

/* What was ordered, and is still to happen. A job whose time is over is as good as cancelled. */
static uint32_t order_status(const struct job *job)
{
    const struct spool_reactions *reactions = &job->printer->spooler->reactions;
    uint32_t orders = atomic_load(&job->orders);
    uint32_t status = 0;

    if (spool_job_is_late(job) && spool_reaction(reactions, SPOOL_WHEN_TIME_OVER) == SPOOL_CANCEL)
        orders |= ORDER_CANCEL;
    if (orders & ORDER_CANCEL)
        status |= JOB_STATUS_DELETING;
    if (orders & ORDER_PAUSE)
        status |= JOB_STATUS_PAUSED;
    if (orders & ORDER_RESTART)
        status |= JOB_STATUS_RESTART;
    return status;
}

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

    if (is_under_way(job))
        status |= order_status(job) | port_status(job);
    if (job->in_trouble)
        status |= JOB_STATUS_ERROR;
    if (job->wait_until != 0)
        status |= JOB_STATUS_PRINTED;
    if (job->complete && job->state == PLATEN_JOB_PRINTED)
        status |= JOB_STATUS_COMPLETE;
    return status;
}

void spool_job_fill(const struct job *job, struct platen_job_info *info)
{
    *info = (struct platen_job_info){
        .id = job->id,
        .state = spool_job_state(job),
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
        .starts = job->starts,
    };
}

uint32_t platen_job_query(platen_spooler *spooler, uint32_t job_id, struct platen_job_info *info)
{
    *info = (struct platen_job_info){.id = 0};
    lock(spooler);
    const struct job *job = spool_job_find(spooler, job_id);
    if (job != NULL)
        spool_job_fill(job, info);
    unlock(spooler);
    return job != NULL ? 0 : PLATEN_INVALID_PARAMETER;
}
