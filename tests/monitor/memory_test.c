/* SPDX-License-Identifier: MIT
 *
 * Every allocation fails once: each call then says so and leaves everything as it was. Linked with
 * --wrap, so that the library's allocations come through here.
 */
#include "line_trial.h"

#include <stdatomic.h>
#include <string.h>

#include "handle.h"

enum { PORTS = 6 }; /* of set_up, BUILT: and COM9: */

static atomic_int countdown; /* the allocation that fails: 1 is the next; 0: none */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

static bool fails(void)
{
    return countdown > 0 && --countdown == 0;
}

void *__wrap_malloc(size_t size)
{
    return fails() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
    return fails() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
    return fails() ? NULL : __real_realloc(memory, size);
}

static const MONITOR2 *table;
static HANDLE monitor, xcv, port;

/* Runs `call` until no allocation of it fails any more. It returns a Win32 code; after a failure
 * `check` looks whether all is as before. Returns how many allocations there were. */
static int each_fails(uint32_t (*call)(void), void (*check)(void))
{
    for (int n = 1;; n++) {
        countdown = n;
        uint32_t code = call();
        bool all = countdown > 0;
        countdown = 0;
        if (all) {
            assert_int_equal(code, 0);
            return n - 1;
        }
        if (code == 0) /* what fails may be something that can be done without */
            return n;
        assert_true(code == 8 || code == 14);
        check();
    }
}

static int set_up(void **state)
{
    (void)state;
    fake_reset();
    fake.ports_key = true;
    fake_put(fake.ports, u"T1:", REG_SZ, u"", 2);
    fake_put(fake.ports, u"T2:", REG_SZ, u"test:a?speed=4", 30);
    fake_put(fake.ports, u"COM1:", REG_SZ, u"1200,n,8,1", 22);
    fake_put(fake.ports, u"COM9:", REG_SZ, u"300,n,8,1", 20);
    fake_put(fake.root, u"TransmissionRetryTimeout", REG_SZ, u"7", 4);
    fake_put(fake.root, u"FileRoot", REG_SZ, u"/x", 6);
    struct fake_key *key = fake_make_key(u"IP_1");
    fake_put(key->values, u"Protocol", REG_DWORD, "\1\0\0", 4);
    fake_put(key->values, u"HostName", REG_SZ, u"a", 4);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    assert_int_equal(handle_count(), 0);
    assert_int_equal(fake.open_keys + fake.open_printers + fake.wrong_uses, 0);
    assert_int_equal(device.opens, device.closes);
    return 0;
}

static uint32_t create(void)
{
    MONITORINIT init = fake_init();
    struct platen_monitor_options options = line_options();
    fake_set_last_error(0);
    fake.table = table = platen_monitor_create(&init, &options, &monitor);
    return table ? 0 : (uint32_t)fake_last_error();
}

static void nothing_is_there(void)
{
    assert_null(monitor);
    assert_int_equal(handle_count(), 0);
    assert_int_equal(fake.open_keys, 0);
}

static void creating(void **state)
{
    (void)state;
    assert_true(each_fails(create, nothing_is_there) > 10);
    table->pfnShutdown(monitor);
}

static void made(void)
{
    assert_int_equal(create(), 0);
    assert_true(table->pfnXcvOpenPort(monitor, NULL, 1, &xcv));
}

static void restart_from_store(void)
{
    table->pfnShutdown(monitor);
    made();
}

static DWORD ports_listed(void)
{
    PORT_INFO_1W info[50];
    DWORD needed, count;
    assert_true(table->pfnEnumPorts(monitor, NULL, 1, (LPBYTE)info, sizeof(info), &needed, &count));
    return count;
}

static uint32_t add(void)
{
    return table->pfnXcvDataPort(xcv, u"AddPort", (PBYTE)(uintptr_t)u"T9:", 8, NULL, 0, NULL);
}

static void not_added(void)
{
    assert_int_equal(ports_listed(), PORTS);
    assert_null(fake_find(fake.ports, u"T9:"));
}

static void adding(void **state)
{
    (void)state;
    made();
    fake.foreign = u"Theirs";
    fake.monitor = monitor;
    assert_true(each_fails(add, not_added) > 3);
    assert_int_equal(ports_listed(), PORTS + 1);
    table->pfnShutdown(monitor);
}

static uint32_t add_tcp(void)
{
    PORT_DATA_1 data = tcp_data_1(u"IP_9", u"b");
    return table->pfnXcvDataPort(xcv, u"AddPort", (PBYTE)&data, sizeof(data), NULL, 0, NULL);
}

static void tcp_not_added(void)
{
    assert_int_equal(ports_listed(), PORTS);
    assert_null(fake_find_key(u"IP_9"));
}

static void adding_tcp(void **state)
{
    (void)state;
    made();
    assert_true(each_fails(add_tcp, tcp_not_added) >= 1);
    assert_int_equal(ports_listed(), PORTS + 1);
    table->pfnShutdown(monitor);
}

/* ---- settings ------------------------------------------------------------------------------ */

static uint64_t stored;

static const char *host(void)
{
    static char text[40];
    CONFIG_INFO_DATA_1 question = {.dwVersion = 2};
    PORT_DATA_2 data;
    HANDLE on_port;
    assert_true(table->pfnXcvOpenPort(monitor, u"IP_1", 1, &on_port));
    assert_int_equal(table->pfnXcvDataPort(on_port, u"GetConfigInfo", (PBYTE)&question,
                                           sizeof(question), (PBYTE)&data, sizeof(data), NULL),
                     0);
    assert_true(table->pfnXcvClosePort(on_port));
    platen_text_to8((const char16_t *)data.sztHostAddress, 30, text, sizeof(text));
    return text;
}

