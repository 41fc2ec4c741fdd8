/* SPDX-License-Identifier: MIT
 *
 * TCP/IP ports in the store: TCPMON's layout there and back, stores with anything in them (R9), and
 * stores that fail at each step (R64, R66).
 */
#include "tcp_trial.h"

#include <string.h>

#include "handle.h"

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake.open_keys + fake.wrong_uses + fake.impersonated, 0); /* R6 */
    assert_int_equal(handle_count(), 0);
    assert_null(strstr(fake.log, "c4n4ry"));
    return 0;
}

static const MONITOR2 *create(HANDLE *monitor, HANDLE *xcv)
{
    const MONITOR2 *table = tcp_monitor(monitor);
    assert_true(table->pfnXcvOpenPort(*monitor, NULL, SERVER_ACCESS_ADMINISTER, xcv));
    return table;
}

/* The ports that EnumPorts lists beside BUILT:, each followed by a blank. */
static const char *list(const MONITOR2 *table, HANDLE monitor)
{
    static char text[2000];
    static PORT_INFO_1W room[200];
    DWORD needed, count;
    size_t used = 0;
    assert_true(table->pfnEnumPorts(monitor, NULL, 1, (LPBYTE)room, sizeof(room), &needed, &count));
    text[0] = '\0';
    for (DWORD i = 1; i < count; i++) {
        used += platen_text_to8((const char16_t *)room[i].pName, SIZE_MAX, text + used,
                                sizeof(text) - used);
        text[used++] = ' ';
        text[used] = '\0';
    }
    return text;
}

static void expect_ports(const char *names)
{
    HANDLE monitor;
    const MONITOR2 *table = tcp_monitor(&monitor);
    assert_string_equal(list(table, monitor), names);
    table->pfnShutdown(monitor);
}

static const char *target_of(const MONITOR2 *table, HANDLE monitor, const char16_t *name)
{
    HANDLE port;
    assert_true(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)name, &port));
    assert_true(table->pfnClosePort(port));
    return device.target;
}

/* ---- what is written ----------------------------------------------------------------------- */

static uint32_t number_in(struct fake_key *key, const char16_t *name)
{
    const struct fake_value *value = fake_find(key->values, name);
    uint32_t number;
    assert_non_null(value);
    assert_int_equal(value->type, REG_DWORD);
    assert_int_equal(value->size, 4);
    memcpy(&number, value->data, 4);
    return number;
}

static void expect_text(struct fake_key *key, const char16_t *name, const char16_t *text)
{
    const struct fake_value *value = fake_find(key->values, name);
    assert_non_null(value);
    assert_int_equal(value->type, REG_SZ);
    assert_int_equal(value->size, (platen_text_length16(text, SIZE_MAX) + 1) * 2);
    assert_memory_equal(value->data, text, value->size);
}

static void the_layout_of_version_1(void **state)
{
    HANDLE monitor, xcv;
    const MONITOR2 *table = create(&monitor, &xcv);
    PORT_DATA_1 data = tcp_data_1(u"IP_1/a", u"printer");
    (void)state;
    TCP_PUT(data.sztIPAddress, u"192.0.2.1");
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof(data)), 0);
    struct fake_key *key = fake_find_key(u"IP_1/a");
    assert_non_null(key);
    assert_int_equal(number_in(key, u"Protocol"), 1);
    assert_int_equal(number_in(key, u"Version"), 1);
    expect_text(key, u"HostName", u"printer");
    expect_text(key, u"IPAddress", u"192.0.2.1");
    expect_text(key, u"HWAddress", u"");
    assert_int_equal(number_in(key, u"PortNumber"), 9101);
    expect_text(key, u"Queue", u"lp");
    assert_int_equal(number_in(key, u"Double Spool"), 1);
    assert_int_equal(number_in(key, u"SNMP Enabled"), 1);
    expect_text(key, u"SNMP Community", CANARY);
    assert_int_equal(number_in(key, u"SNMP Index"), 3);
    assert_int_equal(number_in(key, u"PortMonMibPortIndex"), 0);
    for (int i = 0; i < FAKE_VALUES; i++)
        assert_false(fake.ports[i].used);
    table->pfnShutdown(monitor);
}

static void the_layout_of_version_2(void **state)
{
    HANDLE monitor, xcv;
    const MONITOR2 *table = create(&monitor, &xcv);
    PORT_DATA_2 data = tcp_data_2(u"IP_2", u"fe80::1%4");
    (void)state;
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof(data)), 0);
    struct fake_key *key = fake_find_key(u"IP_2");
    assert_non_null(key);
    assert_int_equal(number_in(key, u"Version"), 2);
    expect_text(key, u"HostName", u"fe80::1%4");
    expect_text(key, u"IPAddress", u"");
    expect_text(key, u"SNMP Community", CANARY);
    assert_int_equal(number_in(key, u"PortMonMibPortIndex"), 7);
    table->pfnShutdown(monitor);
}

