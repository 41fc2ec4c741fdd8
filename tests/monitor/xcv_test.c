/* SPDX-License-Identifier: MIT */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const MONITOR2 *table;
static HANDLE monitor, admin, guest;

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    table = fake_monitor(&monitor, NULL);
    assert_true(table->pfnXcvOpenPort(monitor, NULL, SERVER_ACCESS_ADMINISTER, &admin));
    assert_true(table->pfnXcvOpenPort(monitor, u"", SERVER_ACCESS_ENUMERATE, &guest));
    fake_set_last_error(0xDEADBEEF);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(fake_last_error(), 0xDEADBEEF); /* R70 */
    assert_true(table->pfnXcvClosePort(admin));
    assert_true(table->pfnXcvClosePort(guest));
    table->pfnShutdown(monitor);
    assert_int_equal(fake.open_keys + fake.wrong_uses + fake.impersonated, 0);
    assert_int_equal(handle_count(), 0);
    return 0;
}

static DWORD run(HANDLE xcv, LPCWSTR name, const void *input, DWORD size)
{
    DWORD needed = 0xDEADBEEF;
    DWORD code = table->pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)input, size, NULL, 0, &needed);
    assert_int_equal(needed, 0);
    return code;
}

static DWORD on(HANDLE xcv, LPCWSTR name, LPCWSTR port)
{
    return run(xcv, name, port, (DWORD)((platen_text_length16(port, SIZE_MAX) + 1) * 2));
}

static int exists(LPCWSTR port)
{
    DWORD answer = 0xDEADBEEF, needed;
    DWORD size = (DWORD)((platen_text_length16(port, SIZE_MAX) + 1) * 2);
    assert_int_equal(table->pfnXcvDataPort(guest, u"PortExists", (PBYTE)(uintptr_t)port, size,
                                           (PBYTE)&answer, 4, &needed),
                     0);
    assert_int_equal(needed, 4);
    return (int)answer;
}

static void added_and_deleted(void **state)
{
    (void)state;
    assert_int_equal(on(admin, u"AddPort", u"T1:"), 0);
    assert_non_null(fake_find(fake.ports, u"T1:"));
    assert_int_equal(fake_find(fake.ports, u"T1:")->size, 2);
    assert_int_equal(exists(u"t1:"), 1);
    assert_int_equal(on(admin, u"AddPort", u"t1:"), 183);
    assert_int_equal(on(admin, u"AddPort", u"built:"), 183);
    assert_int_equal(on(admin, u"DeletePort", u"built:"), 50);
    assert_int_equal(on(admin, u"DeletePort", u"T2:"), 2);
    assert_int_equal(on(admin, u"DeletePort", u""), 2);
    assert_int_equal(on(admin, u"DeletePort", u"t1:"), 0);
    assert_null(fake_find(fake.ports, u"T1:"));
    assert_int_equal(exists(u"T1:"), 0);
    assert_int_equal(on(admin, u"DeletePort", u"T1:"), 2);
}

static void only_administrators_change_things(void **state)
{
    const ACCESS_MASK masks[] = {0, 2, 0x20002, 0xFFFFFFFE};
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        HANDLE xcv;
        assert_true(table->pfnXcvOpenPort(monitor, u"T1:", masks[i], &xcv));
        assert_int_equal(on(xcv, u"AddPort", u"T1:"), 5);
        assert_int_equal(on(xcv, u"DeletePort", u"BUILT:"), 5);
        assert_int_equal(on(xcv, u"PortIsValid", u"T1:"), 0);
        assert_true(table->pfnXcvClosePort(xcv));
    }
    assert_false(exists(u"T1:"));
    HANDLE all;
    assert_true(table->pfnXcvOpenPort(monitor, u"T1:", 0xF0003, &all));
    assert_int_equal(on(all, u"AddPort", u"T1:"), 0);
    assert_true(table->pfnXcvClosePort(all));
}

static void names_of_commands(void **state)
{
    (void)state;
    assert_int_equal(on(admin, u"addport", u"T1:"), 87);
    assert_int_equal(on(admin, u"AddPor", u"T1:"), 87);
    assert_int_equal(on(admin, u"AddPorts", u"T1:"), 87);
    assert_int_equal(on(admin, u"", u"T1:"), 87);
    assert_int_equal(run(admin, NULL, u"T1:", 8), 87);
    assert_int_equal(on(NULL, u"AddPort", u"T1:"), 87);
    assert_int_equal(on(monitor, u"AddPort", u"T1:"), 6);
    assert_int_equal(on((HANDLE)(uintptr_t)0x1234, u"MonitorUI", u""), 6);
}

