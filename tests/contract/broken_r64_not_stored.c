/* SPDX-License-Identifier: MIT
 *
 * Breaks R64: a port that is added is not stored. After the next start of the spooler it is
 * gone, and the printer that uses it has no port.
 */
#define OWN_ENTRY
#include "style.h"

static LONG WINAPI wrong_set_value(HANDLE hcKey, LPCWSTR pszValue, DWORD dwType, const BYTE *pData,
                                   DWORD cbData, HANDLE hSpooler)
{
    (void)hcKey, (void)pszValue, (void)dwType, (void)pData, (void)cbData, (void)hSpooler;
    return ERROR_SUCCESS;
}

static MONITORREG reg;

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITORREG changed;
    MONITORINIT init = *pMonitorInit;

    reg = *pMonitorInit->pMonitorReg;
    changed = reg;
    changed.fpSetValue = wrong_set_value;
    init.pMonitorReg = &changed;
    return good_initialize(&init, phMonitor);
}
