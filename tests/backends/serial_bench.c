/* SPDX-License-Identifier: MIT */
#include "serial_bench.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/errand.h"

void (*bench_leave_driver)(void);

void bench_open_at(struct bench *bench, const struct platen_backend *backend, const char *path,
                   const char *options)
{
    snprintf(bench->example, sizeof bench->example, "%s:%s%s", backend->name, path, options);
    trial_begin(&bench->trial, backend, bench->example);
    assert_true(port_open_new(&bench->trial, &bench->port, NULL));
}

void bench_open(struct bench *bench, const struct platen_backend *backend, const char *options)
{
    bench->tty = tty_create();
    assert_non_null(bench->tty);
    bench_open_at(bench, backend, tty_path(bench->tty), options);
}

void bench_close(struct bench *bench)
{
    if (bench_leave_driver)
        bench_leave_driver();
    port_finish(&bench->trial, &bench->port);
    for (uint64_t until = soon(); platen_os_errands_stuck() && platen_os_now() < until;)
        platen_os_thread_yield(); /* a late helper would meet the next test's device */
    assert_int_equal(platen_os_errands_stuck(), 0);
    trial_end(&bench->trial);
    assert_string_equal(bench->trial.complaint, "");
    tty_destroy(bench->tty);
    bench->tty = NULL;
}

uint32_t bench_start(struct bench *bench)
{
    struct platen_doc doc = port_document(&bench->port);
    if (bench->tty)
        tty_forget(bench->tty);
    return port_start(&bench->trial, &bench->port, &doc, soon());
}

uint32_t bench_write(struct bench *bench, const void *data, uint32_t size, uint64_t deadline,
                     uint32_t *moved)
{
    return port_write(&bench->trial, &bench->port, data, size, deadline, moved);
}

void bench_write_text(struct bench *bench, const char *text)
{
    assert_int_equal(port_write_all(&bench->trial, &bench->port, text, strlen(text)), 0);
}

size_t bench_fill(struct bench *bench)
{
    static const char block[4096];
    size_t all = 0;
    uint32_t moved;
    while (bench_write(bench, block, sizeof block, in(500 * MS), &moved) == 0)
        all += moved;
    return all + moved;
}

uint32_t bench_drain(struct bench *bench, uint64_t deadline)
{
    return bench->trial.backend.drain(bench->port.state, deadline);
}

uint32_t bench_end(struct bench *bench, bool abandoned, uint64_t deadline)
{
    return bench->trial.backend.end_doc(bench->port.state, abandoned, deadline);
}

uint32_t bench_control(struct bench *bench, uint32_t code, const void *data, uint32_t in_size,
                       void *out, uint32_t out_size)
{
    uint32_t returned = 0xA5A5A5A5;
    uint32_t error = bench->trial.backend.control(bench->port.state, code, data, in_size, out,
                                                  out_size, &returned);
    assert_true(returned <= out_size);
    assert_true(!error || !returned);
    return error;
}

uint32_t bench_read(struct bench *bench, void *data, uint32_t size, uint64_t *took)
{
    uint64_t begun = platen_os_now();
    uint32_t moved = 0xA5A5A5A5;
    assert_int_equal(
        bench->trial.backend.read(bench->port.state, data, size, begun + 10 * SECOND, &moved), 0);
    *took = platen_os_now() - begun;
    assert_true(moved <= size);
    return moved;
}

void bench_expect(struct bench *bench, const char *text)
{
    size_t count;
    tty_settle(bench->tty);
    assert_true(tty_has(bench->tty, text, strlen(text), &count));
}

void bench_print(struct bench *bench, const char *text)
{
    if (bench->tty) /* what comes late is no part of this job */
        tty_settle(bench->tty);
    assert_int_equal(bench_start(bench), 0);
    bench_write_text(bench, text);
    assert_int_equal(bench_end(bench, false, soon()), 0);
    if (bench->tty)
        bench_expect(bench, text);
}

static void run_later(void *argument)
{
    struct later *later = argument;
    uint64_t until = in(later->after);
    uint32_t word = 0;
    while (platen_os_now() < until)
        platen_os_wait(&word, 0, until);
    later->at = platen_os_now();
    later->act(later->argument);
}

void later_begin(struct later *later, uint64_t after, void (*act)(void *argument), void *argument)
{
    *later = (struct later){.act = act, .argument = argument, .after = after};
    assert_int_equal(platen_os_thread_start(&later->thread, "later", 0, run_later, later), 0);
}

void later_end(struct later *later)
{
    platen_os_thread_join(later->thread);
}

void bench_cancel(void *argument)
{
    struct bench *bench = argument;
    bench->trial.backend.cancel(bench->port.state);
}

uint64_t in(uint64_t nanoseconds)
{
    return platen_os_now() + nanoseconds;
}
