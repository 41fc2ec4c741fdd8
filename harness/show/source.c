/* SPDX-License-Identifier: MIT */
/* A file read forward, a block at a time. */
#include <stdlib.h>
#include <string.h>

#include "internal.h"

static int regular_size(uv_file file, uint64_t *size)
{
    uv_fs_t request;
    int status = uv_fs_fstat(NULL, &request, file, NULL);
    bool regular = (request.statbuf.st_mode & S_IFMT) == S_IFREG;
    *size = request.statbuf.st_size;
    uv_fs_req_cleanup(&request);
    return status < 0 ? status : regular ? 0 : UV_EINVAL;
}

/* Asked before the file is opened: opening a FIFO would wait for its writer. */
static int must_be_regular(const char *path)
{
    uv_fs_t request;
    int status = uv_fs_stat(NULL, &request, path, NULL);
    bool regular = (request.statbuf.st_mode & S_IFMT) == S_IFREG;
    uv_fs_req_cleanup(&request);
    return status < 0 ? status : regular ? 0 : UV_EINVAL;
}

static int open_file(const char *path, struct show_source *source)
{
    int status = must_be_regular(path);
    if (status < 0) {
        return status;
    }
    uv_fs_t request;
    status = uv_fs_open(NULL, &request, path, UV_FS_O_RDONLY, 0, NULL);
    uv_fs_req_cleanup(&request);
    if (status < 0) {
        return status;
    }
    source->file = status;
    return regular_size(source->file, &source->size);
}

uint32_t show_source_open(const char *path, struct show_source **out,
                          struct platen_show_error *error)
{
    *out = NULL;
    struct show_source *source = calloc(1, sizeof *source);
    if (!source) {
        return show_fail(error, SHOW_NO_MEMORY, "no memory to read a document");
    }
    source->file = -1;
    source->block = SHOW_BLOCK;
    int status = open_file(path, source);
    if (status < 0) {
        show_source_close(source);
        return status == UV_EINVAL ? show_fail_uv(error, status, "not a regular file:", path)
                                   : show_fail_uv(error, status, "cannot read", path);
    }
    source->limit = source->size;
    *out = source;
    return 0;
}

void show_source_close(struct show_source *source)
{
    if (!source) {
        return;
    }
    if (source->file >= 0) {
        uv_fs_t request;
        uv_fs_close(NULL, &request, source->file, NULL);
        uv_fs_req_cleanup(&request);
    }
    free(source);
}

uint64_t show_tell(const struct show_source *source)
{
    return source->start + source->next;
}

static bool fill(struct show_source *source)
{
    uint64_t at = show_tell(source);
    if (at >= source->limit || source->failed) {
        return false;
    }
    uv_fs_t request;
    uv_buf_t buffer = uv_buf_init((char *)source->bytes, (unsigned)source->block);
    int status = uv_fs_read(NULL, &request, source->file, &buffer, 1, (int64_t)at, NULL);
    uv_fs_req_cleanup(&request);
    source->failed = status < 0 ? status : 0;
    source->start = at;
    source->next = 0;
    source->fill = status > 0 ? (size_t)status : 0;
    return source->fill > 0;
}

int show_peek(struct show_source *source)
{
    if (source->next == source->fill && !fill(source)) {
        return -1;
    }
    return show_tell(source) < source->limit ? source->bytes[source->next] : -1;
}

int show_get(struct show_source *source)
{
    int byte = show_peek(source);
    source->next += byte >= 0;
    return byte;
}

void show_seek(struct show_source *source, uint64_t offset)
{
    if (offset >= source->start && offset <= source->start + source->fill) {
        source->next = (size_t)(offset - source->start);
        return;
    }
    source->start = offset;
    source->next = 0;
    source->fill = 0;
}

bool show_skip(struct show_source *source, uint64_t count)
{
    uint64_t at = show_tell(source);
    uint64_t left = source->limit > at ? source->limit - at : 0;
    show_seek(source, at + (count < left ? count : left));
    return count <= left;
}

size_t show_read(struct show_source *source, void *out, size_t count)
{
    unsigned char *bytes = out;
    size_t done = 0;
    while (done < count && show_peek(source) >= 0) {
        size_t part = source->fill - source->next;
        uint64_t left = source->limit - show_tell(source);
        part = part > left ? (size_t)left : part;
        part = part > count - done ? count - done : part;
        memcpy(bytes + done, source->bytes + source->next, part);
        source->next += part;
        done += part;
    }
    return done;
}

bool show_match(struct show_source *source, const char *literal)
{
    uint64_t at = show_tell(source);
    for (const char *c = literal; *c; c++) {
        if (show_get(source) != (unsigned char)*c) {
            show_seek(source, at);
            return false;
        }
    }
    return true;
}

/* To the next escape character, with the speed of memchr; false at the limit. */
static bool find_escape(struct show_source *source)
{
    while (show_peek(source) >= 0) {
        size_t left = source->fill - source->next;
        const unsigned char *at = source->bytes + source->next;
        const unsigned char *found = memchr(at, 0x1b, left);
        source->next += found ? (size_t)(found - at) : left;
        if (found) {
            return show_tell(source) < source->limit;
        }
    }
    return false;
}

uint64_t show_find_uel(struct show_source *source)
{
    while (find_escape(source)) {
        uint64_t at = show_tell(source);
        if (show_match(source, SHOW_UEL)) {
            return at;
        }
        show_skip(source, 1);
    }
    return source->limit;
}
