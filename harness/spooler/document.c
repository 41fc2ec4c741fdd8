/* SPDX-License-Identifier: MIT
 *
 * Where a job's bytes come from: a file, memory, or a function of the program.
 */
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

#define SPOOL_PIECE (256u * 1024)

static const char16_t raw[] = u"RAW";

/* ---- opening --------------------------------------------------------------------------------- */

static uint32_t write_all(platen_os_file to, uint64_t offset, const uint8_t *data, size_t size)
{
    while (size > 0) {
        size_t moved;
        uint32_t error = platen_os_file_write_at(to, offset, data, size, &moved);
        if (error)
            return error;
        offset += moved;
        data += moved;
        size -= moved;
    }
    return 0;
}

static uint32_t copy_stream(platen_os_file from, platen_os_file to, uint64_t *size)
{
    uint8_t *piece = malloc(SPOOL_PIECE);
    uint32_t error = piece != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;

    *size = 0;
    while (!error) {
        size_t moved;
        error = platen_os_file_read(from, piece, SPOOL_PIECE, &moved);
        if (error || moved == 0)
            break;
        error = write_all(to, *size, piece, moved);
        *size += moved;
    }
    free(piece);
    return error;
}

/* A pipe or a terminal is read to its end into a nameless file, which then is the document. */
static uint32_t spool(platen_os_file stream, struct source *source, uint64_t *size)
{
    platen_os_file file;
    uint32_t error = platen_os_file_temporary(&file);

    if (error)
        return error;
    error = copy_stream(stream, file, size);
    if (error) {
        platen_os_file_close(file);
        return error;
    }
    *source = (struct source){.kind = SOURCE_SPOOLED, .from.file = file};
    return 0;
}

static uint32_t use_file(platen_os_file file, enum source_kind kind, struct source *source,
                         uint64_t *size)
{
    uint32_t error = platen_os_file_size(file, size);

    /* Some regular files say 0 and have something all the same (/proc). */
    if (error == PLATEN_BAD_DEV_TYPE || (!error && *size == 0)) {
        error = spool(file, source, size);
        if (kind == SOURCE_FILE)
            platen_os_file_close(file);
        return error;
    }
    if (error && kind == SOURCE_FILE)
        platen_os_file_close(file);
    if (!error)
        *source = (struct source){.kind = kind, .from.file = file};
    return error;
}

static uint32_t open_path(const char *path, struct source *source, uint64_t *size)
{
    platen_os_file file;

    if (strcmp(path, "-") == 0)
        return use_file(platen_os_file_standard(PLATEN_OS_STDIN), SOURCE_STANDARD, source, size);
    uint32_t error = platen_os_file_open_read(path, &file);
    return error ? error : use_file(file, SOURCE_FILE, source, size);
}

uint32_t spool_document_open(const struct platen_document *document, struct source *source,
                             uint64_t *size)
{
    *source = (struct source){.kind = SOURCE_NONE};
    *size = 0;
    if (document->path != NULL)
        return open_path(document->path, source, size);
    if (document->data != NULL) {
        *source = (struct source){.kind = SOURCE_MEMORY, .from.data = document->data};
        *size = document->data_size;
        return 0;
    }
    source->kind = SOURCE_CALLBACK;
    source->from.callback.read_at = document->read_at;
    source->from.callback.context = document->read_context;
    *size = UINT64_MAX;
    return 0;
}

void spool_document_close(struct source *source)
{
    if (source->kind == SOURCE_FILE || source->kind == SOURCE_SPOOLED)
        platen_os_file_close(source->from.file);
    source->kind = SOURCE_NONE;
}

/* ---- after the end --------------------------------------------------------------------------- */

/* One after the other gives up its place, so that jobs nobody forgets do not keep all their files.
 */
static void keep_spooled(struct job *job)
{
    platen_spooler *spooler = job->printer->spooler;
    struct kept *place = &spooler->kept[spooler->next_kept];
    struct job *old = place->id != 0 ? spool_job_find(spooler, place->id) : NULL;
    if (old != NULL && old->order == place->order && !old->revived)
        spool_document_close(&old->source);
    *place = (struct kept){job->id, job->order};
    spooler->next_kept = (spooler->next_kept + 1) % KEPT;
}

