/* SPDX-License-Identifier: MIT */
#include "tcp_trial.h"

#include <string.h>

#include "os/memory.h"

void tcp_put(WCHAR *member, size_t units, const char16_t *text)
{
    size_t length = platen_text_length16(text, units);
    assert_true(length < units);
    memset(member, 0, units * sizeof(*member));
    memcpy(member, text, length * sizeof(*text));
}

PORT_DATA_1 tcp_data_1(const char16_t *name, const char16_t *host)
{
    PORT_DATA_1 data;
    memset(&data, 0xEE, sizeof(data));
    TCP_PUT(data.sztPortName, name);
    data.dwVersion = 1;
    data.dwProtocol = PROTOCOL_RAWTCP_TYPE;
    TCP_PUT(data.sztHostAddress, host);
    TCP_PUT(data.sztSNMPCommunity, CANARY);
    data.dwDoubleSpool = 1;
    TCP_PUT(data.sztQueue, u"lp");
    TCP_PUT(data.sztIPAddress, u"");
    data.dwPortNumber = 9101;
    data.dwSNMPEnabled = 1;
    data.dwSNMPDevIndex = 3;
    return data;
}

PORT_DATA_2 tcp_data_2(const char16_t *name, const char16_t *host)
{
    PORT_DATA_2 data;
    memset(&data, 0xEE, sizeof(data));
    TCP_PUT(data.sztPortName, name);
    data.dwVersion = 2;
    data.dwProtocol = PROTOCOL_RAWTCP_TYPE;
    TCP_PUT(data.sztHostAddress, host);
    TCP_PUT(data.sztSNMPCommunity, CANARY);
    data.dwDoubleSpool = 0;
    TCP_PUT(data.sztQueue, u"");
    data.dwPortNumber = 9101;
    data.dwSNMPEnabled = 0;
    data.dwSNMPDevIndex = 1;
    data.dwPortMonitorMibIndex = 7;
    return data;
}

DELETE_PORT_DATA_1 tcp_delete_data(const char16_t *name)
{
    DELETE_PORT_DATA_1 data;
    memset(&data, 0xEE, sizeof(data));
    TCP_PUT(data.psztPortName, name);
    data.dwVersion = 1;
    return data;
}

/* ---- instances ----------------------------------------------------------------------------- */

static unsigned claims_nothing(const char *name)
{
    (void)name;
    return 0;
}

struct platen_monitor_options tcp_options(void)
{
    static struct platen_backend socket_backend;
    static const struct platen_backend *const backends[] = {&device_backend, &socket_backend, NULL};
    struct platen_monitor_options options = fake_options();
    socket_backend = device_backend;
    socket_backend.name = "socket";
    socket_backend.enumerate = NULL;
    socket_backend.claims = claims_nothing;
    options.backends = backends;
    return options;
}

const MONITOR2 *tcp_monitor(HANDLE *monitor)
{
    struct platen_monitor_options options = tcp_options();
    return fake_monitor(monitor, &options);
}

/* ---- input --------------------------------------------------------------------------------- */

static char *guarded_pages;
static size_t guarded_size;

void *tcp_guarded(const void *data, size_t size)
{
    size_t page = platen_os_page_size();
    size_t room = (size + page - 1) / page * page;
    tcp_guard_release();
    guarded_size = room + page;
    guarded_pages = platen_os_pages_alloc(guarded_size);
    assert_non_null(guarded_pages);
    assert_int_equal(platen_os_pages_protect(guarded_pages + room, page, PLATEN_OS_NO_ACCESS), 0);
    char *place = guarded_pages + room - size;
    if (data && size)
        memcpy(place, data, size);
    return place;
}

void tcp_guard_release(void)
{
    if (guarded_pages)
        platen_os_pages_free(guarded_pages, guarded_size);
    guarded_pages = NULL;
}

DWORD tcp_run(const MONITOR2 *table, HANDLE xcv, LPCWSTR name, const void *input, size_t size)
{
    DWORD needed = 0xDEADBEEF;
    DWORD code =
        table->pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)input, (DWORD)size, NULL, 0, &needed);
    assert_int_equal(needed, 0);
    return code;
}
