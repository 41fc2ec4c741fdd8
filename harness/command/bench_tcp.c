/* SPDX-License-Identifier: MIT
 *
 * The network road: a job of `size` bytes from a file through spooler and monitor to a TCP sink on
 * this machine, and many small jobs with a connection each, against loops of the same calls.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/bench_tcp.h"
#include "command/command.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/socket.h"

#define SMALL_JOBS 2000u
#define SINK_BYTES (256u << 10)

static bool find_sink(struct bench_tcp *state)
{
    platen_os_lookup *lookup;
    size_t count = 0;
    if (platen_os_lookup_start("127.0.0.1", bench_sink_port(state->sink), &lookup) != 0) {
        return false;
    }
    uint32_t error = platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, PLATEN_FOREVER,
                                           &state->address, 1, &count);
    platen_os_lookup_end(lookup);
    return error == 0 && count == 1;
}

static bool set_up(struct bench_tcp *state, const struct bench *bench, uint64_t size)
{
    char uri[64];
    snprintf(state->source, sizeof state->source, "%s/source", bench->folder);
    memset(state->block, 'x', sizeof state->block);
    state->size = size;
    state->sink = bench_sink_start(SINK_BYTES);
    if (state->sink == NULL || !find_sink(state) || !bench_house_make_source(state->source, size) ||
        !bench_house_open(&state->house, bench->block, NULL)) {
        return false;
    }
    snprintf(uri, sizeof uri, "socket://127.0.0.1:%u", bench_sink_port(state->sink));
    return bench_house_add_port(&state->house, "bench", uri);
}

struct bench_tcp *bench_tcp_open(const struct bench *bench, uint64_t size)
{
    struct bench_tcp *state = calloc(1, sizeof *state);
    if (state != NULL && !set_up(state, bench, size)) {
        bench_tcp_close(state);
        state = NULL;
    }
    return state;
}

void bench_tcp_close(struct bench_tcp *state)
{
    if (state != NULL) {
        bench_house_close(&state->house);
        bench_sink_stop(state->sink);
        platen_os_remove_file(state->source);
        free(state);
    }
}

static bool begin(struct bench *bench)
{
    bench->state = bench_tcp_open(bench, bench->size);
    return bench->state != NULL;
}

static void end(struct bench *bench)
{
    bench_tcp_close(bench->state);
}

bool bench_tcp_await(const struct bench_tcp *state, uint64_t ended, uint64_t until)
{
    static const uint32_t word;
    while (bench_sink_ended(state->sink) < ended && platen_os_now() < until) {
        platen_os_wait(&word, 0, platen_os_now() + 1000000);
    }
    return bench_sink_ended(state->sink) >= ended;
}

/* ---- bulk -------------------------------------------------------------------------------------
 */

bool bench_tcp_print(struct bench_tcp *state)
{
    struct platen_document document = {.size = sizeof document, .path = state->source};
    return bench_house_print(&state->house, &document, state->size);
}

static bool send_all(platen_os_socket to, const unsigned char *data, uint32_t size)
{
    uint32_t moved = 0;
    uint32_t error = 0;
    for (uint32_t sent = 0; error == 0 && sent < size; sent += moved) {
        error = platen_os_socket_send(to, data + sent, size - sent, &moved);
        if (error == 0 && moved == 0) {
            error =
                platen_os_socket_wait(to, PLATEN_OS_WRITABLE, PLATEN_OS_NO_BELL, PLATEN_FOREVER);
        }
    }
    return error == 0;
}

/* Half-closes and waits for the other side's end, as a job must. */
static bool finish(platen_os_socket to)
{
    unsigned char rest[64];
    uint32_t moved;
    uint32_t error = platen_os_socket_half_close(to);
    while (error == 0) {
        platen_os_socket_wait(to, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL, PLATEN_FOREVER);
        error = platen_os_socket_receive(to, rest, sizeof rest, &moved);
    }
    platen_os_socket_close(to, false);
    return error == PLATEN_HANDLE_EOF;
}

