/* SPDX-License-Identifier: MIT
 *
 * AddPort with TCPMON's structures: what is believed of their members, and the port that comes of
 * them.
 */
#include "tcp_world.h"

#include <string.h>

static void fill(void *member, size_t bytes)
{
    for (size_t i = 0; i + 2 <= bytes; i += 2)
        memcpy((char *)member + i, u"x", 2);
}

static void text_that_does_not_end(void **state)
{
    const PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    const PORT_DATA_2 two = tcp_data_2(u"IP_1", u"a");
    DELETE_PORT_DATA_1 gone = tcp_delete_data(u"IP_1");
    const struct {
        size_t at, bytes;
    } in_1[] = {{0, 128}, {144, 98}, {242, 66}, {312, 66}, {378, 32}},
      in_2[] = {{0, 128}, {144, 256}, {400, 66}, {472, 66}};
    (void)state;
    for (size_t i = 0; i < sizeof(in_1) / sizeof(in_1[0]); i++) {
        PORT_DATA_1 bad = one;
        fill((char *)&bad + in_1[i].at, in_1[i].bytes);
        assert_int_equal(add_1(tcp, &bad), 87);
        assert_int_equal(add_1(local, &bad), 87);
    }
    for (size_t i = 0; i < sizeof(in_2) / sizeof(in_2[0]); i++) {
        PORT_DATA_2 bad = two;
        fill((char *)&bad + in_2[i].at, in_2[i].bytes);
        assert_int_equal(run(tcp, u"AddPort", &bad, sizeof(bad)), 87);
    }
    fill(&gone, 128);
    assert_int_equal(run(tcp, u"DeletePort", &gone, sizeof(gone)), 87);
    assert_int_equal(run(local, u"DeletePort", &gone, sizeof(gone)), 87);
    for (int i = 0; i < FAKE_KEYS; i++)
        assert_false(fake.keys[i].used);
}

static void text_that_just_ends(void **state)
{
    PORT_DATA_2 two = tcp_data_2(u"IP_1", u"a");
    (void)state;
    fill(&two.sztPortName, 126);
    fill(&two.sztHostAddress, 254);
    fill(&two.sztSNMPCommunity, 64);
    fill(&two.sztQueue, 64);
    assert_int_equal(run(tcp, u"AddPort", &two, sizeof(two)), 0);
    const char *target = target_of((const char16_t *)two.sztPortName);
    assert_int_equal(strspn(target + 2, "x"), 127);
    assert_int_equal(delete_1(tcp, (const char16_t *)two.sztPortName), 0);
}

static void names_of_ports(void **state)
{
    (void)state;
    assert_int_equal(add(u"", u"a"), 123);
    assert_int_equal(add(u"IP\n", u"a"), 123);
    assert_int_equal(add(u"IP\x85", u"a"), 123);
    assert_int_equal(add(u"IP\\1", u"a"), 123); /* would be a path of keys */
    assert_int_equal(add(u"\\", u"a"), 123);
    assert_int_equal(add(u"IP/1 \xD800", u"a"), 0); /* is none */
    assert_true(listed(u"ip/1 \xD800"));
}

static DWORD on(HANDLE xcv, LPCWSTR name, const char16_t *port)
{
    return run(xcv, name, port, (platen_text_length16(port, SIZE_MAX) + 1) * 2);
}

static void names_that_exist(void **state)
{
    (void)state;
    assert_int_equal(on(local, u"AddPort", u"T1"), 0);
    assert_int_equal(add(u"t1", u"a"), 183);
    assert_int_equal(add(u"built:", u""), 183); /* whatever else is wrong */
    assert_int_equal(add(u"T2", u"a"), 0);
    assert_int_equal(add(u"t2", u"b"), 183);
    assert_int_equal(on(local, u"AddPort", u"t2"), 183);
    assert_null(fake_find(fake.ports, u"T2"));
    assert_null(fake_find_key(u"T1"));
    fake.foreign = u"Theirs";
    fake.monitor = monitor;
    assert_int_equal(add(u"THEIRS", u"a"), 183);
    assert_int_equal(add(u"Ours", u"a"), 0);
    assert_string_equal(target_of(u"T2"), "//a:9101");
    assert_int_equal(delete_1(tcp, u"t1"), 0); /* one list: either way takes either port */
    assert_null(fake_find(fake.ports, u"T1"));
}

static void protocols_and_numbers(void **state)
{
    static const struct {
        DWORD protocol, number, code;
    } rows[] = {{0, 9100, 87}, {1, 0, 0},      {1, 1, 0},
                {1, 65535, 0}, {1, 65536, 87}, {1, 0xFFFFFFFF, 87},
                {2, 515, 50},  {3, 9100, 87},  {0xFFFFFFFF, 9100, 87}};
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        one.dwProtocol = rows[i].protocol;
        one.dwPortNumber = rows[i].number;
        assert_int_equal(add_1(tcp, &one), rows[i].code);
        if (rows[i].protocol == 1 && rows[i].number == 0)
            assert_string_equal(target_of(u"IP_1"), "//a:9100");
        undo(rows[i].code, u"IP_1");
    }
}

