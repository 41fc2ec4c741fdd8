/* SPDX-License-Identifier: MIT
 *
 * The settings of TCP/IP ports, read and changed while the ports are there.
 */
#include "configure_world.h"

#include <string.h>

static void job(HANDLE port, const char *target)
{
    DOC_INFO_1W doc = {0};
    DWORD written;
    assert_true(table->pfnStartDocPort(port, WIDE("queue"), 7, 1, (LPBYTE)&doc));
    assert_string_equal(device.target, target);
    assert_true(table->pfnWritePort(port, (LPBYTE)&doc, 4, &written));
    assert_true(table->pfnEndDocPort(port));
}

static DWORD config_port(const char16_t *host, DWORD number)
{
    PORT_DATA_2 data = tcp_data_2(u"ip_1", host);
    data.dwPortNumber = number;
    return tell(u"IP_1", u"ConfigPort", &data, sizeof(data));
}

/* Spoolers keep ports open. A job that has begun goes on as it began. */
static void config_port_is_for_the_next_job(void **state)
{
    HANDLE port;
    DOC_INFO_1W doc = {0};
    (void)state;
    add_tcp(u"IP_1", u"old");
    assert_true(table->pfnOpenPort(monitor, WIDE("IP_1"), &port));
    job(port, "//old:9101");
    assert_true(table->pfnStartDocPort(port, WIDE("queue"), 7, 1, (LPBYTE)&doc));
    assert_int_equal(config_port(u"new.example", 9103), 0);
    assert_int_equal(device.opens, 1);
    assert_true(table->pfnEndDocPort(port));
    assert_int_equal(device.opens, 1);
    job(port, "//new.example:9103");
    job(port, "//new.example:9103");
    assert_int_equal(device.opens, 2); /* only the first had news */
    assert_int_equal(config_port(u"third", 1), 0);
    assert_int_equal(config_port(u"fourth", 2), 0);
    job(port, "//fourth:2");
    assert_int_equal(device.closes, 0);
    assert_true(table->pfnClosePort(port));
    assert_int_equal(device.closes, device.opens);
    assert_non_null(strstr(line_list(table, monitor), "IP_1\tTCP/IP printer at fourth:2\n"));
    restart();
    assert_string_equal(target_of(u"IP_1"), "//fourth:2");
    assert_string_equal(narrow(info(u"IP_1", 1).sztPortName), "IP_1");
}

/* The job is refused, and the port is there still. */
static void new_settings_that_cannot_be_opened(void **state)
{
    HANDLE port;
    DOC_INFO_1W doc = {0};
    (void)state;
    add_tcp(u"IP_1", u"old");
    assert_true(table->pfnOpenPort(monitor, WIDE("IP_1"), &port));
    assert_int_equal(config_port(u"new", 1), 0);
    device.open_error = 1234;
    assert_false(table->pfnStartDocPort(port, WIDE("queue"), 7, 1, (LPBYTE)&doc));
    assert_int_equal(fake_last_error(), 1234);
    assert_int_equal(fake.open_printers, 0);
    device.open_error = 0;
    job(port, "//new:1");
    assert_true(table->pfnClosePort(port));
    assert_int_equal(device.closes, 2);
}

/* The other version's members stay as they were. */
static void what_a_version_does_not_carry(void **state)
{
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"host");
    PORT_DATA_2 two = tcp_data_2(u"IP_1", u"host");
    char16_t text[40];
    (void)state;
    TCP_PUT(one.sztIPAddress, u"192.0.2.9");
    assert_int_equal(tell(NULL, u"AddPort", &one, sizeof(one)), 0);
    assert_int_equal(tell(u"IP_1", u"ConfigPort", &two, sizeof(two)), 0);
    assert_int_equal(ask(u"IP_1", 0, u"IPAddress", NULL, 0, text, sizeof(text)), 0);
    assert_memory_equal(text, u"192.0.2.9", 20);
    assert_int_equal(info(u"IP_1", 1).dwPortMonitorMibIndex, 7);
    assert_int_equal(tell(u"IP_1", u"ConfigPort", &one, sizeof(one)), 0);
    assert_int_equal(info(u"IP_1", 1).dwPortMonitorMibIndex, 7);
    TCP_PUT(two.sztHostAddress, u"other"); /* whose address that is not */
    assert_int_equal(tell(u"IP_1", u"ConfigPort", &two, sizeof(two)), 0);
    assert_int_equal(ask(u"IP_1", 0, u"IPAddress", NULL, 0, text, sizeof(text)), 0);
    assert_memory_equal(text, u"", 2);
}

