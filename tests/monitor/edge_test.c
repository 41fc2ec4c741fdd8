/* SPDX-License-Identifier: MIT
 *
 * The edge: the table itself, arguments that are wrong on purpose, and instances side by side.
 */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"

#include <string.h>

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(handle_count(), 0);
    assert_int_equal(fake.open_keys + fake.wrong_uses, 0);
    return 0;
}

static void the_table(void **state)
{
    HANDLE monitor;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    (void)state;
    assert_int_equal(table->cbSize, sizeof(void *) == 8 ? 184 : 92);
    assert_non_null(table->pfnEnumPorts);
    assert_non_null(table->pfnReadPort);
    assert_non_null(table->pfnXcvDataPort);
    assert_non_null(table->pfnShutdown);
    assert_null(table->pfnOpenPortEx);
    assert_null(table->pfnAddPort);
    assert_null(table->pfnAddPortEx);
    assert_null(table->pfnConfigurePort);
    assert_null(table->pfnDeletePort);
    assert_non_null(table->pfnGetPrinterDataFromPort);
    assert_non_null(table->pfnSetPortTimeOuts);
    assert_non_null(table->pfnSendRecvBidiDataFromPort);
    assert_non_null(table->pfnNotifyUsedPorts);
    assert_non_null(table->pfnNotifyUnusedPorts);
    assert_non_null(table->pfnPowerEvent);
    table->pfnShutdown(monitor);
}

static void null_pointers(void **state)
{
    HANDLE monitor, handle;
    DWORD needed, returned;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    (void)state;
    assert_false(table->pfnEnumPorts(monitor, NULL, 1, NULL, 0, NULL, &returned));
    assert_int_equal(fake_last_error(), 87);
    assert_false(table->pfnEnumPorts(monitor, NULL, 1, NULL, 0, &needed, NULL));
    assert_false(table->pfnOpenPort(monitor, WIDE("BUILT:"), NULL));
    assert_false(table->pfnOpenPort(monitor, NULL, &handle));
    assert_null(handle);
    assert_int_equal(fake_last_error(), 87);
    assert_false(table->pfnOpenPort(monitor, WIDE(""), &handle));
    assert_int_equal(fake_last_error(), 87);
    assert_false(table->pfnXcvOpenPort(monitor, NULL, 0, NULL));
    table->pfnShutdown(monitor);
}

static void unknown_names(void **state)
{
    static const char16_t *const names[] = {u"BUILT", u"BUILT: ", u"BUILT::", u"T1", u"C:\\x"};
    HANDLE monitor, handle = &monitor;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_false(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)names[i], &handle));
        assert_null(handle);
        assert_int_equal(fake_last_error(), 1796); /* R24 */
    }
    table->pfnShutdown(monitor);
}

/* Nothing of these is followed, and each is told with 6. */
static void handles_that_are_none(void **state)
{
    HANDLE monitor, port;
    DWORD count;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    assert_true(table->pfnOpenPort(monitor, WIDE("BUILT:"), &port));
    assert_true(table->pfnClosePort(port));
    HANDLE wrong[] = {NULL,    INVALID_HANDLE_VALUE,     (HANDLE)state, port,
                      monitor, (HANDLE)(uintptr_t)0x1000};
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
        fake_set_last_error(0);
        assert_false(table->pfnStartDocPort(wrong[i], NULL, 1, 1, NULL));
        assert_int_equal(fake_last_error(), 6);
        assert_false(table->pfnWritePort(wrong[i], (LPBYTE)&count, 1, &count));
        assert_int_equal(count, 0);
        assert_false(table->pfnReadPort(wrong[i], (LPBYTE)&count, 1, &count));
        assert_false(table->pfnEndDocPort(wrong[i]));
        assert_false(table->pfnClosePort(wrong[i]));
        assert_false(table->pfnXcvClosePort(wrong[i]));
        if (wrong[i] != monitor) {
            assert_false(table->pfnEnumPorts(wrong[i], NULL, 1, NULL, 0, &count, &count));
            port = wrong;
            assert_false(table->pfnOpenPort(wrong[i], WIDE("BUILT:"), &port));
            assert_null(port);
            table->pfnShutdown(wrong[i]);
        }
        assert_int_equal(fake_last_error(), 6);
    }
    table->pfnShutdown(monitor);
}

