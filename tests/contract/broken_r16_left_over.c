/* SPDX-License-Identifier: MIT
 *
 * Breaks R16: Reserved is not filled in; it is what stood in the buffer before.
 */
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    DWORD before = 0;
    PORT_INFO_2W *rows = (PORT_INFO_2W *)(void *)pPorts;

    if (Level == 2 && cbBuf >= sizeof *rows)
        before = rows->Reserved;
    if (!good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned))
        return FALSE;
    if (Level == 2 && *pcReturned > 0)
        rows->Reserved = before;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
