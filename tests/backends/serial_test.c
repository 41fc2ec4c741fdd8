/* SPDX-License-Identifier: MIT
 *
 * The serial backend on pseudo terminals: the line as it is asked for and as it was, time-outs,
 * deadlines, exclusive use, devices that are not there and that vanish.
 */
#include "serial_bench.h"

#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <platen/ioctl.h>

#include "serial_termios_posix.h"

static struct bench bench;

/* ---- the line ------------------------------------------------------------------------------ */

static struct termios2 look_at_line(void)
{
    struct termios2 now;
    int fd = open(tty_path(bench.tty), O_RDWR | O_NOCTTY | O_NONBLOCK);
    assert_true(fd >= 0);
    assert_int_equal(ioctl(fd, TCGETS2, &now), 0);
    close(fd);
    return now;
}

static void the_line_is_set_for_a_job_and_restored(void **state)
{
    struct termios2 before, during, after;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "?baud=31337&xon=on");
    before = look_at_line();
    assert_int_equal(bench_start(&bench), 0);
    if (geteuid() == 0) { /* others do not get in */
        during = look_at_line();
        assert_int_equal(during.c_ospeed, 31337);
        assert_int_equal(during.c_iflag & (IXON | IXOFF), IXON | IXOFF);
        assert_int_equal(during.c_lflag | during.c_oflag, 0);
    }
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    after = look_at_line();
    assert_memory_equal(&after, &before, sizeof after);
    bench_close(&bench);
}

static void others_are_kept_out_during_a_job(void **state)
{
    struct bench second = {0};
    int fd, taken = 1;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    bench_open_at(&second, &platen_backend_serial, tty_path(bench.tty), "");
    assert_int_equal(bench_start(&bench), 0);
    assert_int_equal(bench_start(&second), PLATEN_BUSY);
    bench_write_text(&bench, "mine");
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_expect(&bench, "mine");
    assert_int_equal(bench_start(&second), 0);
    assert_int_equal(bench_start(&bench), PLATEN_BUSY);
    assert_int_equal(bench_end(&second, false, soon()), 0);
    bench_print(&bench, "mine again");
    fd = open(tty_path(bench.tty), O_RDWR | O_NOCTTY);
    assert_true(fd >= 0);
    assert_int_equal(ioctl(fd, TIOCGEXCL, &taken), 0);
    assert_int_equal(taken, 0);
    assert_int_equal(ioctl(fd, TIOCEXCL), 0); /* now somebody else has it */
    assert_int_equal(bench_start(&bench), PLATEN_BUSY);
    assert_int_equal(ioctl(fd, TIOCNXCL), 0);
    assert_int_equal(flock(fd, LOCK_EX), 0);
    assert_int_equal(bench_start(&bench), PLATEN_BUSY);
    close(fd);
    bench_print(&bench, "and again");
    bench_close(&second);
    bench_close(&bench);
}

static void xoff_stops_output(void **state)
{
    uint32_t moved;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "?flow=soft");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "before");
    assert_true(tty_say(bench.tty, "\x13", 1));
    while (bench_write(&bench, "-", 1, in(20 * MS), &moved) == 0)
        ;
    assert_true(tty_say(bench.tty, "\x11", 1));
    assert_int_equal(bench_write(&bench, "after", 5, soon(), &moved), 0);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_close(&bench);
}

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

/* Everything that was said has come as far as the line. */
static int line = -1;

static void await_at_line(int count)
{
    uint64_t until = soon();
    int there = 0;
    while (ioctl(line, FIONREAD, &there) == 0 && there < count && platen_os_now() < until)
        platen_os_thread_yield();
    assert_int_equal(there, count);
}

/* In a job, because between jobs nobody keeps what comes while no read is under way. */
static void begin_reading(void)
{
    bench_open(&bench, &platen_backend_serial, "");
    line = open(tty_path(bench.tty), O_RDWR | O_NOCTTY | O_CLOEXEC);
    assert_true(line >= 0);
    assert_int_equal(bench_start(&bench), 0);
}

static void end_reading(void)
{
    close(line);
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
    await_at_line(2);
    assert_int_equal(bench_read(&bench, data, 5, &took), 2);
    assert_in_range(took, 200 * MS, AT_ONCE);
    say("abcde");
    await_at_line(5);
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
    say_later(&later, 300 * MS, "abc");
    assert_int_equal(bench_read(&bench, data, 8, &took), 3);
    later_end(&later);
    assert_in_range(took, 350 * MS, AT_ONCE); /* who says it began first */
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
    say_later(&later, 200 * MS, "ab");
    assert_in_range(bench_read(&bench, data, 8, &took), 1, 2);
    later_end(&later);
    assert_in_range(took, 150 * MS, AT_ONCE);
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
    say_later(&later, 100 * MS, "ready");
    assert_int_equal(bench_read(&bench, data, 5, &took), 5);
    later_end(&later);
    assert_memory_equal(data, "ready", 5);
    bench_print(&bench, "fine");
    bench_close(&bench);
}

/* ---- deadlines and cancel ------------------------------------------------------------------- */

