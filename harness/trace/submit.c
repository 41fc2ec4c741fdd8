/* SPDX-License-Identifier: MIT
 *
 * Streams: what jobs are made of.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/inside.h"

#define PIECE (256u * 1024)

/* ---- streams --------------------------------------------------------------------------------- */

static void tell_stream(struct platen_trace *trace, const struct trace_stream *stream)
{
    const char *where = stream->named ? stream->path : platen_os_path_name(stream->path);
    size_t room = 6 * strlen(where) + 200;
    struct trace_text text = {.to = malloc(room), .room = room};

    if (text.to == NULL) {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        return;
    }
    trace_put_text(&text, "stream @");
    trace_put_text(&text, stream->name);
    trace_put_text(&text, stream->named ? " file " : " blob ");
    trace_put_quoted(&text, where);
    trace_put_text(&text, " size=");
    trace_put_number(&text, stream->size);
    trace_put_line(trace, &text);
    free(text.to);
}

/* Takes the path over; NULL when memory is out. */
static struct trace_stream *add_stream(struct platen_trace *trace, char *path, bool named,
                                       uint32_t number)
{
    struct trace_stream *stream = calloc(1, sizeof *stream);

    if (stream == NULL) {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        free(path);
        return NULL;
    }
    snprintf(stream->name, sizeof stream->name, "doc%u", (unsigned)number);
    stream->path = path;
    stream->named = named;
    stream->next = trace->streams;
    trace->streams = stream;
    return stream;
}

/* The file as a stream, told to the trace; the one of before if it is the same. */
static struct trace_stream *stream_of_file(struct platen_trace *trace, const char *path,
                                           uint64_t size)
{
    char *absolute;
    uint32_t error = platen_os_absolute_path(path, &absolute);

    if (error != 0) {
        trace_fail(trace, error);
        return NULL;
    }
    platen_os_mutex_lock(&trace->document_lock);
    struct trace_stream *stream = trace->streams;
    while (stream != NULL &&
           (!stream->named || stream->size != size || strcmp(stream->path, absolute) != 0)) {
        stream = stream->next;
    }
    if (stream != NULL) {
        free(absolute);
    } else if ((stream = add_stream(trace, absolute, true, trace->stream_count + 1)) != NULL) {
        trace->stream_count++;
        stream->size = size;
        tell_stream(trace, stream);
    }
    platen_os_mutex_unlock(&trace->document_lock);
    return stream;
}

/* ---- a document is submitted ----------------------------------------------------------------- */

/* What the calling thread is submitting; the event of its job says its number, before a lane can
 * have it. */
static _Thread_local struct pending {
    struct platen_trace *trace;
    struct trace_job job; /* stream NULL: nothing is to be kept */
    bool bound;
} * pending;

static void bind(struct pending *what, uint32_t id)
{
    if (what->job.stream != NULL && !what->bound && id != 0) {
        what->job.id = id;
        trace_job_add(what->trace, &what->job);
        what->bound = true;
    }
}

void platen_trace_event(struct platen_trace *trace, const struct platen_event *event)
{
    if (event->kind == PLATEN_EVENT_JOB_QUEUED && pending != NULL && pending->trace == trace) {
        bind(pending, event->job_id);
    }
}

static void keep_memory(struct pending *what, const struct platen_document *document)
{
    size_t size = (size_t)document->data_size;

    if (document->data_size > TRACE_INLINE && document->data_size <= SIZE_MAX &&
        trace_blob_add(what->trace, document->data, size, &what->job.base)) {
        what->job.stream = &what->trace->blobs;
        what->job.size = size;
    }
}

/* *failed says whether it was writing that failed. */
static uint32_t copy(platen_os_file from, bool by_offset, platen_os_file to, uint64_t *size,
                     bool *failed)
{
    char *piece = malloc(PIECE);
    uint32_t error = piece != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;

    *size = 0;
    *failed = error != 0;
    while (error == 0) {
        size_t moved = 0;
        error = by_offset ? platen_os_file_read_at(from, *size, piece, PIECE, &moved)
                          : platen_os_file_read(from, piece, PIECE, &moved);
        if (error != 0 || moved == 0) {
            break;
        }
        error = platen_os_file_write_all(to, piece, moved);
        *failed = error != 0;
        *size += moved;
    }
    free(piece);
    return error;
}

