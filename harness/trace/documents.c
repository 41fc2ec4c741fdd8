/* SPDX-License-Identifier: MIT
 *
 * Data that is too long for a line, and where the bytes of jobs begin.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "trace/inside.h"

uint32_t trace_in_folder(struct platen_trace *trace, const char *name, char **path)
{
    size_t size = strlen(trace->folder) + strlen(name) + 2;
    char *made = malloc(size);
    uint32_t error = made == NULL ? PLATEN_NOT_ENOUGH_MEMORY : platen_os_make_folder(trace->folder);

    *path = NULL;
    if (error != 0) {
        trace_fail(trace, error);
        free(made);
        return error;
    }
    snprintf(made, size, "%s/%s", trace->folder, name);
    *path = made;
    return 0;
}

/* ---- @blobs ---------------------------------------------------------------------------------- */

static void open_blobs(struct platen_trace *trace)
{
    char line[100];
    struct trace_text text = {.to = line, .room = sizeof line};
    char *path;
    uint32_t error = trace_in_folder(trace, "blobs.bin", &path);

    if (error == 0) {
        error = platen_os_file_open_write(path, &trace->blob_file);
    }
    free(path);
    if (error != 0) {
        trace_fail(trace, error);
        return;
    }
    trace_put_text(&text, "stream @blobs blob \"blobs.bin\"");
    trace_put_line(trace, &text);
}

static bool have_blobs(struct platen_trace *trace)
{
    platen_os_mutex_lock(&trace->document_lock);
    if (trace->blob_file == PLATEN_OS_NO_FILE && atomic_load(&trace->error) == 0) {
        open_blobs(trace);
    }
    bool have = trace->blob_file != PLATEN_OS_NO_FILE;
    platen_os_mutex_unlock(&trace->document_lock);
    return have;
}

static uint32_t write_all_at(platen_os_file file, uint64_t offset, const char *bytes, size_t length)
{
    while (length > 0) {
        size_t moved;
        uint32_t error = platen_os_file_write_at(file, offset, bytes, length, &moved);
        if (error != 0) {
            return error;
        }
        offset += moved;
        bytes += moved;
        length -= moved;
    }
    return 0;
}

/* Everybody has a place of his own in the file: no lock is held while it is written. */
bool trace_blob_add(struct platen_trace *trace, const void *bytes, size_t length, uint64_t *offset)
{
    *offset = 0;
    if (!have_blobs(trace)) {
        return false;
    }
    *offset = atomic_fetch_add(&trace->blob_size, length);
    uint32_t error = write_all_at(trace->blob_file, *offset, bytes, length);
    trace_fail(trace, error);
    return error == 0;
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static struct trace_job *place_of(struct trace_job *jobs, uint32_t room,
                                  const platen_spooler *spooler, uint32_t id)
{
    uint64_t mixed = ((uint64_t)(uintptr_t)spooler ^ id) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t at = (uint32_t)(mixed >> 32) & (room - 1);

    while (jobs[at].spooler != NULL && (jobs[at].spooler != spooler || jobs[at].id != id)) {
        at = (at + 1) & (room - 1);
    }
    return &jobs[at];
}

static bool grow_jobs(struct platen_trace *trace)
{
    uint32_t room = trace->job_room == 0 ? 64 : trace->job_room * 2;
    struct trace_job *jobs = calloc(room, sizeof *jobs);

    if (jobs == NULL) {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        return false;
    }
    for (uint32_t i = 0; i < trace->job_room; i++) {
        if (trace->jobs[i].spooler != NULL) {
            *place_of(jobs, room, trace->jobs[i].spooler, trace->jobs[i].id) = trace->jobs[i];
        }
    }
    free(trace->jobs);
    trace->jobs = jobs;
    trace->job_room = room;
    return true;
}

void trace_job_add(struct platen_trace *trace, const struct trace_job *job)
{
    platen_os_mutex_lock(&trace->document_lock);
    if (trace->job_count < trace->job_room / 2 || grow_jobs(trace)) {
        struct trace_job *place = place_of(trace->jobs, trace->job_room, job->spooler, job->id);
        trace->job_count += place->spooler == NULL;
        *place = *job;
    }
    platen_os_mutex_unlock(&trace->document_lock);
}

const struct trace_stream *trace_job_find(struct platen_trace *trace, const platen_spooler *spooler,
                                          uint32_t id, struct trace_job *job)
{
    *job = (struct trace_job){.spooler = NULL};
    platen_os_mutex_lock(&trace->document_lock);
    if (trace->job_room > 0) {
        *job = *place_of(trace->jobs, trace->job_room, spooler, id);
    }
    platen_os_mutex_unlock(&trace->document_lock);
    return job->stream;
}

/* ---- beginning, end -------------------------------------------------------------------------- */

bool trace_documents_init(struct platen_trace *trace)
{
    platen_os_mutex_init(&trace->document_lock);
    trace->blob_file = PLATEN_OS_NO_FILE;
    snprintf(trace->blobs.name, sizeof trace->blobs.name, "blobs");
    return true;
}

static void end_blobs(struct platen_trace *trace)
{
    char line[100];
    struct trace_text text = {.to = line, .room = sizeof line};

    trace_put_text(&text, "stream @blobs size=");
    trace_put_number(&text, atomic_load(&trace->blob_size));
    trace_put_line(trace, &text);
    trace_fail(trace, platen_os_file_close(trace->blob_file));
}

void trace_documents_close(struct platen_trace *trace)
{
    if (trace->blob_file != PLATEN_OS_NO_FILE) {
        end_blobs(trace);
    }
    while (trace->streams != NULL) {
        struct trace_stream *stream = trace->streams;
        trace->streams = stream->next;
        free(stream->path);
        free(stream);
    }
    free(trace->jobs);
    platen_os_mutex_destroy(&trace->document_lock);
}