static void a_write_ends_at_its_deadline(void **state)
{
    uint64_t begun;
    uint32_t moved;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    tty_listen(bench.tty, false);
    assert_int_equal(bench_start(&bench), 0);
    bench_fill(&bench);
    begun = platen_os_now();
    assert_int_equal(bench_write(&bench, "x", 1, in(200 * MS), &moved), PLATEN_TIMEOUT);
    assert_in_range(platen_os_now() - begun, 200 * MS, AT_ONCE);
    tty_listen(bench.tty, true);
    assert_int_equal(bench_write(&bench, "x", 1, soon(), &moved), 0);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_close(&bench);
}

static void the_lines_own_time_ends_a_write_too(void **state)
{
    const uint32_t numbers[] = {0, 0, 0, 10, 100};
    uint64_t begun;
    uint32_t moved;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    tty_listen(bench.tty, false);
    assert_int_equal(bench_start(&bench), 0);
    bench_fill(&bench);
    assert_int_equal(
        bench_control(&bench, IOCTL_SERIAL_SET_TIMEOUTS, numbers, sizeof numbers, NULL, 0), 0);
    begun = platen_os_now();
    assert_int_equal(bench_write(&bench, "xxxxxxxxxx", 10, soon(), &moved), PLATEN_TIMEOUT);
    assert_in_range(platen_os_now() - begun, 200 * MS, AT_ONCE);
    bench_end(&bench, true, 0);
    bench_close(&bench);
}

static void a_cancel_ends_a_write(void **state)
{
    struct later later;
    uint64_t ended;
    uint32_t moved;
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    tty_listen(bench.tty, false);
    assert_int_equal(bench_start(&bench), 0);
    bench_fill(&bench);
    later_begin(&later, 100 * MS, bench_cancel, &bench);
    assert_int_equal(bench_write(&bench, "x", 1, soon(), &moved), PLATEN_OPERATION_ABORTED);
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

/* ---- devices that are not there -------------------------------------------------------------- */

static void a_missing_device_fails_jobs_and_not_opens(void **state)
{
    static const struct {
        const char *path;
        uint32_t error;
    } rows[] = {
        {"/dev/no-such-line", PLATEN_PRINTER_NOT_FOUND},
        {"/dev/null", PLATEN_BAD_DEV_TYPE}, /* and never a watchdog */
        {"/dev", PLATEN_BAD_DEV_TYPE},
        {"/etc/passwd", PLATEN_BAD_DEV_TYPE},
        {"/dev/tty1", PLATEN_BAD_DEV_TYPE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint32_t error;
        bench_open_at(&bench, &platen_backend_serial, rows[i].path, "");
        error = bench_start(&bench);
        if (access(rows[i].path, F_OK) == 0 || error != PLATEN_PRINTER_NOT_FOUND)
            assert_int_equal(error, rows[i].error);
        bench_close(&bench);
    }
}

static void plug_in(const char *link)
{
    unlink(link);
    assert_int_equal(symlink(tty_path(bench.tty), link), 0);
}

/* As an adapter that is pulled out and put in again. */
static void a_device_may_vanish_and_return(void **state)
{
    char folder[] = "/tmp/platen-serial-XXXXXX", link[64];
    uint32_t moved, error;
    (void)state;
    assert_non_null(mkdtemp(folder));
    snprintf(link, sizeof link, "%s/line", folder);
    bench.tty = tty_create();
    plug_in(link);
    bench_open_at(&bench, &platen_backend_serial, link, "");
    bench_print(&bench, "one");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "two");
    unlink(link); /* at once: the number of the line may be another program's next */
    tty_unplug(bench.tty);
    do
        error = bench_write(&bench, "more", 4, soon(), &moved);
    while (!error);
    assert_int_equal(error, PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_write(&bench, "more", 4, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_DEVICE_NOT_CONNECTED);
    tty_destroy(bench.tty);
    bench.tty = NULL;
    assert_int_equal(bench_start(&bench), PLATEN_PRINTER_NOT_FOUND);
    bench.tty = tty_create();
    plug_in(link);
    bench_print(&bench, "two");
    bench_close(&bench);
    unlink(link);
    rmdir(folder);
}

static void a_device_that_vanishes_at_the_end_fails_the_job(void **state)
{
    (void)state;
    bench_open(&bench, &platen_backend_serial, "");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "lost");
    tty_unplug(bench.tty);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_DEVICE_NOT_CONNECTED);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_line_is_set_for_a_job_and_restored),
        cmocka_unit_test(others_are_kept_out_during_a_job),
        cmocka_unit_test(xoff_stops_output),
        cmocka_unit_test(a_total_ends_a_read),
        cmocka_unit_test(an_interval_counts_from_the_first_byte),
        cmocka_unit_test(the_greatest_interval_takes_what_is_there),
        cmocka_unit_test(the_greatest_multiplier_waits_for_the_first),
        cmocka_unit_test(a_language_monitor_sets_them),
        cmocka_unit_test(reads_between_jobs_open_the_device_for_a_moment),
        cmocka_unit_test(a_write_ends_at_its_deadline),
        cmocka_unit_test(the_lines_own_time_ends_a_write_too),
        cmocka_unit_test(a_cancel_ends_a_write),
        cmocka_unit_test(a_cancel_ends_a_read),
        cmocka_unit_test(a_missing_device_fails_jobs_and_not_opens),
        cmocka_unit_test(a_device_may_vanish_and_return),
        cmocka_unit_test(a_device_that_vanishes_at_the_end_fails_the_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
