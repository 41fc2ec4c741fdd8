/* SPDX-License-Identifier: MIT
 *
 * Broken on purpose (R77): opens a key of the store when it begins, and its Shutdown forgets it.
 */
#include <platen/winsplp.h>

static BOOL WINAPI open_port(HANDLE h, LPWSTR name, PHANDLE handle)
{
    (void)name;
    *handle = h;
    return TRUE;
}

static BOOL WINAPI start(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    (void)port, (void)printer, (void)job, (void)level, (void)doc;
    return TRUE;
}

static BOOL WINAPI write_all(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)port, (void)data;
    *written = size;
    return TRUE;
}

static VOID WINAPI forget(HANDLE h)
{
    (void)h;
}

static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnOpenPort = open_port,
    .pfnStartDocPort = start,
    .pfnWritePort = write_all,
    .pfnShutdown = forget,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    HANDLE key = NULL;
    init->pMonitorReg->fpCreateKey(init->hckRegistryRoot, TEXT("Ports"), 0, KEY_READ, NULL, &key,
                                   NULL, init->hSpooler);
    *monitor = key;
    return &table;
}
