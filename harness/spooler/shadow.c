/* SPDX-License-Identifier: MIT
 *
 * Shadows: printers on no port, and jobs in no queue. They are found as the others are, and
 * nothing ever prints them.
 */
#include <stdlib.h>

#include "spooler/inside.h"
#include "spooler/shadow.h"

/* ---- printers -------------------------------------------------------------------------------- */

uint32_t platen_shadow_printer(platen_spooler *spooler, const char *name)
{
    struct printer *printer;
    uint32_t error = spool_printer_new(spooler, name, 0, &printer);

    if (error)
        return error;
    lock(spooler);
    if (spool_printer_named(spooler, printer->name16) == NULL)
        spool_printer_list(printer);
    else
        spool_printer_unref(printer);
    unlock(spooler);
    return 0;
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static struct printer *named(platen_spooler *spooler, const char *name)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);
    struct printer *printer = NULL;

    if (name16 == NULL)
        return NULL;
    lock(spooler);
    printer = spool_printer_named(spooler, name16);
    if (printer != NULL)
        printer->refs++;
    unlock(spooler);
    free(name16);
    return printer;
}

/* With the lock held. The number is free, unless the job is one that somebody still waits for. */
static uint32_t choose(platen_spooler *spooler, uint32_t id, uint32_t *chosen)
{
    *chosen = id != 0 ? id : spooler->last_job + 1;
    while (id == 0 && spool_job_find(spooler, *chosen) != NULL)
        ++*chosen;
    return spool_job_find(spooler, *chosen) != NULL ? PLATEN_ALREADY_EXISTS : 0;
}

static uint32_t cast(struct printer *printer, struct job *job, uint32_t id, uint32_t *made)
{
    platen_spooler *spooler = printer->spooler;

    lock(spooler);
    uint32_t error = choose(spooler, id, made);
    if (!error) {
        job->id = *made;
        job->shadow = true;
        job->state = PLATEN_JOB_PRINTING;
        job->printer = printer;
        job->size = UINT64_MAX;
        job->queued_at = job->started_at = spooler->clock->now(spooler->clock);
        job->next = spooler->shadows[*made % SHADOW_ROWS];
        spooler->shadows[*made % SHADOW_ROWS] = job;
        spooler->shadow_count++;
        printer->refs++;
    }
    unlock(spooler);
    return error;
}

static uint32_t new_shadow(struct printer *printer, uint32_t id, uint32_t *made)
{
    const struct platen_document document = {.title = "document"};
    struct job *job = calloc(1, sizeof *job);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    if (job == NULL)
        return error;
    job->text = spool_document_text(&document, true);
    if (job->text != NULL)
        error = cast(printer, job, id, made);
    if (error) {
        free(job->text);
        free(job);
    }
    return error;
}

uint32_t platen_shadow_job(platen_spooler *spooler, const char *printer, uint32_t id,
                           uint32_t *made)
{
    struct printer *where = named(spooler, printer);
    uint32_t number = 0;
    uint32_t error = PLATEN_INVALID_PRINTER_NAME;

    if (where != NULL)
        error = new_shadow(where, id, &number);
    if (made != NULL)
        *made = error ? 0 : number;
    lock(spooler);
    spool_printer_unref(where);
    unlock(spooler);
    return error;
}

uint32_t platen_shadow_document(platen_spooler *spooler, uint32_t id, const char *title,
                                const char *datatype)
{
    const struct platen_document document = {.title = title == NULL ? "" : title,
                                             .datatype = datatype};
    struct job_text *text = spool_document_text(&document, true);

    if (text == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    lock(spooler);
    struct job *job = spool_job_find(spooler, id);
    bool found = job != NULL && job->shadow;
    struct job_text *gone = found ? job->text : text;
    if (found)
        job->text = text;
    unlock(spooler);
    free(gone);
    return found ? 0 : PLATEN_INVALID_PARAMETER;
}

/* With the lock held. */
void spool_shadow_release(struct job *job)
{
    platen_spooler *spooler = job->printer->spooler;
    struct job **at = &spooler->shadows[job->id % SHADOW_ROWS];

    while (*at != job)
        at = &(*at)->next;
    *at = job->next;
    spooler->shadow_count--;
    spool_printer_unref(job->printer);
    free(job->text);
    free(job);
}

uint32_t platen_shadow_end_job(platen_spooler *spooler, uint32_t id)
{
    lock(spooler);
    struct job *job = spool_job_find(spooler, id);
    bool found = job != NULL && job->shadow;
    if (found) {
        bool cancelled = atomic_load(&job->orders) & ORDER_CANCEL;
        job->state = cancelled ? PLATEN_JOB_CANCELLED : PLATEN_JOB_PRINTED;
        job->ended_at = spooler->clock->now(spooler->clock);
        job->settled = job->forgotten = true;
        wake(spooler, &spooler->done);
        if (job->waiters == 0)
            spool_shadow_release(job);
    }
    unlock(spooler);
    return found ? 0 : PLATEN_INVALID_PARAMETER;
}