static void names_of_ports(void **state)
{
    char16_t name[300];
    (void)state;
    for (int i = 0; i < 300; i++)
        name[i] = u'T';
    name[248] = 0;
    assert_int_equal(on(admin, u"AddPort", name), 123);
    assert_int_equal(on(admin, u"DeletePort", name), 2);
    assert_int_equal(exists(name), 0);
    name[247] = 0;
    assert_int_equal(on(admin, u"AddPort", name), 0);
    assert_int_equal(on(admin, u"AddPort", u""), 123);
    assert_int_equal(on(admin, u"AddPort", u"T\n"), 123);
    assert_int_equal(on(admin, u"AddPort", u"T\x7f"), 123);
    assert_int_equal(on(admin, u"AddPort", u"T\x85"), 123);
    assert_int_equal(on(admin, u"AddPort", u"T\xD800"), 0);
    assert_int_equal(on(admin, u"AddPort", u"nobody's"), 50);
    assert_int_equal(on(guest, u"PortIsValid", u""), 2);
    assert_int_equal(on(guest, u"PortIsValid", u"nobody's"), 50);
    assert_int_equal(on(guest, u"PortIsValid", name), 0);
    device.check_error = 3;
    assert_int_equal(on(guest, u"PortIsValid", u"T9"), 3);
    assert_int_equal(on(admin, u"AddPort", u"T9"), 3);
}

/* Each length of the input ends at the end of an allocation: a sanitizer sees a byte too many. */
static void hostile_input(void **state)
{
    static const char16_t *const commands[] = {u"AddPort", u"DeletePort", u"PortExists",
                                               u"PortIsValid"};
    (void)state;
    for (size_t c = 0; c < 4; c++) {
        for (DWORD size = 0; size <= 9; size++) {
            DWORD answer, needed;
            char *input = malloc(size + 1);
            memcpy(input + 1, u"T5:xyz", size); /* never ended, at an odd address */
            assert_int_equal(table->pfnXcvDataPort(admin, commands[c], (PBYTE)input + 1, size,
                                                   (PBYTE)&answer, 4, &needed),
                             87);
            free(input);
        }
        DWORD answer, needed;
        assert_int_equal(
            table->pfnXcvDataPort(admin, commands[c], NULL, 8, (PBYTE)&answer, 4, &needed), 87);
    }
    assert_int_equal(run(admin, u"AddPort", u"T5:\0", 9), 87);
    assert_int_equal(run(admin, u"AddPort", u"T5:\0", 10), 87);
    assert_int_equal(run(admin, u"AddPort", u"T5:\0junk", 18), 87);
    assert_int_equal(run(guest, u"PortIsValid", u"T5:\0junk", 18), 0);
    assert_int_equal(exists(u"T5:"), 0);
}

static void output(LPCWSTR object, const char16_t *expected, DWORD size)
{
    HANDLE xcv;
    DWORD needed;
    char16_t text[40];
    assert_true(table->pfnXcvOpenPort(monitor, object, 0, &xcv));
    for (DWORD room = 0; room < size + 4; room++) {
        memset(text, 0xA5, sizeof(text));
        DWORD code = table->pfnXcvDataPort(xcv, u"MonitorUI", NULL, 0, (PBYTE)text, room, &needed);
        assert_int_equal(code, room < size ? 122 : 0);
        assert_int_equal(needed, size);
        assert_int_equal(((uint8_t *)text)[code ? 0 : size], 0xA5);
    }
    assert_memory_equal(text, expected, size);
    /* A size that cannot be told is, to TCPMON, a wrong call (contract 4.3). */
    assert_int_equal(table->pfnXcvDataPort(xcv, u"MonitorUI", NULL, 0, NULL, 0, NULL),
                     expected[0] == u't' ? 87 : 122);
    assert_int_equal(table->pfnXcvDataPort(xcv, u"MonitorUI", NULL, 0, NULL, 99, &needed), 87);
    assert_true(table->pfnXcvClosePort(xcv));
}

static void faces(void **state)
{
    DWORD needed;
    char16_t text[12];
    (void)state;
    output(NULL, u"localui.dll", 24);
    output(u"BUILT:", u"localui.dll", 24);
    output(u"Local Port", u"localui.dll", 24);
    output(u"Standard TCP/IP Port", u"tcpmonui.dll", 26);
    assert_int_equal(table->pfnXcvDataPort(NULL, u"MonitorUI", NULL, 0, (PBYTE)text, 24, &needed),
                     0);
}

