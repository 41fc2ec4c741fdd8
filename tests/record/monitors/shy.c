/* SPDX-License-Identifier: MIT
 *
 * A monitor with few functions, which tells what it was given: what the recorder passes on shows.
 */
#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

struct shy {
    HANDLE spooler;
    HANDLE root;
    PMONITORREG registry;
};

static const WCHAR silent[] = TEXT("SILENT:"); /* fails, and says no reason */
static const WCHAR wrong[] = TEXT("WRONG:");

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    (void)monitor, (void)server, (void)level, (void)to, (void)size;
    *needed = 0;
    *returned = 0;
    return TRUE;
}

/* An odd value that is no pointer (R26); with a good name last-error stays as it is. */
static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    (void)monitor;
    *port = NULL;
    if (lstrcmpiW(name, wrong) == 0) {
        SetLastError(4321);
    }
    if (lstrcmpiW(name, wrong) == 0 || lstrcmpiW(name, silent) == 0) {
        return FALSE;
    }
    *port = (HANDLE)(uintptr_t)0x1235;
    return TRUE;
}

/* One byte fewer than there are. */
static BOOL WINAPI write_port(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    *written = port == (HANDLE)(uintptr_t)0x1235 && data != NULL ? size - 1 : 0;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE port)
{
    return port == (HANDLE)(uintptr_t)0x1235;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)object, (void)access;
    *xcv = monitor;
    return TRUE;
}

/* What the registry says of a value of that name. */
static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    const struct shy *shy = xcv;
    DWORD type = 0;
    (void)in, (void)in_size;
    *needed = out_size;
    return (DWORD)shy->registry->fpQueryValue(shy->root, (LPWSTR)(uintptr_t)name, &type, out,
                                              needed, shy->spooler);
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    return xcv != NULL;
}

static VOID WINAPI shutdown(HANDLE monitor)
{
    free(monitor);
}

static MONITOR2 table = {
    .cbSize = offsetof(MONITOR2, pfnSendRecvBidiDataFromPort), /* as before Windows XP (R2) */
    .pfnEnumPorts = enum_ports,
    .pfnOpenPort = open_port,
    .pfnWritePort = write_port,
    .pfnClosePort = close_port,
    .pfnXcvOpenPort = xcv_open,
    .pfnXcvDataPort = xcv_data,
    .pfnXcvClosePort = xcv_close,
    .pfnShutdown = shutdown,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    struct shy *shy = calloc(1, sizeof *shy);
    *phMonitor = shy;
    if (shy == NULL) {
        return NULL;
    }
    shy->spooler = pMonitorInit->hSpooler;
    shy->root = pMonitorInit->hckRegistryRoot;
    shy->registry = pMonitorInit->pMonitorReg;
    SetLastError(77);
    return &table;
}
