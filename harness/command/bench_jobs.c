/* SPDX-License-Identifier: MIT
 *
 * Jobs to NUL: from a queue that was filled beforehand, against the monitor's functions called in a
 * loop without spooler, queue or jobs; and one WritePort through the runner against the bare
 * pointer.
 */
#include <stdlib.h>

#include "call/call.h"
#include "command/bench_house.h"

#define JOBS  100000u
#define CALLS 2000000u

struct jobs_state {
    struct bench_house house;
    HANDLE port; /* open for the bare side */
};

static unsigned char page[64] = "a short receipt\n";
static WCHAR document_name[] = TEXT("receipt");
static WCHAR port_name[] = TEXT("NUL:");

static bool begin(struct bench *bench)
{
    struct jobs_state *state = calloc(1, sizeof *state);
    bench->state = state;
    return state != NULL && bench_house_open(&state->house, 0, NULL) &&
           bench_house_add_printer(&state->house, "NUL:") &&
           platen_call_OpenPort(NULL, state->house.table, state->house.instance, port_name,
                                &state->port);
}

static void end(struct bench *bench)
{
    struct jobs_state *state = bench->state;
    if (state != NULL) {
        if (state->port != NULL) {
            platen_call_ClosePort(NULL, state->house.table, state->port);
        }
        bench_house_close(&state->house);
        free(state);
    }
}

/* ---- null-jobs --------------------------------------------------------------------------------
 */

static bool run_jobs(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    struct platen_document document = {
        .size = sizeof document, .title = "receipt", .data = page, .data_size = sizeof page};
    return bench_house_drain(&state->house, &document, JOBS, sample);
}

static bool bare_jobs(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    const MONITOR2 *m = state->house.table;
    struct meter meter;
    bool fine = true;
    DOC_INFO_1W doc = {.pDocName = document_name};

    meter_start(&meter);
    for (uint32_t i = 0; fine && i < JOBS; i++) {
        DWORD written;
        fine = m->pfnStartDocPort(state->port, NULL, i + 1, 1, (LPBYTE)&doc) &&
               m->pfnWritePort(state->port, page, sizeof page, &written) &&
               m->pfnEndDocPort(state->port);
    }
    meter_stop_wall(&meter, sample);
    return fine;
}

static double jobs_per_second(const struct bench *bench, double cost)
{
    (void)bench;
    return JOBS / (cost / 1e9);
}

const struct bench_row bench_null_jobs = {
    .name = "null-jobs",
    .what = "a filled queue of 100,000 jobs of 64 bytes on NUL: draining",
    .bare_what = "StartDocPort, WritePort, EndDocPort of the same monitor in a loop",
    .unit = "jobs per second",
    .figure = jobs_per_second,
    .begin = begin,
    .run = run_jobs,
    .bare = bare_jobs,
    .end = end,
};

/* ---- call -------------------------------------------------------------------------------------
 */

static bool start_document(struct jobs_state *state)
{
    DOC_INFO_1W doc = {.pDocName = document_name};
    return state->house.table->pfnStartDocPort(state->port, NULL, 1, 1, (LPBYTE)&doc);
}

static bool run_calls(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    struct platen_lane lane = {.name = "bench"};
    struct meter meter;
    bool fine = start_document(state);

    meter_start(&meter);
    for (uint32_t i = 0; fine && i < CALLS; i++) {
        DWORD written;
        fine = platen_call_WritePort(&lane, state->house.table, state->port, page, sizeof page,
                                     &written);
    }
    meter_stop_wall(&meter, sample);
    return state->house.table->pfnEndDocPort(state->port) && fine;
}

static bool bare_calls(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    const MONITOR2 *m = state->house.table;
    struct meter meter;
    bool fine = start_document(state);

    meter_start(&meter);
    for (uint32_t i = 0; fine && i < CALLS; i++) {
        DWORD written;
        fine = m->pfnWritePort(state->port, page, sizeof page, &written);
    }
    meter_stop_wall(&meter, sample);
    return m->pfnEndDocPort(state->port) && fine;
}

static double per_call(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / CALLS;
}

const struct bench_row bench_call = {
    .name = "call",
    .what = "one WritePort of 64 bytes to NUL: through the runner, nobody observing",
    .bare_what = "the bare function pointer",
    .unit = "ns per call",
    .figure = per_call,
    .begin = begin,
    .run = run_calls,
    .bare = bare_calls,
    .end = end,
};
