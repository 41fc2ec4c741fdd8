/* SPDX-License-Identifier: MIT
 *
 * Breaks R79: the pointer to the port monitor's table is kept, not the table. Some spoolers
 * build it for the call only.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static const MONITOR2 *given;

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    given = pMonitor2;
    return good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, pMonitor2);
}

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    struct port *port = hPort;

    port->below.pfnStartDocPort = given->pfnStartDocPort;
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPortEx = wrong_open_port_ex;
    changed->pfnStartDocPort = wrong_start_doc_port;
}
