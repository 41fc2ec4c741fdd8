/* SPDX-License-Identifier: MIT
 *
 * The far end of the TCP rows: a thread that takes connections and throws away what comes.
 */
#ifndef COMMAND_BENCH_SINK_H
#define COMMAND_BENCH_SINK_H

#include <stdbool.h>
#include <stdint.h>

struct bench_sink;

/* Listens on 127.0.0.1. Where the system can, its thread sleeps until so many bytes are there (or
 * the end): a sink that wakes whenever it likes makes the sender pay for its waking, more or less
 * by chance. NULL after having complained. */
struct bench_sink *bench_sink_start(uint32_t bytes);
uint16_t bench_sink_port(const struct bench_sink *sink);
/* Nanoseconds of processor time that its thread has used up to the last connection that ended; to
 * be left out of what is measured. */
uint64_t bench_sink_cpu(const struct bench_sink *sink);
/* How many connections have ended. */
uint64_t bench_sink_ended(const struct bench_sink *sink);
void bench_sink_stop(struct bench_sink *sink);

#endif
