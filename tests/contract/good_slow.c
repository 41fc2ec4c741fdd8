/* SPDX-License-Identifier: MIT
 *
 * A port monitor that takes its time for everything, and that takes a few bytes at a time: slow,
 * but bounded, and nothing is wrong with it.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#include "style.h"

static BOOL WINAPI slow_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                   DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    system_sleep(5);
    return good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);
}

static BOOL WINAPI slow_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    system_sleep(5);
    return good.pfnOpenPort(hMonitor, pName, pHandle);
}

static BOOL WINAPI slow_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                       LPBYTE pDocInfo)
{
    system_sleep(20);
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static BOOL WINAPI slow_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    system_sleep(1);
    return good.pfnWritePort(hPort, pBuffer, cbBuf < 60000 ? cbBuf : 60000, pcbWritten);
}

static BOOL WINAPI slow_end_doc_port(HANDLE hPort)
{
    system_sleep(20);
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = slow_enum_ports;
    changed->pfnOpenPort = slow_open_port;
    changed->pfnStartDocPort = slow_start_doc_port;
    changed->pfnWritePort = slow_write_port;
    changed->pfnEndDocPort = slow_end_doc_port;
}
