/* SPDX-License-Identifier: MIT
 *
 * Breaks R2: the table gets another function once a port is open. A spooler that copied the
 * table never calls it.
 */
#define OWN_ENTRY
#include "style.h"

static MONITOR2 good;

static DWORD WINAPI used_ports(HANDLE hMonitor, DWORD cPorts, PCWSTR *ppszPorts)
{
    (void)hMonitor, (void)cPorts, (void)ppszPorts;
    return ERROR_SUCCESS;
}

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    if (!good.pfnOpenPort(hMonitor, pName, pHandle))
        return FALSE;
    table.pfnNotifyUsedPorts = used_ports;
    return TRUE;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    LPMONITOR2 given = good_initialize(pMonitorInit, phMonitor);

    if (given && !good.cbSize) {
        good = *given;
        given->pfnOpenPort = wrong_open_port;
    }
    return given;
}
