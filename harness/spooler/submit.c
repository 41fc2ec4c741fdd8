/* SPDX-License-Identifier: MIT
 *
 * A job comes into a queue.
 */
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

/* The printer by its UTF-8 name, with a reference; NULL if there is none that takes jobs. */
static struct printer *hold_printer(platen_spooler *spooler, const char *name)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);
    struct printer *printer = NULL;

    if (name16 == NULL)
        return NULL;
    lock(spooler);
    if (!spooler->ending)
        printer = spool_printer_named(spooler, name16);
    if (printer != NULL)
        printer->refs++;
    unlock(spooler);
    free(name16);
    return printer;
}

static void let_printer_go(struct printer *printer)
{
    platen_spooler *spooler = printer->spooler;

    lock(spooler);
    spool_printer_unref(printer);
    unlock(spooler);
}

/* What a job is made of; opened without the lock. */
struct material {
    struct source source;
    uint64_t size;
    struct job_text *text;
    char *port; /* its name, for the event */
    char *path; /* of a file; NULL if there is none, or no memory: then it is not kept */
    uint64_t timeout;
    bool lasting;
};

static uint32_t gather(platen_spooler *spooler, const struct platen_document *document,
                       struct material *material)
{
    uint32_t error = spool_document_open(document, &material->source, &material->size);

    if (error)
        return error;
    material->text = spool_document_text(document, spooler->options.on_event != NULL);
    if (material->source.kind == SOURCE_FILE)
        material->path = strdup(document->path);
    if (material->text != NULL)
        return 0;
    free(material->path);
    spool_document_close(&material->source);
    return PLATEN_NOT_ENOUGH_MEMORY;
}

/* The job is known from here on, but in no queue yet. */
static uint32_t admit(struct printer *printer, struct material *material, struct job **job)
{
    platen_spooler *spooler = printer->spooler;
    uint32_t error = PLATEN_INVALID_PRINTER_NAME;

    *job = NULL;
    lock(spooler);
    if (printer->port_count != 0 && !spooler->ending) {
        *job = spool_job_new(printer);
        error = *job != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (*job != NULL) {
        (*job)->source = material->source;
        (*job)->size = material->size;
        (*job)->text = material->text;
        (*job)->path = material->path;
        (*job)->timeout = material->timeout;
        (*job)->lasting = material->lasting;
        material->port = spool_printer_port_copy(printer);
        (*job)->waiters++; /* so that nobody takes it away before it is in its queue */
    }
    unlock(spooler);
    return error;
}

/* A handler of the event before may have cancelled the job, forgotten it, or restarted it after
 * that. */
static void enqueue(struct printer *printer, struct job *job)
{
    platen_spooler *spooler = printer->spooler;

    lock(spooler);
    if (job->state == PLATEN_JOB_QUEUED && !job->queued)
        spool_queue_put(job);
    spool_job_let_go(job);
    unlock(spooler);
}

/* A member beyond the caller's idea of the structure is as if it were 0. */
static bool take_document(const struct platen_document *from, struct platen_document *document)
{
    *document = (struct platen_document){.size = 0};
    memcpy(document, from, from->size < sizeof *document ? from->size : sizeof *document);
    return (document->path != NULL) + (document->data != NULL) + (document->read_at != NULL) == 1;
}

static uint32_t submit(struct printer *printer, const struct platen_document *document,
                       uint32_t *job_id)
{
    platen_spooler *spooler = printer->spooler;
    struct material material = {
        .timeout = document->timeout != 0 ? document->timeout : spooler->options.job_timeout,
        .lasting = document->lasting,
    };
    struct job *job;
    uint32_t error = gather(spooler, document, &material);

    if (error)
        return error;
    error = admit(printer, &material, &job);
    if (error) {
        spool_document_close(&material.source);
        free(material.path);
        free(material.text);
        return error;
    }
    *job_id = job->id;
    spool_tell_job(spooler, PLATEN_EVENT_JOB_QUEUED, job, material.port, NULL, 0);
    free(material.port);
    enqueue(printer, job);
    return 0;
}

uint32_t platen_job_submit(platen_spooler *spooler, const char *printer,
                           const struct platen_document *document, uint32_t *job_id)
{
    struct platen_document all;
    uint32_t error;

    *job_id = 0;
    if (!take_document(document, &all))
        return PLATEN_INVALID_PARAMETER;
    struct printer *where = hold_printer(spooler, printer);
    if (where == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    error = submit(where, &all, job_id);
    let_printer_go(where);
    return error;
}
