/* SPDX-License-Identifier: MIT
 *
 * Breaks R13: *pcbNeeded is what is missing, not what is needed. A spooler that tries with a
 * small buffer first never gets the list.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    if (!fine && *pcbNeeded > cbBuf)
        *pcbNeeded -= cbBuf;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
