/* SPDX-License-Identifier: MIT
 *
 * A spooler whose registry functions are stubs, on a system that has a registry (Wine's is one):
 * the ports live below the root key that it hands over, and closes again at once.
 */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"

#include <stdio.h>

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
    struct platen_monitor_options options = fake_options();
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

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(ports_are_subkeys),
        TEST(stored_uris),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
