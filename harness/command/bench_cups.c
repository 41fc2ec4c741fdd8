/* SPDX-License-Identifier: MIT
 *
 * Platen beside CUPS: one job against its socket backend, many small jobs against its scheduler.
 */
#include <stdio.h>
#include <stdlib.h>

#include "command/bench.h"
#include "command/bench_cupsd.h"
#include "command/bench_tcp.h"
#include "command/command.h"
#include "command/guard.h"
#include "os/clock.h"

#define OUR_JOBS   500u
#define THEIR_JOBS 20u
#define PATIENCE   UINT64_C(120000000000) /* for all of their jobs, ns */
#define TICK       UINT64_C(100000000)    /* how often an interrupt is looked for */

/* ---- the backend ------------------------------------------------------------------------------
 */

static bool begin_socket(struct bench *bench)
{
    bench->state = bench_tcp_open(bench, bench->size);
    return bench->state != NULL;
}

static void end_socket(struct bench *bench)
{
    bench_tcp_close(bench->state);
}

static bool run_socket(struct bench *bench, struct sample *sample)
{
    struct bench_tcp *state = bench->state;
    uint64_t ended = bench_sink_ended(state->sink);
    struct meter meter;
    meter_start(&meter);
    bool fine = bench_tcp_print(state);
    fine = fine && bench_tcp_await(state, ended + 1, PLATEN_FOREVER);
    meter_stop_wall(&meter, sample);
    return fine;
}

/* What another process asks of the system is not counted here. */
static void uncount(struct sample *sample)
{
    sample->reads = 0;
    sample->writes = 0;
}

static bool their_socket(struct bench *bench, struct sample *sample)
{
    struct bench_tcp *state = bench->state;
    uint64_t ended = bench_sink_ended(state->sink);
    struct meter meter;
    meter_start(&meter);
    bool fine = bench_cups_backend(bench->folder, bench_sink_port(state->sink), state->source) &&
                bench_tcp_await(state, ended + 1, platen_os_now() + PATIENCE);
    meter_stop_wall(&meter, sample);
    uncount(sample);
    if (!fine) {
        complain("bench: cups: the socket backend did not print");
    }
    return fine;
}

const struct bench_row bench_cups_socket = {
    .name = "cups-socket",
    .what = "one job from a file through spooler and monitor to a TCP sink, by the clock",
    .bare_what = "CUPS's socket backend as a process that sends the same file",
    .block = 65536,
    .cups = true,
    .unit = "s per GiB",
    .figure = bench_house_per_gib,
    .missing = bench_cups_missing,
    .begin = begin_socket,
    .run = run_socket,
    .bare = their_socket,
    .end = end_socket,
};

/* ---- the scheduler ----------------------------------------------------------------------------
 */

struct jobs_state {
    struct bench_tcp *tcp;
    struct bench_cupsd *cupsd;
};

static bool begin_jobs(struct bench *bench)
{
    struct jobs_state *state = calloc(1, sizeof *state);
    bench->state = state;
    if (state == NULL) {
        complain("bench: no memory");
        return false;
    }
    guard_begin(); /* nothing may leave the scheduler behind */
    state->tcp = bench_tcp_open(bench, BENCH_TCP_SMALL_SIZE);
    if (state->tcp != NULL) {
        state->cupsd = bench_cupsd_start(bench->folder, bench_sink_port(state->tcp->sink));
    }
    return state->cupsd != NULL;
}

static void end_jobs(struct bench *bench)
{
    struct jobs_state *state = bench->state;
    if (state != NULL) {
        bench_cupsd_end(state->cupsd);
        bench_tcp_close(state->tcp);
        free(state);
    }
}

/* Of one job. */
static void share(struct sample *sample, unsigned jobs)
{
    sample->cost /= jobs;
    sample->wall /= jobs;
}

static bool run_jobs(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    uint64_t ended = bench_sink_ended(state->tcp->sink);
    bool fine = bench_tcp_small(state->tcp, OUR_JOBS, sample) &&
                bench_tcp_await(state->tcp, ended + OUR_JOBS, PLATEN_FOREVER);
    share(sample, OUR_JOBS);
    return fine && !guard_interrupted();
}

/* Until the last of their connections has ended; an interrupt or the scheduler's silence ends it.
 */
static bool await_theirs(const struct jobs_state *state, uint64_t ended)
{
    uint64_t until = platen_os_now() + PATIENCE;
    while (!bench_tcp_await(state->tcp, ended + THEIR_JOBS, platen_os_now() + TICK)) {
        if (guard_interrupted() || platen_os_now() >= until) {
            complain("bench: cups: the scheduler did not print %u jobs: %s", THEIR_JOBS,
                     guard_interrupted() ? "interrupted" : bench_cupsd_last_word(state->cupsd));
            return false;
        }
    }
    return true;
}

static bool their_jobs(struct bench *bench, struct sample *sample)
{
    struct jobs_state *state = bench->state;
    uint64_t ended = bench_sink_ended(state->tcp->sink);
    struct meter meter;
    if (!bench_cupsd_fill(state->cupsd, state->tcp->source, THEIR_JOBS)) {
        complain("bench: cups: the queue was not filled");
        return false;
    }
    meter_start(&meter);
    bool fine = bench_cupsd_go(state->cupsd) && await_theirs(state, ended);
    meter_stop_wall(&meter, sample);
    uncount(sample);
    share(sample, THEIR_JOBS);
    /* The next round stops the queue, which would interrupt a job on its last steps. */
    return fine && bench_cupsd_idle(state->cupsd);
}

static double per_second(const struct bench *bench, double cost)
{
    (void)bench;
    return 1e9 / cost;
}

const struct bench_row bench_cups_jobs = {
    .name = "cups-jobs",
    .what = "500 queued jobs of 64 bytes, a connection each, until all are printed",
    .bare_what = "CUPS's scheduler with a raw queue, 20 such jobs, from cupsenable to the last end",
    .cups = true,
    .unit = "jobs per second",
    .figure = per_second,
    .missing = bench_cups_missing,
    .begin = begin_jobs,
    .run = run_jobs,
    .bare = their_jobs,
    .end = end_jobs,
};
