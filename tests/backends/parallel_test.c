/* SPDX-License-Identifier: MIT
 *
 * The parallel backend on Linux' driver lp, which is played here with all its bad habits, as they
 * were measured: it is always ready for poll, waits within write() while the printer is busy, and
 * for ten seconds while it is in trouble, unless LPABORT is set; troubles without the fault wire
 * swallow bytes, unless LPCAREFUL is set; both flags outlive the file.
 */
#include "serial_bench.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/lp.h>

#include <platen/ioctl.h>

#include "parallel_port.h"

enum {
    READY = 0xD8,
    BUSY = 0x58,
    NO_PAPER = 0x70,
    NO_PAPER_QUIET = 0xF8,
    OFF_LINE = 0xC0,
    OFF_LINE_QUIET = 0xC8,
    FAULT = 0x50,
    POWER_OFF = 0x80
};

static struct bench bench;

static struct {
    _Atomic int fd;
    _Atomic int status;
    _Atomic int after; /* this many bytes, the status becomes `then`; < 0: never */
    _Atomic int then;
    _Atomic int slow; /* microseconds a byte */
    _Atomic int resets, opens;
    _Atomic bool abort, careful, gone, blocked, swallowed;
    char bytes[1 << 20];
    size_t count;
} lp;

/* The printer comes to its senses as soon as somebody has seen that it has not. */
static _Atomic bool seen;

ssize_t __real_write(int fd, const void *data, size_t size);
ssize_t __wrap_write(int fd, const void *data, size_t size);
ssize_t __real_read(int fd, void *data, size_t size);
ssize_t __wrap_read(int fd, void *data, size_t size);

static bool drive(int fd, unsigned long code, void *argument, int *answer)
{
    bool on = argument != NULL;
    int status = lp.status;
    *answer = 0;
    switch (code) {
    case LPGETSTATUS:
        lp.fd = fd;
        if (lp.gone) {
            errno = ENODEV;
            *answer = -1;
        } else {
            memcpy(argument, &status, sizeof status);
        }
        return true;
    case LPABORT:
        lp.opens += on;
        lp.abort = on;
        return true;
    case LPCAREFUL:
        lp.careful = on;
        return true;
    case LPRESET:
        lp.resets++;
        return true;
    default:
        return false;
    }
}

static void rest(uint64_t microseconds)
{
    uint64_t until = in(microseconds * 1000);
    uint32_t word = 0;
    while (platen_os_now() < until)
        platen_os_wait(&word, 0, until);
}

static ssize_t refuse(int code)
{
    errno = code;
    return -1;
}

/* The state of the printer in the words of the driver; 0: it takes a byte. */
static int trouble(void)
{
    int status = lp.status;
    bool fault = !(status & PARALLEL_NO_ERROR);
    bool out = status & PARALLEL_OUT_OF_PAPER, off = !(status & PARALLEL_SELECT) || fault;
    if (lp.gone)
        return ENODEV;
    if (out || off) {
        seen = true;
        if (!lp.abort && fault)
            lp.blocked = true;
        if (fault || lp.careful)
            return out ? ENOSPC : EIO;
        lp.swallowed = true;
        return 0;
    }
    return status & PARALLEL_NOT_BUSY ? 0 : EAGAIN;
}

static bool take(char byte)
{
    if (lp.slow)
        rest((uint64_t)lp.slow);
    lp.bytes[lp.count++] = byte;
    if (lp.after > 0 && --lp.after == 0) {
        lp.status = lp.then;
        return false;
    }
    return true;
}

ssize_t __wrap_write(int fd, const void *data, size_t size)
{
    const char *bytes = data;
    size_t done = 0;
    int code;
    if (fd != lp.fd)
        return __real_write(fd, data, size);
    code = trouble();
    if (code == EAGAIN)
        rest(47000);
    if (code)
        return refuse(code);
    while (done < size && take(bytes[done++]))
        ;
    return (ssize_t)done;
}

ssize_t __wrap_read(int fd, void *data, size_t size)
{
    return fd == lp.fd ? refuse(EIO) : __real_read(fd, data, size);
}

static void begin(int status)
{
    memset(&lp, 0, sizeof lp);
    lp.fd = lp.after = -1;
    lp.status = status;
    seen = false;
    bench_use(drive);
    bench_open(&bench, &platen_backend_parallel, "");
}

