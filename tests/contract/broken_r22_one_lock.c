/* SPDX-License-Identifier: MIT
 *
 * Breaks R22: one lock for everything, held while a device stalls: as long as one printer is
 * out of paper nobody can even list the ports.
 */
#include "style.h"

static system_lock everything;

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    BOOL fine;

    system_lock_take(&everything);
    for (int i = 0; i < 6; i++) {
        fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
        if (fine || GetLastError() != ERROR_TIMEOUT)
            break;
    }
    system_lock_leave(&everything);
    return fine;
}

static BOOL WINAPI wrong_enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                                    DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BOOL fine;

    system_lock_take(&everything);
    fine = good.pfnEnumPorts(hMonitor, pName, Level, pPorts, cbBuf, pcbNeeded, pcReturned);
    system_lock_leave(&everything);
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnEnumPorts = wrong_enum_ports;
    changed->pfnWritePort = wrong_write_port;
    system_lock_make(&everything);
}
