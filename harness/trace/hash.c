/* SPDX-License-Identifier: MIT
 *
 * SHA-256 of the documents, on a thread of its own, when their jobs have ended.
 */
#include <stdlib.h>

#include "device/sha256.h"
#include "os/clock.h"
#include "trace/inside.h"

#define PIECE    (256u * 1024)
#define ENOUGH   (8u << 20)
#define AT_LEAST UINT64_C(250000000) /* nanoseconds that hashes may take when all else is done */

/* Will it be ready in time, if it goes on as it went? Not before enough of it is done to tell. */
static bool has_time(struct platen_trace *trace, uint64_t begun, uint64_t done, uint64_t size)
{
    uint64_t until = atomic_load(&trace->hash_until);
    uint64_t now = platen_os_now();

    if (until == PLATEN_OS_FOREVER || done < ENOUGH) {
        return now < until;
    }
    double rest = (double)(now - begun) / (double)done * (double)(size - done);
    return now < until && rest < (double)(until - now);
}

/* The first `size` bytes: what it grew by since was not printed. */
static bool take_file(struct platen_trace *trace, struct device_sha256 *digest, platen_os_file file,
                      uint64_t size)
{
    char *piece = malloc(PIECE);
    uint64_t begun = platen_os_now();
    uint64_t at = 0;

    while (piece != NULL && at < size && has_time(trace, begun, at, size)) {
        size_t wanted = size - at < PIECE ? (size_t)(size - at) : PIECE;
        size_t moved;
        if (platen_os_file_read_at(file, at, piece, wanted, &moved) != 0 || moved == 0) {
            break;
        }
        device_sha256_take(digest, piece, moved);
        at += moved;
    }
    free(piece);
    return at == size;
}

static void hash(struct platen_trace *trace, const struct trace_stream *stream)
{
    struct device_sha256 digest;
    platen_os_file file;
    char sum[65];
    char line[160];
    struct trace_text text = {.to = line, .room = sizeof line};

    if (platen_os_file_open_read(stream->path, &file) != 0) {
        return;
    }
    device_sha256_begin(&digest);
    bool whole = take_file(trace, &digest, file, stream->size);
    platen_os_file_close(file);
    if (whole) {
        device_sha256_end(&digest, sum);
        trace_put_text(&text, "stream @");
        trace_put_text(&text, stream->name);
        trace_put_text(&text, " sha256=");
        trace_put_quoted(&text, sum);
        trace_put_line(trace, &text);
    }
}

/* The oldest that is wanted; at the end all are. */
static struct trace_stream *next_stream(struct platen_trace *trace)
{
    struct trace_stream *next = NULL;

    platen_os_mutex_lock(&trace->document_lock);
    struct trace_stream *at = trace->streams;
    platen_os_mutex_unlock(&trace->document_lock);
    for (; at != NULL; at = at->next) {
        if (at->named && !at->hashed && (at->wanted || trace->hash_ending)) {
            next = at;
        }
    }
    return next;
}

static void hasher_body(void *argument)
{
    struct platen_trace *trace = argument;

    platen_os_mutex_lock(&trace->hash_lock);
    for (;;) {
        struct trace_stream *stream = next_stream(trace);
        if (stream != NULL) {
            stream->hashed = true;
            platen_os_mutex_unlock(&trace->hash_lock);
            hash(trace, stream);
            platen_os_mutex_lock(&trace->hash_lock);
        } else if (trace->hash_ending) {
            break;
        } else {
            platen_os_cond_wait(&trace->hash_wanted, &trace->hash_lock);
        }
    }
    platen_os_mutex_unlock(&trace->hash_lock);
}

void trace_hash_want(struct platen_trace *trace, const struct trace_stream *stream)
{
    if (!stream->named) {
        return;
    }
    platen_os_mutex_lock(&trace->hash_lock);
    ((struct trace_stream *)(uintptr_t)stream)->wanted = true;
    if (!stream->hashed) {
        platen_os_cond_signal(&trace->hash_wanted);
    }
    platen_os_mutex_unlock(&trace->hash_lock);
}

bool trace_hash_init(struct platen_trace *trace)
{
    platen_os_mutex_init(&trace->hash_lock);
    platen_os_cond_init(&trace->hash_wanted);
    atomic_store(&trace->hash_until, PLATEN_OS_FOREVER);
    return platen_os_thread_start(&trace->hasher, "hash", 0, hasher_body, trace) == 0;
}

void trace_hash_close(struct platen_trace *trace)
{
    uint64_t now = platen_os_now();
    uint64_t share = (now - trace->origin) / 10;

    atomic_store(&trace->hash_until, now + (share > AT_LEAST ? share : AT_LEAST));
    platen_os_mutex_lock(&trace->hash_lock);
    trace->hash_ending = true;
    platen_os_cond_signal(&trace->hash_wanted);
    platen_os_mutex_unlock(&trace->hash_lock);
    platen_os_thread_join(trace->hasher);
    platen_os_cond_destroy(&trace->hash_wanted);
    platen_os_mutex_destroy(&trace->hash_lock);
}
