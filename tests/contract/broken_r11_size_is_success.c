/* SPDX-License-Identifier: MIT
 *
 * Breaks R11: the question for the size is answered with TRUE. The spooler takes the list for
 * empty, and no printer can use a port.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    return fine || (!pPorts && GetLastError() == ERROR_INSUFFICIENT_BUFFER);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
