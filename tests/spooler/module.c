/* SPDX-License-Identifier: MIT
 *
 * A monitor as others write them: one file, no link line. It keeps what a test asks for in its part
 * of the registry: whether DllMain came first, and the last-error that it set. One port, "M1:".
 */
#include <platen/winsplp.h>

#include <string.h>

static BOOL attached;
static DWORD job;
static WCHAR printer[64];

/* mingw declares none. */
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module;
    (void)reserved;
    attached = reason == DLL_PROCESS_ATTACH;
    return TRUE;
}

static BOOL WINAPI list(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                        LPDWORD needed, LPDWORD returned)
{
    static const WCHAR name[] = TEXT("M1:");
    PORT_INFO_1W info;

    (void)monitor;
    (void)server;
    *returned = 0;
    *needed = sizeof info + sizeof name;
    if (level != 1 || size < *needed) {
        SetLastError(level != 1 ? ERROR_INVALID_LEVEL : ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    info.pName = (LPWSTR)(void *)(to + size - sizeof name);
    memcpy(info.pName, name, sizeof name);
    memcpy(to, &info, sizeof info);
    *returned = 1;
    return TRUE;
}

static BOOL WINAPI open_it(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    (void)name;
    *port = monitor;
    return TRUE;
}

static BOOL WINAPI start(HANDLE port, LPWSTR name, DWORD id, DWORD level, LPBYTE doc)
{
    (void)port;
    (void)level;
    (void)doc;
    lstrcpynW(printer, name, 64);
    job = id;
    return TRUE;
}

static BOOL WINAPI write_it(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)port;
    (void)data;
    *written = 0;
    if (size == 13) { /* a test of last-error */
        SetLastError(ERROR_CRC);
        return FALSE;
    }
    *written = size;
    return TRUE;
}

static BOOL WINAPI read_it(HANDLE port, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)port;
    (void)data;
    (void)size;
    *moved = 0;
    return TRUE;
}

static BOOL WINAPI end(HANDLE port)
{
    HANDLE queue;

    (void)port;
    if (OpenPrinterW(printer, &queue, NULL)) {
        SetJobW(queue, job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(queue);
    }
    return TRUE;
}

static BOOL WINAPI close_it(HANDLE port)
{
    (void)port;
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor;
    (void)object;
    (void)access;
    *xcv = NULL;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv;
    (void)name;
    (void)in;
    (void)in_size;
    (void)out;
    (void)out_size;
    (void)needed;
    return ERROR_INVALID_PARAMETER;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = list,
    .pfnOpenPort = open_it,
    .pfnStartDocPort = start,
    .pfnWritePort = write_it,
    .pfnReadPort = read_it,
    .pfnEndDocPort = end,
    .pfnClosePort = close_it,
    .pfnXcvOpenPort = xcv_open,
    .pfnXcvDataPort = xcv_data,
    .pfnXcvClosePort = xcv_close,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    DWORD value = (DWORD)attached;

    *monitor = NULL;
    if (init->pMonitorReg->fpSetValue(init->hckRegistryRoot, TEXT("Attached"), REG_DWORD,
                                      (const BYTE *)&value, sizeof value, init->hSpooler) != 0) {
        SetLastError(ERROR_INVALID_DATA);
        return NULL;
    }
    return &table;
}