static void end(void)
{
    assert_false(lp.blocked);
    assert_false(lp.swallowed);
    assert_false(lp.abort); /* other programs do not expect them */
    assert_false(lp.careful);
    bench_close(&bench);
}

static void expect_printed(const char *text, size_t size)
{
    assert_int_equal(lp.count, size);
    assert_memory_equal(lp.bytes, text, size);
    lp.count = 0;
}

static void jobs_arrive(void **state)
{
    unsigned char *data = make_bytes(200000, 7);
    (void)state;
    begin(READY);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(bench_start(&bench), 0);
        assert_true(lp.abort && lp.careful);
        assert_int_equal(port_write_all(&bench.trial, &bench.port, data, 200000), 0);
        assert_int_equal(bench_end(&bench, false, soon()), 0);
        expect_printed((const char *)data, 200000);
        assert_false(lp.abort || lp.careful);
    }
    free(data);
    end();
}

/* ---- trouble before a job -------------------------------------------------------------------- */

static void a_printer_in_trouble_takes_no_job(void **state)
{
    static const struct {
        int status;
        uint32_t error;
    } rows[] = {
        {NO_PAPER, PLATEN_OUT_OF_PAPER},
        {NO_PAPER_QUIET, PLATEN_OUT_OF_PAPER},
        {OFF_LINE, PLATEN_NOT_READY},
        {OFF_LINE_QUIET, PLATEN_NOT_READY},
        {FAULT, PLATEN_NOT_READY},
        {POWER_OFF, PLATEN_NOT_READY},
        {READY, 0},
        {BUSY, 0},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        begin(rows[i].status);
        assert_int_equal(bench_start(&bench), rows[i].error);
        assert_int_equal(bench_end(&bench, true, 0), 0);
        end();
    }
}

static void status_bytes_are_translated(void **state)
{
    static const struct {
        int status;
        uint8_t information;
    } rows[] = {
        {READY, PARALLEL_INIT | PARALLEL_SELECTED},
        {READY | 7, PARALLEL_INIT | PARALLEL_SELECTED},
        {BUSY, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_BUSY},
        {0xF8, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY},
        {0x78, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY | PARALLEL_BUSY},
        {0x70, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY | PARALLEL_BUSY |
                   PARALLEL_OFF_LINE},
        {0x48, PARALLEL_INIT | PARALLEL_BUSY | PARALLEL_OFF_LINE},
        {0xC0, PARALLEL_INIT | PARALLEL_OFF_LINE},
        {0x50, PARALLEL_INIT | PARALLEL_SELECTED | PARALLEL_BUSY | PARALLEL_OFF_LINE},
        {0x00, PARALLEL_INIT | PARALLEL_POWER_OFF | PARALLEL_OFF_LINE},
        {0x80, PARALLEL_INIT | PARALLEL_POWER_OFF | PARALLEL_OFF_LINE},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        uint8_t told = 0;
        begin(rows[i].status);
        assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, &told, 1), 0);
        assert_int_equal(told, rows[i].information);
        end();
    }
}

/* ---- trouble in mid-job ---------------------------------------------------------------------- */

static void wait_until_seen(void *unused)
{
    (void)unused;
    while (!seen)
        rest(1000);
    rest(50000);
    lp.status = READY;
}

/* Whatever happens after whichever byte: all of them arrive, once, and in their order. */
static void a_job_goes_on_where_it_stopped(void **state)
{
    static const int troubles[] = {NO_PAPER, NO_PAPER_QUIET, OFF_LINE, OFF_LINE_QUIET, FAULT};
    static const int places[] = {1, 40, 255, 256, 257, 4999};
    unsigned char *data = make_bytes(5000, 11);
    (void)state;
    for (size_t i = 0; i < 5 * 6; i++) {
        struct later later;
        begin(READY);
        lp.after = places[i / 5];
        lp.then = troubles[i % 5];
        assert_int_equal(bench_start(&bench), 0);
        later_begin(&later, 0, wait_until_seen, NULL);
        assert_int_equal(port_write_all(&bench.trial, &bench.port, data, 5000), 0);
        later_end(&later);
        assert_int_equal(bench_end(&bench, false, soon()), 0);
        expect_printed((const char *)data, 5000);
        end();
    }
    free(data);
}

