/* SPDX-License-Identifier: MIT
 *
 * The memory that a job of 4 GiB takes: the most that this process has had, before and after. It is
 * the first row, so that nothing else counts.
 */
#include <stdlib.h>
#include <string.h>

#include <platen/monitor.h>
#include <platen/spooler.h>

#include "command/bench.h"
#include "command/command.h"
#include "os/memory.h"

#define HUGE_SIZE (UINT64_C(4) << 30)

static struct platen_monitor_options monitor_options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &monitor_options, monitor);
}

/* A document that is made while it is read. */
static uint32_t make_bytes(void *context, uint64_t offset, void *to, uint32_t size, uint32_t *moved)
{
    uint64_t left = HUGE_SIZE - offset;
    (void)context;
    *moved = left < size ? (uint32_t)left : size;
    memset(to, 'x', *moved);
    return 0;
}

static bool begin(struct bench *bench)
{
    platen_spooler *spooler = NULL;
    monitor_options = (struct platen_monitor_options){.size = sizeof monitor_options,
                                                      .imports = platen_spooler_imports()};
    bool fine = platen_spooler_create(NULL, &spooler) == 0 &&
                platen_spooler_attach(spooler, "bench", entry, NULL) == 0 &&
                platen_printer_add(spooler, "bench", "NUL:") == 0;
    bench->state = spooler;
    return fine;
}

static bool run(struct bench *bench, struct sample *sample)
{
    struct platen_document document = {.size = sizeof document, .read_at = make_bytes};
    struct platen_job_info info = {0};
    struct meter meter;
    uint32_t job;
    meter_start(&meter);
    uint32_t error = platen_job_submit(bench->state, "bench", &document, &job);
    if (error == 0) {
        error = platen_job_wait(bench->state, job, PLATEN_FOREVER, &info);
    }
    meter_stop_cpu(&meter, sample);
    sample->cost = (double)platen_os_peak_memory();
    sample->wall = 1; /* says nothing here */
    if (error != 0 || info.state != PLATEN_JOB_PRINTED || info.bytes != HUGE_SIZE) {
        complain("bench: the huge job was not printed: %s",
                 describe_error(error != 0 ? error : info.error));
        return false;
    }
    return true;
}

/* Comes first (see measure): what the process takes without the job. */
static bool bare(struct bench *bench, struct sample *sample)
{
    struct meter meter;
    (void)bench;
    meter_start(&meter);
    meter_stop_cpu(&meter, sample);
    sample->cost = (double)platen_os_peak_memory();
    sample->wall = 1;
    return true;
}

static void end(struct bench *bench)
{
    platen_spooler_destroy(bench->state);
}

static double mebis(const struct bench *bench, double cost)
{
    (void)bench;
    return cost / (1024.0 * 1024.0);
}

const struct bench_row bench_memory = {
    .name = "memory",
    .what = "the most memory of this process after a job of 4 GiB to NUL:",
    .bare_what = "before it",
    .once = true,
    .unit = "MiB",
    .figure = mebis,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};