static DWORD baud(void)
{
    COMMCONFIG config;
    PBYTE name = (PBYTE)(uintptr_t)u"COM1";
    assert_int_equal(table->pfnXcvDataPort(xcv, u"GetDefaultCommConfig", name, 10, (PBYTE)&config,
                                           sizeof(config), NULL),
                     0);
    return config.dcb.BaudRate;
}

static uint32_t config_tcp(void)
{
    PORT_DATA_1 data = tcp_data_1(u"IP_1", u"b");
    return table->pfnXcvDataPort(xcv, u"ConfigPort", (PBYTE)&data, sizeof(data), NULL, 0, NULL);
}

static uint32_t config_line(void)
{
    COMMCONFIG config = line_config("19200,n,8,1");
    HANDLE on_port;
    if (!table->pfnXcvOpenPort(monitor, u"COM1:", 1, &on_port))
        return (uint32_t)fake_last_error();
    DWORD code = table->pfnXcvDataPort(on_port, u"SetDefaultCommConfig", (PBYTE)&config,
                                       sizeof(config), NULL, 0, NULL);
    assert_true(table->pfnXcvClosePort(on_port));
    return code;
}

static void not_configured(void)
{
    assert_true(stored == line_store());
    assert_string_equal(host(), "a");
    assert_int_equal(baud(), 1200);
}

static void configuring(void **state)
{
    (void)state;
    made();
    stored = line_store();
    assert_true(each_fails(config_tcp, not_configured) > 2);
    assert_string_equal(host(), "b");
    restart_from_store();
    assert_string_equal(host(), "b");
    table->pfnShutdown(monitor);
}

static void configuring_a_line(void **state)
{
    (void)state;
    made();
    stored = line_store();
    assert_true(each_fails(config_line, not_configured) > 3);
    assert_int_equal(baud(), 19200);
    restart_from_store();
    assert_int_equal(baud(), 19200);
    table->pfnShutdown(monitor);
}

static uint32_t ask_line(void)
{
    COMMCONFIG config;
    PBYTE name = (PBYTE)(uintptr_t)u"COM1";
    return table->pfnXcvDataPort(xcv, u"GetDefaultCommConfig", name, 10, (PBYTE)&config,
                                 sizeof(config), NULL);
}

static uint32_t ask_tcp(void)
{
    char16_t text[40];
    HANDLE on_port;
    if (!table->pfnXcvOpenPort(monitor, u"IP_1", 1, &on_port))
        return (uint32_t)fake_last_error();
    DWORD code =
        table->pfnXcvDataPort(on_port, u"HostAddress", NULL, 0, (PBYTE)text, sizeof(text), NULL);
    assert_true(table->pfnXcvClosePort(on_port));
    return code;
}

static void asking(void **state)
{
    (void)state;
    made();
    stored = line_store();
    assert_true(each_fails(ask_line, not_configured) > 1);
    assert_true(each_fails(ask_tcp, not_configured) > 1);
    table->pfnShutdown(monitor);
}

/* ---- jobs ---------------------------------------------------------------------------------- */

static uint32_t open_port(void)
{
    return table->pfnOpenPort(monitor, WIDE("t2:"), &port) ? 0 : (uint32_t)fake_last_error();
}

static void not_opened(void)
{
    assert_null(port);
    assert_int_equal(device.opens, 0);
}

static uint32_t open_xcv(void)
{
    HANDLE other = NULL;
    if (!table->pfnXcvOpenPort(monitor, u"T1:", 1, &other))
        return (uint32_t)fake_last_error();
    assert_true(table->pfnXcvClosePort(other));
    return 0;
}

static void nothing(void)
{
}

static void opening(void **state)
{
    (void)state;
    made();
    assert_true(each_fails(open_port, not_opened) >= 2);
    assert_string_equal(device.speed, "4");
    assert_true(each_fails(open_xcv, nothing) >= 1);
    table->pfnShutdown(monitor);
}

static uint32_t start(void)
{
    static WCHAR title[2000];
    DOC_INFO_1W info = {title, NULL, NULL};
    for (int i = 0; i < 1999; i++)
        title[i] = u'x';
    return table->pfnStartDocPort(port, WIDE("queue"), 3, 1, (LPBYTE)&info)
               ? 0
               : (uint32_t)fake_last_error();
}

static void not_started(void)
{
    assert_int_equal(device.starts, 0);
    assert_int_equal(fake.open_printers, 0);
}

static void printing(void **state)
{
    BYTE data[10] = {0};
    DWORD written;
    (void)state;
    made();
    assert_int_equal(open_port(), 0);
    assert_int_equal(each_fails(start, not_started), 1);
    countdown = 1; /* a write and an end need none */
    assert_true(table->pfnWritePort(port, data, 10, &written));
    assert_true(table->pfnEndDocPort(port));
    assert_int_equal(countdown, 1);
    countdown = 0;
    table->pfnShutdown(monitor);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(creating),           TEST(adding), TEST(adding_tcp), TEST(configuring),
        TEST(configuring_a_line), TEST(asking), TEST(opening),    TEST(printing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
