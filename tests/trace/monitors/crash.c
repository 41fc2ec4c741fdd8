/* SPDX-License-Identifier: MIT
 *
 * A foreign monitor that ends the process in WritePort: how, the port's name says.
 */
#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

static const WCHAR *const names[] = {
    TEXT("GOOD:"),  TEXT("ABORT:"), TEXT("FAULT:"),
    TEXT("STACK:"), TEXT("EXIT:"),  TEXT("WILD:") /* hands the spooler text that is not there */
};
#define PORTS (sizeof names / sizeof *names)

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    (void)monitor, (void)server;
    *needed = 0;
    *returned = 0;
    if (level != 1) {
        SetLastError(ERROR_INVALID_LEVEL);
        return FALSE;
    }
    for (unsigned i = 0; i < PORTS; i++) {
        *needed += (DWORD)(sizeof(PORT_INFO_1W) + (lstrlenW(names[i]) + 1) * sizeof(WCHAR));
    }
    if (size < *needed) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    BYTE *end = to + (size & ~1u);
    for (unsigned i = 0; i < PORTS; i++) {
        size_t bytes = (size_t)(lstrlenW(names[i]) + 1) * sizeof(WCHAR);
        end -= bytes;
        memcpy(end, names[i], bytes);
        ((PORT_INFO_1W *)(void *)to)[i].pName = (LPWSTR)(void *)end;
    }
    *returned = PORTS;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    (void)monitor;
    for (unsigned i = 0; i < PORTS; i++) {
        if (lstrcmpiW(name, names[i]) == 0) {
            *handle = (HANDLE)(uintptr_t)(i + 1);
            return TRUE;
        }
    }
    *handle = NULL;
    SetLastError(ERROR_UNKNOWN_PORT);
    return FALSE;
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)port, (void)printer, (void)job, (void)level, (void)info;
    return TRUE;
}

static volatile char *volatile nowhere = (volatile char *)16;

static int fill_stack(volatile char *below);
static int (*volatile fill_more)(volatile char *below) = fill_stack;

static int fill_stack(volatile char *below)
{
    volatile char page[4096];
    page[0] = below == NULL ? 0 : *below;
    return fill_more(page) + page[0];
}

static BOOL WINAPI write_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    WCHAR *gone = (WCHAR *)(uintptr_t)16;
    HANDLE printer;
    (void)data;
    *written = size;
    switch ((uintptr_t)port) {
    case 2:
        abort();
    case 3:
        *nowhere = 1;
        break;
    case 4:
        *written = (DWORD)fill_stack(NULL);
        break;
    case 5:
        exit(0);
    case 6:
        OpenPrinterW(gone, &printer, NULL);
        break;
    default:
        break;
    }
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)port, (void)data, (void)size;
    *moved = 0;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE port)
{
    (void)port;
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor, (void)object, (void)access;
    *xcv = NULL;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    if (needed != NULL) {
        *needed = 0;
    }
    return ERROR_INVALID_PARAMETER;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof(MONITOR2),
        .pfnEnumPorts = enum_ports,
        .pfnOpenPort = open_port,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = write_port,
        .pfnReadPort = read_port,
        .pfnEndDocPort = end_doc,
        .pfnClosePort = end_doc,
        .pfnXcvOpenPort = xcv_open,
        .pfnXcvDataPort = xcv_data,
        .pfnXcvClosePort = end_doc,
    };
    (void)init;
    *monitor = NULL;
    return &table;
}
