/* SPDX-License-Identifier: MIT
 *
 * What recording costs: one call with 256 bytes of data, and the bytes of a job from a named file.
 *
 * The calls are counted in processor time, once that of the thread that makes them, which is what a
 * job waits for, and once that of all threads until the last line is in the file: the difference is
 * the writer's. The file's row tells both: processor time as its cost, and the clock as its wall.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/call.h"
#include "command/bench_house.h"
#include "command/command.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/text.h"
#include "spooler/observe.h"
#include "trace/trace.h"

#define CALLS 50000u
#define DATA  256u

struct trace_state {
    struct bench_house house;
    struct platen_trace *trace;
    HANDLE port;
    unsigned char data[DATA];
    char source[1100];
    char target[1100];
    char path[1100]; /* of the trace */
};

static struct trace_state *new_state(struct bench *bench)
{
    struct trace_state *state = calloc(1, sizeof *state);
    bench->state = state;
    if (state != NULL) {
        snprintf(state->source, sizeof state->source, "%s/source", bench->folder);
        snprintf(state->target, sizeof state->target, "%s/target", bench->folder);
        snprintf(state->path, sizeof state->path, "%s/trace", bench->folder);
    }
    return state;
}

static bool open_trace(struct trace_state *state)
{
    struct platen_trace_options options = {.path = state->path};
    char *complaint;
    uint32_t error = platen_trace_create(&options, &state->trace, &complaint);
    if (error != 0) {
        complain("bench: no trace: %s", complaint != NULL ? complaint : describe_error(error));
    }
    free(complaint);
    return error == 0;
}

static bool close_trace(struct trace_state *state)
{
    char *complaint;
    bool fine = platen_trace_close(state->trace, &complaint) == 0;
    if (!fine) {
        complain("bench: %s", complaint != NULL ? complaint : "the trace could not be written");
    }
    free(complaint);
    state->trace = NULL;
    return fine;
}

static void end(struct bench *bench)
{
    struct trace_state *state = bench->state;
    if (state != NULL) {
        if (state->port != NULL) {
            platen_call_ClosePort(NULL, state->house.table, state->port);
        }
        bench_house_close(&state->house);
        platen_os_remove_file(state->source);
        platen_os_remove_file(state->target);
        platen_os_remove_file(state->path);
        free(state);
    }
}

/* ---- trace -----------------------------------------------------------------------------------
 */

/* Bytes as compressed pictures have them: more than half must be escaped, and which is not to be
 * foreseen. */
static bool begin_calls(struct bench *bench)
{
    static WCHAR port_name[] = TEXT("NUL:");
    struct trace_state *state = new_state(bench);
    for (unsigned i = 0; state != NULL && i < DATA; i++) {
        state->data[i] = (unsigned char)(i * 2654435761u >> 13);
    }
    return state != NULL && bench_house_open(&state->house, 0, NULL) &&
           platen_call_OpenPort(NULL, state->house.table, state->house.instance, port_name,
                                &state->port);
}

static bool make_calls(struct trace_state *state, struct sample *sample)
{
    static WCHAR document_name[] = TEXT("receipt");
    const MONITOR2 *table = state->house.table;
    struct platen_lane lane = {.name = "bench", .observers = platen_trace_observer(state->trace)};
    DOC_INFO_1W doc = {.pDocName = document_name};
    struct meter meter;
    bool fine = table->pfnStartDocPort(state->port, NULL, 1, 1, (LPBYTE)&doc);

    meter_start(&meter);
    uint64_t begun = platen_os_thread_cpu_time();
    for (uint32_t i = 0; fine && i < CALLS; i++) {
        DWORD written;
        fine = platen_call_WritePort(&lane, table, state->port, state->data, DATA, &written);
    }
    uint64_t ended = platen_os_thread_cpu_time();
    meter_stop_wall(&meter, sample);
    sample->cost = (double)(ended - begun);
    return table->pfnEndDocPort(state->port) && fine;
}

static bool run_calls(struct bench *bench, struct sample *sample)
{
    struct trace_state *state = bench->state;
    bool fine = open_trace(state) && make_calls(state, sample);
    return close_trace(state) && fine;
}

/* To the last line in the file. */
static bool run_wholly(struct bench *bench, struct sample *sample)
{
    struct trace_state *state = bench->state;
    struct sample lane;
    struct meter meter;
    bool fine = open_trace(state);

    meter_start(&meter);
    fine = fine && make_calls(state, &lane);
    fine = close_trace(state) && fine;
    meter_stop_cpu(&meter, sample);
    return fine;
}

static bool bare_calls(struct bench *bench, struct sample *sample)
{
    return make_calls(bench->state, sample);
}

static double per_call(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / CALLS;
}

const struct bench_row bench_trace = {
    .name = "trace",
    .what = "one WritePort of 256 bytes to NUL:, recorded in line: on the thread that calls",
    .bare_what = "the same without a trace",
    .times = 4,
    .unit = "CPU ns per call",
    .figure = per_call,
    .begin = begin_calls,
    .run = run_calls,
    .bare = bare_calls,
    .end = end,
};

const struct bench_row bench_trace_whole = {
    .name = "trace-whole",
    .what = "the same on all threads, with what writes the file",
    .bare_what = "the same without a trace",
    .times = 4,
    .unit = "CPU ns per call",
    .figure = per_call,
    .begin = begin_calls,
    .run = run_wholly,
    .bare = bare_calls,
    .end = end,
};

/* ---- trace-file ------------------------------------------------------------------------------
 */

static bool begin_file(struct bench *bench)
{
    struct trace_state *state = new_state(bench);
    return state != NULL && bench_house_make_source(state->source, bench->size);
}

/* The job alone is measured; the document's hash is made when it has ended. */
static bool print_file(struct bench *bench, struct sample *sample)
{
    struct trace_state *state = bench->state;
    struct platen_document document = {
        .size = sizeof document, .path = state->source, .output_file = state->target};
    struct meter meter;
    bool fine = bench_house_open_traced(&state->house, bench->block, bench->folder, state->trace) &&
                bench_house_add_printer(&state->house, "FILE:");

    meter_start(&meter);
    fine = fine && bench_house_print(&state->house, &document, bench->size);
    meter_stop_cpu(&meter, sample);
    bench_house_close(&state->house);
    return fine;
}

static bool run_file(struct bench *bench, struct sample *sample)
{
    struct trace_state *state = bench->state;
    bool fine = open_trace(state) && print_file(bench, sample);
    return close_trace(state) && fine;
}

const struct bench_row bench_trace_file = {
    .name = "trace-file",
    .what = "one job from a file to a file, recorded as slices of the document",
    .bare_what = "the same job without a trace",
    .block = 65536,
    .in_pieces = true,
    .unit = "CPU s per GiB",
    .figure = bench_house_per_gib,
    .begin = begin_file,
    .run = run_file,
    .bare = print_file,
    .end = end,
};
