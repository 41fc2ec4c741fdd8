/* SPDX-License-Identifier: MIT
 *
 * The tcp backend with printers that behave: jobs and their ends, the back channel, addresses.
 */
#include "tcp_bench.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "os/clock.h"

static struct bench bench;

/* ---- names ----------------------------------------------------------------------------------- */

static void targets(void **state)
{
    static const char *const good[] = {
        "//printer",
        "//printer:9100",
        "//printer:1/",
        "//192.0.2.7:65535",
        "//[::1]",
        "//[::1]:9100/",
        "//[fe80::1%eth0]:1",
        "//b\xC3\xBCro.example.",
        "//raw_1.example:515",
    };
    static const char *const bad[] = {
        "",
        "printer",
        "//",
        "//:9100",
        "//printer:",
        "//printer:0",
        "//printer:65536",
        "//printer:99999999999999999999",
        "//printer:1x",
        "//printer:-1",
        "//a b",
        "//a\nb",
        "//u@printer",
        "//printer/q",
        "//[::1",
        "//[::1]x",
        "//[]",
        "//-rf",
        "//a;b",
        "//$(x)",
        "//a:1:2",
        "//[a/b]",
    };
    (void)state;
    bench_open(&bench, "");
    for (size_t i = 0; i < sizeof good / sizeof *good; i++)
        if (port_check(&bench.trial, &bench.port, good[i]) != 0)
            fail_msg("%s is refused", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        if (port_check(&bench.trial, &bench.port, bad[i]) != PLATEN_INVALID_NAME)
            fail_msg("%s is not refused", bad[i]);
    bench_close(&bench);
}

/* ---- the end of a job ------------------------------------------------------------------------ */

static void the_printer_closes_after_us(void **state)
{
    (void)state;
    bench_open(&bench, "");
    for (int job = 0; job < 3; job++) {
        bench_connect(&bench);
        bench_write_text(&bench, "the whole ");
        bench_write_text(&bench, "job");
        assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
        bench_expect(&bench, "the whole job");
        bench_expect_end(&bench);
        assert_int_equal(bench_drain(&bench, in(SECOND / 50)), PLATEN_TIMEOUT);
        bench_hang_up(&bench);
        assert_int_equal(bench_drain(&bench, soon()), 0);
        assert_int_equal(bench_drain(&bench, 0), 0);
        assert_int_equal(bench_end(&bench, false, 0), 0);
    }
    bench_close(&bench);
}

static void the_printer_keeps_the_connection(void **state)
{
    (void)state;
    bench_open(&bench, "?waiteof=true");
    bench_connect(&bench);
    bench_write_text(&bench, "job");
    assert_int_equal(bench_end(&bench, false, in(SECOND / 5)), 0);
    bench_expect(&bench, "job");
    bench_expect_end(&bench);
    bench_close(&bench);
}

static void nobody_waits_for_the_printers_end(void **state)
{
    (void)state;
    bench_open(&bench, "?waiteof=false");
    bench_connect(&bench);
    bench_write_text(&bench, "job");
    assert_int_equal(bench_drain(&bench, soon()), 0);
    assert_int_equal(bench_end(&bench, false, 0), 0);
    bench_expect(&bench, "job");
    bench_expect_end(&bench);
    bench_close(&bench);
}

/* It says that it sends nothing, and reads on. */
static void the_printer_only_listens(void **state)
{
    uint32_t error;
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    bare_end_sending(bench.peer);
    bench_write_text(&bench, "job");
    error = bench_drain(&bench, soon());
    bench_expect(&bench, "job");
    bench_expect_end(&bench);
    /* Where the system keeps no count it cannot be known that all was read. */
    assert_true(error == 0 || error == PLATEN_NETNAME_DELETED);
    assert_int_equal(bench_end(&bench, error != 0, 0), 0);
    bench_close(&bench);
}

static void an_abandoned_job_is_broken_off(void **state)
{
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    bench_write_text(&bench, "half a job");
    assert_int_equal(bench_end(&bench, true, 0), 0);
    bench_expect_broken(&bench);
    bench_connect(&bench);
    bench_write_text(&bench, "half a job");
    bench.trial.backend.cancel(bench.port.state);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_OPERATION_ABORTED);
    bench_expect_broken(&bench);
    bench_connect(&bench);
    bench_close(&bench);
}

/* ---- the back channel ------------------------------------------------------------------------ */

static uint32_t read_text(char *text, uint64_t deadline)
{
    uint32_t moved, error;
    error = bench.trial.backend.read(bench.port.state, text, 99, deadline, &moved);
    text[moved] = '\0';
    return error;
}

static void expect_read(const char *text)
{
    char room[100];
    assert_int_equal(read_text(room, soon()), 0);
    assert_string_equal(room, text);
}

static void expect_nothing_to_read(uint32_t code)
{
    char room[100];
    assert_int_equal(read_text(room, in(SECOND / 50)), code);
    assert_string_equal(room, "");
}

static void the_printer_answers(void **state)
{
    (void)state;
    bench_open(&bench, "");
    expect_nothing_to_read(0);
    bench_connect(&bench);
    expect_nothing_to_read(0);
    bare_send(bench.peer, "ready", 5);
    expect_read("ready");
    bench_write_text(&bench, "job");
    bare_send(bench.peer, "printing", 8);
    expect_read("printing");
    bare_send(bench.peer, "page 1;", 7);
    assert_int_equal(bench_drain(&bench, in(SECOND / 10)), PLATEN_TIMEOUT);
    bare_send(bench.peer, "page 2", 6);
    bench_hang_up(&bench); /* what is not read is "job": a reset, where the system is strict */
    (void)bench_drain(&bench, soon());
    bench_end(&bench, false, 0);
    expect_read("page 1;page 2");
    expect_nothing_to_read(0);
    bench_connect(&bench);
    expect_nothing_to_read(0);
    bench_end(&bench, true, 0);
    bench_close(&bench);
}

