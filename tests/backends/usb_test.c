/* SPDX-License-Identifier: MIT
 *
 * The usb backend on Linux' driver usblp, which is played here with its bad habits, as they were
 * measured: a write waits for as long as the printer does, what goes wrong with it is told to who
 * has waited and to nobody else, questions may take very long, and a device that is gone says for a
 * moment the same as one that has failed. A pseudo terminal whose other side does not listen is a
 * printer that takes nothing.
 */
#include "serial_bench.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <linux/lp.h>

#include "device_posix.h"
#include "usb_port.h"

enum { READY = 0x18, NO_PAPER = 0x38, OFF_LINE = 0x08, FAULT = 0x10, MOST = 8192 };

extern const struct platen_backend platen_backend_usb;

static struct bench bench;

static struct {
    _Atomic int fd;
    _Atomic int status;
    _Atomic int status_error;
    _Atomic int fail_at; /* the block with which something goes wrong; 0: none */
    _Atomic int blocks;
    _Atomic int most; /* bytes of a block */
    _Atomic int resets;
    _Atomic int locks;
    _Atomic bool nonblocking;
    _Atomic bool mute, stuck;
    const char *id;
    size_t id_size;
} usblp;

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
int __real_flock(int fd, int how);
int __wrap_flock(int fd, int how);

static void rest(uint64_t nanoseconds)
{
    uint64_t until = in(nanoseconds);
    uint32_t word = 0;
    while (platen_os_now() < until)
        platen_os_wait(&word, 0, until);
}

static int answer_status(void *argument)
{
    int status = usblp.status;
    while (usblp.mute)
        rest(MS);
    if (usblp.status_error) {
        errno = usblp.status_error;
        return -1;
    }
    memcpy(argument, &status, sizeof status);
    return 0;
}

static int answer_id(void *argument)
{
    if (!usblp.id) {
        errno = EIO;
        return -1;
    }
    memcpy(argument, usblp.id, usblp.id_size);
    return 0;
}

static bool drive(int fd, unsigned long code, void *argument, int *answer)
{
    *answer = 0;
    if (code == LPGETSTATUS) {
        *answer = answer_status(argument);
        return true;
    }
    if (_IOC_TYPE(code) != 'P')
        return false;
    if (_IOC_NR(code) == 6)
        usblp.fd = fd;
    if (_IOC_NR(code) == 1)
        *answer = answer_id(argument);
    usblp.resets += _IOC_NR(code) == 7;
    return true;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    if (fd != usblp.fd)
        return __real_write(fd, data, size);
    usblp.nonblocking = usblp.nonblocking || (fcntl(fd, F_GETFL) & O_NONBLOCK);
    if (++usblp.blocks == usblp.fail_at) {
        errno = EIO;
        return -1;
    }
    if ((int)size > usblp.most)
        usblp.most = (int)size;
    return __real_write(fd, data, size);
}

/* The open of a device that another program is closing. */
int __wrap_flock(int fd, int how)
{
    usblp.locks++;
    while (usblp.stuck)
        rest(MS);
    return __real_flock(fd, how);
}

static void begin(int status)
{
    memset(&usblp, 0, sizeof usblp);
    usblp.fd = -1;
    usblp.status = status;
    bench_use(drive);
    bench_open(&bench, &platen_backend_usb, "");
}

static void end(void)
{
    assert_false(usblp.nonblocking);
    assert_in_range(usblp.most, 0, MOST);
    bench_close(&bench);
    for (uint64_t until = soon(); platen_os_errands_stuck() && platen_os_now() < until;)
        rest(MS);
    assert_int_equal(platen_os_errands_stuck(), 0);
}

static void jobs_arrive(void **state)
{
    unsigned char *data = make_bytes(200000, 7);
    (void)state;
    begin(READY);
    for (int i = 0; i < 3; i++) {
        size_t count;
        assert_int_equal(bench_start(&bench), 0);
        assert_int_equal(port_write_all(&bench.trial, &bench.port, data, 200000), 0);
        assert_int_equal(bench_end(&bench, false, soon()), 0);
        tty_settle(bench.tty);
        assert_true(tty_has(bench.tty, data, 200000, &count));
    }
    assert_int_equal(usblp.most, MOST);
    free(data);
    end();
}

/* ---- trouble before a job -------------------------------------------------------------------- */

