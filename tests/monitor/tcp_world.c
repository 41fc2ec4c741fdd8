/* SPDX-License-Identifier: MIT */
#include "tcp_world.h"

#include <string.h>

#include "handle.h"

const MONITOR2 *table;
HANDLE monitor, local, tcp;

int world_set_up(void **state)
{
    (void)state;
    fake_reset();
    table = tcp_monitor(&monitor);
    assert_true(table->pfnXcvOpenPort(monitor, NULL, SERVER_ACCESS_ADMINISTER, &local));
    assert_true(table->pfnXcvOpenPort(monitor, u"Standard TCP/IP Port", 0xF0003, &tcp));
    fake_set_last_error(0xDEADBEEF);
    return 0;
}

int world_tear_down(void **state)
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

DWORD run(HANDLE xcv, LPCWSTR name, const void *input, size_t size)
{
    return tcp_run(table, xcv, name, input, size);
}

DWORD add_1(HANDLE xcv, const PORT_DATA_1 *data)
{
    return run(xcv, u"AddPort", data, sizeof(*data));
}

DWORD add(const char16_t *name, const char16_t *host)
{
    PORT_DATA_1 data = tcp_data_1(name, host);
    return add_1(local, &data);
}

DWORD delete_1(HANDLE xcv, const char16_t *name)
{
    DELETE_PORT_DATA_1 data = tcp_delete_data(name);
    return run(xcv, u"DeletePort", &data, sizeof(data));
}

bool listed(const char16_t *name)
{
    static PORT_INFO_1W room[100];
    DWORD needed, count;
    assert_true(table->pfnEnumPorts(monitor, NULL, 1, (LPBYTE)room, sizeof(room), &needed, &count));
    for (DWORD i = 0; i < count; i++)
        if (platen_text_equal_folded((const char16_t *)room[i].pName, name))
            return true;
    return false;
}

const char *target_of(const char16_t *name)
{
    HANDLE port;
    assert_true(table->pfnOpenPort(monitor, (LPWSTR)(uintptr_t)name, &port));
    assert_true(table->pfnClosePort(port));
    fake_set_last_error(0xDEADBEEF);
    return device.target;
}

void undo(DWORD code, const char16_t *name)
{
    assert_int_equal(listed(name), code == 0);
    if (code == 0)
        assert_int_equal(delete_1(local, name), 0);
}