static void hosts(void **state)
{
    static const struct {
        const char16_t *host;
        const char *target; /* NULL: refused */
    } rows[] = {{u"printer-1.example.", "//printer-1.example.:9101"},
                {u"dr\u00fccker_2", "//dr\xc3\xbc"
                                    "cker_2:9101"},
                {u"192.0.2.1", "//192.0.2.1:9101"},
                {u"2001:db8::1", "//[2001:db8::1]:9101"},
                {u"[2001:db8::1]", "//[2001:db8::1]:9101"},
                {u"::ffff:192.0.2.1", "//[::ffff:192.0.2.1]:9101"},
                {u"fe80::1%eth0.1", "//[fe80::1%eth0.1]:9101"},
                {u"[fe80::1%4]", "//[fe80::1%4]:9101"},
                {u"", NULL},
                {u"a b", NULL},
                {u"a/b", NULL},
                {u"a?contimeout=1", NULL},
                {u"a%41", NULL},
                {u"user@a", NULL},
                {u"a\\b", NULL},
                {u"a:9100", NULL},
                {u"a\n", NULL},
                {u"a\xA0"
                 u"b",
                 NULL},
                {u"a\u202E", NULL},
                {u"a\xD800", NULL},
                {u"[a]b", NULL},
                {u"[a:b]", NULL},
                {u"cafe:9100", NULL},
                {u"[fe80::1", NULL},
                {u"[fe80::1%]", NULL},
                {u"fe80::1%a/b", NULL},
                {u"fe80::1%25", "//[fe80::1%25]:9101"}};
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_int_equal(add(u"IP_1", rows[i].host), rows[i].target ? 0 : 87);
        if (rows[i].target)
            assert_string_equal(target_of(u"IP_1"), rows[i].target);
        undo(rows[i].target ? 0 : 87, u"IP_1");
    }
}

static void the_address_where_there_is_no_host(void **state)
{
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"");
    (void)state;
    TCP_PUT(one.sztIPAddress, u"192.0.2.9");
    assert_int_equal(add_1(tcp, &one), 0);
    assert_string_equal(target_of(u"IP_1"), "//192.0.2.9:9101");
    undo(0, u"IP_1");
    TCP_PUT(one.sztHostAddress, u"other");
    assert_int_equal(add_1(tcp, &one), 0);
    assert_string_equal(target_of(u"IP_1"), "//other:9101");
}

static void what_the_backend_says(void **state)
{
    (void)state;
    device.check_error = 5;
    assert_int_equal(add(u"IP_1", u"a"), 5);
    assert_false(listed(u"IP_1"));
    assert_null(fake_find_key(u"IP_1"));
}

static void without_the_backend(void **state)
{
    HANDLE other, xcv;
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    (void)state;
    const MONITOR2 *plain = fake_monitor(&other, NULL);
    assert_true(plain->pfnXcvOpenPort(other, u"TCP/IP", 1, &xcv));
    assert_int_equal(add_1(xcv, &one), 50);
    plain->pfnShutdown(other);
    assert_null(fake_find_key(u"IP_1"));
}

static void what_the_list_says(void **state)
{
    static PORT_INFO_2W room[100];
    DWORD needed, count;
    (void)state;
    assert_int_equal(add(u"IP_1", u"fe80::1%eth0"), 0);
    assert_true(table->pfnEnumPorts(monitor, NULL, 2, (LPBYTE)room, sizeof(room), &needed, &count));
    assert_int_equal(count, 2);
    const char16_t *description = (const char16_t *)room[1].pDescription;
    char text[100];
    platen_text_to8(description, SIZE_MAX, text, sizeof(text));
    assert_string_equal(text, "TCP/IP printer at [fe80::1%eth0]:9101");
}

static void an_open_port_stays(void **state)
{
    HANDLE port;
    (void)state;
    assert_int_equal(add(u"IP_1", u"a"), 0);
    assert_true(table->pfnOpenPort(monitor, WIDE("IP_1"), &port));
    assert_int_equal(delete_1(tcp, u"IP_1"), 170);
    assert_non_null(fake_find_key(u"IP_1"));
    assert_true(table->pfnClosePort(port));
    assert_int_equal(delete_1(tcp, u"IP_1"), 0);
    fake_set_last_error(0xDEADBEEF);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
    const struct CMUnitTest tests[] = {
        TEST(text_that_does_not_end),
        TEST(text_that_just_ends),
        TEST(names_of_ports),
        TEST(names_that_exist),
        TEST(protocols_and_numbers),
        TEST(hosts),
        TEST(the_address_where_there_is_no_host),
        TEST(what_the_backend_says),
        TEST(without_the_backend),
        TEST(what_the_list_says),
        TEST(an_open_port_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
