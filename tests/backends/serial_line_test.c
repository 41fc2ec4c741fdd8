/* SPDX-License-Identifier: MIT
 *
 * The settings of a line from their texts, and as Linux has them: pure functions, over the whole
 * table.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "serial_termios_posix.h"

static const char *const defaults[] = {
    [SERIAL_BAUD] = "9600", [SERIAL_BITS] = "8", [SERIAL_PARITY] = "none", [SERIAL_STOP] = "1",
    [SERIAL_XON] = "0",     [SERIAL_CTS] = "0",  [SERIAL_DSR] = "0",       [SERIAL_DTR] = "on",
    [SERIAL_RTS] = "on",    [SERIAL_IDSR] = "0", [SERIAL_FLOW] = "",       [SERIAL_DEVICE] = "",
};

enum { ROWS = sizeof defaults / sizeof *defaults };

static struct serial_line line_with(enum serial_setting row, const char *value)
{
    const char *values[ROWS];
    struct serial_line line;
    enum serial_setting wrong;
    memcpy(values, defaults, sizeof values);
    values[row] = value;
    assert_true(serial_line_read(values, &line, &wrong));
    return line;
}

static void defaults_are_eight_bits_without_parity(void **state)
{
    struct serial_line line = line_with(SERIAL_FLOW, "");
    (void)state;
    assert_int_equal(line.baud, 9600);
    assert_int_equal(line.bits, 8);
    assert_int_equal(line.parity, SERIAL_NONE);
    assert_int_equal(line.stop, SERIAL_STOP_1);
    assert_int_equal(line.dtr, SERIAL_ON);
    assert_int_equal(line.rts, SERIAL_ON);
    assert_false(line.xon || line.cts || line.dsr || line.idsr);
}

static void each_setting_has_its_place(void **state)
{
    (void)state;
    assert_int_equal(line_with(SERIAL_BAUD, "31337").baud, 31337);
    assert_int_equal(line_with(SERIAL_BITS, "5").bits, 5);
    assert_int_equal(line_with(SERIAL_PARITY, "space").parity, SERIAL_SPACE);
    assert_int_equal(line_with(SERIAL_STOP, "1.5").stop, SERIAL_STOP_1_5);
    assert_true(line_with(SERIAL_XON, "1").xon);
    assert_true(line_with(SERIAL_CTS, "1").cts);
    assert_true(line_with(SERIAL_DSR, "1").dsr);
    assert_true(line_with(SERIAL_IDSR, "1").idsr);
    assert_int_equal(line_with(SERIAL_DTR, "handshake").dtr, SERIAL_HANDSHAKE);
    assert_int_equal(line_with(SERIAL_RTS, "toggle").rts, SERIAL_TOGGLE);
}

static void flow_is_short_for_the_others(void **state)
{
    struct serial_line line = line_with(SERIAL_FLOW, "hard");
    (void)state;
    assert_true(line.cts && !line.xon && !line.dsr);
    assert_int_equal(line.rts, SERIAL_HANDSHAKE);
    line = line_with(SERIAL_FLOW, "soft");
    assert_true(line.xon && !line.cts && !line.dsr);
    line = line_with(SERIAL_FLOW, "dtrdsr");
    assert_true(line.dsr && !line.xon && !line.cts);
    assert_int_equal(line.dtr, SERIAL_HANDSHAKE);
    line = line_with(SERIAL_FLOW, "none");
    assert_false(line.xon || line.cts || line.dsr);
}

static void other_words_are_refused(void **state)
{
    static const struct {
        enum serial_setting row;
        const char *value;
    } rows[] = {
        {SERIAL_PARITY, ""},      {SERIAL_PARITY, "Even"}, {SERIAL_PARITY, "e"},
        {SERIAL_STOP, "1.50"},    {SERIAL_STOP, "0"},      {SERIAL_STOP, "3"},
        {SERIAL_DTR, "toggle"},   {SERIAL_DTR, "1"},       {SERIAL_RTS, "yes"},
        {SERIAL_FLOW, "dtr-dsr"}, {SERIAL_FLOW, "off"},
    };
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *values[ROWS];
        struct serial_line line;
        enum serial_setting wrong = SERIAL_DEVICE;
        memcpy(values, defaults, sizeof values);
        values[rows[i].row] = rows[i].value;
        assert_false(serial_line_read(values, &line, &wrong));
        assert_int_equal(wrong, rows[i].row);
    }
}

/* What the settings should be, said once more and in another way. */
static tcflag_t expected_flags(const struct serial_line *line)
{
    tcflag_t flags = CREAD | CLOCAL;
    switch (line->bits) {
    case 5:
        flags |= CS5;
        break;
    case 6:
        flags |= CS6;
        break;
    case 7:
        flags |= CS7;
        break;
    default:
        flags |= CS8;
        break;
    }
    switch (line->parity) {
    case SERIAL_ODD:
        flags |= PARENB | PARODD;
        break;
    case SERIAL_EVEN:
        flags |= PARENB;
        break;
    case SERIAL_MARK:
        flags |= PARENB | PARODD | CMSPAR;
        break;
    case SERIAL_SPACE:
        flags |= PARENB | CMSPAR;
        break;
    default:
        break;
    }
    if (line->stop != SERIAL_STOP_1)
        flags |= CSTOPB;
    return line->cts ? flags | CRTSCTS : flags;
}

