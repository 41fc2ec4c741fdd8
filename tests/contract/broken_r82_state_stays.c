/* SPDX-License-Identifier: MIT
 *
 * Breaks R82: a printer that was out of reach is marked so with SetPort, and never marked as
 * well again: the spooler sends it nothing any more.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static WCHAR port_of_last[300];

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    PORT_INFO_3W state = {PORT_STATUS_OFFLINE, NULL, PORT_STATUS_TYPE_ERROR};
    DWORD error;

    if (good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten))
        return TRUE;
    error = GetLastError();
    SetPortW(NULL, port_of_last, 3, (LPBYTE)&state);
    return fail(error);
}

static BOOL WINAPI wrong_open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                      LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    lstrcpynW(port_of_last, pPortName, 300);
    return good.pfnOpenPortEx(hMonitor, hMonitorPort, pPortName, pPrinterName, pHandle, pMonitor2);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnOpenPortEx = wrong_open_port_ex;
}
