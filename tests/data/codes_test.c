/* SPDX-License-Identifier: MIT
 *
 * Every control code of contract 5 with good, long, short and no input and output: R56 and R57.
 */
#include "talker.h"

#include <stdlib.h>
#include <string.h>

/* What is said of the codes that backends answer themselves: bytes in, bytes out. */
static const struct code {
    uint32_t code;
    uint32_t in;
    uint32_t out;
} codes[] = {
    {0x00160004, 0, 1},  /* IOCTL_PAR_QUERY_INFORMATION */
    {0x00160014, 0, 4},  /* IOCTL_IEEE1284_GET_MODE */
    {0x00160018, 4, 4},  /* IOCTL_IEEE1284_NEGOTIATE */
    {0x0016001C, 1, 0},  /* IOCTL_PAR_SET_WRITE_ADDRESS */
    {0x00160020, 1, 0},  /* IOCTL_PAR_SET_READ_ADDRESS */
    {0x00160024, 2, 2},  /* IOCTL_PAR_GET_DEVICE_CAPS */
    {0x00160028, 0, 4},  /* IOCTL_PAR_GET_DEFAULT_MODES */
    {0x00220038, 3, 0},  /* IOCTL_USBPRINT_VENDOR_SET_COMMAND */
    {0x00220040, 0, 0},  /* IOCTL_USBPRINT_SOFT_RESET */
    {0x001B0004, 4, 0},  /* IOCTL_SERIAL_SET_BAUD_RATE */
    {0x001B0008, 8, 0},  /* IOCTL_SERIAL_SET_QUEUE_SIZE */
    {0x001B000C, 3, 0},  /* IOCTL_SERIAL_SET_LINE_CONTROL */
    {0x001B0018, 1, 0},  /* IOCTL_SERIAL_IMMEDIATE_CHAR */
    {0x001B0024, 0, 0},  /* IOCTL_SERIAL_SET_DTR */
    {0x001B0028, 0, 0},  /* IOCTL_SERIAL_CLR_DTR */
    {0x001B002C, 0, 0},  /* IOCTL_SERIAL_RESET_DEVICE */
    {0x001B0030, 0, 0},  /* IOCTL_SERIAL_SET_RTS */
    {0x001B0034, 0, 0},  /* IOCTL_SERIAL_CLR_RTS */
    {0x001B004C, 4, 0},  /* IOCTL_SERIAL_PURGE */
    {0x001B0050, 0, 4},  /* IOCTL_SERIAL_GET_BAUD_RATE */
    {0x001B0054, 0, 3},  /* IOCTL_SERIAL_GET_LINE_CONTROL */
    {0x001B0060, 0, 16}, /* IOCTL_SERIAL_GET_HANDFLOW */
    {0x001B0064, 16, 0}, /* IOCTL_SERIAL_SET_HANDFLOW */
    {0x001B0068, 0, 4},  /* IOCTL_SERIAL_GET_MODEMSTATUS */
    {0x001B006C, 0, 20}, /* IOCTL_SERIAL_GET_COMMSTATUS */
    {0x001B0074, 0, 64}, /* IOCTL_SERIAL_GET_PROPERTIES */
};
enum { CODES = sizeof(codes) / sizeof(codes[0]) };

static const uint8_t input[100] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16};

static void expect_answer(const struct code *code, uint32_t in, const uint8_t *out, uint32_t count)
{
    assert_int_equal(count, code->out);
    assert_int_equal(talker.calls, 1);
    assert_int_equal(talker.code, code->code);
    assert_int_equal(talker.in_size, in);
    assert_memory_equal(talker.in, input, in);
    for (uint32_t i = 0; i < count; i++)
        assert_int_equal(out[i], 0xC0 + i);
    talker.calls = 0;
}

static void good_and_long(void **state)
{
    uint8_t out[200];
    uint32_t count;
    (void)state;
    talker.all = true;
    for (size_t i = 0; i < CODES; i++) {
        talker.returned = codes[i].out;
        talker_ask(codes[i].code, input, codes[i].in, out, codes[i].out, 0, &count);
        expect_answer(&codes[i], codes[i].in, out, count);
        talker_ask(codes[i].code, input, codes[i].in + 9, out, codes[i].out + 100, 0, &count);
        expect_answer(&codes[i], codes[i].in + 9, out, count);
    }
}

