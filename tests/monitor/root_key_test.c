/* SPDX-License-Identifier: MIT
 *
 * A spooler whose registry functions are stubs, on a system that has a registry (Wine's is one):
 * the ports live below the root key that it hands over, and closes again at once.
 */
#include "handle.h"
#include "line_trial.h"

#include <stdio.h>
#include <string.h>

static WCHAR root_name[64];

static HKEY open_root(void)
{
    HKEY root = NULL;
    assert_int_equal(RegCreateKeyExW(HKEY_CURRENT_USER, root_name, 0, NULL, 0, KEY_ALL_ACCESS, NULL,
                                     &root, NULL),
                     0);
    return root;
}

static int set_up(void **state)
{
    char name[64];
    (void)state;
    fake_reset();
    fake.stub = true;
    snprintf(name, sizeof(name), "Software\\PlatenTest%lu", (unsigned long)GetCurrentProcessId());
    platen_text_to16(name, SIZE_MAX, root_name, 64);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    RegDeleteTreeW(HKEY_CURRENT_USER, root_name);
    RegDeleteKeyW(HKEY_CURRENT_USER, root_name);
    assert_int_equal(handle_count() + (uint32_t)fake.impersonated, 0);
    return 0;
}

static const MONITOR2 *create(HANDLE *monitor, HANDLE *xcv)
{
    MONITORINIT init = fake_init();
    struct platen_monitor_options options = line_options();
    HKEY root = open_root();
    init.hckRegistryRoot = (void *)root;
    const MONITOR2 *table = platen_monitor_create(&init, &options, monitor);
    RegCloseKey(root);
    assert_non_null(table);
    assert_true(table->pfnXcvOpenPort(*monitor, NULL, SERVER_ACCESS_ADMINISTER, xcv));
    return table;
}

static DWORD on(const MONITOR2 *table, HANDLE xcv, LPCWSTR name, LPCWSTR port)
{
    DWORD size = (DWORD)((platen_text_length16(port, SIZE_MAX) + 1) * 2);
    return table->pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)port, size, NULL, 0, NULL);
}

/* Wine's search for the monitor of a port looks for just this key. */
static bool key_is_there(LPCWSTR port)
{
    HKEY root = open_root();
    HKEY ports = NULL, key = NULL;
    if (RegOpenKeyExW(root, u"Ports", 0, KEY_READ, &ports) == 0)
        RegOpenKeyExW(ports, port, 0, KEY_READ, &key);
    bool there = key != NULL;
    RegCloseKey(key);
    RegCloseKey(ports);
    RegCloseKey(root);
    return there;
}

static void ports_are_subkeys(void **state)
{
    HANDLE monitor, xcv, port;
    (void)state;
    const MONITOR2 *table = create(&monitor, &xcv);
    assert_int_equal(on(table, xcv, u"AddPort", u"T1: a/b"), 0);
    assert_int_equal(on(table, xcv, u"AddPort", u"T2:"), 0);
    assert_int_equal(on(table, xcv, u"AddPort", u"T\\3"), 123);
    assert_true(key_is_there(u"T1: a/b"));
    table->pfnShutdown(monitor);

    create(&monitor, &xcv);
    assert_true(table->pfnOpenPort(monitor, WIDE("t1: A/b"), &port));
    assert_true(table->pfnClosePort(port));
    assert_int_equal(on(table, xcv, u"DeletePort", u"t1: a/b"), 0);
    assert_false(key_is_there(u"T1: a/b"));
    assert_true(key_is_there(u"T2:"));
    table->pfnShutdown(monitor);
}

static void stored_uris(void **state)
{
    HANDLE monitor, xcv, port;
    HKEY root = open_root();
    HKEY ports, key;
    (void)state;
    assert_int_equal(RegCreateKeyW(root, u"Ports", &ports), 0);
    assert_int_equal(RegCreateKeyW(ports, u"label", &key), 0);
    RegSetValueExW(key, u"URI", 0, REG_SZ, (const BYTE *)u"test:x?speed=8", 28); /* no NUL */
    RegCloseKey(key);
    RegCloseKey(ports);
    RegCloseKey(root);
    const MONITOR2 *table = create(&monitor, &xcv);
    assert_true(table->pfnOpenPort(monitor, WIDE("label"), &port));
    assert_string_equal(device.target, "x");
    assert_string_equal(device.speed, "8");
    table->pfnShutdown(monitor);
}

/* ---- TCP/IP ports -------------------------------------------------------------------------- */

static HKEY open_port_key(LPCWSTR port)
{
    HKEY root = open_root(), ports = NULL, key = NULL;
    assert_int_equal(RegCreateKeyW(root, u"Ports", &ports), 0);
    assert_int_equal(RegCreateKeyW(ports, port, &key), 0);
    RegCloseKey(ports);
    RegCloseKey(root);
    return key;
}

static void set_number(HKEY key, LPCWSTR name, DWORD number)
{
    RegSetValueExW(key, name, 0, REG_DWORD, (const BYTE *)&number, sizeof(number));
}

static DWORD number_in(HKEY key, LPCWSTR name)
{
    DWORD type = 0, number = 0, size = sizeof(number);
    assert_int_equal(RegQueryValueExW(key, name, NULL, &type, (BYTE *)&number, &size), 0);
    assert_int_equal(type, REG_DWORD);
    return number;
}

