/* SPDX-License-Identifier: MIT */
#include "trace/sink.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "os/clock.h"

#define DELAY    UINT64_C(50000000)   /* a line is in the file that much later */
#define PATIENCE UINT64_C(1000000000) /* of last words with threads that are still at it */
#define BEGIN    64                   /* bytes of a file that tell what it is */

static void note_error(struct trace_sink *sink, uint32_t error)
{
    if (sink->error == 0) {
        sink->error = error;
    }
}

/* ---- the writer ------------------------------------------------------------------------------ */

/* Until so much is used, or nothing will come, or the moment has. */
static void wait_for(struct trace_sink *sink, size_t size, uint64_t until)
{
    bool early = true;

    while (early && sink->used < size && !sink->ending) {
        sink->wake_at = size;
        if (until == PLATEN_OS_FOREVER) {
            platen_os_cond_wait(&sink->filled, &sink->lock);
        } else {
            early = platen_os_cond_wait_until(&sink->filled, &sink->lock, until);
        }
    }
    sink->wake_at = SIZE_MAX;
}

/* Waits for something to write, and then a little for more. */
static void wait_for_lines(struct trace_sink *sink)
{
    wait_for(sink, 1, PLATEN_OS_FOREVER);
    wait_for(sink, SINK_HALF / 2, platen_os_now() + DELAY);
}

/* Gives up the lock while it writes. */
static void write_half(struct trace_sink *sink)
{
    const char *half = sink->halves[sink->active];
    size_t size = sink->used;

    if (size == 0) {
        return;
    }
    atomic_store(&sink->writing, true);
    if (atomic_load(&sink->last_words)) {
        atomic_store(&sink->writing, false);
        return;
    }
    sink->active ^= 1;
    sink->used = 0;
    platen_os_mutex_unlock(&sink->lock);
    uint32_t error = sink->error != 0 ? 0 : platen_os_file_write_all(sink->file, half, size);
    platen_os_mutex_lock(&sink->lock);
    atomic_store(&sink->writing, false);
    note_error(sink, error);
    platen_os_cond_broadcast(&sink->written);
}

static void writer_body(void *argument)
{
    struct trace_sink *sink = argument;

    platen_os_mutex_lock(&sink->lock);
    while (!atomic_load(&sink->last_words) && (!sink->ending || sink->used > 0)) {
        wait_for_lines(sink);
        write_half(sink);
    }
    platen_os_cond_broadcast(&sink->written);
    platen_os_mutex_unlock(&sink->lock);
}

/* ---- those who fill it ----------------------------------------------------------------------- */

static void wait_for_room(struct trace_sink *sink)
{
    platen_os_cond_signal(&sink->filled);
    platen_os_cond_wait(&sink->written, &sink->lock);
}

static bool is_over(const struct trace_sink *sink)
{
    return atomic_load(&sink->last_words);
}

/* More than fits: goes straight to the file, behind all that came before. */
static void put_huge(struct trace_sink *sink, const char *lines, size_t length)
{
    while (!is_over(sink) && (sink->used > 0 || atomic_load(&sink->writing))) {
        wait_for_room(sink);
    }
    atomic_store(&sink->filling, true);
    if (!is_over(sink) && sink->error == 0) {
        note_error(sink, platen_os_file_write_all(sink->file, lines, length));
    }
    atomic_store(&sink->filling, false);
}

/* True: the writer is to be woken. */
static bool put_small(struct trace_sink *sink, const char *lines, size_t length)
{
    while (!is_over(sink) && sink->used + length > SINK_HALF) {
        wait_for_room(sink);
    }
    atomic_store(&sink->filling, true);
    if (!is_over(sink)) {
        memcpy(sink->halves[sink->active] + sink->used, lines, length);
        sink->used += length;
    }
    atomic_store(&sink->filling, false);
    if (sink->used < sink->wake_at) {
        return false;
    }
    sink->wake_at = SIZE_MAX;
    return true;
}