static void only_paper_is_waited_for(void **state)
{
    static const struct {
        int status;
        uint32_t error;
        uint8_t information;
    } rows[] = {
        {READY, 0, PARALLEL_INIT | PARALLEL_SELECTED},
        {NO_PAPER, PLATEN_OUT_OF_PAPER, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY},
        {OFF_LINE, 0, PARALLEL_INIT | PARALLEL_OFF_LINE},
        {FAULT, 0, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_OFF_LINE},
        {0xF8, PLATEN_OUT_OF_PAPER, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY},
        {0x00, 0, PARALLEL_INIT | PARALLEL_OFF_LINE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t told = 0;
        begin(rows[i].status);
        assert_int_equal(bench_start(&bench), rows[i].error);
        assert_int_equal(bench_end(&bench, true, 0), 0);
        assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &told, 1), 0);
        assert_int_equal(told, rows[i].information);
        end();
    }
}

static void a_printer_without_a_status_prints(void **state)
{
    uint8_t told;
    (void)state;
    begin(READY);
    usblp.status_error = EIO;
    bench_print(&bench, "text");
    assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &told, 1),
                     PLATEN_IO_DEVICE);
    end();
}

static void a_mute_printer_is_not_waited_for(void **state)
{
    uint64_t begun = platen_os_now();
    uint8_t told;
    (void)state;
    begin(READY);
    usblp.mute = true;
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "text");
    assert_in_range(platen_os_now() - begun, 0, AT_ONCE);
    begun = platen_os_now();
    assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &told, 1),
                     PLATEN_TIMEOUT);
    assert_in_range(platen_os_now() - begun, 0, 2 * SECOND + AT_ONCE);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_expect(&bench, "text");
    assert_true(platen_os_errands_stuck() > 0);
    assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &told, 1),
                     PLATEN_BUSY); /* whoever is stuck keeps the device */
    usblp.mute = false;
    bench_print(&bench, "more");
    end();
}

/* ---- trouble in mid-job ---------------------------------------------------------------------- */

/* The error of a block is told by what comes after it, and the job is not printed. */
static void no_error_is_lost(void **state)
{
    static const char data[3 * MOST];
    (void)state;
    for (int block = 1; block <= 3; block++) {
        uint32_t error;
        begin(READY);
        usblp.fail_at = block;
        assert_int_equal(bench_start(&bench), 0);
        error = port_write_all(&bench.trial, &bench.port, data, sizeof data);
        if (block < 3)
            assert_int_equal(error, PLATEN_IO_DEVICE);
        assert_int_equal(bench_end(&bench, false, soon()), PLATEN_IO_DEVICE);
        usblp.fail_at = 0;
        bench_print(&bench, "text");
        end();
    }
}

