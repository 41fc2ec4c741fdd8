/* SPDX-License-Identifier: MIT
 *
 * Breaks R14: the description is a text of the monitor, not of the buffer. The spooler copies
 * the buffer to a client, and the pointer leads nowhere there.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    static WCHAR elsewhere[] = TEXT("A port of this monitor");
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    for (DWORD i = 0; fine && Level == 2 && i < *pcReturned; i++)
        ((PORT_INFO_2W *)(void *)pPorts)[i].pDescription = elsewhere;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
