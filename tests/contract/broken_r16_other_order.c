/* SPDX-License-Identifier: MIT
 *
 * Breaks R16: level 2 lists the ports in another order than level 1. A program that asks twice
 * shows the wrong description with each.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);

    if (fine && Level == 2 && *pcReturned > 1) {
        PORT_INFO_2W *rows = (PORT_INFO_2W *)(void *)pPorts;
        PORT_INFO_2W first = rows[0];
        rows[0] = rows[*pcReturned - 1];
        rows[*pcReturned - 1] = first;
    }
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
}