/* One byte too few, down to none: nothing is written, and nothing is asked of the device. */
static void short_ones(void **state)
{
    uint32_t count;
    (void)state;
    talker.all = true;
    for (size_t i = 0; i < CODES; i++) {
        for (uint32_t out = 0; out < codes[i].out; out++) {
            talker_ask(codes[i].code, input, codes[i].in, NULL, out, 122, &count);
            assert_int_equal(count, codes[i].out);
        }
        for (uint32_t in = 0; in < codes[i].in; in++) {
            talker_ask(codes[i].code, input, in, NULL, codes[i].out + 4, 87, &count);
            assert_int_equal(count, 0);
        }
    }
    assert_int_equal(talker.calls, 0);
}

static BOOL call(HANDLE on, uint32_t code, void *in, uint32_t in_size, void *out, uint32_t out_size,
                 DWORD *count)
{
    fake_set_last_error(0);
    return table->pfnGetPrinterDataFromPort(on, code, WIDE("name"), in, in_size, out, out_size,
                                            count);
}

static void null_pointers(void **state)
{
    uint8_t room[64];
    DWORD count;
    (void)state;
    talker.all = true;
    for (size_t i = 0; i < CODES; i++) {
        void *in = codes[i].in ? room : NULL;
        assert_false(call(port, codes[i].code, in, codes[i].in, room, 64, NULL));
        assert_int_equal(fake_last_error(), 87);
        count = 7;
        assert_false(call(port, codes[i].code, NULL, 4, room, 64, &count));
        assert_int_equal(fake_last_error(), 87);
        assert_int_equal(count, 0);
        assert_false(call(port, codes[i].code, in, codes[i].in, NULL, 64, &count));
        assert_int_equal(fake_last_error(), 87);
    }
    assert_int_equal(talker.calls, 0);
}

static void at_odd_addresses(void **state)
{
    uint8_t in[65], out[65];
    DWORD count;
    (void)state;
    talker.all = true;
    memcpy(in + 1, input, 64);
    for (size_t i = 0; i < CODES; i++) {
        assert_true(call(port, codes[i].code, in + 1, codes[i].in, out + 1, codes[i].out, &count));
        expect_answer(&codes[i], codes[i].in, out + 1, count);
    }
}

/* METHOD_BUFFERED: both may be one buffer. */
static void one_buffer(void **state)
{
    uint8_t both[4] = {1, 2, 3, 4};
    DWORD count;
    (void)state;
    talker.all = true;
    assert_true(call(port, IOCTL_IEEE1284_NEGOTIATE, both, 4, both, 4, &count));
    assert_memory_equal(talker.in, input, 4);
    assert_int_equal(both[3], 0xC3);
}

static void errors_come_through(void **state)
{
    static const uint32_t errors[] = {87, 1167, 1460, 31, 122, 50};
    uint32_t count;
    (void)state;
    for (size_t k = 0; k < sizeof(errors) / sizeof(errors[0]); k++)
        for (size_t i = 0; i < CODES; i++) {
            talker.error = errors[k];
            talker_ask(codes[i].code, input, codes[i].in, NULL, codes[i].out, errors[k], &count);
            assert_int_equal(count, 0);
        }
}

static void unknown_codes(void **state)
{
    static const uint32_t unknown[] = {0,          1,          0x00160000, 0x00160005, 0x0016002C,
                                       0x00220044, 0x001B0078, 0x00123450, 0x7FFFFFFF, 0xFFFFFFFF};
    uint32_t count;
    (void)state;
    talker.all = true;
    for (size_t i = 0; i < sizeof(unknown) / sizeof(unknown[0]); i++)
        for (uint32_t size = 0; size < 100; size += 33)
            talker_ask(unknown[i], input, size, NULL, size, 87, &count); /* R56, R57 */
    assert_int_equal(talker.calls, 0);
}

