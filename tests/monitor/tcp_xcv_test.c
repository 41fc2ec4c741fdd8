/* SPDX-License-Identifier: MIT
 *
 * AddPort and DeletePort with TCPMON's structures: who may send them where, and what of them is
 * believed.
 */
#include "tcp_trial.h"

#include <string.h>

#include "handle.h"

static const MONITOR2 *table;
static HANDLE monitor, local, tcp;

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    table = tcp_monitor(&monitor);
    assert_true(table->pfnXcvOpenPort(monitor, NULL, SERVER_ACCESS_ADMINISTER, &local));
    assert_true(table->pfnXcvOpenPort(monitor, u"Standard TCP/IP Port", 0xF0003, &tcp));
    fake_set_last_error(0xDEADBEEF);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_last_error(), 0xDEADBEEF); /* R70 */
    table->pfnShutdown(monitor);
    assert_int_equal(fake.open_keys + fake.wrong_uses + fake.impersonated, 0);
    assert_int_equal(handle_count(), 0);
    assert_null(strstr(fake.log, "c4n4ry"));
    tcp_guard_release();
    return 0;
}

static DWORD run(HANDLE xcv, LPCWSTR name, const void *input, size_t size)
{
    return tcp_run(table, xcv, name, input, size);
}

static DWORD add_1(HANDLE xcv, const PORT_DATA_1 *data)
{
    return run(xcv, u"AddPort", data, sizeof(*data));
}

static DWORD add(const char16_t *name, const char16_t *host)
{
    PORT_DATA_1 data = tcp_data_1(name, host);
    return add_1(local, &data);
}

static DWORD delete_1(HANDLE xcv, const char16_t *name)
{
    DELETE_PORT_DATA_1 data = tcp_delete_data(name);
    return run(xcv, u"DeletePort", &data, sizeof(data));
}

static bool listed(const char16_t *name)
{
    static PORT_INFO_1W room[100];
    DWORD needed, count;
    assert_true(table->pfnEnumPorts(monitor, NULL, 1, (LPBYTE)room, sizeof(room), &needed, &count));
    for (DWORD i = 0; i < count; i++)
        if (platen_text_equal_folded((const char16_t *)room[i].pName, name))
            return true;
    return false;
}

/* What the backend was told when the port was opened. */
static const char *target_of(const char16_t *name)
{
    HANDLE port;
    assert_true(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)name, &port));
    assert_true(table->pfnClosePort(port));
    fake_set_last_error(0xDEADBEEF);
    return device.target;
}

static void on_both_faces(void **state)
{
    HANDLE faces[] = {local, tcp};
    (void)state;
    for (int i = 0; i < 2; i++) {
        PORT_DATA_1 one = tcp_data_1(u"IP_one", u"printer.example");
        PORT_DATA_2 two = tcp_data_2(u"IP_two", u"192.0.2.7");
        assert_int_equal(add_1(faces[i], &one), 0);
        assert_int_equal(run(faces[i], u"AddPort", &two, sizeof(two)), 0);
        assert_string_equal(target_of(u"ip_ONE"), "//printer.example:9101");
        assert_string_equal(target_of(u"IP_two"), "//192.0.2.7:9101");
        assert_non_null(fake_find_key(u"IP_one"));
        assert_int_equal(delete_1(faces[1 - i], u"IP_ONE"), 0);
        assert_int_equal(delete_1(faces[i], u"IP_two"), 0);
        assert_false(listed(u"IP_one") || listed(u"IP_two"));
        assert_null(fake_find_key(u"IP_one"));
        assert_null(fake_find_key(u"IP_two"));
    }
}

static void deleted_by_name(void **state)
{
    (void)state;
    assert_int_equal(add(u"IP_1", u"a"), 0);
    assert_int_equal(run(local, u"DeletePort", u"ip_1", 10), 0);
    assert_false(listed(u"IP_1"));
    assert_null(fake_find_key(u"IP_1"));
    assert_int_equal(run(local, u"DeletePort", u"ip_1", 10), 2);
    assert_int_equal(delete_1(local, u"IP_1"), 2);
    assert_int_equal(delete_1(tcp, u""), 2);
    assert_int_equal(delete_1(tcp, u"BUILT:"), 50);
    assert_int_equal(run(tcp, u"DeletePort", u"ip_1", 10), 13); /* that is not its language */
}

