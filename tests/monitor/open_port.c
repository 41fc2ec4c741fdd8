/* SPDX-License-Identifier: MIT */
#include "fake.h"
#include "fake_device.h"
#include "handle.h"
#include "open_port.h"

const MONITOR2 *table;
HANDLE monitor, port;

int open_port(void **state)
{
    (void)state;
    fake_reset();
    table = fake_monitor(&monitor, NULL);
    fake_port(monitor, "T1:");
    assert_true(table->pfnOpenPort(monitor, WIDE("t1:"), &port));
    fake_set_last_error(0xDEADBEEF);
    return 0;
}

int close_port(void **state)
{
    (void)state;
    table->pfnClosePort(port);
    table->pfnShutdown(monitor);
    assert_int_equal(device.opens, device.closes);
    assert_int_equal(device.starts, device.ends + device.abandons);
    assert_int_equal(fake.open_printers + fake.wrong_uses + fake.open_keys, 0);
    assert_int_equal(handle_count(), 0);
    return 0;
}

BOOL start(HANDLE on, DWORD id)
{
    DOC_INFO_1W info = {WIDE("title"), NULL, WIDE("RAW")};
    return table->pfnStartDocPort(on, WIDE("queue"), id, 1, (LPBYTE)&info);
}

void started(void)
{
    assert_true(start(port, 7));
}

BOOL write_bytes(DWORD size, DWORD *written)
{
    static BYTE data[1000];
    for (DWORD i = 0; i < size; i++)
        data[i] = (BYTE)i;
    *written = 0xDEADBEEF;
    fake_set_last_error(0);
    return table->pfnWritePort(port, data, size, written);
}

void expect_write(DWORD size, BOOL done, DWORD written, DWORD code)
{
    DWORD count;
    assert_int_equal(write_bytes(size, &count), done);
    assert_int_equal(count, written);
    assert_int_equal(fake_last_error(), code);
}

void expect_end(BOOL done, DWORD code)
{
    fake_set_last_error(0);
    assert_int_equal(table->pfnEndDocPort(port), done);
    assert_int_equal(fake_last_error(), code);
    assert_int_equal(fake.open_printers, 0);
}
