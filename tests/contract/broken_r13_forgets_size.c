/* SPDX-License-Identifier: MIT
 *
 * Breaks R13: on success *pcbNeeded is not set. The spooler, which adds up the sizes of all
 * monitors, adds what stood there before.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    DWORD needed = *pcbNeeded;
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    if (fine && *pcReturned)
        *pcbNeeded = needed;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
