/* SPDX-License-Identifier: MIT
 *
 * The memory that a job of 4 GiB takes: the most that this process has had, before and after. It is
 * the first row, so that nothing else counts.
 */
#include <stdlib.h>
#include <string.h>

#include "command/bench_house.h"
#include "os/memory.h"

#define HUGE_SIZE (UINT64_C(4) << 30)

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
    struct bench_house *house = calloc(1, sizeof *house);
    bench->state = house;
    return house != NULL && bench_house_open(house, 0, NULL) &&
           bench_house_add_printer(house, "NUL:");
}

static bool run(struct bench *bench, struct sample *sample)
{
    struct platen_document document = {.size = sizeof document, .read_at = make_bytes};
    struct meter meter;
    meter_start(&meter);
    bool fine = bench_house_print(bench->state, &document, HUGE_SIZE);
    meter_stop_cpu(&meter, sample);
    sample->cost = (double)platen_os_peak_memory();
    sample->wall = 1; /* says nothing here */
    return fine;
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
    if (bench->state != NULL) {
        bench_house_close(bench->state);
        free(bench->state);
    }
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
