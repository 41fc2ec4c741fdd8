/* SPDX-License-Identifier: MIT
 *
 * What the TCP rows share: a sink, a spooler with one printer on it, and a source file.
 */
#ifndef COMMAND_BENCH_TCP_H
#define COMMAND_BENCH_TCP_H

#include <stdbool.h>
#include <stdint.h>

#include "command/bench_house.h"
#include "command/bench_sink.h"
#include "os/socket.h"

#define BENCH_TCP_SMALL_SIZE 64u

struct bench_tcp {
    char source[1100];
    struct bench_sink *sink;
    struct bench_house house;
    uint64_t size;                    /* of the source */
    struct platen_os_address address; /* the sink's */
    unsigned char block[BENCH_LARGEST_BLOCK];
};

/* Sink, spooler, printer and a source of `size` bytes. NULL after having cleaned up. */
struct bench_tcp *bench_tcp_open(const struct bench *bench, uint64_t size);
void bench_tcp_close(struct bench_tcp *state);

/* Waits until the sink has seen the end of so many connections; false if `until` came first. */
bool bench_tcp_await(const struct bench_tcp *state, uint64_t ended, uint64_t until);
/* The source as one job, until it is printed. */
bool bench_tcp_print(struct bench_tcp *state);
/* So many small jobs: queued, and then measured until all are printed. */
bool bench_tcp_small(struct bench_tcp *state, uint32_t count, struct sample *sample);

#endif