void trace_sink_put(struct trace_sink *sink, const char *lines, size_t length)
{
    bool wake = false;

    platen_os_mutex_lock(&sink->lock);
    if (length > SINK_HALF) {
        put_huge(sink, lines, length);
    } else {
        wake = put_small(sink, lines, length);
    }
    platen_os_mutex_unlock(&sink->lock);
    if (wake) { /* when it can have the lock at once */
        platen_os_cond_signal(&sink->filled);
    }
}

/* ---- opening, closing ------------------------------------------------------------------------ */

bool trace_sink_may_replace(const char *path, bool (*holds)(const char *begin, size_t length))
{
    platen_os_file file;
    char begin[BEGIN];
    size_t moved = 0;
    uint64_t ignored;

    if (strcmp(path, "-") == 0) {
        return true;
    }
    if (platen_os_file_open_read(path, &file) != 0) {
        return true; /* opening it for writing tells what is wrong, if anything is */
    }
    bool regular = platen_os_file_size(file, &ignored) == 0;
    uint32_t error = regular ? platen_os_file_read(file, begin, sizeof begin, &moved) : 0;
    platen_os_file_close(file);
    return error != 0 || moved == 0 || holds(begin, moved);
}

static uint32_t open_file(struct trace_sink *sink, const char *path,
                          bool (*holds)(const char *begin, size_t length))
{
    sink->owned = strcmp(path, "-") != 0;
    if (!sink->owned) {
        sink->file = platen_os_file_standard(PLATEN_OS_STDOUT);
        return 0;
    }
    if (!trace_sink_may_replace(path, holds)) {
        return PLATEN_ALREADY_EXISTS;
    }
    return platen_os_file_open_write(path, &sink->file);
}

static uint32_t close_file(struct trace_sink *sink)
{
    return sink->owned ? platen_os_file_close(sink->file) : 0;
}

static void release(struct trace_sink *sink)
{
    platen_os_cond_destroy(&sink->filled);
    platen_os_cond_destroy(&sink->written);
    platen_os_mutex_destroy(&sink->lock);
    free(sink->halves[0]);
    free(sink->halves[1]);
}

static uint32_t start_writer(struct trace_sink *sink)
{
    sink->halves[0] = malloc(SINK_HALF);
    sink->halves[1] = malloc(SINK_HALF);
    platen_os_mutex_init(&sink->lock);
    platen_os_cond_init(&sink->filled);
    platen_os_cond_init(&sink->written);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;
    if (sink->halves[0] != NULL && sink->halves[1] != NULL) {
        error = platen_os_thread_start(&sink->writer, "trace", 0, writer_body, sink);
    }
    if (error != 0) {
        release(sink);
    }
    return error;
}

uint32_t trace_sink_open(struct trace_sink *sink, const char *path,
                         bool (*holds)(const char *begin, size_t length))
{
    *sink = (struct trace_sink){.file = PLATEN_OS_NO_FILE};
    uint32_t error = open_file(sink, path, holds);
    if (error == 0) {
        error = start_writer(sink);
        if (error != 0) {
            close_file(sink);
        }
    }
    return error;
}

uint32_t trace_sink_close(struct trace_sink *sink)
{
    platen_os_mutex_lock(&sink->lock);
    sink->ending = true;
    platen_os_cond_signal(&sink->filled);
    platen_os_mutex_unlock(&sink->lock);
    platen_os_thread_join(sink->writer);
    note_error(sink, close_file(sink));
    release(sink);
    return sink->error;
}

/* ---- last words ------------------------------------------------------------------------------ */

/* Other threads still run; if one of them is held in its write, it is not waited for for ever. */
static void wait_until_clear(const atomic_bool *flag, uint64_t until)
{
    while (atomic_load(flag) && platen_os_now() < until) {
        platen_os_thread_yield();
    }
}

void trace_sink_last_words(struct trace_sink *sink)
{
    uint64_t until = platen_os_now() + PATIENCE;

    if (atomic_exchange(&sink->last_words, true)) {
        return;
    }
    wait_until_clear(&sink->filling, until);
    wait_until_clear(&sink->writing, until);
    trace_sink_last_put(sink, sink->halves[sink->active], sink->used);
}

void trace_sink_last_put(struct trace_sink *sink, const char *line, size_t length)
{
    if (sink->error == 0) {
        platen_os_file_write_all(sink->file, line, length);
    }
}