/* R64, R66: what the store refuses has not happened. */
static void a_store_that_fails(void **state)
{
    (void)state;
    assert_int_equal(on(admin, u"AddPort", u"T1:"), 0);
    for (int n = 1; n <= 2; n++) {
        fake.registry_calls = 0;
        fake.fail_call = n;
        fake.fail_code = 19;
        assert_int_equal(on(admin, u"AddPort", u"T2:"), 19);
        assert_int_equal(exists(u"T2:"), 0);
        fake.registry_calls = 0;
        assert_int_equal(on(admin, u"DeletePort", u"T1:"), 19);
        assert_int_equal(exists(u"T1:"), 1);
        assert_non_null(fake_find(fake.ports, u"T1:"));
        assert_int_equal(fake.open_keys, 0);
    }
}

static void an_open_port_stays(void **state)
{
    HANDLE port, other;
    (void)state;
    assert_int_equal(on(admin, u"AddPort", u"T1:"), 0);
    assert_true(table->pfnOpenPort(monitor, WIDE("T1:"), &port));
    device.open_error = 21;
    assert_false(table->pfnOpenPort(monitor, WIDE("T1:"), &other)); /* it counts for nothing */
    fake_set_last_error(0xDEADBEEF);
    assert_int_equal(on(admin, u"DeletePort", u"T1:"), 170);
    assert_int_equal(exists(u"T1:"), 1);
    assert_true(table->pfnClosePort(port));
    assert_int_equal(on(admin, u"DeletePort", u"T1:"), 0);
}

static void other_monitors_have_ports_too(void **state)
{
    (void)state;
    fake.foreign = u"Theirs";
    fake.monitor = monitor;
    assert_int_equal(exists(u"THEIRS"), 1);
    fake.foreign = u"T7";
    assert_int_equal(on(admin, u"AddPort", u"t7"), 183);
    assert_int_equal(on(admin, u"AddPort", u"T8"), 0);
    fake.foreign = NULL;
    assert_int_equal(on(admin, u"AddPort", u"T7"), 0);
    fake.enum_ports_code = 1722;
    assert_int_equal(on(admin, u"AddPort", u"T9"), 1722);
    fake.enum_ports_code = 120;
    assert_int_equal(on(admin, u"AddPort", u"T9"), 0);
}

/* The others' list is fetched when it has changed, not for each port of ours. */
static void the_list_is_fetched_when_it_changes(void **state)
{
    char text[16];
    char16_t name[16];
    (void)state;
    fake.foreign = u"Theirs";
    fake.monitor = monitor;
    for (int i = 0; i < 20; i++) {
        snprintf(text, sizeof(text), "T%d", i);
        platen_text_to16(text, SIZE_MAX, name, 16);
        assert_int_equal(on(admin, u"AddPort", name), 0);
    }
    assert_int_equal(fake.enum_calls, 21);
    assert_int_equal(fake.enum_fetches, 1);
    assert_int_equal(on(admin, u"AddPort", u"T-theirs"), 0);
    fake.foreign = u"Another";
    assert_int_equal(on(admin, u"AddPort", u"T-new"), 0);
    assert_int_equal(fake.enum_fetches, 2);
    assert_int_equal(on(admin, u"DeletePort", u"T1"), 0); /* it was in the list, as ours */
    assert_int_equal(on(admin, u"AddPort", u"T1"), 0);
}

static void closing_twice_is_harmless(void **state)
{
    HANDLE xcv;
    (void)state;
    assert_true(table->pfnXcvOpenPort(monitor, NULL, 0, &xcv));
    assert_true(table->pfnXcvClosePort(xcv));
    assert_false(table->pfnXcvClosePort(xcv));
    assert_int_equal(fake_last_error(), 6);
    fake_set_last_error(0xDEADBEEF);
    assert_int_equal(on(xcv, u"PortIsValid", u"T1:"), 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(added_and_deleted),
        TEST(only_administrators_change_things),
        TEST(names_of_commands),
        TEST(names_of_ports),
        TEST(hostile_input),
        TEST(faces),
        TEST(a_store_that_fails),
        TEST(an_open_port_stays),
        TEST(other_monitors_have_ports_too),
        TEST(the_list_is_fetched_when_it_changes),
        TEST(closing_twice_is_harmless),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
