/* SPDX-License-Identifier: MIT
 *
 * The serial backend on pseudo terminals: the line as it is asked for and as it was, exclusive use,
 * devices that are not there and that vanish. Times are serial_times_test.c's.
 */
#include "serial_bench.h"

#include <fcntl.h>
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
    uint64_t until = soon();
    do /* by a helper, which may be late */
        after = look_at_line();
    while (memcmp(&after, &before, sizeof after) != 0 && platen_os_now() < until);
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
        cmocka_unit_test(a_missing_device_fails_jobs_and_not_opens),
        cmocka_unit_test(a_device_may_vanish_and_return),
        cmocka_unit_test(a_device_that_vanishes_at_the_end_fails_the_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