static void an_error_may_mean_that_the_printer_is_gone(void **state)
{
    uint32_t moved;
    (void)state;
    begin(READY);
    assert_int_equal(bench_start(&bench), 0);
    usblp.fail_at = 1;
    assert_int_equal(bench_write(&bench, "x", 1, soon(), &moved), 0);
    tty_unplug(bench.tty);
    assert_int_equal(bench_write(&bench, "y", 1, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_DEVICE_NOT_CONNECTED);
    end();
}

static void a_printer_that_takes_nothing_is_waited_for(void **state)
{
    unsigned char *data = make_bytes(65536, 3);
    uint64_t begun;
    uint32_t moved;
    size_t sent, count;
    (void)state;
    begin(READY);
    tty_listen(bench.tty, false);
    assert_int_equal(bench_start(&bench), 0);
    for (sent = 0;
         bench_write(&bench, data + sent, (uint32_t)(65536 - sent), in(500 * MS), &moved) == 0;)
        sent += moved;
    begun = platen_os_now();
    assert_int_equal(bench_drain(&bench, in(100 * MS)), PLATEN_TIMEOUT);
    assert_in_range(platen_os_now() - begun, 100 * MS, 100 * MS + AT_ONCE);
    tty_listen(bench.tty, true);
    assert_int_equal(bench_drain(&bench, soon()), 0);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    tty_settle(bench.tty);
    assert_true(tty_has(bench.tty, data, sent, &count));
    free(data);
    end();
}

static void a_job_that_is_not_taken_ends_in_time(void **state)
{
    static const char data[65536];
    (void)state;
    for (int cancelled = 0; cancelled < 2; cancelled++) {
        uint64_t begun;
        uint32_t moved;
        struct later later;
        begin(READY);
        tty_listen(bench.tty, false);
        assert_int_equal(bench_start(&bench), 0);
        while (bench_write(&bench, data, sizeof data, in(500 * MS), &moved) == 0)
            ;
        if (cancelled) {
            later_begin(&later, 20 * MS, bench_cancel, &bench);
            assert_int_equal(bench_write(&bench, data, 1, soon(), &moved),
                             PLATEN_OPERATION_ABORTED);
            begun = platen_os_now();
            later_end(&later);
            assert_true(begun < later.at + AT_ONCE);
        }
        begun = platen_os_now();
        assert_int_equal(bench_end(&bench, cancelled, in(100 * MS)),
                         cancelled ? 0 : PLATEN_TIMEOUT);
        assert_in_range(platen_os_now() - begun, 0, AT_ONCE);
        tty_listen(bench.tty, true);
        bench_print(&bench, "and now this");
        end();
    }
}

/* ---- a device that another program is closing ------------------------------------------------ */

static int locks_before;

static void cancel_the_open(void *unused)
{
    (void)unused;
    while (usblp.locks == locks_before)
        rest(MS);
    bench_cancel(&bench);
}

static void an_open_that_is_stuck_is_left_behind(void **state)
{
    struct platen_doc doc;
    struct later later;
    uint64_t begun;
    char byte;
    uint32_t moved;
    (void)state;
    begin(READY);
    doc = port_document(&bench.port);
    for (int cancelled = 0; cancelled < 2; cancelled++) {
        usblp.stuck = true;
        locks_before = usblp.locks;
        begun = platen_os_now();
        if (cancelled)
            later_begin(&later, 0, cancel_the_open, NULL);
        assert_int_equal(
            port_start(&bench.trial, &bench.port, &doc, cancelled ? soon() : in(100 * MS)),
            cancelled ? PLATEN_OPERATION_ABORTED : PLATEN_TIMEOUT);
        assert_in_range(platen_os_now() - begun, 0, AT_ONCE);
        if (cancelled)
            later_end(&later);
        assert_true(platen_os_errands_stuck() > 0);
        assert_int_equal(bench_end(&bench, true, 0), 0);
        usblp.stuck = false;
        bench_print(&bench, "text");
    }
    usblp.stuck = true;
    assert_int_equal(bench.trial.backend.read(bench.port.state, &byte, 1, in(100 * MS), &moved), 0);
    assert_int_equal(moved, 0);
    usblp.stuck = false;
    end();
}

/* ---- back channel, id, reset ----------------------------------------------------------------- */

static void the_printer_can_say_something(void **state)
{
    char data[16];
    uint64_t took;
    (void)state;
    begin(READY);
    assert_int_equal(bench_start(&bench), 0);
    assert_true(tty_say(bench.tty, "hello", 5));
    assert_int_equal(bench_read(&bench, data, sizeof data, &took), 5);
    assert_memory_equal(data, "hello", 5);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    end();
}

static void its_id_is_told_in_any_order_of_bytes(void **state)
{
    static const char *const ids[] = {"\0\13MFG:Acme;", "\13\0MFG:Acme;"};
    (void)state;
    begin(READY);
    for (int i = 0; i < 2; i++) {
        char out[32] = "";
        usblp.id = ids[i];
        usblp.id_size = 12;
        assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, out, 31), 0);
        assert_memory_equal(out, "MFG:Acme;", 10);
        assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, out, 8),
                         PLATEN_INSUFFICIENT_BUFFER);
    }
    usblp.id = NULL;
    assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, &(char){0}, 1),
                     PLATEN_IO_DEVICE);
    end();
}

static void it_can_be_reset(void **state)
{
    (void)state;
    begin(READY);
    assert_int_equal(bench_control(&bench, IOCTL_USBPRINT_SOFT_RESET, NULL, 0, NULL, 0), 0);
    assert_int_equal(usblp.resets, 1);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_arrive),
        cmocka_unit_test(only_paper_is_waited_for),
        cmocka_unit_test(a_printer_without_a_status_prints),
        cmocka_unit_test(a_mute_printer_is_not_waited_for),
        cmocka_unit_test(no_error_is_lost),
        cmocka_unit_test(an_error_may_mean_that_the_printer_is_gone),
        cmocka_unit_test(a_printer_that_takes_nothing_is_waited_for),
        cmocka_unit_test(a_job_that_is_not_taken_ends_in_time),
        cmocka_unit_test(an_open_that_is_stuck_is_left_behind),
        cmocka_unit_test(the_printer_can_say_something),
        cmocka_unit_test(its_id_is_told_in_any_order_of_bytes),
        cmocka_unit_test(it_can_be_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
