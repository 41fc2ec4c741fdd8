/* SPDX-License-Identifier: MIT
 *
 * Breaks R21: a port that is open is not listed. Whoever looks for his printer's port while it
 * prints does not find it.
 */
#include "style.h"

static BOOL open_now;

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    if (fine)
        open_now = TRUE;
    return fine;
}

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    open_now = FALSE;
    return good.pfnClosePort(hPort);
}

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    if (fine && *pcReturned && open_now)
        --*pcReturned;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
    changed->pfnOpenPort = wrong_open_port;
    changed->pfnClosePort = wrong_close_port;
}
