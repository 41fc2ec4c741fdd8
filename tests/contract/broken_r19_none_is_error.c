/* SPDX-License-Identifier: MIT
 *
 * Breaks R19: without ports the answer is FALSE. The spooler takes the monitor for broken
 * before the first port was added.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    return fine && !*pcReturned ? fail(ERROR_NO_MORE_ITEMS) : fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