static void handles(void **state)
{
    uint8_t out[8];
    DWORD count = 9;
    (void)state;
    talker.all = true;
    HANDLE wrong[] = {NULL, monitor, (HANDLE)(intptr_t)-1, (HANDLE)(uintptr_t)12345};
    for (size_t i = 0; i < 4; i++) {
        assert_false(call(wrong[i], 0x00160004, NULL, 0, out, 8, &count));
        assert_int_equal(fake_last_error(), 6);
        assert_int_equal(count, 0);
    }
    fake_port(monitor, "other");
    assert_int_equal(platen_monitor_add_port(monitor, "quiet", "mute:"), 0);
    HANDLE quiet;
    assert_true(table->pfnOpenPort(monitor, WIDE("quiet"), &quiet));
    assert_false(call(quiet, 0x00160004, NULL, 0, out, 8, &count));
    assert_int_equal(fake_last_error(), 87);
    assert_true(table->pfnClosePort(quiet));
    assert_false(call(quiet, 0x00160004, NULL, 0, out, 8, &count));
    assert_int_equal(fake_last_error(), 6);
}

/* As much as the device has and the caller has room for. */
static void vendor_answers(void **state)
{
    uint8_t out[300];
    uint32_t count;
    (void)state;
    talker.all = true;
    talker_ask(IOCTL_USBPRINT_VENDOR_GET_COMMAND, input, 2, NULL, 300, 87, &count);
    for (uint32_t room = 0; room < 300; room += 23) {
        talker_ask(IOCTL_USBPRINT_VENDOR_GET_COMMAND, input, 3, out, room, 0, &count);
        assert_int_equal(count, room);
    }
    talker.returned = 5;
    talker_ask(IOCTL_USBPRINT_VENDOR_GET_COMMAND, input, 3, out, 300, 0, &count);
    assert_int_equal(count, 5);
}

/* ---- what the library makes itself --------------------------------------------------------- */

static void usb_status(void **state)
{
    uint32_t status, count;
    (void)state;
    talker_ask(IOCTL_USBPRINT_GET_LPT_STATUS, NULL, 0, NULL, 4, 87, &count);
    talker.status = PARALLEL_SELECTED;
    talker_ask(IOCTL_USBPRINT_GET_LPT_STATUS, NULL, 0, &status, 4, 0, &count);
    assert_int_equal(count, 4);
    assert_int_equal(status, 0x18);
    talker_ask(IOCTL_USBPRINT_GET_LPT_STATUS, NULL, 0, NULL, 3, 122, &count);
    assert_int_equal(count, 4);
}

static void initialising(void **state)
{
    static const uint8_t good = PARALLEL_INIT, bad = PARALLEL_INIT | PARALLEL_AUTOFEED;
    uint32_t count;
    (void)state;
    talker.all = true;
    talker_ask(IOCTL_PAR_SET_INFORMATION, &bad, 1, NULL, 0, 87, &count);
    talker_ask(IOCTL_PAR_SET_INFORMATION, NULL, 0, NULL, 0, 87, &count);
    assert_int_equal(talker.calls, 0);
    talker_ask(IOCTL_PAR_SET_INFORMATION, &good, 1, NULL, 0, 0, &count);
    assert_int_equal(talker.code, IOCTL_USBPRINT_SOFT_RESET);
}

static void is_free(void **state)
{
    DOC_INFO_1W info = {WIDE("title"), NULL, WIDE("RAW")};
    uint8_t answer;
    uint32_t count;
    (void)state;
    talker_ask(IOCTL_PAR_IS_PORT_FREE, NULL, 0, NULL, 1, 87, &count);
    talker.status = PARALLEL_SELECTED;
    talker_ask(IOCTL_PAR_IS_PORT_FREE, NULL, 0, &answer, 1, 0, &count);
    assert_int_equal(answer, 1);
    assert_true(table->pfnStartDocPort(port, NULL, 1, 1, (LPBYTE)&info));
    talker_ask(IOCTL_PAR_IS_PORT_FREE, NULL, 0, &answer, 1, 0, &count);
    assert_int_equal(answer, 0);
    assert_true(table->pfnEndDocPort(port));
}

