/* SPDX-License-Identifier: MIT
 *
 * What is read at initialisation, and what is left when a store fails.
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
    assert_int_equal(fake.open_keys, 0); /* R6 */
    assert_int_equal(fake.wrong_uses, 0);
    assert_int_equal(handle_count(), 0);
    return 0;
}

/* The names that EnumPorts tells, each followed by a blank. */
static const char *list(const MONITOR2 *table, HANDLE monitor)
{
    static char text[2000];
    static PORT_INFO_1W room[200];
    DWORD needed, count;
    size_t used = 0;
    assert_true(table->pfnEnumPorts(monitor, NULL, 1, (LPBYTE)room, sizeof(room), &needed, &count));
    text[0] = '\0';
    for (DWORD i = 0; i < count; i++) {
        used += platen_text_to8(room[i].pName, SIZE_MAX, text + used, sizeof(text) - used);
        text[used++] = ' ';
        text[used] = '\0';
    }
    return text;
}

static void put_text(const char16_t *name, const char16_t *text)
{
    fake.ports_key = true;
    fake_put(fake.ports, name, REG_SZ, text,
             (uint32_t)((platen_text_length16(text, SIZE_MAX) + 1) * sizeof(*text)));
}

static void expect_ports(const char *names)
{
    HANDLE monitor;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    assert_string_equal(list(table, monitor), names);
    table->pfnShutdown(monitor);
}

static void no_key(void **state)
{
    (void)state;
    expect_ports("BUILT: ");
    assert_false(fake.ports_key); /* reading makes nothing */
}

static void values_are_ports(void **state)
{
    (void)state;
    put_text(u"T2:", u"");
    put_text(u"label", u"test:/somewhere?speed=3");
    put_text(u"T1:", u"9600,n,8,1");
    expect_ports("BUILT: T2: label T1: ");
}

static void any_content_is_survived(void **state)
{
    HANDLE monitor, port;
    char16_t longest[301], control[] = u"T\x1b[2J";
    (void)state;
    for (int i = 0; i < 300; i++)
        longest[i] = u'T';
    longest[300] = 0;
    fake.ports_key = true;
    put_text(u"TA", u"");
    put_text(u"", u"");
    put_text(control, u"");
    put_text(longest, u"");
    longest[248] = 0;
    put_text(longest, u"");
    put_text(u"Ne00:", u"");
    put_text(u"Ne-12:", u"");
    put_text(u"nobody's", u"");
    put_text(u"TB", u"socket://host");
    put_text(u"built:", u"");
    fake_put(fake.ports, u"ta", REG_SZ, u"", 2);
    fake_put(fake.ports, u"TC", REG_DWORD, "\1\0\0\0", 4);
    fake_put(fake.ports, u"TD", REG_SZ, NULL, 0);
    fake_put(fake.ports, u"TE", REG_SZ, "t", 1);
    longest[248] = u'T';
    fake_put(fake.ports, u"TF", REG_SZ, longest, 599); /* long data, odd, no NUL */
    fake_put(fake.ports, u"TG", REG_SZ, u"test:unterminated", 2 * 17);
    put_text(u"New:", u"");
    expect_ports("BUILT: TA TD TE TF TG New: ");
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    assert_true(table->pfnOpenPort(monitor, WIDE("TG"), &port));
    assert_string_equal(device.target, "unterminated");
    table->pfnShutdown(monitor);
    assert_null(strchr(fake.log, '\x1b'));
}

static void a_short_answer_at_any_size(void **state)
{
    char16_t text[300] = u"test:";
    (void)state;
    for (int i = 5; i < 299; i++) {
        text[i] = u'x';
        text[i + 1] = 0;
        fake_reset();
        put_text(u"T1", text);
        expect_ports("BUILT: T1 ");
    }
}

