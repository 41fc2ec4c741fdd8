/* SPDX-License-Identifier: MIT
 *
 * The status byte in other words: all 256 of them.
 */
#include "trial.h"

#include <string.h>

#include <platen/ioctl.h>

#include "bidi/printerstate.h"

static void every_status(void **state)
{
    (void)state;
    for (unsigned i = 0; i < 256; i++) {
        uint8_t status = (uint8_t)i;
        bool paper = status & PARALLEL_PAPER_EMPTY;
        bool away = status & (PARALLEL_OFF_LINE | PARALLEL_POWER_OFF | PARALLEL_NOT_CONNECTED);
        const char *expected = paper || away              ? "Stopped"
                               : (status & PARALLEL_BUSY) ? "Processing"
                                                          : "Idle";
        assert_string_equal(printer_state(status, false), expected);
        assert_string_equal(printer_state(status, true), paper || away ? "Stopped" : "Processing");
        assert_string_equal(printer_state_reason(status), paper  ? "MediaEmpty"
                                                          : away ? "AttentionRequired"
                                                                 : "None");
        unsigned usb = printer_usb_status(status);
        assert_int_equal(usb & 0x08, paper || away ? 0 : 0x08);
        assert_int_equal(usb & 0x10, (status & PARALLEL_SELECTED) ? 0x10 : 0);
        assert_int_equal(usb & 0x20, paper ? 0x20 : 0);
        assert_int_equal(usb & ~0x38u, 0);
    }
}

/* As USB printers of this world have been seen to answer. */
static void known_ones(void **state)
{
    (void)state;
    assert_int_equal(printer_usb_status(PARALLEL_SELECTED), 0x18);
    assert_int_equal(printer_usb_status(PARALLEL_SELECTED | PARALLEL_PAPER_EMPTY), 0x30);
    assert_int_equal(printer_usb_status(PARALLEL_OFF_LINE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_status),
        cmocka_unit_test(known_ones),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
