/* SPDX-License-Identifier: MIT
 *
 * The serial backend on a device with modem lines and a queue, which pseudo terminals do not have:
 * both are made here, behind the system's back.
 */
#include "serial_bench.h"

#include <stdatomic.h>
#include <string.h>
#include <sys/ioctl.h>

#include <linux/serial.h>

#include <platen/ioctl.h>

#include "serial_termios_posix.h"

static struct bench bench;

/* The device. */
static _Atomic int lines, unsent, in_chip, flushes, stops, starts, modes;

/* TCXONC carries its argument in place of a pointer. */
static int number(const void *argument)
{
    return (int)(intptr_t)argument;
}

static int copy(void *argument, int value)
{
    memcpy(argument, &value, sizeof value);
    return 0;
}

static bool drive(int fd, unsigned long code, void *argument, int *answer)
{
    int value;
    (void)fd;
    *answer = 0;
    switch (code) {
    case TIOCMGET:
        *answer = copy(argument, lines);
        return true;
    case TIOCMBIS:
    case TIOCMBIC:
        memcpy(&value, argument, sizeof value);
        lines = code == TIOCMBIS ? lines | value : lines & ~value;
        return true;
    case TIOCOUTQ:
        *answer = copy(argument, unsent);
        return true;
    case TIOCSERGETLSR:
        *answer = copy(argument, in_chip ? 0 : TIOCSER_TEMT);
        return true;
    case TIOCSRS485:
        modes++;
        return true;
    case TCXONC:
        stops += number(argument) == TCOOFF;
        starts += number(argument) == TCOON;
        return true;
    case TCFLSH:
        flushes++;
        if (number(argument) != TCIFLUSH)
            unsent = in_chip = 0;
        return true;
    default:
        return false;
    }
}

static void begin(const char *options)
{
    lines = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR | TIOCM_DTR | TIOCM_RTS;
    unsent = in_chip = flushes = stops = starts = modes = 0;
    bench_use(drive);
    bench_open(&bench, &platen_backend_serial, options);
}

/* ---- lines --------------------------------------------------------------------------------- */

static void dsr_back(void *unused)
{
    (void)unused;
    lines |= TIOCM_DSR;
}

static void output_waits_for_dsr(void **state)
{
    struct later later;
    uint32_t moved;
    (void)state;
    begin("?flow=dtrdsr");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "ready");
    lines &= ~TIOCM_DSR;
    assert_int_equal(bench_write(&bench, "wait", 4, in(SECOND), &moved), PLATEN_TIMEOUT);
    assert_int_equal(stops, 1);
    assert_int_equal(starts, 0);
    later_begin(&later, 50 * MS, dsr_back, NULL);
    bench_write_text(&bench, "wait");
    later_end(&later);
    assert_int_equal(starts, 1);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
    bench_expect(&bench, "readywait");
    bench_close(&bench);
}

static void without_the_setting_dsr_is_nothing(void **state)
{
    (void)state;
    begin("");
    lines &= ~TIOCM_DSR;
    bench_print(&bench, "on it goes");
    assert_int_equal(stops, 0);
    bench_close(&bench);
}

static void little_is_given_to_a_device_that_dsr_stops(void **state)
{
    static const char block[4096];
    uint32_t moved;
    (void)state;
    begin("?dsr=on");
    assert_int_equal(bench_start(&bench), 0);
    unsent = 250;
    assert_int_equal(bench_write(&bench, block, sizeof block, soon(), &moved), 0);
    assert_int_equal(moved, 6);
    unsent = 256;
    assert_int_equal(bench_write(&bench, block, sizeof block, in(30 * MS), &moved), PLATEN_TIMEOUT);
    bench_end(&bench, true, 0);
    bench_close(&bench);
}

