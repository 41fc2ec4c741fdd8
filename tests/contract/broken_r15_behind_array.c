/* SPDX-License-Identifier: MIT
 *
 * Breaks R15: the strings stand right behind the array. Windows' spooler, which moves the
 * arrays of several monitors together, writes over them.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    DWORD needed = 0;

    if (!good.pfnEnumPorts(hMonitor, pName, Level, NULL, 0, &needed, pcReturned) && needed &&
        cbBuf > needed)
        cbBuf = needed;
    return good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
