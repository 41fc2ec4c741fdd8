/* SPDX-License-Identifier: MIT
 *
 * COMMTIMEOUTS as a pure function: what each combination means for a read, and when a read is over.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "serial_port.h"

#define MS    UINT64_C(1000000)
#define NEVER PLATEN_FOREVER
#define MOST  UINT32_MAX

struct pace_row {
    struct serial_timeouts timeouts;
    uint32_t size;
    struct serial_pace pace;
};

static const struct pace_row paces[] = {
    /* no bound at all */
    {{0, 0, 0, 0, 0}, 10, {NEVER, NEVER, false}},
    /* the interval alone */
    {{200, 0, 0, 0, 0}, 10, {NEVER, 200 * MS, false}},
    /* totals: the constant, the multiplier, both; writes' numbers are not reads' */
    {{0, 0, 5000, 7, 9}, 10, {5000 * MS, NEVER, false}},
    {{0, 3, 0, 0, 0}, 10, {30 * MS, NEVER, false}},
    {{0, 3, 100, 0, 0}, 10, {130 * MS, NEVER, false}},
    {{0, 3, 0, 0, 0}, 0, {0, NEVER, false}},
    /* what Windows' local ports set */
    {{200, 0, 5000, 0, 30000}, 1024, {5000 * MS, 200 * MS, false}},
    /* the greatest interval: at once with a total of 0, a mere bound of 49 days otherwise */
    {{MOST, 0, 0, 0, 0}, 10, {0, NEVER, true}},
    {{MOST, 0, 100, 0, 0}, 10, {100 * MS, MOST *MS, false}},
    {{MOST, 2, 0, 0, 0}, 10, {20 * MS, MOST *MS, false}},
    {{MOST, 2, 100, 0, 0}, 10, {120 * MS, MOST *MS, false}},
    /* the greatest interval and multiplier: the first that comes */
    {{MOST, MOST, 100, 0, 0}, 10, {100 * MS, NEVER, true}},
    {{MOST, MOST, 0, 0, 0}, 10, {0, NEVER, true}},
    {{MOST, MOST, MOST - 1, 0, 0}, 10, {(MOST - 1) * MS, NEVER, true}},
    /* the greatest multiplier without the greatest interval is a number as any other */
    {{MOST - 1, MOST, 0, 0, 0}, 2, {2 * MS * MOST, (MOST - 1) * MS, false}},
    {{0, MOST, MOST, 0, 0}, 1, {2 * MS * MOST, NEVER, false}},
    /* more than nanoseconds can count */
    {{0, MOST, MOST, 0, 0}, MOST, {NEVER, NEVER, false}},
};

static void every_combination_has_its_meaning(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof paces / sizeof *paces; i++) {
        struct serial_pace pace = serial_read_pace(&paces[i].timeouts, paces[i].size);
        print_message("row %u\n", (unsigned)i);
        assert_true(serial_timeouts_are_valid(&paces[i].timeouts));
        assert_int_equal(pace.total, paces[i].pace.total);
        assert_int_equal(pace.interval, paces[i].pace.interval);
        assert_int_equal(pace.at_once, paces[i].pace.at_once);
    }
}

static void one_combination_is_refused(void **state)
{
    struct serial_timeouts timeouts = {MOST, MOST, MOST, 0, 0};
    (void)state;
    assert_false(serial_timeouts_are_valid(&timeouts));
    timeouts.read_interval--;
    assert_true(serial_timeouts_are_valid(&timeouts));
}

static void writes_have_times_too(void **state)
{
    const struct serial_timeouts none = {1, 2, 3, 0, 0}, constant = {1, 2, 3, 0, 500},
                                 both = {0, 0, 0, 2, 500}, huge = {0, 0, 0, MOST, MOST};
    (void)state;
    assert_int_equal(serial_write_time(&none, 100), NEVER);
    assert_int_equal(serial_write_time(&constant, 100), 500 * MS);
    assert_int_equal(serial_write_time(&both, 100), 700 * MS);
    assert_int_equal(serial_write_time(&huge, MOST), NEVER);
}

