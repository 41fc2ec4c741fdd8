/* SPDX-License-Identifier: MIT
 *
 * The serial backend on lines that are pseudo terminals, here and, under Wine, on those that
 * in-ttys brings: COMMTIMEOUTS' table, deadlines and cancels where the peer takes nothing, a peer
 * that is slow, and a long job.
 */
#include "serial_bench.h"

#include <stdlib.h>
#include <string.h>

#include <platen/ioctl.h>

static struct bench bench;

/* ---- time-outs of reads --------------------------------------------------------------------- */

static void set_timeouts(uint32_t interval, uint32_t multiplier, uint32_t constant)
{
    const uint32_t numbers[] = {interval, multiplier, constant, 0, 0};
    assert_int_equal(
        bench_control(&bench, IOCTL_SERIAL_SET_TIMEOUTS, numbers, sizeof numbers, NULL, 0), 0);
}

static void say(const char *text)
{
    assert_true(tty_say(bench.tty, text, strlen(text)));
}

static const char *last_word;

static void say_it(void *unused)
{
    (void)unused;
    say(last_word);
}

static void say_later(struct later *later, uint64_t after, const char *text)
{
    last_word = text;
    later_begin(later, after, say_it, NULL);
}

/* In a job, because between jobs nobody keeps what comes while no read is under way. */
static void begin_reading(void)
{
    bench_open(&bench, &platen_backend_serial, "");
    assert_int_equal(bench_start(&bench), 0);
}

static void end_reading(void)
{
    assert_int_equal(bench_end(&bench, true, 0), 0);
    bench_close(&bench);
}

static void a_total_ends_a_read(void **state)
{
    char data[8];
    uint64_t took;
    (void)state;
    begin_reading();
    set_timeouts(0, 20, 100);
    assert_int_equal(bench_read(&bench, data, 5, &took), 0);
    assert_in_range(took, 200 * MS, AT_ONCE);
    say("ab");
    assert_true(tty_await_said(bench.tty, 2));
    assert_int_equal(bench_read(&bench, data, 5, &took), 2);
    assert_in_range(took, 200 * MS, AT_ONCE);
    say("abcde");
    assert_true(tty_await_said(bench.tty, 5));
    assert_int_equal(bench_read(&bench, data, 5, &took), 5);
    assert_true(took < AT_ONCE);
    assert_memory_equal(data, "abcde", 5);
    end_reading();
}

static void an_interval_counts_from_the_first_byte(void **state)
{
    struct later later;
    char data[8];
    uint64_t took;
    (void)state;
    begin_reading();
    set_timeouts(100, 0, 9000);
    uint64_t begun = platen_os_now();
    say_later(&later, 300 * MS, "abc");
    assert_int_equal(bench_read(&bench, data, 8, &took), 3);
    later_end(&later);
    assert_in_range(platen_os_now() - begun, 400 * MS, AT_ONCE);
    end_reading();
}

static void the_greatest_interval_takes_what_is_there(void **state)
{
    char data[8];
    uint64_t took;
    (void)state;
    begin_reading();
    set_timeouts(UINT32_MAX, 0, 0);
    assert_int_equal(bench_read(&bench, data, 8, &took), 0);
    assert_true(took < AT_ONCE);
    say("ab");
    while (bench_read(&bench, data, 8, &took) == 0) /* it comes when the kernel has carried it */
        assert_true(took < AT_ONCE);
    end_reading();
}

static void the_greatest_multiplier_waits_for_the_first(void **state)
{
    struct later later;
    char data[8];
    uint64_t took;
    (void)state;
    begin_reading();
    set_timeouts(UINT32_MAX, UINT32_MAX, 9000);
    uint64_t begun = platen_os_now();
    say_later(&later, 200 * MS, "ab");
    assert_in_range(bench_read(&bench, data, 8, &took), 1, 2);
    later_end(&later);
    assert_in_range(platen_os_now() - begun, 200 * MS, AT_ONCE);
    end_reading();
}