static void what_cannot_be_configured(void **state)
{
    static const struct {
        LPCWSTR name;
        const char16_t *host;
        DWORD protocol, number, code;
    } rows[] = {
        {u"IP_2", u"a", 1, 9100, 2},    {u"", u"a", 1, 9100, 2},
        {u"T1:", u"a", 1, 9100, 2},     {u"BUILT:", u"a", 1, 9100, 2},
        {u"COM9:", u"a", 1, 9100, 2},   {u"by hand", u"a", 1, 9100, 50},
        {u"IP_1", u"", 1, 9100, 87},    {u"IP_1", u"a b", 1, 9100, 87},
        {u"IP_1", u"a", 0, 9100, 87},   {u"IP_1", u"a", 2, 515, 50},
        {u"IP_1", u"a", 3, 9100, 87},   {u"IP_1", u"a", 1, 65536, 87},
        {u"IP_1", u"a/b", 1, 9100, 87},
    };
    (void)state;
    add_tcp(u"IP_1", u"old");
    assert_int_equal(tell(NULL, u"AddPort", u"T1:", 8), 0);
    assert_int_equal(platen_monitor_add_port(monitor, "by hand", "socket://there:9?speed=3"), 0);
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        PORT_DATA_1 data = tcp_data_1((const char16_t *)rows[i].name, rows[i].host);
        uint64_t store = line_store();
        data.dwProtocol = rows[i].protocol;
        data.dwPortNumber = rows[i].number;
        assert_int_equal(tell(NULL, u"ConfigPort", &data, sizeof(data)), rows[i].code);
        assert_int_equal(tell(u"IP_1", u"ConfigPort", &data, sizeof(data)), rows[i].code);
        assert_true(store == line_store());
        assert_string_equal(target_of(u"IP_1"), "//old:9101");
    }
    device.check_error = 1234; /* the backend has the last word */
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"new");
    assert_int_equal(tell(u"IP_1", u"ConfigPort", &data, sizeof(data)), 1234);
    device.check_error = 0;
    assert_string_equal(target_of(u"IP_1"), "//old:9101");
}

/* A port that somebody gave a URI can be asked the same. */
static void a_uri_as_settings(void **state)
{
    PORT_DATA_2 data;
    (void)state;
    assert_int_equal(
        platen_monitor_add_port(monitor, "by hand", "socket://[fe80::1%25eth0]?speed=3"), 0);
    data = info(u"by hand", 1);
    assert_string_equal(narrow(data.sztHostAddress), "fe80::1%eth0");
    assert_int_equal(data.dwPortNumber, 9100);
    assert_int_equal(data.dwProtocol, PROTOCOL_RAWTCP_TYPE);
    assert_int_equal(platen_monitor_add_port(monitor, "x", "socket://host:9/?speed=3"), 0);
    data = info(u"x", 1);
    assert_string_equal(narrow(data.sztHostAddress), "host");
    assert_int_equal(data.dwPortNumber, 9);
}

static void whose_port_is_asked_for(void **state)
{
    CONFIG_INFO_DATA_1 question = {.dwVersion = 2};
    PORT_DATA_2 data;
    (void)state;
    add_tcp(u"IP_1", u"first");
    add_tcp(u"IP_2", u"second");
    memcpy(question.Reserved, u"ip_2", 10); /* the name goes before the handle (D8) */
    assert_int_equal(
        ask(u"IP_1", 1, u"GetConfigInfo", &question, sizeof(question), &data, sizeof(data)), 0);
    assert_string_equal(narrow(data.sztHostAddress), "second");
    memcpy(question.Reserved, u"IP_3", 10);
    assert_int_equal(
        ask(u"IP_1", 1, u"GetConfigInfo", &question, sizeof(question), &data, sizeof(data)), 2);
    memset(question.Reserved, 0, sizeof(question.Reserved));
    assert_int_equal(
        ask(u"TCP/IP", 1, u"GetConfigInfo", &question, sizeof(question), &data, sizeof(data)), 2);
    assert_int_equal(ask(u"TCP/IP", 1, u"HostAddress", NULL, 0, &data, sizeof(data)), 2);
}