static void there_and_back(void **state)
{
    HANDLE monitor, xcv;
    const MONITOR2 *table = create(&monitor, &xcv);
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"printer");
    PORT_DATA_2 two = tcp_data_2(u"IP_2", u"2001:db8::1");
    DELETE_PORT_DATA_1 gone = tcp_delete_data(u"ip_1");
    (void)state;
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &one, sizeof(one)), 0);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", u"T1", 6), 0);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &two, sizeof(two)), 0);
    table->pfnShutdown(monitor);

    create(&monitor, &xcv);
    assert_string_equal(list(table, monitor), "T1 IP_1 IP_2 ");
    assert_string_equal(target_of(table, monitor, u"IP_1"), "//printer:9101");
    assert_string_equal(target_of(table, monitor, u"ip_2"), "//[2001:db8::1]:9101");
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &one, sizeof(one)), 183);
    assert_int_equal(tcp_run(table, xcv, u"DeletePort", &gone, sizeof(gone)), 0);
    table->pfnShutdown(monitor);
    expect_ports("T1 IP_2 ");
}

/* ---- what is read -------------------------------------------------------------------------- */

static void put_number(struct fake_key *key, const char16_t *name, uint32_t number)
{
    fake_put(key->values, name, REG_DWORD, &number, sizeof(number));
}

static void put_text(struct fake_key *key, const char16_t *name, const char16_t *text)
{
    fake_put(key->values, name, REG_SZ, text,
             (uint32_t)((platen_text_length16(text, SIZE_MAX) + 1) * 2));
}

static struct fake_key *put_port(const char16_t *name, uint32_t protocol, const char16_t *host)
{
    struct fake_key *key = fake_make_key(name);
    put_number(key, u"Protocol", protocol);
    put_text(key, u"HostName", host);
    return key;
}

static void what_is_missing(void **state)
{
    HANDLE monitor, xcv;
    (void)state;
    put_port(u"A", 1, u"a"); /* no port number */
    struct fake_key *key = fake_make_key(u"B");
    put_number(key, u"Protocol", 1); /* no host, but an address */
    put_text(key, u"IPAddress", u"192.0.2.1");
    put_number(key, u"PortNumber", 0);
    put_text(fake_make_key(u"C"), u"HostName", u"c"); /* no protocol: no port */
    fake_make_key(u"D");
    put_number(fake_make_key(u"E"), u"Protocol", 1); /* nothing to connect to */
    const MONITOR2 *table = create(&monitor, &xcv);
    assert_string_equal(list(table, monitor), "A B ");
    assert_string_equal(target_of(table, monitor, u"A"), "//a:9100");
    assert_string_equal(target_of(table, monitor, u"B"), "//192.0.2.1:9100");
    table->pfnShutdown(monitor);
    assert_non_null(strstr(fake.log, "stored port E left out"));
}

static void any_content_is_survived(void **state)
{
    char16_t longest[260];
    struct fake_key *key;
    (void)state;
    for (int i = 0; i < 259; i++)
        longest[i] = u'k';
    longest[259] = 0;
    put_port(u"", 1, u"a");
    put_port(u"K\\L", 1, u"a");
    put_port(longest, 1, u"a"); /* longer than a key's name can be */
    longest[248] = 0;
    put_port(longest, 1, u"a"); /* than a port's */
    put_port(u"IP\n", 1, u"a");
    put_port(u"LPR", 2, u"a");
    put_port(u"Strange", 77, u"a");
    put_port(u"Bad host", 1, u"a/b");
    longest[128] = 0;
    put_port(u"Long host", 1, longest);
    key = put_port(u"Number", 1, u"a");
    put_number(key, u"PortNumber", 65536);
    key = put_port(u"Type", 1, u"a");
    put_text(key, u"PortNumber", u"9100");
    key = fake_make_key(u"Text");
    put_text(key, u"Protocol", u"1");
    key = put_port(u"Fine", 1, u"x");
    fake_find(key->values, u"HostName")->size = 2; /* no NUL */
    put_number(key, u"SNMP Community", 5);         /* not read at all */
    put_port(u"T1", 1, u"a");
    fake_put(fake.ports, u"t1", REG_SZ, u"", 2); /* the first of a name stays */
    put_port(u"Last", 1, u"a");
    expect_ports("t1 Fine Last ");
}

static void odd_data(void **state)
{
    (void)state;
    for (uint32_t size = 0; size <= 8; size++) {
        fake_reset();
        struct fake_key *key = fake_make_key(u"IP");
        put_text(key, u"HostName", u"a");
        fake_put(key->values, u"Protocol", REG_DWORD, "\1\0\0\0\0\0\0", size);
        expect_ports(size == 4 ? "IP " : "");
    }
    for (uint32_t size = 0; size <= 300; size++) {
        char16_t host[150];
        fake_reset();
        struct fake_key *key = fake_make_key(u"IP");
        put_number(key, u"Protocol", 1);
        for (int i = 0; i < 150; i++)
            host[i] = u'h';
        fake_put(key->values, u"HostName", REG_SZ, host, size); /* never ended, every length */
        expect_ports(size >= 2 && size < 256 ? "IP " : "");
    }
}