/* What SetPortTimeOuts brings, in order on one port, and what the line has then. */
static const struct {
    uint32_t times[PLATEN_TIMES];
    uint32_t kept[PLATEN_TIMES];
} brought[] = {
    {{50, 0, 150, 0, 0}, {50, 0, 150, 0, 0}},
    {{60, 0, 0, 0, 0}, {60, 0, 150, 0, 0}}, /* totals of 0 are none */
    {{0, 2, 0, 3, 0}, {0, 2, 0, 3, 0}},
    {{0, 0, 7, 0, 8}, {0, 0, 7, 0, 8}},
    {{UINT32_MAX, 0, 0, 0, 0}, {UINT32_MAX, 0, 0, 0, 8}},
    {{0, 20, 100, 1, 30000}, {0, 20, 100, 1, 30000}},
};

static void a_language_monitor_sets_them(void **state)
{
    uint32_t numbers[PLATEN_TIMES];
    char data[8];
    uint64_t took;
    (void)state;
    begin_reading();
    for (size_t i = 0; i < sizeof brought / sizeof *brought; i++) {
        assert_int_equal(bench.trial.backend.set_timeouts(bench.port.state, brought[i].times), 0);
        assert_int_equal(
            bench_control(&bench, IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, numbers, sizeof numbers), 0);
        assert_memory_equal(numbers, brought[i].kept, sizeof numbers);
    }
    assert_int_equal(bench_read(&bench, data, 5, &took), 0);
    assert_in_range(took, 200 * MS, AT_ONCE);
    end_reading();
}

static void reads_between_jobs_open_the_device_for_a_moment(void **state)
{
    struct later later;
    char data[8];
    uint64_t took;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    say_later(&later, SECOND, "ready"); /* the device is open by then */
    assert_int_equal(bench_read(&bench, data, 5, &took), 5);
    later_end(&later);
    assert_memory_equal(data, "ready", 5);
    bench_print(&bench, "fine");
    bench_close(&bench);
}

/* ---- deadlines and cancel ------------------------------------------------------------------- */

/* A line is full when nothing more goes out; whoever carries it may be late to take some of it. */
static uint32_t write_until_it_fails(uint32_t size, uint64_t patience, uint64_t *took)
{
    const char data[16] = {0};
    uint32_t error, moved;
    do {
        uint64_t begun = platen_os_now();
        error = bench_write(&bench, data, size, in(patience), &moved);
        *took = platen_os_now() - begun;
    } while (!error);
    return error;
}

static void begin_stalled(void)
{
    bench_open(&bench, &platen_backend_serial, "");
    tty_listen(bench.tty, false);
    assert_int_equal(bench_start(&bench), 0);
    bench_fill(&bench);
}

static void a_write_ends_at_its_deadline(void **state)
{
    uint64_t took;
    uint32_t moved;
    (void)state;
    begin_stalled();
    assert_int_equal(write_until_it_fails(1, 200 * MS, &took), PLATEN_TIMEOUT);
    assert_in_range(took, 200 * MS, AT_ONCE);
    tty_listen(bench.tty, true);
    assert_int_equal(bench_write(&bench, "x", 1, soon(), &moved), 0);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_close(&bench);
}

static void the_lines_own_time_ends_a_write_too(void **state)
{
    const uint32_t numbers[] = {0, 0, 0, 10, 100};
    uint64_t took;
    (void)state;
    begin_stalled();
    assert_int_equal(
        bench_control(&bench, IOCTL_SERIAL_SET_TIMEOUTS, numbers, sizeof numbers, NULL, 0), 0);
    assert_int_equal(write_until_it_fails(10, 10 * SECOND, &took), PLATEN_TIMEOUT);
    assert_in_range(took, 200 * MS, AT_ONCE);
    bench_end(&bench, true, 0);
    bench_close(&bench);
}

static void a_cancel_ends_a_write(void **state)
{
    struct later later;
    uint64_t ended, took;
    (void)state;
    begin_stalled();
    later_begin(&later, 100 * MS, bench_cancel, &bench);
    assert_int_equal(write_until_it_fails(1, 10 * SECOND, &took), PLATEN_OPERATION_ABORTED);
    ended = platen_os_now();
    later_end(&later);
    print_message("cancel: %u us\n", (unsigned)((ended - later.at) / 1000));
    assert_true(ended - later.at < AT_ONCE);
    ended = platen_os_now();
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_OPERATION_ABORTED);
    assert_true(platen_os_now() - ended < AT_ONCE);
    tty_listen(bench.tty, true);
    tty_settle(bench.tty);
    bench_print(&bench, "the next one");
    bench_close(&bench);
}

