/* SPDX-License-Identifier: MIT
 *
 * The observer: what is kept when a call begins, and the line when it has returned.
 */
#include <stdlib.h>
#include <string.h>

#include "call/print.h"
#include "trace/inside.h"

#define BRIEF_ROWS 8 /* of lists */

/* ---- what slots are to us -------------------------------------------------------------------- */

static void note_argument(struct trace_slot *slot, const struct platen_arg_info *arg)
{
    enum platen_kind kind = trace_names_kind(arg->kind);

    if (trace_names_is_new(arg->kind)) {
        slot->gives = true;
        slot->given_at = arg->offset;
        slot->given_kind = (uint8_t)kind;
    } else if (kind >= PLATEN_KIND_MONITOR && kind <= PLATEN_KIND_MODULE &&
               slot->handle_count < TRACE_HANDLES) {
        slot->handles[slot->handle_count].offset = arg->offset;
        slot->handles[slot->handle_count++].kind = (uint8_t)kind;
    }
}

static void note_slots(struct platen_trace *trace)
{
    static const enum platen_slot closing[] = {PLATEN_SLOT_ClosePort, PLATEN_SLOT_XcvClosePort,
                                               PLATEN_SLOT_Shutdown, PLATEN_SLOT_CloseKey,
                                               PLATEN_SLOT_ClosePrinter};

    for (unsigned i = 0; i < PLATEN_SLOT_COUNT; i++) {
        struct platen_slot_info info = platen_slot_info((enum platen_slot)i);
        trace->slots[i].result = (uint8_t)info.result;
        for (unsigned k = 0; k < info.arg_count; k++) {
            note_argument(&trace->slots[i], &info.args[k]);
        }
    }
    for (size_t i = 0; i < sizeof closing / sizeof *closing; i++) {
        trace->slots[closing[i]].closes = true;
    }
}

static uint64_t handle_at(const struct platen_call *call, uint16_t offset)
{
    HANDLE handle;
    memcpy(&handle, (const unsigned char *)&call->args + offset, sizeof handle);
    return (uint64_t)(uintptr_t)handle;
}

static bool has_succeeded(const struct trace_slot *slot, const struct platen_call *call)
{
    switch ((enum platen_result)slot->result) {
    case PLATEN_RESULT_BOOL:
        return call->result.code != 0;
    case PLATEN_RESULT_CODE:
        return call->result.code == 0;
    case PLATEN_RESULT_VOID:
        return true;
    default:
        return call->result.pointer != NULL;
    }
}

/* ---- names ----------------------------------------------------------------------------------- */

static void keep_name(struct trace_frame *frame, uint8_t kind, uint64_t value, uint32_t number)
{
    if (number != 0 && frame->name_count < TRACE_HANDLES) {
        frame->names[frame->name_count].kind = kind;
        frame->names[frame->name_count].value = value;
        frame->names[frame->name_count++].number = number;
    }
}

/* All names are looked up when the call begins: when it has returned, a handle that it closes may
 * already be somebody else's. */
static void name_handles(struct platen_trace *trace, struct trace_thread *thread,
                         struct trace_frame *frame)
{
    const struct platen_call *call = frame->call;
    const struct trace_slot *slot = &trace->slots[call->slot];

    for (unsigned i = 0; i < slot->handle_count; i++) {
        enum platen_kind kind = (enum platen_kind)slot->handles[i].kind;
        uint64_t value = handle_at(call, slot->handles[i].offset);
        if (value != 0) {
            keep_name(frame, slot->handles[i].kind, value,
                      slot->closes && i == 0
                          ? trace_names_close(&trace->names, kind, value)
                          : trace_names_recall(&trace->names, &thread->found, kind, value));
        }
    }
}

static void name_result(struct platen_trace *trace, struct trace_frame *frame)
{
    const struct platen_call *call = frame->call;
    const struct trace_slot *slot = &trace->slots[call->slot];
    bool success = has_succeeded(slot, call);

    if (slot->closes && !success && frame->name_count > 0) {
        trace_names_keep(&trace->names, (enum platen_kind)frame->names[0].kind,
                         frame->names[0].value, frame->names[0].number);
    }
    if (slot->gives && success) {
        const HANDLE *given = (const HANDLE *)(uintptr_t)handle_at(call, slot->given_at);
        uint64_t value = given != NULL ? (uint64_t)(uintptr_t)*given : 0;
        if (value != 0) {
            keep_name(frame, slot->given_kind, value,
                      trace_names_open(&trace->names, (enum platen_kind)slot->given_kind, value));
        }
    }
}

/* ---- what the printer asks ------------------------------------------------------------------- */

struct view {
    struct platen_trace *trace;
    struct trace_frame *frame;
    bool entering; /* on the way out: nothing may be looked up or written down */
};

