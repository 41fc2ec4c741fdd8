/* SPDX-License-Identifier: MIT
 *
 * The simulated serial printer without its line: lives as text, answers, and bytes of all kinds.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "device/serial.h"

#define SECOND UINT64_C(1000000000)

static struct serial_printer printer;
static char printed[1 << 16];
static size_t printed_size;
static unsigned answers, ends, states;
static unsigned char last;

static void on_answer(void *context, const void *data, size_t size)
{
    (void)context, (void)size;
    answers++;
    last = *(const unsigned char *)data;
}

static void on_print(void *context, const void *data, size_t size)
{
    (void)context;
    assert_true(printed_size + size <= sizeof printed);
    memcpy(printed + printed_size, data, size);
    printed_size += size;
}

static void on_end(void *context)
{
    (void)context;
    ends++;
}

static void on_state(void *context)
{
    (void)context;
    states++;
}

static const struct serial_events events = {NULL, on_answer, on_print, on_end, on_state};

static int set_up(void **state)
{
    (void)state;
    printed_size = 0;
    answers = ends = states = last = 0;
    serial_begin(&printer, &events);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    serial_end(&printer);
    return 0;
}

static void live(const char *text)
{
    struct serial_life *life;
    char *complaint;
    assert_int_equal(serial_life_parse(text, &life, &complaint), 0);
    serial_live(&printer, life, false);
}

static void lives_are_read(void **state)
{
    static const char *const good[] = {"",
                                       ";;\n#",
                                       "ready",
                                       "wait 0.25;wait 3",
                                       "until byte 5 # x\njam",
                                       "clear paper-out;repeat"};
    static const struct {
        const char *text;
        const char *complaint;
    } bad[] = {
        {"nothing", "1:1: no step of a serial printer's life"},
        {"ready; ready now", "1:14: the step ends here, or so it should"},
        {"ready\nclear", "2:6: a condition is wanted"},
        {"wait 99999999999", "1:5: that is too long"},
        {"until byte", "1:11: a number of bytes is wanted"},
    };
    struct serial_life *life;
    char *complaint;
    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        assert_int_equal(serial_life_parse(good[i], &life, &complaint), 0);
        serial_life_free(life);
    }
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(serial_life_parse(bad[i].text, &life, &complaint), PLATEN_INVALID_DATA);
        assert_string_equal(complaint, bad[i].complaint);
        free(complaint);
    }
}

static void it_stops_at_the_byte(void **state)
{
    (void)state;
    live("until byte 5; paper-out; wait 1; ready");
    serial_receive(&printer, "0123456789", 10);
    serial_go_on(&printer, SECOND);
    assert_int_equal(printed_size, 5);
    assert_string_equal(serial_display(&printer), "NO PAPER");
    serial_hang_up(&printer);
    serial_go_on(&printer, SECOND + 1);
    assert_int_equal(ends, 0);
    assert_int_equal(serial_room(&printer), 0); /* the next job waits */
    serial_go_on(&printer, 2 * SECOND + 2);
    assert_int_equal(ends, 1);
    assert_memory_equal(printed, "0123456789", 10);
    assert_int_equal(serial_room(&printer), SERIAL_ROOM);
}

static void questions_are_answered_in_any_pieces(void **state)
{
    (void)state;
    live("cover-open");
    serial_go_on(&printer, 1);
    serial_receive(&printer, "\x10", 1);
    serial_receive(&printer, "\x04", 1);
    assert_int_equal(answers, 0);
    serial_receive(&printer, "\x02", 1);
    assert_int_equal(answers, 1);
    assert_int_equal(last, 0x16);
    serial_receive(&printer, "\x10\x04\x05\x10\x04\x00", 6); /* there are no such questions */
    assert_int_equal(answers, 1);
}

static void a_rate_is_kept(void **state)
{
    static const char data[4000];
    (void)state;
    live("slow 1000");
    serial_go_on(&printer, 10 * SECOND);
    serial_receive(&printer, data, sizeof data);
    for (unsigned i = 1; i <= 10; i++) {
        serial_go_on(&printer, 10 * SECOND + i * SECOND / 10);
        assert_int_equal(printed_size, 100 * i);
    }
}

/* A life that never waits, and bytes that may be questions anywhere. */
static void nothing_disturbs_it(void **state)
{
    static const unsigned char alphabet[] = {0x10, 0x04, 0x05, 0x1D, 'r', 1, 2, 3, 0x14, 'x'};
    uint32_t random = 1;
    (void)state;
    live("jam; ready; repeat");
    for (unsigned i = 0; i < 3000; i++) {
        unsigned char bytes[16];
        for (size_t k = 0; k < sizeof bytes; k++) {
            random = random * 1664525u + 1013904223u;
            bytes[k] = alphabet[(random >> 16) % sizeof alphabet];
        }
        size_t room = serial_room(&printer);
        serial_receive(&printer, bytes, room < sizeof bytes ? room : sizeof bytes);
        if (i % 50 == 49) {
            serial_hang_up(&printer);
        }
        printed_size = 0;
        serial_go_on(&printer, i * SECOND);
    }
    assert_true(answers > 0 && ends > 0 && states > 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(lives_are_read),
        TEST(it_stops_at_the_byte),
        TEST(questions_are_answered_in_any_pieces),
        TEST(a_rate_is_kept),
        TEST(nothing_disturbs_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