static void a_cancel_ends_a_read(void **state)
{
    struct later later;
    char data[8];
    uint64_t took;
    (void)state;
    begin_reading();
    set_timeouts(0, 0, 9000);
    later_begin(&later, 100 * MS, bench_cancel, &bench);
    assert_int_equal(bench_read(&bench, data, 8, &took), 0);
    later_end(&later);
    assert_true(took < AT_ONCE);
    end_reading();
}

static void a_peer_that_vanishes_ends_the_job(void **state)
{
    uint64_t took;
    uint32_t moved;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "some");
    tty_unplug(bench.tty);
    assert_int_equal(write_until_it_fails(4, 10 * SECOND, &took), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_write(&bench, "more", 4, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_DEVICE_NOT_CONNECTED);
    bench_close(&bench);
}

/* ---- slow peers and long jobs --------------------------------------------------------------- */

/* Who takes a little now and then: writes fail with TIMEOUT while it takes nothing, or move a part,
 * and what was moved counts. */
static void a_slow_peer_gets_it_all(void **state)
{
    const size_t size = 300000;
    unsigned char *bytes = make_bytes(size, 11);
    uint32_t moved;
    size_t at = 0, count;
    (void)state;
    assert_non_null(bytes);
    bench_open(&bench, &platen_backend_serial, "");
    assert_int_equal(bench_start(&bench), 0);
    for (unsigned i = 0; at < size; i++) {
        uint32_t piece = size - at < 30000 ? (uint32_t)(size - at) : 30000;
        tty_listen(bench.tty, i % 3 == 2);
        uint32_t error = bench_write(&bench, bytes + at, piece, in(50 * MS), &moved);
        assert_true(!error || error == PLATEN_TIMEOUT);
        at += moved;
    }
    tty_listen(bench.tty, true);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    tty_settle(bench.tty);
    assert_true(tty_has(bench.tty, bytes, size, &count));
    bench_close(&bench);
    free(bytes);
}

enum { MANY = 10000000 };

static void write_long(const unsigned char *bytes)
{
    assert_int_equal(port_write_all(&bench.trial, &bench.port, bytes, MANY / 2), 0);
    assert_int_equal(port_write_all(&bench.trial, &bench.port, bytes + MANY / 2, MANY - MANY / 2),
                     0);
}

static void expect_long(const unsigned char *bytes)
{
    size_t count;
    tty_settle(bench.tty);
    assert_true(tty_has(bench.tty, bytes, MANY, &count));
    tty_forget(bench.tty);
}

static void a_long_job_arrives(void **state)
{
    unsigned char *bytes = make_bytes(MANY, 7);
    (void)state;
    assert_non_null(bytes);
    bench_open(&bench, &platen_backend_serial, "");
    assert_int_equal(bench_start(&bench), 0);
    write_long(bytes);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    expect_long(bytes);
    bench_close(&bench);
    free(bytes);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_total_ends_a_read),
        cmocka_unit_test(an_interval_counts_from_the_first_byte),
        cmocka_unit_test(the_greatest_interval_takes_what_is_there),
        cmocka_unit_test(a_language_monitor_sets_them),
        cmocka_unit_test(reads_between_jobs_open_the_device_for_a_moment),
        cmocka_unit_test(a_write_ends_at_its_deadline),
        cmocka_unit_test(the_lines_own_time_ends_a_write_too),
        cmocka_unit_test(a_cancel_ends_a_write),
        cmocka_unit_test(a_cancel_ends_a_read),
        cmocka_unit_test(a_slow_peer_gets_it_all),
        cmocka_unit_test(a_long_job_arrives),
        cmocka_unit_test(a_peer_that_vanishes_ends_the_job),
        /* The last, as Wine's reads do not know the greatest multiplier. */
        cmocka_unit_test(the_greatest_multiplier_waits_for_the_first),
    };
    size_t count = sizeof tests / sizeof *tests - (getenv("PLATEN_TTYS") != NULL);
    return _cmocka_run_group_tests("serial_times", tests, count, NULL, NULL);
}