static bool tell_name(void *context, enum platen_kind kind, uint64_t value, char *to, size_t size)
{
    const struct view *view = context;
    const struct trace_frame *frame = view->frame;
    uint32_t number = 0;

    kind = trace_names_kind(kind);
    for (unsigned i = 0; i < frame->name_count; i++) {
        if (frame->names[i].value == value && frame->names[i].kind == (uint8_t)kind) {
            number = frame->names[i].number;
        }
    }
    if (number == 0 && value != 0 && !view->entering) {
        number = trace_names_find(&view->trace->names, kind, value);
    }
    struct trace_text text = {.to = to, .room = size - 1};
    trace_put(&text, "$", 1);
    trace_put_text(&text, platen_kind_text(kind));
    trace_put_number(&text, number);
    to[text.used < size ? text.used : size - 1] = '\0';
    return number != 0;
}

static void tell_slice(const char *name, uint64_t offset, size_t length, char *to, size_t size)
{
    struct trace_text text = {.to = to, .room = size - 1};

    trace_put(&text, "@", 1);
    trace_put_text(&text, name);
    trace_put(&text, "[", 1);
    trace_put_number(&text, offset);
    trace_put(&text, "+", 1);
    trace_put_number(&text, length);
    trace_put(&text, "]", 1);
    to[text.used < size ? text.used : size - 1] = '\0';
}

/* Is it part of what an outer WritePort was given, on this thread? A language monitor may pass its
 * buffer on. */
static const struct trace_frame *writer_of(const struct trace_frame *frame, const void *bytes,
                                           size_t length)
{
    for (;; frame--) {
        uintptr_t delta = (uintptr_t)bytes - (uintptr_t)frame->call->args.WritePort.pBuffer;
        uint32_t size = frame->call->args.WritePort.cbBuf;
        if (frame->stream != NULL && length <= size && delta <= size - length) {
            return frame;
        }
        if (frame->bottom) {
            return NULL;
        }
    }
}

static bool find_blob(struct view *view, const void *bytes, size_t length, uint64_t *offset)
{
    struct trace_frame *frame = view->frame;

    for (unsigned i = 0; i < frame->blob_count; i++) {
        if (frame->blobs[i].bytes == bytes && frame->blobs[i].length == length) {
            *offset = frame->blobs[i].offset;
            return true;
        }
    }
    if (view->entering || !trace_blob_add(view->trace, bytes, length, offset)) {
        return false;
    }
    if (frame->blob_count < 2) {
        frame->blobs[frame->blob_count].bytes = bytes;
        frame->blobs[frame->blob_count].length = length;
        frame->blobs[frame->blob_count++].offset = *offset;
    }
    return true;
}

static bool tell_data(void *context, const struct platen_call *call,
                      const struct platen_arg_info *arg, const void *bytes, size_t length, char *to,
                      size_t size)
{
    struct view *view = context;
    const struct trace_frame *writer =
        call->slot == PLATEN_SLOT_WritePort ? writer_of(view->frame, bytes, length) : NULL;
    uint64_t offset;

    (void)arg;
    if (writer != NULL) {
        uintptr_t delta = (uintptr_t)bytes - (uintptr_t)writer->call->args.WritePort.pBuffer;
        tell_slice(writer->stream->name, writer->offset + delta, length, to, size);
        return true;
    }
    if (!view->trace->keeps || !find_blob(view, bytes, length, &offset)) {
        return false;
    }
    tell_slice(view->trace->blobs.name, offset, length, to, size);
    return true;
}

size_t trace_print(struct platen_trace *trace, struct trace_frame *frame, bool entering, char *to,
                   size_t size)
{
    struct view view = {.trace = trace, .frame = frame, .entering = entering};
    struct platen_call_form form = {
        .name = tell_name,
        .data = tell_data,
        .context = &view,
        .inline_bytes = trace->brief               ? TRACE_SHORT
                        : trace->keeps || entering ? TRACE_INLINE
                                                   : SIZE_MAX,
        .brief = trace->brief,
        .rows = trace->brief ? BRIEF_ROWS : 0,
        .entering = entering,
        .timed = true,
        .origin = trace->origin,
        .lane = frame->label != NULL ? frame->label->word : NULL,
    };

    return platen_call_print(frame->call, &form, to, size);
}

/* ---- the document of a lane ------------------------------------------------------------------ */

static void follow_start(struct platen_trace *trace, struct trace_thread *thread,
                         const struct platen_call *call)
{
    const struct platen_args_StartDocPort *a = &call->args.StartDocPort;

    thread->document.stream = NULL;
    if (call->result.code != 0 && call->lane != NULL) {
        thread->document.stream =
            trace_job_find(trace, call->lane->spooler, a->JobId, &thread->document.job);
        thread->document.port = a->hPort;
        thread->document.at = 0;
    }
}