static void a_lost_carrier_ends_the_job(void **state)
{
    uint32_t moved;
    (void)state;
    begin("");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "some");
    lines &= ~TIOCM_CAR;
    assert_int_equal(bench_write(&bench, "more", 4, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    lines |= TIOCM_CAR;
    assert_int_equal(bench_write(&bench, "more", 4, soon(), &moved), PLATEN_DEVICE_NOT_CONNECTED);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_DEVICE_NOT_CONNECTED);
    bench_print(&bench, "all of it");
    lines &= ~TIOCM_CAR; /* many printers have none */
    bench_print(&bench, "all of it");
    bench_close(&bench);
}

static void dtr_and_rts_are_as_they_should_be(void **state)
{
    (void)state;
    begin("?dtr=off&rts=off");
    assert_int_equal(bench_start(&bench), 0);
    assert_int_equal(lines & (TIOCM_DTR | TIOCM_RTS), 0);
    bench_end(&bench, false, soon());
    uint64_t until = soon(); /* by a helper, which may be late */
    while ((lines & (TIOCM_DTR | TIOCM_RTS)) != (TIOCM_DTR | TIOCM_RTS) && platen_os_now() < until)
        platen_os_thread_yield();
    assert_int_equal(lines & (TIOCM_DTR | TIOCM_RTS), TIOCM_DTR | TIOCM_RTS);
    bench_close(&bench);
    begin("?rts=toggle");
    assert_int_equal(bench_start(&bench), 0);
    assert_int_equal(modes, 1);
    bench_end(&bench, false, soon());
    bench_close(&bench);
}

/* ---- the queue ----------------------------------------------------------------------------- */

static void gone_out(void *unused)
{
    (void)unused;
    unsent = in_chip = 0;
}

static void the_end_waits_for_the_queue_and_the_chip(void **state)
{
    struct later later;
    (void)state;
    begin("");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "bytes");
    unsent = 5;
    assert_int_equal(bench_drain(&bench, in(30 * MS)), PLATEN_TIMEOUT);
    unsent = 0;
    in_chip = 1;
    assert_int_equal(bench_drain(&bench, in(30 * MS)), PLATEN_TIMEOUT);
    later_begin(&later, 50 * MS, gone_out, NULL);
    assert_int_equal(bench_drain(&bench, soon()), 0);
    later_end(&later);
    assert_int_equal(bench_end(&bench, false, 0), 0);
    assert_int_equal(flushes, 0);
    bench_close(&bench);
}

/* What close() would wait half a minute for. */
static void what_does_not_go_out_is_thrown_away(void **state)
{
    uint64_t begun;
    (void)state;
    begin("");
    for (int way = 0; way < 2; way++) {
        flushes = 0;
        assert_int_equal(bench_start(&bench), 0);
        bench_write_text(&bench, "bytes");
        unsent = 5;
        begun = platen_os_now();
        assert_int_equal(bench_end(&bench, way, in(100 * MS)), way ? 0 : PLATEN_TIMEOUT);
        assert_true(platen_os_now() - begun < AT_ONCE);
        assert_int_equal(flushes, 1);
    }
    bench_close(&bench);
}

static void a_cancel_ends_the_wait_at_the_end(void **state)
{
    struct later later;
    uint64_t ended;
    (void)state;
    begin("");
    assert_int_equal(bench_start(&bench), 0);
    bench_write_text(&bench, "bytes");
    unsent = 5;
    later_begin(&later, 50 * MS, bench_cancel, &bench);
    assert_int_equal(bench_end(&bench, false, soon()), PLATEN_OPERATION_ABORTED);
    ended = platen_os_now();
    later_end(&later);
    print_message("cancel: %u us\n", (unsigned)((ended - later.at) / 1000));
    assert_true(ended < later.at + AT_ONCE);
    bench_close(&bench);
}

/* ---- control codes -------------------------------------------------------------------------- */

static uint32_t ask_number(uint32_t code)
{
    uint32_t value = 0;
    assert_int_equal(bench_control(&bench, code, NULL, 0, &value, sizeof value), 0);
    return value;
}