static void locations(void **state)
{
    static const struct {
        const char *name, *location;
    } names[] = {{"LPT7:", "LPT7"}, {"lpt12:", "LPT12"}, {"LPT3", "LPT3"},
                 {"LPT:", NULL},    {"LPT1x", NULL},     {"COM1:", NULL},
                 {"LP", NULL},      {"LPT1::", NULL},    {"LPT12345678901234567890:", NULL}};
    HANDLE first = port;
    char text[16];
    uint32_t count;
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        port = i ? talker_port(names[i].name) : first;
        uint32_t size = names[i].location ? (uint32_t)strlen(names[i].location) + 1 : 0;
        talker_ask(IOCTL_PAR_QUERY_LOCATION, NULL, 0, text, 16, size ? 0 : 87, &count);
        assert_int_equal(count, size);
        if (size) {
            assert_string_equal(text, names[i].location);
            talker_ask(IOCTL_PAR_QUERY_LOCATION, NULL, 0, NULL, size - 1, 122, &count);
            assert_int_equal(count, size);
        }
        if (i)
            assert_true(table->pfnClosePort(port));
    }
    port = first;
}

static void timeouts(void **state)
{
    static const uint32_t wanted[5] = {100, 0, 700, 0, 900}, none[5] = {0xFFFFFFFF, 0, 0, 0, 0};
    static const uint32_t all[5] = {1, 2, 3, 4, 5};
    uint32_t times[5], count;
    DWORD read;
    (void)state;
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, NULL, 20, 87, &count);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, wanted, 20, NULL, 0, 87, &count);
    talker.line_rate = 9600;
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, times, 20, 0, &count);
    assert_int_equal(times[2], 5000);
    assert_int_equal(times[4], 45000);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, wanted, 19, NULL, 0, 87, &count);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, wanted, 20, NULL, 0, 0, &count);
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, times, 20, 0, &count);
    assert_int_equal(count, 20);
    assert_int_equal(times[2], 700);
    assert_int_equal(times[4], 900);
    uint64_t before = device.now;
    assert_true(table->pfnReadPort(port, (LPBYTE)times, 4, &read)); /* and they are kept */
    assert_int_equal(device.now - before, 700 * MS);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, all, 20, NULL, 0, 0, &count);
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, times, 20, 0, &count);
    assert_memory_equal(times, all, 20);
    before = device.now;
    assert_true(table->pfnReadPort(port, (LPBYTE)times, 4, &read));
    assert_int_equal(device.now - before, (3 + 4 * 2) * MS);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, none, 20, NULL, 0, 0, &count);
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, times, 20, 0, &count);
    assert_int_equal(times[0], 0xFFFFFFFF);
    assert_int_equal(times[2], 0);
}

/* A backend that has all five keeps them; how long ReadPort waits follows. */
static void timeouts_of_the_device(void **state)
{
    static const uint32_t wanted[5] = {10, 0, 300, 40, 500}, wrong[5] = {1, UINT32_MAX, 9, 0, 9};
    static const uint32_t slow[5] = {10, 20, 300, 0, 0};
    uint32_t times[5], count;
    DWORD read;
    (void)state;
    talker.line_rate = 9600;
    talker.keeps_times = true;
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, wanted, 20, NULL, 0, 0, &count);
    assert_memory_equal(talker.times, wanted, 20);
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, times, 20, 0, &count);
    assert_memory_equal(times, wanted, 20);
    talker_ask(IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, NULL, 19, 122, &count);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, wrong, 20, NULL, 0, 87, &count);
    uint64_t before = device.now;
    assert_true(table->pfnReadPort(port, (LPBYTE)times, 4, &read));
    assert_int_equal(device.now - before, 300 * MS);
    talker_ask(IOCTL_SERIAL_SET_TIMEOUTS, slow, 20, NULL, 0, 0, &count);
    before = device.now;
    assert_true(table->pfnReadPort(port, (LPBYTE)times, 4, &read));
    assert_int_equal(device.now - before, (300 + 4 * 20) * MS);
    assert_true(table->pfnReadPort(port, (LPBYTE)times, 1, &read));
    assert_int_equal(device.now - before, (300 + 4 * 20) * MS + (300 + 20) * MS);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talker_open, talker_close)
    const struct CMUnitTest tests[] = {
        TEST(good_and_long),    TEST(short_ones),     TEST(null_pointers),
        TEST(at_odd_addresses), TEST(one_buffer),     TEST(unknown_codes),
        TEST(handles),          TEST(usb_status),     TEST(errors_come_through),
        TEST(initialising),     TEST(is_free),        TEST(locations),
        TEST(timeouts),         TEST(vendor_answers), TEST(timeouts_of_the_device),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
