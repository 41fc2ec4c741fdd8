/* SPDX-License-Identifier: MIT
 *
 * Breaks R16: level 2 has no description. Programs that print it print "(null)", or crash.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    for (DWORD i = 0; fine && Level == 2 && i < *pcReturned; i++)
        ((PORT_INFO_2W *)(void *)pPorts)[i].pDescription = NULL;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
