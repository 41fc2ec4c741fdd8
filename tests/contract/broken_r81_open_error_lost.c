/* SPDX-License-Identifier: MIT
 *
 * Breaks R81: why the port monitor could not open the port is not told.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    if (good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, pMonitor2))
        return TRUE;
    return fail(GetLastError() == ERROR_INVALID_PRINT_MONITOR ? ERROR_INVALID_PRINT_MONITOR
                                                              : ERROR_OUTOFMEMORY);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPortEx = wrong_open_port_ex;
}