static void the_modem_tells_its_status(void **state)
{
    uint32_t status[5];
    (void)state;
    begin("?cts=on");
    assert_int_equal(ask_number(IOCTL_SERIAL_GET_MODEMSTATUS), 0x10 | 0x20 | 0x80);
    lines = TIOCM_RNG | TIOCM_DSR;
    assert_int_equal(ask_number(IOCTL_SERIAL_GET_MODEMSTATUS), 0x20 | 0x40);
    unsent = 7;
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_GET_COMMSTATUS, NULL, 0, status, 20), 0);
    assert_int_equal(status[1], 1); /* output waits for CTS */
    assert_int_equal(status[3], 7);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_CLR_DTR, NULL, 0, NULL, 0), 0);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_RTS, NULL, 0, NULL, 0), 0);
    bench_close(&bench);
}

static void what_is_set_is_told_and_kept(void **state)
{
    const uint32_t rate = 300, flow[] = {1 | 0x10, 3 | 1 << 6, 0, 0}, none = 0;
    const uint8_t format[] = {SERIAL_STOP_2, SERIAL_ODD, 7}, wrong[] = {0, 9, 8};
    uint32_t told[4] = {0};
    uint8_t bytes[3];
    (void)state;
    begin("");
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_BAUD_RATE, &rate, 4, NULL, 0), 0);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_LINE_CONTROL, format, 3, NULL, 0), 0);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_HANDFLOW, flow, 16, NULL, 0), 0);
    bench_print(&bench, "a job opens the device anew");
    assert_int_equal(ask_number(IOCTL_SERIAL_GET_BAUD_RATE), 300);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_GET_LINE_CONTROL, NULL, 0, bytes, 3), 0);
    assert_memory_equal(bytes, format, 3);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_GET_HANDFLOW, NULL, 0, told, 16), 0);
    assert_int_equal(told[0], flow[0]);
    assert_int_equal(told[1], flow[1]);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_BAUD_RATE, &none, 4, NULL, 0),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_LINE_CONTROL, wrong, 3, NULL, 0),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(ask_number(IOCTL_SERIAL_GET_BAUD_RATE), 300);
    bench_close(&bench);
}

static void buffers_have_to_be_long_enough(void **state)
{
    const uint32_t codes[] = {IOCTL_SERIAL_GET_BAUD_RATE, IOCTL_SERIAL_GET_TIMEOUTS,
                              IOCTL_SERIAL_GET_PROPERTIES, IOCTL_SERIAL_GET_MODEMSTATUS};
    const uint32_t refused[] = {UINT32_MAX, UINT32_MAX, UINT32_MAX, 0, 0}, both = 0xF, wrong = 0x10;
    uint8_t out[64];
    (void)state;
    begin("");
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        assert_int_equal(bench_control(&bench, codes[i], NULL, 0, out, 3),
                         PLATEN_INSUFFICIENT_BUFFER);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_BAUD_RATE, out, 3, NULL, 0),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_SET_TIMEOUTS, refused, 20, NULL, 0),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_PURGE, &wrong, 4, NULL, 0),
                     PLATEN_INVALID_PARAMETER);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_PURGE, &both, 4, NULL, 0), 0);
    assert_int_equal(flushes, 2);
    assert_int_equal(bench_control(&bench, IOCTL_SERIAL_GET_PROPERTIES, NULL, 0, out, 64), 0);
    assert_int_equal(out[0], 64);
    bench_close(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(output_waits_for_dsr),
        cmocka_unit_test(without_the_setting_dsr_is_nothing),
        cmocka_unit_test(little_is_given_to_a_device_that_dsr_stops),
        cmocka_unit_test(a_lost_carrier_ends_the_job),
        cmocka_unit_test(dtr_and_rts_are_as_they_should_be),
        cmocka_unit_test(the_end_waits_for_the_queue_and_the_chip),
        cmocka_unit_test(what_does_not_go_out_is_thrown_away),
        cmocka_unit_test(a_cancel_ends_the_wait_at_the_end),
        cmocka_unit_test(the_modem_tells_its_status),
        cmocka_unit_test(what_is_set_is_told_and_kept),
        cmocka_unit_test(buffers_have_to_be_long_enough),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
