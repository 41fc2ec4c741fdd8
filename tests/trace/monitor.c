/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <stdlib.h>

#include "os/lasterror.h"

struct monitor_orders orders;
struct monitor_taken taken;

static BOOL no(DWORD error)
{
    platen_os_set_last_error(error);
    return FALSE;
}

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    const WCHAR *name = orders.port == NULL ? TEXT("P1:") : orders.port;
    size_t bytes = 2;
    (void)monitor, (void)server;
    *needed = 0;
    *returned = 0;
    if (level != 1) {
        return no(ERROR_INVALID_LEVEL);
    }
    for (const WCHAR *at = name; *at != 0; at++) {
        bytes += 2;
    }
    *needed = (DWORD)(sizeof(PORT_INFO_1W) + bytes);
    if (size < *needed) {
        return no(ERROR_INSUFFICIENT_BUFFER);
    }
    memcpy(to + sizeof(PORT_INFO_1W), name, bytes);
    ((PORT_INFO_1W *)(void *)to)->pName = (LPWSTR)(void *)(to + sizeof(PORT_INFO_1W));
    *returned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    (void)monitor, (void)name;
    *handle = orders.gives != NULL ? orders.gives : (HANDLE)(uintptr_t)0x501;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)port, (void)printer, (void)job, (void)level, (void)info;
    return TRUE;
}

static void keep(const void *data, size_t size)
{
    if (orders.keep && size > 0) {
        taken.data = realloc(taken.data, taken.size + size);
        memcpy(taken.data + taken.size, data, size);
        taken.size += size;
    }
}

static BOOL WINAPI write_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    void (*inside)(LPBYTE data, DWORD size) = orders.inside;
    (void)port;
    *written = orders.accepts != 0 && size > orders.accepts ? orders.accepts : size;
    if (inside != NULL) {
        inside(data, size);
    }
    if (orders.fails > 0) {
        orders.fails--;
        *written /= 2;
        keep(data, *written);
        return no(ERROR_BUSY);
    }
    keep(data, *written);
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)port;
    memset(data, 'r', size);
    *moved = size;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE port)
{
    (void)port;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE port)
{
    (void)port;
    return orders.close_fails ? no(ERROR_BUSY) : TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor, (void)object, (void)access;
    *xcv = (HANDLE)(uintptr_t)0x501; /* as the port's: handles of two kinds may be equal */
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size;
    memset(out, 'x', out_size);
    *needed = out_size;
    return 0;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

const MONITOR2 trial_monitor = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = enum_ports,
    .pfnOpenPort = open_port,
    .pfnStartDocPort = start_doc,
    .pfnWritePort = write_port,
    .pfnReadPort = read_port,
    .pfnEndDocPort = end_doc,
    .pfnClosePort = close_port,
    .pfnXcvOpenPort = xcv_open,
    .pfnXcvDataPort = xcv_data,
    .pfnXcvClosePort = xcv_close,
};

LPMONITOR2 WINAPI trial_entry(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table;
    (void)init;
    table = trial_monitor;
    *monitor = (HANDLE)(uintptr_t)0x900;
    return &table;
}
