/* SPDX-License-Identifier: MIT
 *
 * Last words: runs in a signal handler, perhaps because of a fault in here, so it notes how far it
 * came before it goes on. No locks, no memory from the system.
 */
#include <string.h>

#include "call/print.h"
#include "trace/inside.h"

enum { STEP_BEGIN, STEP_TRACE, STEP_TIMELINE, STEP_CALLS, STEP_DONE };

/* The threads one after the other, the one that is speaking last. */
static struct trace_thread *thread_after(struct platen_trace *trace, struct trace_thread *thread)
{
    struct trace_thread *at = thread == NULL ? atomic_load(&trace->threads) : thread->next;

    if (thread != NULL && thread == trace->last.self) {
        return NULL;
    }
    if (at != NULL && at == trace->last.self) {
        at = at->next;
    }
    return at != NULL ? at : trace->last.self;
}

static void put_bare(struct trace_text *text, const struct trace_frame *frame)
{
    trace_put_text(text, frame->label != NULL ? frame->label->word : "?");
    trace_put_text(text, " ");
    for (uint32_t i = 0; i < frame->call->depth && i < 16; i++) {
        trace_put_text(text, "  ");
    }
    trace_put_text(text, platen_slot_info(frame->call->slot).name);
    trace_put_text(text, " -> ?");
}

/* The line of a call that has not returned: whole, if what it points at can be read. */
static void put_entered(struct platen_trace *trace, struct trace_frame *frame)
{
    struct trace_text text = {.to = trace->last.line, .room = sizeof trace->last.line - 1};
    bool whole = !trace->last.trying;

    trace->last.trying = true;
    text.used = whole ? trace_print(trace, frame, true, text.to, text.room) : 0;
    if (!whole || text.used >= text.room) {
        text.used = 0;
        put_bare(&text, frame);
    }
    trace->last.trying = false;
    text.to[text.used++] = '\n';
    trace_sink_last_put(&trace->out, text.to, text.used);
}

static void picture_entered(struct platen_trace *trace, const struct trace_frame *frame)
{
    struct trace_text text = {.to = trace->last.line, .room = sizeof trace->last.line};

    trace_timeline_entered(&text, trace->origin, frame);
    trace_sink_last_put(&trace->timeline, text.to, text.used);
}

/* From the innermost outwards, as lines of calls stand; in the picture the other way round. */
static void tell_calls(struct platen_trace *trace)
{
    while (trace->last.thread != NULL) {
        while (trace->last.left > 0) {
            struct trace_frame *frame = &trace->last.thread->frames[trace->last.left - 1];
            if (trace->traced) {
                put_entered(trace, frame);
            }
            trace->last.left--;
        }
        trace->last.thread = thread_after(trace, trace->last.thread);
        if (trace->last.thread != NULL) {
            unsigned depth = atomic_load(&trace->last.thread->depth);
            trace->last.left = depth < TRACE_DEEP ? depth : TRACE_DEEP;
        }
    }
}

static void picture_calls(struct platen_trace *trace)
{
    for (struct trace_thread *at = atomic_load(&trace->threads); at != NULL; at = at->next) {
        unsigned depth = atomic_load(&at->depth);
        for (unsigned i = 0; i < depth && i < TRACE_DEEP; i++) {
            picture_entered(trace, &at->frames[i]);
        }
    }
    trace_sink_last_put(&trace->timeline, trace_timeline_end, strlen(trace_timeline_end));
}

void platen_trace_last_words(struct platen_trace *trace)
{
    if (trace == NULL) {
        return;
    }
    if (trace->last.step == STEP_BEGIN) {
        trace->last.step = STEP_TRACE;
        trace->last.self = trace_thread_known(trace);
        if (trace->traced) {
            trace_sink_last_words(&trace->out);
        }
    }
    if (trace->last.step == STEP_TRACE) {
        trace->last.step = STEP_TIMELINE;
        if (trace->pictured) {
            trace_sink_last_words(&trace->timeline);
            picture_calls(trace);
        }
    }
    if (trace->last.step == STEP_TIMELINE) {
        trace->last.step = STEP_CALLS;
        trace->last.thread = thread_after(trace, NULL);
        trace->last.left = trace->last.thread == NULL ? 0 : atomic_load(&trace->last.thread->depth);
    }
    if (trace->last.step == STEP_CALLS) {
        tell_calls(trace);
        trace->last.step = STEP_DONE;
    }
}
