/* SPDX-License-Identifier: MIT
 *
 * A trace's life, and the lines that let it run again.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/error.h"
#include "os/format.h"
#include "os/text.h"
#include "trace/inside.h"

#define FIRST_LINE "platen-trace 1"

void trace_fail(struct platen_trace *trace, uint32_t error)
{
    uint32_t none = 0;
    if (error != 0) {
        atomic_compare_exchange_strong(&trace->error, &none, error);
    }
}

void trace_put_line(struct platen_trace *trace, const struct trace_text *text)
{
    char *line = text->to;

    if (text->used + 1 > text->room) {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
        return;
    }
    line[text->used] = '\n';
    trace_sink_put(&trace->out, line, text->used + 1);
}

/* ---- set-up lines ---------------------------------------------------------------------------- */

static void put_words(struct trace_text *text, const char *format, va_list list)
{
    const char *at = format;

    while (*at != '\0') {
        const char *end = strchr(at, '%');
        size_t length = end == NULL ? strlen(at) : (size_t)(end - at);
        const char *value = end == NULL ? NULL : va_arg(list, const char *);
        if (end == NULL || value != NULL) {
            trace_put(text, at, length);
        }
        if (value != NULL) {
            trace_put_quoted(text, value);
        }
        at += length + (end == NULL ? 0 : 2);
    }
}

void trace_put_verb(struct platen_trace *trace, const char *format, ...)
{
    struct trace_text text = {.to = NULL};
    va_list list;
    va_list again;

    if (trace == NULL || !trace->traced) {
        return;
    }
    va_start(list, format);
    va_copy(again, list);
    put_words(&text, format, list);
    text = (struct trace_text){.to = malloc(text.used + 1), .room = text.used + 1};
    if (text.to != NULL) {
        put_words(&text, format, again);
        trace_put_line(trace, &text);
    } else {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
    }
    free(text.to);
    va_end(again);
    va_end(list);
}

char *trace_absolute(struct platen_trace *trace, const char *path)
{
    char *whole = NULL;
    if (path != NULL) {
        trace_fail(trace, platen_os_absolute_path(path, &whole));
    }
    return whole;
}

void platen_trace_monitor(struct platen_trace *trace, const char *path, const char *name,
                          const char *file_root, const char *program_root)
{
    if (trace == NULL) {
        return;
    }
    char *whole = trace_absolute(trace, path != NULL ? path : file_root);
    char *programs = trace_absolute(trace, program_root);
    if (path != NULL) {
        trace_put_verb(trace, "monitor %q name=%q", whole, name);
    } else {
        trace_put_verb(trace, "monitor builtin name=%q file-root=%q program-root=%q", name, whole,
                       programs);
    }
    free(programs);
    free(whole);
}

void platen_trace_language(struct platen_trace *trace, const char *path, const char *name)
{
    if (trace == NULL) {
        return;
    }
    char *whole = trace_absolute(trace, path);
    trace_put_verb(trace, "language %q name=%q", whole, name);
    free(whole);
}

void platen_trace_beside(struct platen_trace *trace, bool language, const char *path,
                         const char *name, const char *spooler)
{
    if (trace == NULL) {
        return;
    }
    char *whole = trace_absolute(trace, path);
    trace_put_verb(trace,
                   language ? "language %q name=%q beside=%q" : "monitor %q name=%q beside=%q",
                   whole, name, spooler);
    free(whole);
}

void platen_trace_port(struct platen_trace *trace, const char *name, const char *uri)
{
    trace_put_verb(trace, "port %q to %q", name, uri);
}

void platen_trace_line(struct platen_trace *trace, const char *line)
{
    struct trace_text text = {.to = NULL};

    if (trace == NULL || !trace->traced) {
        return;
    }
    text = (struct trace_text){.to = malloc(strlen(line) + 1), .room = strlen(line) + 1};
    if (text.to != NULL) {
        trace_put_text(&text, line);
        trace_put_line(trace, &text);
    } else {
        trace_fail(trace, PLATEN_NOT_ENOUGH_MEMORY);
    }
    free(text.to);
}

/* ---- life ------------------------------------------------------------------------------------ */

PLATEN_OS_PRINTF(1, 2)
static char *sentence(const char *format, ...)
{
    char raw[1024];
    char *made = malloc(2 * sizeof raw);
    va_list list;

    va_start(list, format);
    vsnprintf(raw, sizeof raw, format, list);
    va_end(list);
    if (made != NULL) {
        platen_text_printable(raw, strlen(raw), made, 2 * sizeof raw);
    }
    return made;
}

static char *complain_of(const char *option, const char *path, uint32_t error, const char *holds)
{
    const char *text = platen_error_text(error);

    if (error == PLATEN_ALREADY_EXISTS) {
        return sentence("%s %s: the file exists and holds no %s; it is left alone", option, path,
                        holds);
    }
    return sentence("%s %s: %s (%u)", option, path, text != NULL ? text : "it cannot be written",
                    (unsigned)error);
}

static bool holds_trace(const char *begin, size_t length)
{
    return length > sizeof FIRST_LINE - 2 && memcmp(begin, FIRST_LINE, sizeof FIRST_LINE - 2) == 0;
}

