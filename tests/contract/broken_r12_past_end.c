/* SPDX-License-Identifier: MIT
 *
 * Breaks R12: the first row is cleared before the size is looked at. With a small buffer the
 * spooler's heap is damaged.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    if (pPorts && (Level == 1 || Level == 2))
        memset(pPorts, 0, sizeof(PORT_INFO_1W));
    return good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