/* Copies all of it into a new file in the folder; takes the path over, unless it fails. */
static uint32_t copy_to(struct platen_trace *trace, platen_os_file from, bool by_offset,
                        const char *path, uint64_t *size)
{
    platen_os_file file;
    bool failed = true;
    uint32_t error = platen_os_file_open_write(path, &file);

    if (error == 0) {
        error = copy(from, by_offset, file, size, &failed);
        uint32_t closed = platen_os_file_close(file);
        failed = failed || closed != 0;
        error = error != 0 ? error : closed;
    }
    if (failed) {
        trace_fail(trace, error);
    }
    return error;
}

/* A stream of a file in our folder that holds what comes from there. */
static uint32_t spool(struct platen_trace *trace, platen_os_file from, bool by_offset,
                      struct trace_stream **stream)
{
    char name[32];
    uint64_t size = 0;

    *stream = NULL;
    platen_os_mutex_lock(&trace->document_lock);
    uint32_t number = ++trace->stream_count;
    platen_os_mutex_unlock(&trace->document_lock);
    snprintf(name, sizeof name, "doc%u.bin", (unsigned)number);
    char *path;
    uint32_t error = trace_in_folder(trace, name, &path);
    if (error == 0) {
        error = copy_to(trace, from, by_offset, path, &size);
    }
    if (error != 0) {
        free(path);
        return error;
    }
    platen_os_mutex_lock(&trace->document_lock);
    *stream = add_stream(trace, path, false, number);
    if (*stream != NULL) {
        (*stream)->size = size;
        tell_stream(trace, *stream);
    }
    platen_os_mutex_unlock(&trace->document_lock);
    return *stream != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

/* What is no regular file can be read once: it is kept, and the job is made of what was kept. */
static uint32_t keep_copy(struct pending *what, struct platen_document *document,
                          platen_os_file file, bool by_offset)
{
    bool standard = strcmp(document->path, "-") == 0;
    struct trace_stream *stream;
    uint32_t error = spool(what->trace, file, by_offset, &stream);

    if (error != 0) {
        return error;
    }
    if (document->title == NULL) {
        document->title = standard ? "document" : platen_os_path_name(document->path);
    }
    document->path = stream->path;
    what->job.stream = stream;
    what->job.size = stream->size;
    return 0;
}

static bool is_empty(platen_os_file file)
{
    char byte;
    size_t moved;
    return platen_os_file_read_at(file, 0, &byte, 1, &moved) == 0 && moved == 0;
}

static uint32_t keep_file(struct pending *what, struct platen_document *document,
                          platen_os_file file, bool standard)
{
    uint64_t size = 0;
    uint32_t error = platen_os_file_size(file, &size);

    if (error != 0 && error != PLATEN_BAD_DEV_TYPE) {
        return error;
    }
    if (standard || error != 0 || (size == 0 && !is_empty(file))) {
        return keep_copy(what, document, file, size > 0);
    }
    what->job.stream = stream_of_file(what->trace, document->path, size);
    what->job.size = size;
    return 0;
}

static uint32_t keep_path(struct pending *what, struct platen_document *document)
{
    bool standard = strcmp(document->path, "-") == 0;
    platen_os_file file = platen_os_file_standard(PLATEN_OS_STDIN);
    uint32_t error = standard ? 0 : platen_os_file_open_read(document->path, &file);

    if (error != 0) {
        return error;
    }
    error = keep_file(what, document, file, standard);
    if (!standard) {
        platen_os_file_close(file);
    }
    return error;
}

uint32_t platen_trace_submit(struct platen_trace *trace, platen_spooler *spooler,
                             const char *printer, const struct platen_document *document,
                             uint32_t *job_id)
{
    struct platen_document kept = {.size = sizeof kept};
    struct pending what = {.trace = trace, .job = {.spooler = spooler}};
    struct pending *before = pending;

    if (trace == NULL || !trace->keeps) {
        return platen_job_submit(spooler, printer, document, job_id);
    }
    memcpy(&kept, document, document->size < sizeof kept ? document->size : sizeof kept);
    kept.size = sizeof kept;
    *job_id = 0;
    uint32_t error = kept.path != NULL ? keep_path(&what, &kept) : 0;
    if (error != 0) {
        return error;
    }
    if (kept.path == NULL && kept.data != NULL) {
        keep_memory(&what, &kept);
    }
    pending = &what;
    error = platen_job_submit(spooler, printer, &kept, job_id);
    pending = before;
    bind(&what, *job_id);
    return error;
}
