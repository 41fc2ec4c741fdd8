/* SPDX-License-Identifier: MIT */
#include "tcp_bench.h"

#include <stdio.h>
#include <string.h>

#include "os/clock.h"

extern const struct platen_backend platen_backend_tcp;

uint64_t in(uint64_t nanoseconds)
{
    return platen_os_now() + nanoseconds;
}

static void open_port(struct bench *bench, const char *uri)
{
    trial_begin(&bench->trial, &platen_backend_tcp, uri);
    bench->peer = NO_SOCKET;
    if (!port_open_new(&bench->trial, &bench->port, NULL))
        fail_msg("%s: %s", uri, bench->trial.complaint);
}

void bench_open_at(struct bench *bench, const char *target)
{
    static char uri[300];
    snprintf(uri, sizeof uri, "socket:%s", target);
    bench->listener = NO_SOCKET;
    bench->number = 0;
    open_port(bench, uri);
}

static void open_on(struct bench *bench, int receive_buffer, const char *options)
{
    static char uri[300];
    uint16_t number;
    bare_socket listener = bare_listen(4, 10, receive_buffer, &number);
    snprintf(uri, sizeof uri, "socket://127.0.0.1:%u%s", (unsigned)number, options);
    bench->listener = listener;
    bench->number = number;
    open_port(bench, uri);
}

void bench_open(struct bench *bench, const char *options)
{
    open_on(bench, 0, options);
}

void bench_open_narrow(struct bench *bench, const char *options)
{
    open_on(bench, 4096, options);
}

void bench_hang_up(struct bench *bench)
{
    bare_close(bench->peer);
    bench->peer = NO_SOCKET;
}

void bench_reset(struct bench *bench)
{
    bare_reset(bench->peer);
    bench->peer = NO_SOCKET;
}

void bench_close(struct bench *bench)
{
    port_finish(&bench->trial, &bench->port);
    trial_end(&bench->trial);
    bench_hang_up(bench);
    bare_close(bench->listener);
    assert_string_equal(bench->trial.complaint, "");
}

uint32_t bench_start(struct bench *bench, uint64_t deadline)
{
    struct platen_doc doc = port_document(&bench->port);
    return port_start(&bench->trial, &bench->port, &doc, deadline);
}

void bench_connect(struct bench *bench)
{
    assert_int_equal(bench_start(bench, soon()), 0);
    bench_hang_up(bench);
    bench->peer = bare_accept(bench->listener);
    assert_true(bench->peer != NO_SOCKET);
}

uint32_t bench_write(struct bench *bench, const void *data, uint32_t size, uint64_t deadline,
                     uint32_t *moved)
{
    return port_write(&bench->trial, &bench->port, data, size, deadline, moved);
}

void bench_write_text(struct bench *bench, const char *text)
{
    uint32_t moved;
    assert_int_equal(bench_write(bench, text, (uint32_t)strlen(text), soon(), &moved), 0);
    assert_int_equal(moved, strlen(text));
}

static const char block[1 << 16];

void bench_fill(struct bench *bench)
{
    uint32_t moved, error = 0;
    while (!error)
        error = bench_write(bench, block, sizeof block, in(SECOND / 5), &moved);
    assert_int_equal(error, PLATEN_TIMEOUT);
    assert_int_equal(moved, 0);
}

uint32_t bench_write_to_failure(struct bench *bench)
{
    uint32_t moved, error = 0;
    for (int i = 0; i < 10000 && !error; i++)
        error = bench_write(bench, block, 1000, soon(), &moved);
    assert_int_not_equal(error, 0);
    return error;
}

uint32_t bench_drain(struct bench *bench, uint64_t deadline)
{
    return bench->trial.backend.drain(bench->port.state, deadline);
}

uint32_t bench_end(struct bench *bench, bool abandoned, uint64_t deadline)
{
    return bench->trial.backend.end_doc(bench->port.state, abandoned, deadline);
}

void bench_expect(struct bench *bench, const char *text)
{
    char room[1000];
    size_t wanted = strlen(text), there = 0;
    while (there < wanted) {
        long count = bare_receive(bench->peer, room + there, wanted - there);
        assert_true(count > 0);
        there += (size_t)count;
    }
    assert_memory_equal(room, text, wanted);
}

static long read_to_end(struct bench *bench)
{
    static char room[1 << 16];
    long count;
    do
        count = bare_receive(bench->peer, room, sizeof room);
    while (count > 0);
    return count;
}

void bench_expect_end(struct bench *bench)
{
    assert_int_equal(read_to_end(bench), 0);
}

void bench_expect_broken(struct bench *bench)
{
    assert_int_equal(read_to_end(bench), bare_can_reset() ? -1 : 0);
}
