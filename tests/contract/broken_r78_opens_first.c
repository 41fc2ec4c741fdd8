/* SPDX-License-Identifier: MIT
 *
 * Breaks R78: the port is opened before the table is looked at. If something is missing the
 * port stays open, and nobody else can use it.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    HANDLE early = NULL;

    if (pMonitor2->pfnOpenPort && (!pMonitor2->pfnWritePort || !pMonitor2->pfnEndDocPort))
        pMonitor2->pfnOpenPort(hMonitorPort, pPortName, &early);
    return good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, pMonitor2);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPortEx = wrong_open_port_ex;
}
