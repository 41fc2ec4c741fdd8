/* SPDX-License-Identifier: MIT
 *
 * Breaks R12: a buffer that is too small is cleared all the same. A spooler that still had
 * something in it has lost it.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    if (!fine && pPorts && cbBuf && GetLastError() == ERROR_INSUFFICIENT_BUFFER) {
        memset(pPorts, 0, cbBuf);
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
    }
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