static uint32_t open_sink(struct trace_sink *sink, const char *option, const char *path,
                          bool (*holds)(const char *begin, size_t length), bool *open,
                          char **complaint)
{
    uint32_t error = path == NULL ? 0 : trace_sink_open(sink, path, holds);

    *open = path != NULL && error == 0;
    if (error != 0) {
        *complaint =
            complain_of(option, path, error, holds == trace_timeline_holds ? "JSON" : "trace");
    }
    return error;
}

/* Neither file is emptied if the other cannot be had. */
static uint32_t open_sinks(struct platen_trace *trace, const struct platen_trace_options *options,
                           char **complaint)
{
    if (options->timeline != NULL &&
        !trace_sink_may_replace(options->timeline, trace_timeline_holds)) {
        *complaint = complain_of("--timeline", options->timeline, PLATEN_ALREADY_EXISTS, "JSON");
        return PLATEN_ALREADY_EXISTS;
    }
    uint32_t error =
        open_sink(&trace->out, "--trace", options->path, holds_trace, &trace->traced, complaint);
    if (error == 0) {
        error = open_sink(&trace->timeline, "--timeline", options->timeline, trace_timeline_holds,
                          &trace->pictured, complaint);
    }
    return error;
}

/* Where blobs are kept: beside the trace, unless it has no place or wants none. */
static uint32_t choose_folder(struct platen_trace *trace, const char *path)
{
    char *whole;

    if (path == NULL || trace->brief || strcmp(path, "-") == 0) {
        return 0;
    }
    uint32_t error = platen_os_absolute_path(path, &whole);
    if (error != 0) {
        return error;
    }
    size_t size = strlen(whole) + sizeof ".data";
    trace->folder = malloc(size);
    if (trace->folder != NULL) {
        snprintf(trace->folder, size, "%s.data", whole);
        trace->keeps = true;
    }
    free(whole);
    return trace->keeps ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
}

static void close_sink(struct trace_sink *sink, bool *open, uint32_t *error)
{
    if (*open) {
        uint32_t closed = trace_sink_close(sink);
        *error = *error != 0 ? *error : closed;
    }
    *open = false;
}

static void release(struct platen_trace *trace)
{
    trace_threads_free(trace);
    trace_names_free(&trace->names);
    platen_os_mutex_destroy(&trace->lock);
    free(trace->folder);
    free(trace);
}

static void begin(struct platen_trace *trace)
{
    static _Atomic uint64_t serials;

    trace->serial = atomic_fetch_add(&serials, 1) + 1;
    trace->origin = platen_os_now();
    trace_watch_init(trace);
    if (trace->traced) {
        const char *first = trace->brief     ? FIRST_LINE " brief\n"
                            : trace->outside ? FIRST_LINE " outside\n"
                                             : FIRST_LINE "\n";
        trace_sink_put(&trace->out, first, strlen(first));
    }
    if (trace->pictured) {
        trace_timeline_begin(trace);
    }
}

static uint32_t furnish(struct platen_trace *trace, const struct platen_trace_options *options,
                        char **complaint)
{
    uint32_t error = choose_folder(trace, options->path);

    if (error == 0) {
        error = open_sinks(trace, options, complaint);
    }
    if (error == 0 && !trace_hash_init(trace)) {
        error = PLATEN_NOT_ENOUGH_MEMORY;
    }
    return error;
}

uint32_t platen_trace_create(const struct platen_trace_options *options,
                             struct platen_trace **trace, char **complaint)
{
    struct platen_trace *made = calloc(1, sizeof *made);
    uint32_t error = 0;

    *trace = NULL;
    *complaint = NULL;
    if (made == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    made->brief = options->brief;
    made->outside = options->outside;
    platen_os_mutex_init(&made->lock);
    trace_documents_init(made);
    if (!trace_names_init(&made->names)) {
        error = PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (error == 0) {
        error = furnish(made, options, complaint);
    }
    if (error != 0) {
        uint32_t ignored = 0;
        close_sink(&made->out, &made->traced, &ignored);
        close_sink(&made->timeline, &made->pictured, &ignored);
        trace_documents_close(made);
        release(made);
        return error;
    }
    begin(made);
    *trace = made;
    return 0;
}

uint32_t platen_trace_close(struct platen_trace *trace, char **complaint)
{
    uint32_t error;

    *complaint = NULL;
    if (trace == NULL) {
        return 0;
    }
    trace_hash_close(trace);
    trace_documents_close(trace);
    error = atomic_load(&trace->error);
    close_sink(&trace->out, &trace->traced, &error);
    if (error != 0) {
        *complaint = sentence("the trace could not be written: %s (%u)",
                              platen_error_text(error) != NULL ? platen_error_text(error) : "?",
                              (unsigned)error);
    }
    if (trace->pictured) {
        trace_sink_put(&trace->timeline, trace_timeline_end, strlen(trace_timeline_end));
    }
    uint32_t picture = 0;
    close_sink(&trace->timeline, &trace->pictured, &picture);
    if (picture != 0 && *complaint == NULL) {
        *complaint = sentence("the timeline could not be written: %s (%u)",
                              platen_error_text(picture) != NULL ? platen_error_text(picture) : "?",
                              (unsigned)picture);
    }
    release(trace);
    return error != 0 ? error : picture;
}

struct platen_observer *platen_trace_observer(struct platen_trace *trace)
{
    return trace != NULL ? &trace->observer : NULL;
}