/* What is accepted counts, whatever the call said (R38); the spooler goes on behind it (R99). */
static void follow_write(struct trace_thread *thread, const struct platen_call *call)
{
    const struct platen_args_WritePort *a = &call->args.WritePort;

    if (thread->document.port == a->hPort && a->pcbWritten != NULL) {
        thread->document.at += *a->pcbWritten < a->cbBuf ? *a->pcbWritten : a->cbBuf;
    }
}

static void follow_document(struct platen_trace *trace, struct trace_thread *thread,
                            const struct platen_call *call)
{
    if (call->depth != 0) {
        return;
    }
    if (call->slot == PLATEN_SLOT_StartDocPort) {
        follow_start(trace, thread, call);
    } else if (call->slot == PLATEN_SLOT_WritePort) {
        follow_write(thread, call);
    } else if (call->slot == PLATEN_SLOT_EndDocPort && thread->document.stream != NULL &&
               thread->document.port == call->args.EndDocPort.hPort) {
        trace_hash_want(trace, thread->document.stream);
        thread->document.stream = NULL;
    }
}

static void find_slice(const struct trace_thread *thread, struct trace_frame *frame)
{
    const struct platen_args_WritePort *a = &frame->call->args.WritePort;
    const struct trace_job *job = &thread->document.job;

    if (frame->call->slot == PLATEN_SLOT_WritePort && frame->call->depth == 0 &&
        thread->document.stream != NULL && thread->document.port == a->hPort &&
        a->cbBuf <= job->size && thread->document.at <= job->size - a->cbBuf) {
        frame->stream = thread->document.stream;
        frame->offset = job->base + thread->document.at;
    }
}

/* ---- the observer ---------------------------------------------------------------------------- */

static void fill_frame(struct platen_trace *trace, struct trace_thread *thread,
                       struct trace_frame *frame, struct platen_call *call)
{
    frame->call = call;
    frame->label = trace_label_of(trace, thread, call->lane);
    frame->name_count = 0;
    frame->stream = NULL;
    frame->blob_count = 0;
    if (trace->traced) {
        name_handles(trace, thread, frame);
        find_slice(thread, frame);
    }
}

static void before(struct platen_observer *observer, struct platen_call *call)
{
    struct platen_trace *trace = (struct platen_trace *)observer;
    struct trace_thread *thread = trace_thread_here(trace);

    platen_call_keep_given(call);
    if (thread == NULL) {
        return;
    }
    unsigned depth = atomic_load_explicit(&thread->depth, memory_order_relaxed);
    if (depth < TRACE_DEEP) {
        thread->frames[depth].bottom = depth == 0;
        fill_frame(trace, thread, &thread->frames[depth], call);
    }
    atomic_store_explicit(&thread->depth, depth + 1, memory_order_release);
}

/* A line that is longer than any before is made twice. */
static void write_line(struct platen_trace *trace, struct trace_thread *thread,
                       struct trace_frame *frame)
{
    size_t length = trace_print(trace, frame, false, thread->line, thread->room);

    if (length + 1 >= thread->room) {
        char *line = realloc(thread->line, length + TRACE_LINE);
        if (line == NULL) {
            trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
            return;
        }
        thread->line = line;
        thread->room = length + TRACE_LINE;
        length = trace_print(trace, frame, false, thread->line, thread->room);
        length = length < thread->room - 1 ? length : thread->room - 2;
    }
    thread->line[length] = '\n';
    trace_sink_put(&trace->out, thread->line, length + 1);
}

static void after(struct platen_observer *observer, struct platen_call *call)
{
    struct platen_trace *trace = (struct platen_trace *)observer;
    struct trace_thread *thread = trace_thread_here(trace);
    struct trace_frame deep = {.bottom = true};

    if (thread == NULL) {
        return;
    }
    unsigned depth = atomic_load_explicit(&thread->depth, memory_order_relaxed);
    depth -= depth > 0;
    struct trace_frame *frame = depth < TRACE_DEEP ? &thread->frames[depth] : &deep;
    if (frame == &deep) {
        fill_frame(trace, thread, frame, call);
    }
    if (trace->traced) {
        name_result(trace, frame);
        write_line(trace, thread, frame);
        follow_document(trace, thread, call);
    }
    if (trace->pictured && frame->label != NULL) {
        trace_timeline_call(trace, frame->label, call);
    }
    atomic_store_explicit(&thread->depth, depth, memory_order_release);
}

void trace_watch_init(struct platen_trace *trace)
{
    trace->observer.before = before;
    trace->observer.after = after;
    note_slots(trace);
}
