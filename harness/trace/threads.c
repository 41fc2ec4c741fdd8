/* SPDX-License-Identifier: MIT
 *
 * Threads as the trace knows them, and what their lanes are called.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/print.h"
#include "os/crash.h"
#include "trace/inside.h"

#define TRACES 4 /* that a thread goes back and forth between */

static _Thread_local struct {
    struct {
        uint64_t serial;
        struct trace_thread *thread;
    } known[TRACES];
    unsigned turn;
} here;

static struct trace_thread *find_thread(const struct platen_trace *trace, uint64_t id)
{
    struct trace_thread *at = atomic_load(&trace->threads);
    while (at != NULL && at->id != id) {
        at = at->next;
    }
    return at;
}

struct trace_thread *trace_thread_known(struct platen_trace *trace)
{
    return find_thread(trace, platen_os_thread_id());
}

static struct trace_thread *new_thread(struct platen_trace *trace, uint64_t id)
{
    struct trace_thread *thread = calloc(1, sizeof *thread);
    char *line = malloc(TRACE_LINE);

    if (thread == NULL || line == NULL) {
        free(thread);
        free(line);
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    thread->id = id;
    thread->line = line;
    thread->room = TRACE_LINE;
    platen_os_mutex_lock(&trace->lock);
    thread->next = atomic_load(&trace->threads);
    atomic_store(&trace->threads, thread);
    platen_os_mutex_unlock(&trace->lock);
    return thread;
}

/* A thread that has ended may leave its number to a new one: that one takes over what is here. */
static struct trace_thread *take_thread(struct platen_trace *trace)
{
    uint64_t id = platen_os_thread_id();
    struct trace_thread *thread = find_thread(trace, id);

    platen_os_crash_prepare_thread();
    if (thread == NULL) {
        return new_thread(trace, id);
    }
    atomic_store(&thread->depth, 0);
    thread->document.stream = NULL;
    return thread;
}

struct trace_thread *trace_thread_here(struct platen_trace *trace)
{
    for (unsigned i = 0; i < TRACES; i++) {
        if (here.known[i].serial == trace->serial) {
            return here.known[i].thread;
        }
    }
    struct trace_thread *thread = take_thread(trace);
    if (thread != NULL) {
        unsigned place = here.turn++ % TRACES;
        here.known[place].serial = trace->serial;
        here.known[place].thread = thread;
    }
    return thread;
}

/* ---- labels ---------------------------------------------------------------------------------- */

static bool is_taken(const struct platen_trace *trace, const char *name)
{
    const struct trace_label *at = trace->labels;
    while (at != NULL && strcmp(at->name, name) != 0) {
        at = at->next;
    }
    return at != NULL;
}

/* The lane's own name, or that with the first number that makes it another's than all others. */
static char *free_name(const struct platen_trace *trace, const char *base)
{
    size_t size = strlen(base) + 12;
    char *name = malloc(size);

    if (name != NULL) {
        snprintf(name, size, "%s", base);
        for (unsigned i = 2; is_taken(trace, name); i++) {
            snprintf(name, size, "%s.%u", base, i);
        }
    }
    return name;
}

static void free_label(struct trace_label *label)
{
    free(label->base);
    free(label->name);
    free(label->word);
    free(label);
}

static char *word_of(const char *name)
{
    size_t size = platen_lane_print(name, NULL, 0) + 1;
    char *word = malloc(size);

    if (word != NULL) {
        platen_lane_print(name, word, size);
    }
    return word;
}

static struct trace_label *new_label(struct platen_trace *trace, const char *base)
{
    struct trace_label *label = calloc(1, sizeof *label);

    if (label == NULL) {
        return NULL;
    }
    label->base = strdup(base);
    label->name = free_name(trace, base);
    label->word = label->name != NULL ? word_of(label->name) : NULL;
    if (label->base == NULL || label->word == NULL) {
        free_label(label);
        return NULL;
    }
    label->row = trace->labels == NULL ? 1 : trace->labels->row + 1;
    label->next = trace->labels;
    trace->labels = label;
    return label;
}

/* With the lock held: the thread's own of that name, or the one that the same lane had on a thread
 * before (a port's lane that ended and began again), or a new one. */
static struct trace_label *find_label(struct platen_trace *trace, struct trace_thread *thread,
                                      const struct platen_lane *lane, bool *made)
{
    struct trace_label *best = NULL;

    for (struct trace_label *at = trace->labels; at != NULL; at = at->next) {
        if (strcmp(at->base, lane->name) != 0) {
            continue;
        }
        if (atomic_load(&at->owner) == thread) {
            best = at;
            break;
        }
        best = at->lane == lane ? at : best;
    }
    *made = best == NULL;
    return best != NULL ? best : new_label(trace, lane->name);
}

static struct trace_label *take_label(struct platen_trace *trace, struct trace_thread *thread,
                                      const struct platen_lane *lane)
{
    bool made;

    platen_os_mutex_lock(&trace->lock);
    struct trace_label *label = find_label(trace, thread, lane, &made);
    if (label != NULL) {
        label->lane = lane;
        atomic_store(&label->owner, thread);
    }
    platen_os_mutex_unlock(&trace->lock);
    if (label == NULL) {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    if (made && trace->pictured) {
        trace_timeline_label(trace, label);
    }
    thread->cached[thread->cache_turn++ % TRACE_CACHE] = label;
    return label;
}

struct trace_label *trace_label_of(struct platen_trace *trace, struct trace_thread *thread,
                                   const struct platen_lane *lane)
{
    static const struct platen_lane nameless = {.name = "?"};

    if (lane == NULL || lane->name == NULL) {
        lane = &nameless;
    }
    for (unsigned i = 0; i < TRACE_CACHE; i++) {
        struct trace_label *label = thread->cached[i];
        if (label != NULL && strcmp(label->base, lane->name) == 0 &&
            atomic_load_explicit(&label->owner, memory_order_relaxed) == thread) {
            return label;
        }
    }
    return take_label(trace, thread, lane);
}

void trace_threads_free(struct platen_trace *trace)
{
    struct trace_thread *thread = atomic_load(&trace->threads);

    while (thread != NULL) {
        struct trace_thread *next = thread->next;
        free(thread->line);
        free(thread);
        thread = next;
    }
    while (trace->labels != NULL) {
        struct trace_label *label = trace->labels;
        trace->labels = label->next;
        free_label(label);
    }
}