static void a_port_speaks_its_kind(void **state)
{
    char16_t ui[16];
    DWORD needed;
    HANDLE xcv;
    (void)state;
    assert_int_equal(add(u"IP_1", u"a"), 0);
    assert_true(table->pfnXcvOpenPort(monitor, u"ip_1", 1, &xcv));
    assert_int_equal(
        table->pfnXcvDataPort(xcv, u"MonitorUI", NULL, 0, (PBYTE)ui, sizeof(ui), &needed), 0);
    assert_memory_equal(ui, u"tcpmonui.dll", 26);
    assert_int_equal(run(xcv, u"AddPort", u"T5", 6), 13);
    assert_int_equal(delete_1(xcv, u"IP_1"), 0);
    assert_int_equal(delete_1(xcv, u"IP_1"), 2); /* R69: the handle outlives its port */
    assert_true(table->pfnXcvClosePort(xcv));
}

/* What TCPMON does not know, and what it knows and we do not yet. */
static void names_of_commands(void **state)
{
    static const char16_t *const names[] = {u"PortExists", u"PortIsValid",   u"addport", u"",
                                            u"ConfigPort", u"GetConfigInfo", u"AddPort "};
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"a");
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(run(tcp, names[i], &data, sizeof(data)), 87);
    assert_false(listed(u"IP_1"));
    assert_int_equal(run(NULL, u"AddPort", &data, sizeof(data)), 6);
}

static void only_administrators(void **state)
{
    static const char16_t *const objects[] = {u"", u"Standard TCP/IP Port", u"IP_old"};
    static const ACCESS_MASK masks[] = {0, 2, 0x20002, 0xFFFFFFFE};
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    PORT_DATA_2 two = tcp_data_2(u"IP_1", u"a");
    (void)state;
    assert_int_equal(add(u"IP_old", u"a"), 0);
    for (int i = 0; i < 12; i++) {
        HANDLE xcv;
        assert_true(table->pfnXcvOpenPort(monitor, objects[i / 4], masks[i % 4], &xcv));
        assert_int_equal(add_1(xcv, &one), 5);
        assert_int_equal(run(xcv, u"AddPort", &two, sizeof(two)), 5);
        assert_int_equal(run(xcv, u"AddPort", NULL, 0), 5);
        assert_int_equal(delete_1(xcv, u"IP_old"), 5);
        assert_true(table->pfnXcvClosePort(xcv));
    }
    assert_false(listed(u"IP_1"));
    assert_true(listed(u"IP_old"));
}

/* ---- the structure as a whole -------------------------------------------------------------- */

enum { MOST = 1100, NAME_BYTES_HERE = 10 }; /* of "IP_1" with its NUL */

/* Each size, ending at a page that cannot be read; what lies behind the structure is garbage. */
static DWORD sized(HANDLE xcv, LPCWSTR command, const void *data, size_t whole, size_t size)
{
    static char bytes[MOST];
    memset(bytes, 0xEE, sizeof(bytes));
    memcpy(bytes, data, whole);
    return run(xcv, command, tcp_guarded(bytes, size), size);
}

static void undo(DWORD code, const char16_t *name)
{
    assert_int_equal(listed(name), code == 0);
    if (code == 0)
        assert_int_equal(delete_1(local, name), 0);
}

static void every_size_of_port_data(void **state)
{
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    PORT_DATA_2 two = tcp_data_2(u"IP_2", u"a");
    (void)state;
    for (size_t size = 0; size <= MOST; size++) {
        DWORD code = sized(tcp, u"AddPort", &one, sizeof(one), size);
        assert_int_equal(code, size < 964 ? 13 : 0);
        undo(code, u"IP_1");
        code = sized(tcp, u"AddPort", &two, sizeof(two), size);
        assert_int_equal(code, size < 1068 ? 13 : 0);
        undo(code, u"IP_2");
        /* To a Local handle what is not just the structure is a port's name, and a bad one but for
         * the size that ends with its first member's NUL. */
        code = sized(local, u"AddPort", &one, sizeof(one), size);
        assert_int_equal(code, size == 964 ? 0 : size == NAME_BYTES_HERE ? 50 : 87);
        undo(code, u"IP_1");
        code = sized(local, u"AddPort", &two, sizeof(two), size);
        assert_int_equal(code, size == 1068 ? 0 : size == NAME_BYTES_HERE ? 50 : 87);
        undo(code, u"IP_2");
    }
}

