/* SPDX-License-Identifier: MIT
 *
 * AddPort and DeletePort with TCPMON's structures: who may send them where, and how large and of
 * what version they must be.
 */
#include "tcp_world.h"

#include <string.h>

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

/* What TCPMON does not know: the other vocabulary, and what belongs to other monitors (D19). */
static void names_of_commands(void **state)
{
    static const char16_t *const names[] = {u"PortExists",
                                            u"PortIsValid",
                                            u"addport",
                                            u"",
                                            u"AddPort ",
                                            u"GetSupportedVersions",
                                            u"GetDefaultCommConfig",
                                            u"SetDefaultCommConfig",
                                            u"GetTransmissionRetryTimeout",
                                            u"ConfigureLPTPortCommandOK",
                                            u"CleanupPort",
                                            u"DeviceID",
                                            u"PnPXID",
                                            u"ResetCommunication",
                                            u"ServiceID",
                                            u"configport"};
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"a");
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
        assert_int_equal(run(tcp, names[i], &data, sizeof(data)), 87);
    assert_false(listed(u"IP_1"));
    assert_int_equal(run(NULL, u"AddPort", &data, sizeof(data)), 87);
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, world_set_up, world_tear_down)
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
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
