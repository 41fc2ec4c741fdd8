/* SPDX-License-Identifier: MIT
 *
 * A file that many threads write lines to: they are taken into memory under a short lock, and
 * written by a thread of the sink's own, at the latest a twentieth of a second later.
 */
#ifndef TRACE_SINK_H
#define TRACE_SINK_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/file.h"
#include "os/thread.h"

#define SINK_HALF (1024u * 1024) /* the writer waits for half of that, if it need not wait long */

struct trace_sink {
    platen_os_file file;
    bool owned; /* to be closed: not standard output */
    platen_os_mutex lock;
    platen_os_cond filled;  /* the writer has something to do */
    platen_os_cond written; /* there is room again */
    platen_os_thread *writer;
    char *halves[2];
    unsigned active; /* the half that is filled; the other is written */
    size_t used;     /* of the active half */
    size_t wake_at;  /* the writer sleeps until so much is used; SIZE_MAX: it does not sleep */
    bool ending;
    uint32_t error;         /* the first one; nothing is written from then on */
    atomic_bool filling;    /* somebody is between lock and unlock ... */
    atomic_bool writing;    /* the writer is at the other half ... */
    atomic_bool last_words; /* ... which last words wait for, and then nobody comes in any more */
};

/* May what stands at `path` be replaced: nothing, an empty file, or one that begins as `holds`
 * wants it? */
bool trace_sink_may_replace(const char *path, bool (*holds)(const char *begin, size_t length));
/* ALREADY_EXISTS if it may not be replaced. */
uint32_t trace_sink_open(struct trace_sink *sink, const char *path,
                         bool (*holds)(const char *begin, size_t length));
/* The first error, if there was one. */
uint32_t trace_sink_close(struct trace_sink *sink);
/* Whole lines. Keeps their order. */
void trace_sink_put(struct trace_sink *sink, const char *lines, size_t length);

/* In a signal handler: what is in memory goes out; nothing else does, from then on, but what is
 * written by this. */
void trace_sink_last_words(struct trace_sink *sink);
void trace_sink_last_put(struct trace_sink *sink, const char *line, size_t length);

#endif