/* Each call fails in turn: initialisation fails with that code and nothing is kept (R4). */
static void every_call_fails_once(void **state)
{
    (void)state;
    put_text(u"T1:", u"");
    put_text(u"T2:", u"");
    expect_ports("BUILT: T1: T2: ");
    int calls = fake.registry_calls;
    assert_true(calls >= 4);
    for (int n = 1; n <= calls; n++) {
        MONITORINIT init = fake_init();
        struct platen_monitor_options options = fake_options();
        HANDLE monitor = (HANDLE)&init;
        fake.registry_calls = 0;
        fake.fail_call = n;
        fake.fail_code = 1016;
        fake_set_last_error(0);
        assert_null(platen_monitor_create(&init, &options, &monitor));
        assert_null(monitor);
        assert_int_equal(fake_last_error(), 1016);
        assert_int_equal(fake.open_keys, 0);
        assert_int_equal(handle_count(), 0);
    }
}

static void without_a_store_ports_live_in_memory(void **state)
{
    HANDLE monitor;
    (void)state;
    fake.stub = true;
    const MONITOR2 *table = fake_monitor(&monitor, NULL);
    fake_port(monitor, "T1:");
    assert_string_equal(list(table, monitor), "BUILT: T1: ");
    assert_non_null(strstr(fake.log, "keeps no settings"));
    table->pfnShutdown(monitor);
    fake.stub = false;
    expect_ports("BUILT: ");
}

static void tables_that_lack_something(void **state)
{
    (void)state;
    for (int i = 0; i < 4; i++) {
        MONITORINIT init = fake_init();
        MONITORREG registry = *init.pMonitorReg;
        struct platen_monitor_options options = fake_options();
        HANDLE monitor;
        put_text(u"T1:", u"");
        registry.cbSize = i == 0 ? sizeof(registry) - 1 : sizeof(registry);
        registry.fpEnumValue = i == 1 ? NULL : registry.fpEnumValue;
        init.pMonitorReg = i == 2 ? NULL : &registry;
        init.hckRegistryRoot = i == 3 ? NULL : init.hckRegistryRoot;
        const MONITOR2 *table = platen_monitor_create(&init, &options, &monitor);
        assert_non_null(table);
        assert_string_equal(list(table, monitor), "BUILT: ");
        table->pfnShutdown(monitor);
        fake_reset();
    }
}

static void the_file_root_comes_from_the_registry(void **state)
{
    static const struct platen_backend *backends[2];
    struct platen_backend files = device_backend;
    struct platen_monitor_options options = fake_options();
    HANDLE monitor;
    (void)state;
    files.capabilities |= PLATEN_TOUCHES_FILES;
    backends[0] = &files;
    options.backends = backends;
    const MONITOR2 *table = fake_monitor(&monitor, &options);
    assert_int_equal(platen_monitor_add_port(monitor, "T1", NULL), PLATEN_ACCESS_DENIED);
    table->pfnShutdown(monitor);
    fake_put(fake.root, u"FileRoot", REG_SZ, u"/somewhere", 20);
    fake_monitor(&monitor, &options);
    fake_port(monitor, "T1");
    table->pfnShutdown(monitor);
    fake_put(fake.root, u"Other", REG_SZ, u"", 2);
    fake_find(fake.root, u"FileRoot")->type = REG_BINARY;
    fake_monitor(&monitor, &options);
    assert_int_equal(platen_monitor_add_port(monitor, "T1", NULL), PLATEN_ACCESS_DENIED);
    table->pfnShutdown(monitor);
}

static void bad_arguments(void **state)
{
    MONITORINIT init = fake_init();
    struct platen_monitor_options options = fake_options();
    struct platen_backend lame = device_backend;
    const struct platen_backend *const backends[] = {&lame, NULL};
    HANDLE monitor;
    (void)state;
    assert_null(platen_monitor_create(NULL, &options, &monitor));
    assert_int_equal(fake_last_error(), 87);
    assert_null(platen_monitor_create(&init, &options, NULL));
    init.cbSize = 4;
    assert_null(platen_monitor_create(&init, &options, &monitor));
    init = fake_init();
    lame.write = NULL;
    options.backends = backends;
    assert_null(platen_monitor_create(&init, &options, &monitor));
    assert_int_equal(fake_last_error(), 87);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(no_key),
        TEST(values_are_ports),
        TEST(any_content_is_survived),
        TEST(a_short_answer_at_any_size),
        TEST(every_call_fails_once),
        TEST(without_a_store_ports_live_in_memory),
        TEST(tables_that_lack_something),
        TEST(the_file_root_comes_from_the_registry),
        TEST(bad_arguments),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
