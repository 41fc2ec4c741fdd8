/* SPDX-License-Identifier: MIT
 *
 * Two hundred printers at once on one process: what it costs the others that one of them hangs.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command/bench_house.h"
#include "command/command.h"

#define PRINTERS 200u
#define ROUNDS   20u
#define JOB_SIZE 65536u

struct many_state {
    struct bench_house house;
    platen_device *devices[PRINTERS];
    unsigned char page[JOB_SIZE];
};

static bool add_printer(struct many_state *state, unsigned number)
{
    char uri[64];
    char name[32];
    uint32_t error = platen_device_start(NULL, &state->devices[number]);
    if (error != 0) {
        complain("bench: no simulated printer: %s", describe_error(error));
        return false;
    }
    snprintf(uri, sizeof uri, "socket://127.0.0.1:%u", platen_device_port(state->devices[number]));
    snprintf(name, sizeof name, "printer %u", number);
    return bench_house_add_port(&state->house, name, uri);
}

static bool begin(struct bench *bench)
{
    struct many_state *state = calloc(1, sizeof *state);
    bench->state = state;
    bool fine = state != NULL && bench_house_open(&state->house, 0, NULL);
    for (unsigned i = 0; fine && i < PRINTERS; i++) {
        fine = add_printer(state, i);
    }
    return fine;
}

static void end(struct bench *bench)
{
    struct many_state *state = bench->state;
    if (state != NULL) {
        for (unsigned i = 0; i < PRINTERS; i++) {
            platen_device_stop(state->devices[i]);
        }
        bench_house_close(&state->house);
        free(state);
    }
}

static bool submit(struct many_state *state, unsigned number, uint32_t *job)
{
    char name[32];
    struct platen_document document = {
        .size = sizeof document, .data = state->page, .data_size = sizeof state->page};
    snprintf(name, sizeof name, "printer %u", number);
    return platen_job_submit(state->house.spooler, name, &document, job) == 0;
}

/* All but the first printer print; how long until the last of their jobs is done. */
static bool print_on_others(struct many_state *state, struct sample *sample)
{
    static uint32_t jobs[ROUNDS * PRINTERS];
    struct platen_job_info info = {.state = PLATEN_JOB_PRINTED};
    struct meter meter;
    unsigned count = 0;
    bool fine = true;
    meter_start(&meter);
    for (unsigned round = 0; fine && round < ROUNDS; round++) {
        for (unsigned i = 1; fine && i < PRINTERS; i++) {
            fine = submit(state, i, &jobs[count++]);
        }
    }
    for (unsigned i = 0; fine && i < count; i++) {
        fine = platen_job_wait(state->house.spooler, jobs[i], PLATEN_FOREVER, &info) == 0 &&
               info.state == PLATEN_JOB_PRINTED;
        platen_job_forget(state->house.spooler, jobs[i]);
    }
    meter_stop_wall(&meter, sample);
    if (!fine) {
        complain("bench: a job of many was not printed: %s", describe_error(info.error));
    }
    return fine;
}

/* The first printer takes a job and never reads it. */
static bool run(struct bench *bench, struct sample *sample)
{
    struct many_state *state = bench->state;
    struct platen_device_manner hung = {.size = sizeof hung, .stall = true};
    uint64_t stalls = platen_device_count(state->devices[0], PLATEN_DEVICE_STALLS);
    uint32_t job = 0;
    bool fine = platen_device_behave(state->devices[0], &hung) == 0 && submit(state, 0, &job) &&
                platen_device_wait(state->devices[0], PLATEN_DEVICE_STALLS, stalls + 1,
                                   UINT64_C(10000000000)) == 0 &&
                print_on_others(state, sample);
    platen_job_cancel(state->house.spooler, job);
    platen_device_behave(state->devices[0], NULL);
    return fine && platen_job_wait(state->house.spooler, job, PLATEN_FOREVER, NULL) == 0;
}

static bool bare(struct bench *bench, struct sample *sample)
{
    return print_on_others(bench->state, sample);
}

static double jobs_per_second(const struct bench *bench, double cost)
{
    (void)bench;
    return ROUNDS * (PRINTERS - 1) / (cost / 1e9);
}

const struct bench_row bench_hung = {
    .name = "hung",
    .what = "jobs of 64 KiB on 199 simulated TCP printers while one more hangs in its job",
    .bare_what = "while none hangs",
    .unit = "jobs per second",
    .figure = jobs_per_second,
    .begin = begin,
    .run = run,
    .bare = bare,
    .end = end,
};
