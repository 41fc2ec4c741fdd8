/* SPDX-License-Identifier: MIT
 *
 * Breaks R16: Reserved of level 2 is not 0 but what stood in the buffer: whoever gives it a
 * meaning one day will find nonsense.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    for (DWORD i = 0; fine && Level == 2 && i < *pcReturned; i++)
        ((PORT_INFO_2W *)(void *)pPorts)[i].Reserved = 0xCDCDCDCD;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
