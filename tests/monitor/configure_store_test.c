/* SPDX-License-Identifier: MIT
 *
 * What is set for all ports, and what is left of any change when the store fails at any step.
 */
#include "configure_world.h"

#include <stdio.h>
#include <string.h>

/* ---- for all ports ------------------------------------------------------------------------- */

/* How long a write on a device that takes nothing waits, in milliseconds. */
static uint64_t patience_of(HANDLE port)
{
    DOC_INFO_1W doc = {0};
    DWORD written;
    device.steps[0] = (struct device_step){.bytes = 0, .ms = 2000000000};
    device.step = 0;
    assert_true(table->pfnStartDocPort(port, WIDE("queue"), 7, 1, (LPBYTE)&doc));
    uint64_t before = device.now;
    assert_false(table->pfnWritePort(port, (LPBYTE)&doc, 4, &written));
    uint64_t waited = (device.now - before) / MS;
    table->pfnEndDocPort(port);
    return waited;
}

static uint64_t patience(void)
{
    HANDLE port;
    assert_true(table->pfnOpenPort(monitor, WIDE("BUILT:"), &port));
    uint64_t waited = patience_of(port);
    assert_true(table->pfnClosePort(port));
    return waited;
}

/* What SetPortTimeOuts says of one port goes before what is set for all. */
static void an_open_port_has_the_new_time(void **state)
{
    COMMTIMEOUTS own = {.WriteTotalTimeoutConstant = 2000};
    HANDLE port, other;
    (void)state;
    assert_true(table->pfnOpenPort(monitor, WIDE("BUILT:"), &port));
    assert_true(table->pfnOpenPort(monitor, WIDE("BUILT:"), &other));
    assert_true(table->pfnSetPortTimeOuts(other, &own, 0));
    assert_int_equal(patience_of(port), 45000);
    assert_int_equal(tell(NULL, u"ConfigureLPTPortCommandOK", u"5", 4), 0);
    assert_int_equal(patience_of(port), 5000);
    assert_int_equal(patience_of(other), 2000);
    assert_true(table->pfnClosePort(other));
    assert_true(table->pfnClosePort(port));
}

static void retry_timeout(void **state)
{
    static const struct {
        const char16_t *text;
        uint32_t seconds;
    } rows[] = {
        {u"77", 77},
        {u"1", 1},
        {u"999999", 999999},
        {u"1000000", 1000000},
        {u"0", 0},
        {u"", 45},
        {u"junk", 45},
        {u"-1", 45},
        {u" 9", 45},
        {u"12 seconds", 12},
        {u"007", 7},
        {u"4294967295", 4294967295},
        {u"99999999999999999999", 4294967295},
    };
    (void)state;
    assert_int_equal(number(NULL, u"GetTransmissionRetryTimeout"), 45);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        size_t size = (platen_text_length16(rows[i].text, SIZE_MAX) + 1) * 2;
        assert_int_equal(tell(NULL, u"ConfigureLPTPortCommandOK", rows[i].text, size), 0);
        assert_int_equal(number(NULL, u"GetTransmissionRetryTimeout"), rows[i].seconds);
        const struct fake_value *value = fake_find(fake.root, u"TransmissionRetryTimeout");
        assert_int_equal(value->type, REG_SZ);
        assert_int_equal(value->size, size);
        assert_memory_equal(value->data, rows[i].text, size); /* as it came */
        restart();
        assert_int_equal(number(NULL, u"GetTransmissionRetryTimeout"), rows[i].seconds);
        if (rows[i].seconds && rows[i].seconds < 1000000)
            assert_int_equal(patience(), rows[i].seconds * UINT64_C(1000));
    }
}

static void a_retry_timeout_of_any_type(void **state)
{
    (void)state;
    fake_put(fake.root, u"TransmissionRetryTimeout", REG_DWORD, "\1\0\0\0", 4);
    restart();
    assert_int_equal(number(NULL, u"GetTransmissionRetryTimeout"), 45);
    fake_reset();
    fake_put(fake.root, u"TransmissionRetryTimeout", REG_SZ, u"99", 4); /* no NUL */
    restart();
    assert_int_equal(number(NULL, u"GetTransmissionRetryTimeout"), 99);
}

static void idle_polling(void **state)
{
    static const uint32_t values[] = {1, 0, 0xFFFFFFFF};
    (void)state;
    assert_int_equal(number(u"TCP/IP", u"GetIdlePollingState"), 0);
    for (int i = 0; i < 3; i++) {
        assert_int_equal(tell(u"TCP/IP", u"SetIdlePollingState", &values[i], 4), 0);
        assert_int_equal(number(u"TCP/IP", u"GetIdlePollingState"), values[i] != 0);
        restart();
        assert_int_equal(number(u"TCP/IP", u"GetIdlePollingState"), values[i] != 0);
    }
}