/* The same system calls in the fewest lines. */
static bool bare_loop(struct bench_tcp *state, uint64_t size, uint32_t block)
{
    platen_os_file from;
    platen_os_socket to;
    size_t got;
    bool fine =
        platen_os_file_open_read(state->source, &from) == 0 &&
        platen_os_socket_connect(&state->address, PLATEN_OS_NO_BELL, PLATEN_FOREVER, &to) == 0;
    for (uint64_t at = 0; fine && at < size; at += got) {
        fine = platen_os_file_read_at(from, at, state->block, block, &got) == 0 && got > 0 &&
               send_all(to, state->block, (uint32_t)got);
    }
    return fine && finish(to) && platen_os_file_close(from) == 0;
}

/* Either side, with the sink's time left out. */
static bool metered(struct bench *bench, struct sample *sample, bool platen)
{
    struct bench_tcp *state = bench->state;
    struct meter meter;
    uint64_t ended = bench_sink_ended(state->sink);
    uint64_t before = bench_sink_cpu(state->sink);
    meter_start(&meter);
    bool fine = platen ? bench_tcp_print(state) : bare_loop(state, bench->size, bench->block);
    /* So that the sink's time is known. */
    bench_tcp_await(state, fine ? ended + 1 : 0, PLATEN_FOREVER);
    meter_stop_cpu(&meter, sample);
    sample->cost -= (double)(bench_sink_cpu(state->sink) - before);
    return fine;
}

static bool run_bulk(struct bench *bench, struct sample *sample)
{
    return metered(bench, sample, true);
}

static bool bare_bulk(struct bench *bench, struct sample *sample)
{
    return metered(bench, sample, false);
}

const struct bench_row bench_tcp = {
    .name = "tcp",
    .what = "one job from a file through spooler and monitor to a TCP sink, 64 KiB blocks",
    .bare_what = "read and send in a loop; the sink's time left out of both",
    .block = 65536,
    .in_pieces = true,
    .unit = "CPU s per GiB",
    .figure = bench_house_per_gib,
    .begin = begin,
    .run = run_bulk,
    .bare = bare_bulk,
    .end = end,
};

const struct bench_row bench_tcp_4k = {
    .name = "tcp-4k",
    .what = "the same in 4 KiB blocks",
    .bare_what = "read and send in a loop",
    .block = 4096,
    .in_pieces = true,
    .unit = "CPU s per GiB",
    .figure = bench_house_per_gib,
    .begin = begin,
    .run = run_bulk,
    .bare = bare_bulk,
    .end = end,
};

/* ---- small jobs -------------------------------------------------------------------------------
 */

bool bench_tcp_small(struct bench_tcp *state, uint32_t count, struct sample *sample)
{
    struct platen_document document = {.size = sizeof document,
                                       .title = "receipt",
                                       .data = state->block,
                                       .data_size = BENCH_TCP_SMALL_SIZE};
    return bench_house_drain(&state->house, &document, count, sample);
}

static bool run_small(struct bench *bench, struct sample *sample)
{
    return bench_tcp_small(bench->state, SMALL_JOBS, sample);
}

static bool bare_small(struct bench *bench, struct sample *sample)
{
    struct bench_tcp *state = bench->state;
    struct meter meter;
    bool fine = true;
    meter_start(&meter);
    for (uint32_t i = 0; fine && i < SMALL_JOBS; i++) {
        platen_os_socket to;
        fine = platen_os_socket_connect(&state->address, PLATEN_OS_NO_BELL, PLATEN_FOREVER, &to) ==
                   0 &&
               send_all(to, state->block, BENCH_TCP_SMALL_SIZE) && finish(to);
    }
    meter_stop_wall(&meter, sample);
    return fine;
}

static double small_per_second(const struct bench *bench, double cost)
{
    (void)bench;
    return SMALL_JOBS / (cost / 1e9);
}

const struct bench_row bench_tcp_jobs = {
    .name = "tcp-jobs",
    .what = "2,000 jobs of 64 bytes, a connection each, until the printer has closed it",
    .bare_what = "connect, send, half-close, wait for the end, close",
    .unit = "jobs per second",
    .figure = small_per_second,
    .begin = begin,
    .run = run_small,
    .bare = bare_small,
    .end = end,
};
