/* SPDX-License-Identifier: MIT */
#include "configure_world.h"

#include <string.h>

#include "handle.h"

const MONITOR2 *table;
HANDLE monitor;

void restart(void)
{
    if (monitor)
        table->pfnShutdown(monitor);
    table = line_monitor(&monitor);
}

int configure_set_up(void **state)
{
    (void)state;
    fake_reset();
    monitor = NULL;
    restart();
    return 0;
}

int configure_tear_down(void **state)
{
    (void)state;
    table->pfnShutdown(monitor);
    assert_int_equal(fake.open_keys + fake.wrong_uses + fake.impersonated, 0);
    assert_int_equal(handle_count(), 0);
    assert_null(strstr(fake.log, "c4n4ry"));
    return 0;
}

/* One command by an administrator, on that object. */
DWORD tell(LPCWSTR object, LPCWSTR name, const void *input, size_t size)
{
    HANDLE xcv;
    DWORD needed;
    assert_true(table->pfnXcvOpenPort(monitor, object, SERVER_ACCESS_ADMINISTER, &xcv));
    DWORD code =
        table->pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)input, (DWORD)size, NULL, 0, &needed);
    assert_true(table->pfnXcvClosePort(xcv));
    return code;
}

DWORD ask(LPCWSTR object, ACCESS_MASK access, LPCWSTR name, const void *input, size_t size,
          void *output, uint32_t room)
{
    HANDLE xcv;
    DWORD needed;
    assert_true(table->pfnXcvOpenPort(monitor, object, access, &xcv));
    DWORD code = table->pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)input, (DWORD)size, output,
                                       room, &needed);
    assert_true(table->pfnXcvClosePort(xcv));
    return code;
}

void add_tcp(LPCWSTR name, const char16_t *host)
{
    PORT_DATA_1 data = tcp_data_1((const char16_t *)name, host);
    assert_int_equal(tell(NULL, u"AddPort", &data, sizeof(data)), 0);
}

PORT_DATA_2 info(LPCWSTR object, ACCESS_MASK access)
{
    CONFIG_INFO_DATA_1 question = {.dwVersion = 2};
    PORT_DATA_2 data;
    assert_int_equal(
        ask(object, access, u"GetConfigInfo", &question, sizeof(question), &data, sizeof(data)), 0);
    return data;
}

const char *narrow(const WCHAR *text)
{
    static char rooms[4][400];
    static int turn;
    char *room = rooms[turn++ % 4];
    platen_text_to8((const char16_t *)text, SIZE_MAX, room, 400);
    return room;
}

const char *target_of(LPCWSTR name)
{
    HANDLE port;
    assert_true(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)name, &port));
    assert_true(table->pfnClosePort(port));
    return device.target;
}

DWORD set_line(LPCWSTR object, const char *text)
{
    COMMCONFIG config = line_config(text);
    return tell(object, u"SetDefaultCommConfig", &config, sizeof(config));
}

void expect_config(LPCWSTR name, const char *text)
{
    COMMCONFIG expected = line_config(text), config;
    size_t size = (platen_text_length16((const char16_t *)name, SIZE_MAX) + 1) * 2;
    assert_int_equal(ask(NULL, 0, u"GetDefaultCommConfig", name, size, &config, sizeof(config)), 0);
    assert_memory_equal(&config, &expected, sizeof(config));
}

uint32_t number(LPCWSTR object, LPCWSTR name)
{
    uint32_t value = 0xEEEEEEEE;
    assert_int_equal(ask(object, 0, name, NULL, 0, &value, sizeof(value)), 0);
    return value;
}