static void tcp_ports_are_subkeys(void **state)
{
    HANDLE monitor, xcv, port;
    PORT_DATA_1 data = tcp_data_1(u"IP/1", u"fe80::1%4");
    PORT_DATA_1 path = tcp_data_1(u"IP\\1", u"a");
    DELETE_PORT_DATA_1 gone = tcp_delete_data(u"ip/1");
    WCHAR text[40] = {0};
    DWORD size = sizeof(text);
    (void)state;
    const MONITOR2 *table = create(&monitor, &xcv);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof(data)), 0);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &path, sizeof(path)), 123);
    table->pfnShutdown(monitor);

    HKEY key = open_port_key(u"IP/1");
    assert_int_equal(number_in(key, u"Protocol"), 1);
    assert_int_equal(number_in(key, u"PortNumber"), 9101);
    assert_int_equal(number_in(key, u"SNMP Index"), 3);
    assert_int_equal(RegQueryValueExW(key, u"SNMP Community", NULL, NULL, (BYTE *)text, &size), 0);
    assert_memory_equal(text, CANARY, size);
    RegCloseKey(key);

    create(&monitor, &xcv);
    assert_true(table->pfnOpenPort(monitor, WIDE("ip/1"), &port));
    assert_string_equal(device.target, "//[fe80::1%4]:9101");
    assert_true(table->pfnClosePort(port));
    assert_int_equal(tcp_run(table, xcv, u"DeletePort", &gone, sizeof(gone)), 0);
    assert_false(key_is_there(u"IP/1"));
    table->pfnShutdown(monitor);
}

/* What cannot be used is left out, and gives way to a port that is added under its name. */
static void keys_that_are_no_ports(void **state)
{
    static const WCHAR *const names[] = {u"T-lpr", u"T-half", u"T-type", u"T-long", u"T-host"};
    WCHAR longest[129];
    HANDLE monitor, xcv, port;
    (void)state;
    for (int i = 0; i < 128; i++)
        longest[i] = u'h';
    longest[128] = 0;
    for (DWORD i = 0; i < 5; i++) {
        HKEY key = open_port_key(names[i]);
        set_number(key, u"Protocol", i == 0 ? 2 : i != 1);
        RegSetValueExW(key, u"HostName", 0, REG_SZ, (const BYTE *)longest, i == 3 ? 258 : 4);
        if (i == 2)
            RegSetValueExW(key, u"PortNumber", 0, REG_SZ, (const BYTE *)u"1", 4);
        if (i == 4)
            RegSetValueExW(key, u"HostName", 0, REG_DWORD, (const BYTE *)longest, 4);
        RegCloseKey(key);
    }
    const MONITOR2 *table = create(&monitor, &xcv);
    for (int i = 0; i < 5; i++) {
        assert_false(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)names[i], &port));
        assert_int_equal(on(table, xcv, u"AddPort", names[i]), 0);
    }
    table->pfnShutdown(monitor);
    create(&monitor, &xcv);
    for (int i = 0; i < 5; i++)
        assert_true(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)names[i], &port));
    table->pfnShutdown(monitor);
}

/* ---- settings ------------------------------------------------------------------------------ */

static void settings_change(void **state)
{
    HANDLE monitor, xcv, com;
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"old");
    PORT_DATA_2 other = tcp_data_2(u"IP_1", u"new");
    COMMCONFIG line = line_config("300,n,8,1,x");
    HANDLE port;
    (void)state;
    for (int i = 0; i < 2; i++) { /* one that was added, one that is simply there */
        LPCWSTR name = i ? u"COM9:" : u"COM1:";
        const MONITOR2 *table = create(&monitor, &xcv);
        assert_int_equal(on(table, xcv, u"AddPort", name), i ? 183 : 0);
        assert_true(table->pfnXcvOpenPort(monitor, name, SERVER_ACCESS_ADMINISTER, &com));
        assert_int_equal(tcp_run(table, com, u"SetDefaultCommConfig", &line, sizeof(line)), 0);
        table->pfnShutdown(monitor);
        create(&monitor, &xcv);
        assert_non_null(strstr(line_of(table, monitor, name), " baud=300 "));
        table->pfnShutdown(monitor);
    }
    const MONITOR2 *table = create(&monitor, &xcv);
    assert_int_equal(tcp_run(table, xcv, u"AddPort", &data, sizeof(data)), 0);
    assert_int_equal(tcp_run(table, xcv, u"ConfigPort", &other, sizeof(other)), 0);
    assert_int_equal(on(table, xcv, u"ConfigureLPTPortCommandOK", u"77"), 0);
    table->pfnShutdown(monitor);
    create(&monitor, &xcv);
    assert_true(table->pfnOpenPort(monitor, WIDE("ip_1"), &port));
    assert_string_equal(device.target, "//new:9101");
    DWORD seconds, needed;
    assert_int_equal(table->pfnXcvDataPort(xcv, u"GetTransmissionRetryTimeout", NULL, 0,
                                           (PBYTE)&seconds, 4, &needed),
                     0);
    assert_int_equal(seconds, 77);
    table->pfnShutdown(monitor);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(ports_are_subkeys),      TEST(stored_uris),     TEST(tcp_ports_are_subkeys),
        TEST(keys_that_are_no_ports), TEST(settings_change),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
