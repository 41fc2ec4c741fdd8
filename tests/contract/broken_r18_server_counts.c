/* SPDX-License-Identifier: MIT
 *
 * Breaks R18: the name of a server other than this one is refused. A remote program sees no
 * ports at all.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    if (pName && *pName) {
        *pcbNeeded = *pcReturned = 0;
        return fail(ERROR_INVALID_NAME);
    }
    return good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