/* A file is let go: whoever it belongs to may replace it. */
void spool_document_keep(struct job *job)
{
    enum source_kind kind = job->source.kind;

    if (kind == SOURCE_SPOOLED) {
        keep_spooled(job);
    } else if (kind == SOURCE_FILE && job->path != NULL) {
        spool_document_close(&job->source);
        job->source.kind = SOURCE_CLOSED;
    } else if (kind == SOURCE_FILE || !(kind == SOURCE_STANDARD || job->lasting)) {
        spool_document_close(&job->source);
    }
}

uint32_t spool_document_reopen(struct job *job)
{
    platen_spooler *spooler = job->printer->spooler;
    struct source source;
    uint64_t size;

    if (job->source.kind != SOURCE_CLOSED)
        return 0;
    uint32_t error = open_path(job->path, &source, &size);
    if (error)
        return error;
    lock(spooler);
    job->source = source;
    job->size = size;
    unlock(spooler);
    return 0;
}

/* ---- reading --------------------------------------------------------------------------------- */

static uint32_t read_file(const struct source *source, uint64_t offset, uint8_t *buffer,
                          uint32_t wanted, uint32_t *size)
{
    size_t moved;
    uint32_t error = platen_os_file_read_at(source->from.file, offset, buffer, wanted, &moved);

    *size = (uint32_t)moved;
    return error == 0 && moved == 0 ? PLATEN_HANDLE_EOF : error;
}

/* The size was taken when the job was submitted: what a file grew by since is not printed, and one
 * that shrank is an error. One read per piece, and none to find the end. */
uint32_t spool_document_read(const struct job *job, uint64_t offset, uint8_t *buffer, uint32_t room,
                             const uint8_t **data, uint32_t *size)
{
    const struct source *source = &job->source;
    uint64_t left = job->size - offset;
    uint32_t wanted = left < room ? (uint32_t)left : room;

    *data = buffer;
    *size = 0;
    if (wanted == 0)
        return 0;
    if (source->kind == SOURCE_MEMORY) {
        *data = source->from.data + offset;
        *size = wanted;
        return 0;
    }
    if (source->kind != SOURCE_CALLBACK)
        return read_file(source, offset, buffer, wanted, size);
    uint32_t error =
        source->from.callback.read_at(source->from.callback.context, offset, buffer, wanted, size);
    return error == 0 && *size > wanted ? PLATEN_INVALID_DATA : error;
}

/* ---- the names of a document ----------------------------------------------------------------- */

static const char *title_of(const struct platen_document *document)
{
    if (document->title != NULL)
        return document->title;
    if (document->path != NULL && strcmp(document->path, "-") != 0)
        return platen_os_path_name(document->path);
    return "document";
}

static size_t units_of(const char *text)
{
    return text != NULL ? platen_text_to16(text, SIZE_MAX, NULL, 0) + 1 : 0;
}

static char16_t *put(const char *text, size_t units, char16_t **to)
{
    char16_t *begin = *to;

    if (text == NULL)
        return NULL;
    platen_text_to16(text, SIZE_MAX, begin, units);
    *to += units;
    return begin;
}

/* All of them in one block, in the form in which StartDocPort wants them. The title is kept a
 * second time, as it came, only if there is somebody to tell it to. */
struct job_text *spool_document_text(const struct platen_document *document, bool with_utf8)
{
    const char *title = title_of(document);
    size_t title_units = units_of(title);
    size_t output_units = units_of(document->output_file);
    size_t datatype_units = units_of(document->datatype);
    size_t units = title_units + output_units + datatype_units;
    size_t bytes = with_utf8 ? strlen(title) + 1 : 0;
    struct job_text *text = malloc(sizeof *text + units * sizeof(char16_t) + bytes);

    if (text == NULL)
        return NULL;
    char16_t *to = text->title;
    put(title, title_units, &to);
    text->output = put(document->output_file, output_units, &to);
    text->datatype = put(document->datatype, datatype_units, &to);
    if (text->datatype == NULL)
        text->datatype = raw;
    text->title8 = with_utf8 ? memcpy(to, title, bytes) : NULL;
    return text;
}
