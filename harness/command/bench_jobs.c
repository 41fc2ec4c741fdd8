/* SPDX-License-Identifier: MIT
 *
 * Jobs to NUL: from a queue that was filled beforehand, against the monitor's functions called in a
 * loop without spooler, queue or jobs; and one WritePort through the runner against the bare
 * pointer.
 */
#include <stdlib.h>

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "call/call.h"
#include "command/bench.h"
#include "command/command.h"

#define JOBS  100000u
#define CALLS 2000000u

struct jobs_state {
    platen_spooler *spooler;
    HANDLE instance;
    const MONITOR2 *table;
    HANDLE port; /* open for the bare side */
};

static unsigned char page[64] = "a short receipt\n";
static WCHAR document_name[] = TEXT("receipt");
static WCHAR port_name[] = TEXT("NUL:");

static struct platen_monitor_options monitor_options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &monitor_options, monitor);
}

static bool begin(struct bench *bench)
{
    struct jobs_state *state = calloc(1, sizeof *state);
    bench->state = state;
    monitor_options = (struct platen_monitor_options){.size = sizeof monitor_options,
                                                      .imports = platen_spooler_imports()};
    return state != NULL && platen_spooler_create(NULL, &state->spooler) == 0 &&
           platen_spooler_attach(state->spooler, "bench", entry, NULL) == 0 &&
           platen_printer_add(state->spooler, "bench", "NUL:") == 0 &&
           platen_spooler_monitor(state->spooler, "bench", &state->instance, &state->table) == 0 &&
           platen_call_OpenPort(NULL, state->table, state->instance, port_name, &state->port);
}

static void end(struct bench *bench)
{
    struct jobs_state *state = bench->state;
    if (state != NULL) {
        if (state->port != NULL) {
            platen_call_ClosePort(NULL, state->table, state->port);
        }
        platen_spooler_destroy(state->spooler);
        free(state);
    }
}

/* ---- null-jobs --------------------------------------------------------------------------------
 */

static bool fill_queue(struct jobs_state *state, uint32_t *ids)
{
    struct platen_document document = {
        .size = sizeof document, .title = "receipt", .data = page, .data_size = sizeof page};
    if (platen_printer_hold(state->spooler, "bench", true) != 0) {
        return false;
    }
    for (uint32_t i = 0; i < JOBS; i++) {
        if (platen_job_submit(state->spooler, "bench", &document, &ids[i]) != 0) {
            return false;
        }
    }
    return true;
}

static bool run_jobs(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    struct platen_job_info info;
    struct meter meter;
    uint32_t *ids = calloc(JOBS, sizeof *ids);
    bool fine = ids != NULL && fill_queue(state, ids);

    meter_start(&meter);
    fine = fine && platen_printer_hold(state->spooler, "bench", false) == 0 &&
           platen_job_wait(state->spooler, 0, PLATEN_FOREVER, NULL) == 0;
    meter_stop_wall(&meter, sample);
    for (uint32_t i = 0; fine && i < JOBS; i++) {
        fine = platen_job_query(state->spooler, ids[i], &info) == 0 &&
               info.state == PLATEN_JOB_PRINTED;
        platen_job_forget(state->spooler, ids[i]);
    }
    free(ids);
    if (!fine) {
        complain("bench: the queue did not drain");
    }
    return fine;
}

static bool bare_jobs(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    const MONITOR2 *m = state->table;
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
    return state->table->pfnStartDocPort(state->port, NULL, 1, 1, (LPBYTE)&doc);
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
        fine = platen_call_WritePort(&lane, state->table, state->port, page, sizeof page, &written);
    }
    meter_stop_wall(&meter, sample);
    return state->table->pfnEndDocPort(state->port) && fine;
}

static bool bare_calls(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    const MONITOR2 *m = state->table;
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