/* ---- stores that fail ---------------------------------------------------------------------- */

static DWORD change_host(void)
{
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"new");
    return tell(u"IP_1", u"ConfigPort", &data, sizeof(data));
}

static DWORD change_much(void)
{
    PORT_DATA_2 data = tcp_data_2(u"IP_1", u"new");
    data.dwPortNumber = 9999;
    return tell(u"IP_1", u"ConfigPort", &data, sizeof(data));
}

static DWORD change_line(void)
{
    return set_line(u"COM1:", "110,e,7,2");
}

static DWORD change_retry(void)
{
    return tell(NULL, u"ConfigureLPTPortCommandOK", u"77", 6);
}

static DWORD change_polling(void)
{
    return tell(u"TCP/IP", u"SetIdlePollingState", &(uint32_t){1}, 4);
}

/* Everything that can be asked, as one text. */
static const char *all(void)
{
    static char text[4000];
    size_t used = (size_t)snprintf(text, sizeof(text), "%s", line_list(table, monitor));
    if (strstr(text, "IP_1\t")) {
        PORT_DATA_2 data = info(u"IP_1", 1);
        used +=
            (size_t)snprintf(text + used, sizeof(text) - used, "%s:%u mib %u snmp %u\n",
                             narrow(data.sztHostAddress), (unsigned)data.dwPortNumber,
                             (unsigned)data.dwPortMonitorMibIndex, (unsigned)data.dwSNMPEnabled);
    }
    used += (size_t)snprintf(text + used, sizeof(text) - used, "%s\n",
                             line_of(table, monitor, u"COM1:"));
    snprintf(text + used, sizeof(text) - used, "%u %u",
             (unsigned)number(NULL, u"GetTransmissionRetryTimeout"),
             (unsigned)number(u"TCP/IP", u"GetIdlePollingState"));
    return text;
}

static void fail_from(int call, bool on)
{
    fake.registry_calls = 0;
    fake.fail_call = call;
    fake.fail_on = on;
    fake.fail_code = 19;
}

static void begin(void)
{
    fake_reset();
    restart();
    assert_int_equal(tell(NULL, u"AddPort", u"COM1:", 12), 0); /* which is read first */
    add_tcp(u"IP_1", u"old");
}

/* The port's three lines are gone, or all as they were. */
static bool is_without_port(const char *text, const char *before)
{
    return !strstr(text, "IP_1") && !strstr(text, "new") && strstr(before, "IP_1");
}

/* R64. Once alone: nothing has changed, here or in the store. For good: nothing has changed here,
 * and in the store either nothing or the port is no more; never is it half of one and half of
 * another. */
static void changing_fails_at_each_call(void **state)
{
    static DWORD (*const changes[])(void) = {change_host, change_much, change_line, change_retry,
                                             change_polling};
    (void)state;
    for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
        DWORD code = 19;
        int n = 1;
        for (; code; n++) {
            for (int on = 0; on < 2 && code; on++) {
                char before[4000];
                begin();
                strcpy(before, all());
                fail_from(n, on);
                code = changes[i]();
                fail_from(0, false);
                assert_true(code == 0 || code == 19);
                if (!code)
                    break;
                assert_string_equal(all(), before);
                restart();
                if (on && is_without_port(all(), before))
                    continue;
                assert_string_equal(all(), before);
            }
        }
        assert_true(n > 2);
    }
}

static void a_port_that_is_gone_from_the_store(void **state)
{
    (void)state;
    add_tcp(u"IP_1", u"old");
    *fake_find_key(u"IP_1") = (struct fake_key){0};
    assert_int_equal(change_much(), 0);
    restart();
    assert_string_equal(target_of(u"IP_1"), "//new:9999");
}

static void in_memory(void **state)
{
    (void)state;
    fake.stub = true;
    restart();
    add_tcp(u"IP_1", u"old");
    assert_int_equal(tell(NULL, u"AddPort", u"COM1:", 12), 0);
    assert_int_equal(change_much() | change_line() | change_retry() | change_polling(), 0);
    assert_string_equal(target_of(u"IP_1"), "//new:9999");
    expect_config(u"COM1", "110,e,7,2");
    assert_int_equal(number(NULL, u"GetTransmissionRetryTimeout"), 77);
    fake.stub = false;
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, configure_set_up, configure_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(retry_timeout),
        TEST(an_open_port_has_the_new_time),
        TEST(a_retry_timeout_of_any_type),
        TEST(idle_polling),
        TEST(changing_fails_at_each_call),
        TEST(a_port_that_is_gone_from_the_store),
        TEST(in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
