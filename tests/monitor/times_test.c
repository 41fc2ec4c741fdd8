/* SPDX-License-Identifier: MIT
 *
 * SetPortTimeOuts: what each COMMTIMEOUTS means for calls of several sizes, in the device's time
 * (contract 2.16, R59).
 */
#include "fake.h"
#include "fake_device.h"
#include "open_port.h"
#include "times.h"

#define MOST UINT32_MAX

static const uint32_t sizes[] = {1, 8, 1000};
enum { SIZES = sizeof(sizes) / sizeof(sizes[0]) };

/* What stands in it, in its order, and how many milliseconds a ReadPort of nothing and a WritePort
 * to a stalled device last then. 5000 and 45000 are what they last anyway. */
static const struct row {
    uint32_t times[PLATEN_TIMES];
    uint32_t reads[SIZES];
    uint32_t writes[SIZES];
} rows[] = {
    /* nothing changes */
    {{0, 0, 0, 0, 0}, {5000, 5000, 5000}, {45000, 45000, 45000}},
    {{200, 0, 0, 0, 0}, {5000, 5000, 5000}, {45000, 45000, 45000}},
    /* each for itself */
    {{0, 0, 700, 0, 0}, {700, 700, 700}, {45000, 45000, 45000}},
    {{0, 3, 0, 0, 0}, {3, 24, 3000}, {45000, 45000, 45000}},
    {{0, 0, 0, 0, 900}, {5000, 5000, 5000}, {900, 900, 900}},
    {{0, 0, 0, 7, 0}, {5000, 5000, 5000}, {7, 56, 7000}},
    /* both of a kind, and all */
    {{0, 3, 100, 0, 0}, {103, 124, 3100}, {45000, 45000, 45000}},
    {{0, 0, 0, 7, 30000}, {5000, 5000, 5000}, {30007, 30056, 37000}},
    {{50, 1, 2, 3, 4}, {3, 10, 1002}, {7, 28, 3004}},
    /* as language monitors and Windows' local ports set them */
    {{200, 0, 5000, 0, 0}, {5000, 5000, 5000}, {45000, 45000, 45000}},
    {{200, 0, 5000, 0, 30000}, {5000, 5000, 5000}, {30000, 30000, 30000}},
    /* the greatest interval: at once; a bound as any other; the first byte in that time */
    {{MOST, 0, 0, 0, 0}, {0, 0, 0}, {45000, 45000, 45000}},
    {{MOST, 0, 100, 0, 0}, {100, 100, 100}, {45000, 45000, 45000}},
    {{MOST, 2, 100, 0, 0}, {102, 116, 2100}, {45000, 45000, 45000}},
    {{MOST, MOST, 100, 0, 0}, {100, 100, 100}, {45000, 45000, 45000}},
    {{MOST, MOST, 0, 0, 0}, {0, 0, 0}, {45000, 45000, 45000}},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]) };

static BOOL set(const uint32_t times[PLATEN_TIMES])
{
    COMMTIMEOUTS wanted = {times[0], times[1], times[2], times[3], times[4]};
    return table->pfnSetPortTimeOuts(port, &wanted, 0);
}

static uint32_t milliseconds_of_read(uint32_t size)
{
    static BYTE data[1000];
    DWORD count;
    uint64_t before = device.now;
    assert_true(table->pfnReadPort(port, data, size, &count));
    assert_int_equal(count, 0);
    return (uint32_t)((device.now - before) / MS);
}

static uint32_t milliseconds_of_write(uint32_t size)
{
    DWORD written;
    uint64_t before = device.now;
    assert_false(write_bytes(size, &written));
    assert_int_equal(fake_last_error(), 1460);
    return (uint32_t)((device.now - before) / MS);
}

static void check_row(const struct row *row)
{
    for (size_t i = 0; i < SIZES; i++) {
        assert_int_equal(milliseconds_of_read(sizes[i]), row->reads[i]);
        assert_int_equal(milliseconds_of_write(sizes[i]), row->writes[i]);
    }
}

/* Each on a port that has just been opened. */
static void every_member_counts(void **state)
{
    for (size_t i = 0; i < ROWS; i++) {
        print_message("row %u\n", (unsigned)i);
        assert_true(set(rows[i].times));
        started();
        device.steps[0] = (struct device_step){.ms = 3600000};
        check_row(&rows[i]);
        close_port(state);
        open_port(state);
    }
}

/* What a later one does not speak of stays. */
static void what_is_not_said_stays(void **state)
{
    static const uint32_t reads[PLATEN_TIMES] = {0, 3, 100}, both[PLATEN_TIMES] = {0};
    static const uint32_t writes[PLATEN_TIMES] = {0, 0, 0, 7, 30000};
    (void)state;
    assert_true(set(reads));
    assert_true(set(writes));
    assert_true(set(both));
    assert_int_equal(milliseconds_of_read(8), 124);
    started();
    device.steps[0] = (struct device_step){.ms = 3600000};
    assert_int_equal(milliseconds_of_write(8), 30056);
}

static void what_drivers_refuse(void **state)
{
    static const uint32_t refused[PLATEN_TIMES] = {MOST, MOST, MOST};
    static const uint32_t kept[PLATEN_TIMES] = {0, 0, 300};
    (void)state;
    assert_true(set(kept));
    assert_false(set(refused));
    assert_int_equal(fake_last_error(), 87);
    assert_int_equal(milliseconds_of_read(8), 300);
}

static void numbers_that_are_too_large(void **state)
{
    (void)state;
    assert_int_equal(times_total(MOST, 0, 1), MOST * MS);
    assert_int_equal(times_total(MOST, MOST * MS, 2), MS * MOST * 3);
    assert_int_equal(times_total(MOST, MOST * MS, MOST), PLATEN_FOREVER);
    assert_int_equal(times_total(1, PLATEN_FOREVER, 1), PLATEN_FOREVER);
    assert_int_equal(times_total(0, PLATEN_FOREVER, 1), PLATEN_FOREVER);
    assert_int_equal(times_total(5, 7, 0), 7);
    assert_int_equal(times_milliseconds(PLATEN_FOREVER), MOST - 1);
    assert_int_equal(times_milliseconds(1999999), 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, open_port, close_port)
    const struct CMUnitTest tests[] = {
        TEST(every_member_counts),
        TEST(what_is_not_said_stays),
        TEST(what_drivers_refuse),
        TEST(numbers_that_are_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
