/* SPDX-License-Identifier: MIT
 *
 * Breaks R79: the table is copied whole, whatever its size says: of an older port monitor the
 * memory behind its table is taken for functions.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    static MONITOR2 other;

    other = *pMonitor2;
    other.cbSize = sizeof other;
    return good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, &other);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPortEx = wrong_open_port_ex;
}
