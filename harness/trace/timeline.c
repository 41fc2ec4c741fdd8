/* SPDX-License-Identifier: MIT
 *
 * Chrome trace events: an array with one complete event ("X") per call, a row per lane. Times are
 * microseconds since the trace began. Viewers take an array that was not ended, too.
 */
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "trace/inside.h"

#define EVENT_SIZE 512

const char trace_timeline_end[] = "\n]\n";

bool trace_timeline_holds(const char *begin, size_t length)
{
    return length > 0 && (*begin == '[' || *begin == '{');
}

void trace_timeline_begin(struct platen_trace *trace)
{
    static const char begin[] = "[\n{\"name\":\"process_name\",\"ph\":\"M\",\"pid\":1,\"tid\":0,"
                                "\"args\":{\"name\":\"platen\"}}";
    trace_sink_put(&trace->timeline, begin, sizeof begin - 1);
}

static void put_row(struct trace_text *text, uint32_t row)
{
    trace_put_text(text, ",\"pid\":1,\"tid\":");
    trace_put_number(text, row);
}

void trace_timeline_label(struct platen_trace *trace, const struct trace_label *label)
{
    size_t room = 6 * strlen(label->name) + EVENT_SIZE;
    struct trace_text text = {.to = malloc(room), .room = room};

    if (text.to == NULL) {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        return;
    }
    trace_put_text(&text, ",\n{\"name\":\"thread_name\",\"ph\":\"M\"");
    put_row(&text, label->row);
    trace_put_text(&text, ",\"args\":{\"name\":");
    trace_put_json(&text, label->name);
    trace_put_text(&text, "}}");
    trace_sink_put(&trace->timeline, text.to, text.used);
    free(text.to);
}

static void put_code(struct trace_text *text, uint32_t code)
{
    const char *name = platen_error_name(code);

    if (name != NULL) {
        trace_put_json(text, name);
    } else {
        trace_put_number(text, code);
    }
}

static void put_error(struct trace_text *text, uint32_t code)
{
    trace_put_text(text, ",\"error\":");
    put_code(text, code);
}

/* "result" and, where it failed, "error". */
static void put_result(struct trace_text *text, const struct platen_call *call)
{
    bool fine = true;

    trace_put_text(text, "\"result\":");
    switch (platen_slot_info(call->slot).result) {
    case PLATEN_RESULT_CODE:
        put_code(text, call->result.code);
        if (call->result.code != 0) {
            put_error(text, call->result.code);
        }
        return;
    case PLATEN_RESULT_BOOL:
        fine = call->result.code != 0;
        trace_put_text(text, fine ? "\"TRUE\"" : "\"FALSE\"");
        break;
    case PLATEN_RESULT_VOID:
        trace_put_text(text, "\"done\"");
        break;
    default:
        fine = call->result.pointer != NULL;
        trace_put_text(text, fine ? "\"table\"" : "\"NULL\"");
        break;
    }
    if (!fine) {
        put_error(text, call->last_error);
    }
}

static void put_head(struct trace_text *text, const struct platen_call *call, const char *phase,
                     uint64_t origin)
{
    trace_put_text(text, ",\n{\"name\":\"");
    trace_put_text(text, platen_slot_info(call->slot).name);
    trace_put_text(text, "\",\"ph\":\"");
    trace_put_text(text, phase);
    trace_put_text(text, "\",\"ts\":");
    trace_put_micro(text, call->begin > origin ? call->begin - origin : 0);
}

void trace_timeline_call(struct platen_trace *trace, const struct trace_label *label,
                         const struct platen_call *call)
{
    char event[EVENT_SIZE];
    struct trace_text text = {.to = event, .room = sizeof event};

    put_head(&text, call, "X", trace->origin);
    trace_put_text(&text, ",\"dur\":");
    trace_put_micro(&text, call->end - call->begin);
    put_row(&text, label->row);
    trace_put_text(&text, ",\"args\":{");
    put_result(&text, call);
    trace_put_text(&text, "}}");
    trace_sink_put(&trace->timeline, event, text.used);
}

/* A call that never returned: it begins, and does not end. */
void trace_timeline_entered(struct trace_text *text, uint64_t origin,
                            const struct trace_frame *frame)
{
    put_head(text, frame->call, "B", origin);
    put_row(text, frame->label != NULL ? frame->label->row : 0);
    trace_put_text(text, "}");
}