static void deadlines_hold_in_every_trouble(void **state)
{
    static const int troubles[] = {NO_PAPER, NO_PAPER_QUIET, OFF_LINE, OFF_LINE_QUIET, FAULT, BUSY};
    (void)state;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        uint64_t begun;
        uint32_t moved;
        begin(READY);
        assert_int_equal(bench_start(&bench), 0);
        bench_write_text(&bench, "some");
        lp.status = troubles[i];
        begun = platen_os_now();
        assert_int_equal(bench_write(&bench, "more", 4, in(150 * MS), &moved), PLATEN_TIMEOUT);
        assert_in_range(platen_os_now() - begun, 150 * MS, AT_ONCE);
        lp.status = READY; /* the spooler tries again with the rest */
        bench_write_text(&bench, "more");
        assert_int_equal(bench_end(&bench, false, soon()), 0);
        expect_printed("somemore", 8);
        end();
    }
}

static void a_cancel_ends_a_write_in_every_trouble(void **state)
{
    static const int troubles[] = {NO_PAPER, OFF_LINE, FAULT, BUSY};
    (void)state;
    for (size_t i = 0; i < sizeof troubles / sizeof *troubles; i++) {
        struct later later;
        uint64_t ended;
        uint32_t moved;
        begin(READY);
        assert_int_equal(bench_start(&bench), 0);
        lp.status = troubles[i];
        later_begin(&later, 70 * MS, bench_cancel, &bench);
        assert_int_equal(bench_write(&bench, "x", 1, soon(), &moved), PLATEN_OPERATION_ABORTED);
        ended = platen_os_now();
        later_end(&later);
        print_message("cancel: %u us\n", (unsigned)((ended - later.at) / 1000));
        assert_true(ended < later.at + AT_ONCE);
        assert_int_equal(bench_end(&bench, true, 0), 0);
        end();
    }
}

/* A needle printer takes two bytes in a millisecond, within one call. */
static void a_slow_printer_is_given_little_at_a_time(void **state)
{
    static const char block[65536];
    uint64_t longest = 0;
    (void)state;
    begin(READY);
    lp.slow = 500;
    assert_int_equal(bench_start(&bench), 0);
    for (int i = 0; i < 6; i++) {
        uint64_t begun = platen_os_now();
        uint32_t moved;
        assert_int_equal(bench_write(&bench, block, sizeof block, soon(), &moved), 0);
        assert_true(moved < 1000);
        if (i > 3 && platen_os_now() - begun > longest)
            longest = platen_os_now() - begun;
    }
    print_message("longest call: %u us\n", (unsigned)(longest / 1000));
    assert_int_equal(bench_end(&bench, true, 0), 0);
    end();
}

static void a_port_that_vanishes_ends_the_job(void **state)
{
    uint32_t moved;
    (void)state;
    begin(READY);
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "some");
    lp.gone = true;
    assert_int_equal(bench_write(&bench, "more", 4, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    lp.gone = false;
    assert_int_equal(bench_write(&bench, "more", 4, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_start(&bench), 0);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    end();
}

static void a_cable_without_a_way_back_says_nothing(void **state)
{
    char data[8];
    uint32_t moved = 1;
    uint64_t begun;
    (void)state;
    begin(READY);
    begun = platen_os_now();
    assert_int_equal(bench.trial.backend.read(bench.port.state, data, 8, in(100 * MS), &moved), 0);
    assert_int_equal(moved, 0);
    assert_in_range(platen_os_now() - begun, 100 * MS, AT_ONCE);
    end();
}

static void it_can_be_reset(void **state)
{
    uint8_t out[8];
    (void)state;
    begin(READY);
    assert_int_equal(bench_control(&bench, IOCTL_USBPRINT_SOFT_RESET, NULL, 0, NULL, 0), 0);
    assert_int_equal(lp.resets, 1);
    assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, out, 8),
                     PLATEN_NOT_SUPPORTED);
    assert_int_equal(bench_control(&bench, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, out, 0),
                     PLATEN_INSUFFICIENT_BUFFER);
    end();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(jobs_arrive),
        cmocka_unit_test(a_printer_in_trouble_takes_no_job),
        cmocka_unit_test(status_bytes_are_translated),
        cmocka_unit_test(a_job_goes_on_where_it_stopped),
        cmocka_unit_test(deadlines_hold_in_every_trouble),
        cmocka_unit_test(a_cancel_ends_a_write_in_every_trouble),
        cmocka_unit_test(a_slow_printer_is_given_little_at_a_time),
        cmocka_unit_test(a_port_that_vanishes_ends_the_job),
        cmocka_unit_test(a_cable_without_a_way_back_says_nothing),
        cmocka_unit_test(it_can_be_reset),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