static void a_key_that_was_no_port_makes_room(void **state)
{
    HANDLE monitor, xcv;
    (void)state;
    put_port(u"IP_1", 2, u"lpr.example"); /* left out, so the name is free */
    const MONITOR2 *table = create(&monitor, &xcv);
    PORT_DATA_1 data = tcp_data_1(u"ip_1", u"printer");
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof(data)), 0);
    table->pfnShutdown(monitor);
    create(&monitor, &xcv);
    assert_string_equal(target_of(table, monitor, u"IP_1"), "//printer:9101");
    table->pfnShutdown(monitor);
}

/* ---- stores that fail ---------------------------------------------------------------------- */

static const PORT_DATA_1 *new_port(void)
{
    static PORT_DATA_1 data;
    data = tcp_data_1(u"IP_1", u"printer");
    return &data;
}

static void fail_from(int call, bool on)
{
    fake.registry_calls = 0;
    fake.fail_call = call;
    fake.fail_on = on;
    fake.fail_code = 19;
}

static void fail_no_more(void)
{
    fake.fail_call = 0;
    fake.fail_on = false;
}

/* Once alone, and once for good: not even what was begun can be taken back then. */
static void adding_fails_at_each_call(void **state)
{
    HANDLE monitor, xcv;
    const MONITOR2 *table = create(&monitor, &xcv);
    int n = 1;
    (void)state;
    for (;; n++) {
        fail_from(n, false);
        DWORD code = tcp_run(table, xcv, u"AddPort", new_port(), sizeof(PORT_DATA_1));
        fail_no_more();
        if (code == 0)
            break;
        assert_int_equal(code, 19);
        assert_string_equal(list(table, monitor), "");
        assert_null(fake_find_key(u"IP_1"));
        expect_ports("");
        fail_from(n, true);
        code = tcp_run(table, xcv, u"AddPort", new_port(), sizeof(PORT_DATA_1));
        fail_no_more();
        assert_int_equal(code, 19);
        expect_ports("");
    }
    assert_true(n > 14); /* two keys, and a value more often than there are values */
    expect_ports("IP_1 ");
    table->pfnShutdown(monitor);
}

static void deleting_fails_at_each_call(void **state)
{
    HANDLE monitor, xcv;
    const MONITOR2 *table = create(&monitor, &xcv);
    DELETE_PORT_DATA_1 gone = tcp_delete_data(u"IP_1");
    (void)state;
    assert_int_equal(tcp_run(table, xcv, u"AddPort", new_port(), sizeof(PORT_DATA_1)), 0);
    for (int n = 1; n <= 2; n++) {
        fail_from(n, false);
        assert_int_equal(tcp_run(table, xcv, u"DeletePort", &gone, sizeof(gone)), 19);
        fail_no_more();
        assert_string_equal(list(table, monitor), "IP_1 ");
        expect_ports("IP_1 ");
    }
    assert_int_equal(tcp_run(table, xcv, u"DeletePort", &gone, sizeof(gone)), 0);
    expect_ports("");
    table->pfnShutdown(monitor);
}

static void reading_fails_at_each_call(void **state)
{
    struct platen_monitor_options options = tcp_options();
    (void)state;
    put_port(u"IP_1", 1, u"a");
    put_port(u"IP_2", 1, u"b");
    expect_ports("IP_1 IP_2 ");
    int calls = fake.registry_calls;
    assert_true(calls > 12);
    for (int n = 1; n <= calls; n++) {
        MONITORINIT init = fake_init();
        HANDLE monitor = (HANDLE)&init;
        fail_from(n, false);
        assert_null(platen_monitor_create(&init, &options, &monitor));
        assert_null(monitor);
        assert_int_equal(fake_last_error(), 19);
        assert_int_equal(fake.open_keys + (int)handle_count(), 0);
    }
    fail_no_more();
}

/* A key that goes while it is looked at was deleted by somebody: no reason to fail. */
static void a_key_that_goes(void **state)
{
    (void)state;
    put_port(u"IP_1", 1, u"a");
    put_port(u"IP_2", 1, u"b");
    fail_from(4, false); /* Ports, its values, the first key's name, the key */
    fake.fail_code = 2;
    expect_ports("IP_2 ");
}

static void in_memory(void **state)
{
    HANDLE monitor, xcv;
    (void)state;
    fake.stub = true;
    const MONITOR2 *table = create(&monitor, &xcv);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", new_port(), sizeof(PORT_DATA_1)), 0);
    assert_string_equal(target_of(table, monitor, u"IP_1"), "//printer:9101");
    assert_int_equal(tcp_run(table, xcv, u"DeletePort", u"IP_1", 10), 0);
    table->pfnShutdown(monitor);
    fake.stub = false;
    expect_ports("");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_layout_of_version_1),
        TEST(the_layout_of_version_2),
        TEST(there_and_back),
        TEST(what_is_missing),
        TEST(any_content_is_survived),
        TEST(odd_data),
        TEST(a_key_that_was_no_port_makes_room),
        TEST(adding_fails_at_each_call),
        TEST(deleting_fails_at_each_call),
        TEST(reading_fails_at_each_call),
        TEST(a_key_that_goes),
        TEST(in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
