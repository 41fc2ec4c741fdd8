/* SPDX-License-Identifier: MIT */
#include "four.h"

FOUR_PROBE(init)

static VOID WINAPI shutdown_monitor(HANDLE monitor)
{
    (void)monitor;
}

/* Neither PLATEN_EXPORT nor anything else: the header's prototype exports it. */
LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof(MONITOR2),
        .pfnEnumPorts = four_enum_ports,
        .pfnOpenPort = four_open_port,
        .pfnStartDocPort = four_start_doc,
        .pfnWritePort = four_write,
        .pfnReadPort = four_read,
        .pfnEndDocPort = four_end_doc,
        .pfnClosePort = four_close_port,
        .pfnXcvOpenPort = four_xcv_open,
        .pfnXcvDataPort = four_xcv_data,
        .pfnXcvClosePort = four_xcv_close,
        .pfnShutdown = shutdown_monitor,
    };

    *phMonitor = NULL;
    if (!pMonitorInit) {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    return &table;
}

BOOL WINAPI DllMain(HINSTANCE hInstance, DWORD fdwReason, LPVOID lpvReserved);
BOOL WINAPI DllMain(HINSTANCE hInstance, DWORD fdwReason, LPVOID lpvReserved)
{
    (void)hInstance, (void)lpvReserved;
    return fdwReason <= DLL_THREAD_DETACH;
}