static void instances_share_nothing(void **state)
{
    HANDLE first, second, port;
    DWORD needed, returned;
    PORT_INFO_1W info[20];
    (void)state;
    const MONITOR2 *table = fake_monitor(&first, NULL);
    fake_monitor(&second, NULL);
    assert_ptr_not_equal(first, second);
    fake_port(first, "T1:");
    assert_true(
        table->pfnEnumPorts(second, NULL, 1, (LPBYTE)info, sizeof(info), &needed, &returned));
    assert_int_equal(returned, 1);
    assert_false(table->pfnOpenPort(second, WIDE("T1:"), &port));
    assert_true(table->pfnOpenPort(second, WIDE("BUILT:"), &port));
    assert_true(table->pfnStartDocPort(port, NULL, 1, 1, NULL));
    table->pfnShutdown(first);
    assert_true(table->pfnEndDocPort(port));
    assert_int_equal(device.ends, 1);
    table->pfnShutdown(second);
}

static void ports_that_programs_add(void **state)
{
    HANDLE monitor, port;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    (void)state;
    assert_int_equal(platen_monitor_add_port(monitor, "label", "test:%41?speed=5"), 0);
    assert_int_equal(platen_monitor_add_port(monitor, "LABEL", "test:"), 183);
    assert_int_equal(platen_monitor_add_port(monitor, "other", "ftp:x"), 50);
    assert_int_equal(platen_monitor_add_port(monitor, "other", "no uri"), 50);
    assert_int_equal(platen_monitor_add_port(monitor, "other", NULL), 50);
    assert_int_equal(platen_monitor_add_port(monitor, "other", "test:?speed=x"), 87);
    assert_non_null(strstr(fake.log, "speed"));
    assert_int_equal(platen_monitor_add_port(monitor, "", "test:"), 123);
    assert_int_equal(platen_monitor_add_port(monitor, NULL, "test:"), 123);
    assert_int_equal(platen_monitor_add_port(NULL, "x", "test:"), 6);
    assert_true(table->pfnOpenPort(monitor, WIDE("Label"), &port));
    assert_string_equal(device.target, "A");
    assert_string_equal(device.speed, "5");
    assert_false(fake.ports_key); /* it is not stored */
    table->pfnShutdown(monitor);
}

static void an_open_that_fails_keeps_nothing(void **state)
{
    HANDLE monitor, port = &monitor;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    (void)state;
    device.open_error = 55;
    assert_false(table->pfnOpenPort(monitor, WIDE("BUILT:"), &port));
    assert_int_equal(fake_last_error(), 55);
    assert_null(port);
    device.open_error = 0;
    assert_true(table->pfnOpenPort(monitor, WIDE("BUILT:"), &port));
    table->pfnShutdown(monitor);
    assert_int_equal(device.opens, 1);
    assert_int_equal(device.closes, 1);
}

/* A module that a spooler has loaded uses the backends of backends.def, and files are off in it. */
static void the_ordinary_entry(void **state)
{
    MONITORINIT init = fake_init();
    HANDLE monitor, port;
    (void)state;
    const MONITOR2 *table = InitializePrintMonitor2(&init, &monitor);
    assert_non_null(table);
    assert_true(table->pfnOpenPort(monitor, WIDE("nul:"), &port));
    assert_false(table->pfnReadPort(port, (LPBYTE)&init, 1, &(DWORD){0})); /* R48 */
    assert_true(table->pfnClosePort(port));
    assert_false(table->pfnOpenPort(monitor, WIDE("FILE:"), &port));
    assert_int_equal(platen_monitor_add_port(monitor, "/tmp/x", NULL), 5);
    table->pfnShutdown(monitor);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_table),
        TEST(null_pointers),
        TEST(unknown_names),
        TEST(handles_that_are_none),
        TEST(instances_share_nothing),
        TEST(ports_that_programs_add),
        TEST(an_open_that_fails_keeps_nothing),
        TEST(the_ordinary_entry),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