/* The port that a handle was opened on may go, and come again as another (R69). */
static void a_handle_outlives_its_port(void **state)
{
    HANDLE xcv;
    DWORD needed;
    char16_t text[40];
    DELETE_PORT_DATA_1 gone = tcp_delete_data(u"IP_1");
    (void)state;
    add_tcp(u"IP_1", u"first");
    assert_true(table->pfnXcvOpenPort(monitor, u"IP_1", 1, &xcv));
    assert_int_equal(tcp_run(table, xcv, u"DeletePort", &gone, sizeof(gone)), 0);
    assert_int_equal(
        table->pfnXcvDataPort(xcv, u"HostAddress", NULL, 0, (PBYTE)text, sizeof(text), &needed), 2);
    add_tcp(u"IP_1", u"second");
    assert_int_equal(
        table->pfnXcvDataPort(xcv, u"HostAddress", NULL, 0, (PBYTE)text, sizeof(text), &needed), 0);
    assert_memory_equal(text, u"second", 14);
    assert_true(table->pfnXcvClosePort(xcv));
}

static void the_community_is_for_administrators(void **state)
{
    static const ACCESS_MASK masks[] = {0, 2, 0x20002, 0xFFFFFFFE, 1, 0xF0003};
    (void)state;
    add_tcp(u"IP_1", u"host");
    restart();
    for (int i = 0; i < 6; i++) {
        char16_t text[40];
        PORT_DATA_1 one;
        CONFIG_INFO_DATA_1 question = {.dwVersion = 1};
        const char *expected = masks[i] & 1 ? "c4n4ry-community" : "";
        assert_string_equal(narrow(info(u"IP_1", masks[i]).sztSNMPCommunity), expected);
        assert_int_equal(ask(u"IP_1", masks[i], u"GetConfigInfo", &question, sizeof(question), &one,
                             sizeof(one)),
                         0);
        assert_string_equal(narrow(one.sztSNMPCommunity), expected);
        assert_int_equal(ask(u"IP_1", masks[i], u"SNMPCommunity", NULL, 0, text, sizeof(text)), 0);
        assert_string_equal(narrow((WCHAR *)text), expected);
    }
}

static void long_hosts_do_not_fit_version_1(void **state)
{
    PORT_DATA_2 data = tcp_data_2(u"IP_1", u"");
    CONFIG_INFO_DATA_1 question = {.dwVersion = 1};
    char room[2000];
    (void)state;
    for (int i = 0; i < 48; i++)
        data.sztHostAddress[i] = 'h';
    assert_int_equal(tell(NULL, u"AddPort", &data, sizeof(data)), 0);
    assert_int_equal(ask(u"IP_1", 1, u"GetConfigInfo", &question, sizeof(question), room, 2000), 0);
    data.sztHostAddress[48] = 'h';
    assert_int_equal(tell(u"IP_1", u"ConfigPort", &data, sizeof(data)), 0);
    assert_int_equal(ask(u"IP_1", 1, u"GetConfigInfo", &question, sizeof(question), room, 2000),
                     124);
    assert_int_equal(platen_text_length16((const char16_t *)info(u"IP_1", 1).sztHostAddress, 200),
                     49);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, configure_set_up, configure_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(config_port_is_for_the_next_job),
        TEST(new_settings_that_cannot_be_opened),
        TEST(what_a_version_does_not_carry),
        TEST(what_cannot_be_configured),
        TEST(a_uri_as_settings),
        TEST(whose_port_is_asked_for),
        TEST(a_handle_outlives_its_port),
        TEST(the_community_is_for_administrators),
        TEST(long_hosts_do_not_fit_version_1),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
