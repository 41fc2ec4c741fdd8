/* SPDX-License-Identifier: MIT
 *
 * Breaks R78: EndDocPort of the port monitor is not looked for. With one that has none, the
 * first job ends in a call of NULL.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    static MONITOR2 other;
    BYTE *to = (BYTE *)&other;

    memset(&other, 0, sizeof other);
    memcpy(to, pMonitor2, pMonitor2->cbSize < sizeof other ? pMonitor2->cbSize : sizeof other);
    other.cbSize = sizeof other;
    if (!other.pfnEndDocPort)
        other.pfnEndDocPort = other.pfnClosePort;
    return good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, &other);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPortEx = wrong_open_port_ex;
}