/* A read that began at 1000 ms; all numbers are milliseconds, -1 is never. */
struct step_row {
    struct serial_timeouts timeouts;
    uint32_t got, size;
    int64_t last, now, deadline;
    bool over;
    int64_t until;
};

static const struct step_row steps[] = {
    /* full */
    {{0, 0, 0, 0, 0}, 10, 10, 1000, 1000, -1, true, -1},
    /* nothing bounds it: it waits, with some bytes too, up to the caller's own deadline */
    {{0, 0, 0, 0, 0}, 0, 10, 0, 9000, -1, false, -1},
    {{0, 0, 0, 0, 0}, 9, 10, 1001, 9000, -1, false, -1},
    {{0, 0, 0, 0, 0}, 9, 10, 1001, 9000, 9001, false, 9001},
    {{0, 0, 0, 0, 0}, 9, 10, 1001, 9001, 9001, true, 9001},
    /* the interval is not counted before the first byte, and from the last one then */
    {{200, 0, 0, 0, 0}, 0, 10, 0, 9000, -1, false, -1},
    {{200, 0, 0, 0, 0}, 1, 10, 9000, 9199, -1, false, 9200},
    {{200, 0, 0, 0, 0}, 1, 10, 9000, 9200, -1, true, 9200},
    {{200, 0, 0, 0, 0}, 2, 10, 9199, 9200, -1, false, 9399},
    /* the total ends it with and without bytes, and before an interval does */
    {{200, 0, 5000, 0, 0}, 0, 10, 0, 5999, -1, false, 6000},
    {{200, 0, 5000, 0, 0}, 0, 10, 0, 6000, -1, true, 6000},
    {{200, 0, 5000, 0, 0}, 5, 10, 5900, 5999, -1, false, 6000},
    {{200, 0, 5000, 0, 0}, 5, 10, 5900, 6000, -1, true, 6000},
    {{0, 10, 0, 0, 0}, 5, 10, 1090, 1099, -1, false, 1100},
    {{0, 10, 0, 0, 0}, 5, 10, 1090, 1100, -1, true, 1100},
    /* the caller's deadline comes before either */
    {{200, 0, 5000, 0, 0}, 0, 10, 0, 1100, 1100, true, 1100},
    /* what is there, even if that is nothing */
    {{MOST, 0, 0, 0, 0}, 0, 10, 0, 1000, -1, true, 1000},
    {{MOST, 0, 0, 0, 0}, 3, 10, 1000, 1000, -1, true, 1000},
    /* the first that comes */
    {{MOST, MOST, 300, 0, 0}, 0, 10, 0, 1299, -1, false, 1300},
    {{MOST, MOST, 300, 0, 0}, 0, 10, 0, 1300, -1, true, 1300},
    {{MOST, MOST, 300, 0, 0}, 1, 10, 1010, 1010, -1, true, 1300},
};

static uint64_t moment(int64_t milliseconds)
{
    return milliseconds < 0 ? NEVER : (uint64_t)milliseconds * MS;
}

static void a_read_is_over_when_it_should_be(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
        const struct step_row *row = &steps[i];
        struct serial_pace pace = serial_read_pace(&row->timeouts, row->size);
        struct serial_reading reading = {1000 * MS, moment(row->last), row->got, row->size};
        uint64_t until;
        bool over =
            serial_read_is_over(&pace, &reading, moment(row->now), moment(row->deadline), &until);
        print_message("row %u\n", (unsigned)i);
        assert_int_equal(over, row->over);
        assert_int_equal(until, moment(row->until));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_combination_has_its_meaning),
        cmocka_unit_test(one_combination_is_refused),
        cmocka_unit_test(writes_have_times_too),
        cmocka_unit_test(a_read_is_over_when_it_should_be),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