static void the_printer_has_no_more_to_say(void **state)
{
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    bare_send(bench.peer, "bye", 3);
    bare_end_sending(bench.peer);
    expect_read("bye");
    expect_nothing_to_read(PLATEN_BROKEN_PIPE);
    bench_write_text(&bench, "job");
    bench_expect(&bench, "job");
    bench_end(&bench, true, 0);
    expect_nothing_to_read(0);
    bench_close(&bench);
}

/* More than is kept must not keep the printer from ending. */
static void a_talkative_printer(void **state)
{
    static char block[100000];
    char room[100];
    uint32_t moved, read = 0;
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    memset(block, 'x', sizeof block);
    bench_write_text(&bench, "job");
    assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
    bench_expect(&bench, "job");
    bench_expect_end(&bench);
    for (int i = 0; i < 4; i++) {
        assert_true(bare_send(bench.peer, block, sizeof block / 4));
        assert_int_equal(bench_drain(&bench, in(SECOND / 10)), PLATEN_TIMEOUT);
    }
    bench_hang_up(&bench);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    do {
        assert_int_equal(bench.trial.backend.read(bench.port.state, room, 100, 0, &moved), 0);
        read += moved;
    } while (moved);
    assert_in_range(read, 65536, sizeof block);
    bench_close(&bench);
}

struct reader {
    _Atomic bool stop;
    _Atomic uint32_t bytes;
    uint32_t error;
};

static void read_on(void *argument)
{
    struct reader *reader = argument;
    char room[100];
    uint32_t moved;
    while (!atomic_load(&reader->stop) && !reader->error) {
        reader->error =
            bench.trial.backend.read(bench.port.state, room, 100, in(SECOND / 4), &moved);
        atomic_fetch_add(&reader->bytes, moved);
        platen_os_wake((const uint32_t *)(uintptr_t)&reader->bytes);
    }
}

static void wait_for_bytes(struct reader *reader, uint32_t bytes)
{
    uint64_t until = soon();
    uint32_t seen;
    while ((seen = atomic_load(&reader->bytes)) < bytes && platen_os_now() < until)
        platen_os_wait((const uint32_t *)(uintptr_t)&reader->bytes, seen, until);
    assert_int_equal(seen, bytes);
}

/* It waits before there is a connection, and holds up neither the job nor its end. */
static void a_reader_beside(void **state)
{
    struct reader reader = {.error = 0};
    platen_os_thread *thread;
    (void)state;
    bench_open(&bench, "");
    assert_int_equal(platen_os_thread_start(&thread, "reader", 0, read_on, &reader), 0);
    for (uint32_t job = 1; job <= 20; job++) {
        bench_connect(&bench);
        bench_write_text(&bench, "job");
        bare_send(bench.peer, "a", 1);
        bench_expect(&bench, "job");
        wait_for_bytes(&reader, 2 * job - 1);
        assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
        bench_expect_end(&bench);
        bare_send(bench.peer, "b", 1);
        bench_hang_up(&bench);
        assert_int_equal(bench_end(&bench, job % 4 == 0, soon()), 0);
        if (job % 4)
            wait_for_bytes(&reader, 2 * job);
        else
            atomic_store(&reader.bytes, 2 * job);
    }
    atomic_store(&reader.stop, true);
    platen_os_thread_join(thread);
    assert_int_equal(reader.error, 0);
    bench_close(&bench);
}

/* ---- addresses ------------------------------------------------------------------------------- */

static void version_6(void **state)
{
    char target[60];
    uint16_t number;
    bare_socket listener = bare_listen(6, 5, 0, &number);
    (void)state;
    if (listener == NO_SOCKET)
        skip();
    snprintf(target, sizeof target, "//[::1]:%u", (unsigned)number);
    bench_open_at(&bench, target);
    bench.listener = listener;
    bench_connect(&bench);
    bench_write_text(&bench, "job");
    assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
    bench_expect(&bench, "job");
    bench_expect_end(&bench);
    bench_hang_up(&bench);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_close(&bench);
}

static void two_hundred_jobs(void **state)
{
    size_t handles = 0;
    (void)state;
    bench_open(&bench, "");
    for (int job = 0; job < 200; job++) {
        bench_connect(&bench);
        bench_write_text(&bench, "job");
        bench_drain(&bench, 0);
        bench_expect(&bench, "job");
        bench_hang_up(&bench);
        assert_int_equal(bench_end(&bench, false, soon()), 0);
        if (job == 10)
            handles = system_open_handles();
    }
    assert_true(handles_come_down_to(handles));
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(targets),
        cmocka_unit_test(the_printer_closes_after_us),
        cmocka_unit_test(the_printer_keeps_the_connection),
        cmocka_unit_test(nobody_waits_for_the_printers_end),
        cmocka_unit_test(the_printer_only_listens),
        cmocka_unit_test(an_abandoned_job_is_broken_off),
        cmocka_unit_test(the_printer_answers),
        cmocka_unit_test(the_printer_has_no_more_to_say),
        cmocka_unit_test(a_talkative_printer),
        cmocka_unit_test(a_reader_beside),
        cmocka_unit_test(version_6),
        cmocka_unit_test(two_hundred_jobs),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
