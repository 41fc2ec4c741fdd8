/* SPDX-License-Identifier: MIT
 *
 * Breaks R5: the store is asked without the hSpooler of this instance. On a cluster the
 * settings of one spooler end up in the other's.
 */
#define OWN_ENTRY
#include "style.h"

static MONITORREG reg;

static LONG WINAPI wrong_set_value(HANDLE hcKey, LPCWSTR pszValue, DWORD dwType, const BYTE *pData,
                                   DWORD cbData, HANDLE hSpooler)
{
    (void)hSpooler;
    return reg.fpSetValue(hcKey, pszValue, dwType, pData, cbData, NULL);
}

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