static void every_size_of_delete_data(void **state)
{
    DELETE_PORT_DATA_1 data = tcp_delete_data(u"IP_1");
    (void)state;
    for (size_t size = 0; size <= MOST; size++) {
        assert_int_equal(add(u"IP_1", u"a"), 0);
        DWORD code = sized(tcp, u"DeletePort", &data, sizeof(data), size);
        assert_int_equal(code, size < 236 ? 13 : 0);
        assert_int_equal(listed(u"IP_1"), code != 0);
        if (code == 0)
            assert_int_equal(add(u"IP_1", u"a"), 0);
        code = sized(local, u"DeletePort", &data, sizeof(data), size);
        assert_int_equal(code, size == 236 || size == NAME_BYTES_HERE ? 0 : 87);
        if (code)
            assert_int_equal(delete_1(local, u"IP_1"), 0);
    }
}

static void no_input(void **state)
{
    static const size_t sizes[] = {0, 4, 236, 964, 1068, 0xFFFFFFFF};
    (void)state;
    for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
        assert_int_equal(run(tcp, u"AddPort", NULL, sizes[i]), 13);
        assert_int_equal(run(tcp, u"DeletePort", NULL, sizes[i]), 13);
        assert_int_equal(run(local, u"AddPort", NULL, sizes[i]), 87);
        assert_int_equal(run(local, u"DeletePort", NULL, sizes[i]), 87);
    }
}

static void versions(void **state)
{
    static const DWORD bad[] = {0, 3, 4, 0x10001, 0x80000001, 0xFFFFFFFF};
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    PORT_DATA_2 two = tcp_data_2(u"IP_1", u"a");
    DELETE_PORT_DATA_1 gone = tcp_delete_data(u"IP_old");
    (void)state;
    assert_int_equal(add(u"IP_old", u"a"), 0);
    for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
        one.dwVersion = two.dwVersion = gone.dwVersion = bad[i];
        assert_int_equal(add_1(tcp, &one), 124);
        assert_int_equal(run(tcp, u"AddPort", &two, sizeof(two)), 124);
        assert_int_equal(run(tcp, u"AddPort", &one, sizeof(one) - 1), 13); /* size first */
        assert_int_equal(run(tcp, u"DeletePort", &gone, sizeof(gone)), 124);
        assert_int_equal(add_1(local, &one), 87);
        assert_int_equal(run(local, u"DeletePort", &gone, sizeof(gone)), 87);
    }
    gone.dwVersion = 2;
    assert_int_equal(run(tcp, u"DeletePort", &gone, sizeof(gone)), 124);
    one.dwVersion = 2; /* it ends too early for that */
    assert_int_equal(add_1(tcp, &one), 13);
    assert_int_equal(add_1(local, &one), 87);
    two.dwVersion = 1; /* longer than need be, and what stands where it should is nonsense */
    assert_int_equal(run(local, u"AddPort", &two, sizeof(two)), 87);
    assert_true(listed(u"IP_old"));
    assert_false(listed(u"IP_1"));
}

/* Sizes that lie and bytes that are reserved are not looked at; no address is too odd. */
static void what_does_not_matter(void **state)
{
    PORT_DATA_1 one = tcp_data_1(u"IP_1", u"a");
    char place[sizeof(one) + 8];
    (void)state;
    for (size_t shift = 0; shift < 8; shift++) {
        one.cbSize = (DWORD)(shift * 0x10000001u);
        one.dwReserved = (DWORD)shift;
        memcpy(place + shift, &one, sizeof(one));
        assert_int_equal(run(shift & 1 ? tcp : local, u"AddPort", place + shift, sizeof(one)), 0);
        assert_int_equal(delete_1(local, u"IP_1"), 0);
    }
}

/* ---- its members --------------------------------------------------------------------------- */

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
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(on_both_faces),
        TEST(deleted_by_name),
        TEST(a_port_speaks_its_kind),
        TEST(names_of_commands),
        TEST(only_administrators),
        TEST(every_size_of_port_data),
        TEST(every_size_of_delete_data),
        TEST(no_input),
        TEST(versions),
        TEST(what_does_not_matter),
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
