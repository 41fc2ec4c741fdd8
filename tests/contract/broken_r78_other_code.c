/* SPDX-License-Identifier: MIT
 *
 * Breaks R78: a port monitor that lacks a function is refused with another code than 3007.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    BOOL fine =
        good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, pMonitor2);

    return fine || GetLastError() != ERROR_INVALID_PRINT_MONITOR ? fine : fail(ERROR_NOT_SUPPORTED);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPortEx = wrong_open_port_ex;
}