static void expect_termios(const struct serial_line *line, const struct termios2 *before)
{
    struct termios2 termios = *before;
    const tcflag_t rates = CBAUD | CBAUD << IBSHIFT;
    serial_termios_set(line, &termios);
    assert_int_equal(termios.c_cflag & rates, BOTHER | BOTHER << IBSHIFT);
    assert_int_equal(termios.c_cflag & ~rates, expected_flags(line) | (before->c_cflag & HUPCL));
    assert_int_equal(termios.c_ispeed, line->baud);
    assert_int_equal(termios.c_ospeed, line->baud);
    assert_int_equal(termios.c_iflag & (IXON | IXOFF), line->xon ? IXON | IXOFF : 0);
    assert_int_equal(termios.c_iflag & ~(tcflag_t)(IXON | IXOFF), IGNBRK);
    assert_int_equal(termios.c_oflag, 0);
    assert_int_equal(termios.c_lflag, 0);
    assert_int_equal(termios.c_cc[VMIN], 1);
    assert_int_equal(termios.c_cc[VTIME], 0);
    assert_int_equal(termios.c_cc[VSTART], 0x11);
    assert_int_equal(termios.c_cc[VSTOP], 0x13);
}

/* From a terminal with everything on, and from one with everything off. */
static void every_line_becomes_a_termios(void **state)
{
    static const uint32_t rates[] = {50, 110, 9600, 31337, 115200, 12000000};
    struct termios2 off = {0}, on;
    unsigned count = 0;
    (void)state;
    memset(&on, 0xFF, sizeof on);
    for (unsigned i = 0; i < 6 * 4 * 5 * 3 * 4; i++, count++) {
        struct serial_line line = {
            .baud = rates[i % 6],
            .bits = (uint8_t)(5 + i / 6 % 4),
            .parity = (uint8_t)(i / 24 % 5),
            .stop = (uint8_t)(i / 120 % 3),
            .xon = i / 360 & 1,
            .cts = i / 720 & 1,
        };
        expect_termios(&line, &off);
        on.c_cflag = ~(tcflag_t)0 & (CBAUD | CBAUD << IBSHIFT | CSIZE | CSTOPB | CREAD | PARENB |
                                     PARODD | HUPCL | CLOCAL | CMSPAR | CRTSCTS);
        expect_termios(&line, &on);
    }
    assert_int_equal(count, 1440);
}

static void what_a_device_does_not_take_is_named(void **state)
{
    struct serial_line line = line_with(SERIAL_PARITY, "even");
    struct termios2 asked = {0}, taken;
    (void)state;
    serial_termios_set(&line, &asked);
    taken = asked;
    assert_null(serial_termios_differs(&asked, &taken));
    taken.c_ospeed = 9400; /* a divisor that comes close */
    assert_null(serial_termios_differs(&asked, &taken));
    taken.c_ospeed = 9000;
    assert_string_equal(serial_termios_differs(&asked, &taken), "bit rate");
    taken = asked;
    taken.c_cflag ^= CS7 ^ CS8;
    assert_string_equal(serial_termios_differs(&asked, &taken), "bits");
    taken = asked;
    taken.c_cflag &= ~(tcflag_t)PARENB;
    assert_string_equal(serial_termios_differs(&asked, &taken), "parity");
    taken = asked;
    taken.c_cflag ^= CSTOPB;
    assert_string_equal(serial_termios_differs(&asked, &taken), "stop bits");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(defaults_are_eight_bits_without_parity),
        cmocka_unit_test(each_setting_has_its_place),
        cmocka_unit_test(flow_is_short_for_the_others),
        cmocka_unit_test(other_words_are_refused),
        cmocka_unit_test(every_line_becomes_a_termios),
        cmocka_unit_test(what_a_device_does_not_take_is_named),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
