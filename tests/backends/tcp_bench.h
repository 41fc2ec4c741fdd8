/* SPDX-License-Identifier: MIT
 *
 * A port of the tcp backend with a peer at its other end that does what a test says, step by step.
 */
#ifndef TCP_BENCH_H
#define TCP_BENCH_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "bare.h"
#include "os/socket.h"
#include "os/thread.h"
#include "trial.h"

struct bench {
    struct trial trial;
    struct port port;
    bare_socket listener; /* NO_SOCKET: there is none */
    bare_socket peer;     /* NO_SOCKET: not connected */
    uint16_t number;
};

/* Opens a port with these options ("?waiteof=false") on a listener of its own. */
void bench_open(struct bench *bench, const char *options);
/* The same on "socket:" and this, without a listener. */
void bench_open_at(struct bench *bench, const char *target);
/* With a small receive buffer at the peer. */
void bench_open_narrow(struct bench *bench, const char *options);
void bench_close(struct bench *bench);

uint32_t bench_start(struct bench *bench, uint64_t deadline);
/* Starts a job and takes its connection at the other end. */
void bench_connect(struct bench *bench);
uint32_t bench_write(struct bench *bench, const void *data, uint32_t size, uint64_t deadline,
                     uint32_t *moved);
void bench_write_text(struct bench *bench, const char *text);
/* Writes until the peer takes no more. */
void bench_fill(struct bench *bench);
/* Writes until it fails, with what it says. */
uint32_t bench_write_to_failure(struct bench *bench);
uint32_t bench_drain(struct bench *bench, uint64_t deadline);
uint32_t bench_end(struct bench *bench, bool abandoned, uint64_t deadline);

/* What the peer gets: that text; the end; a reset, or an end where there are no resets. */
void bench_expect(struct bench *bench, const char *text);
void bench_expect_end(struct bench *bench);
void bench_expect_broken(struct bench *bench);
void bench_hang_up(struct bench *bench);
void bench_reset(struct bench *bench);

/* So many nanoseconds from now. */
uint64_t in(uint64_t nanoseconds);

#endif
