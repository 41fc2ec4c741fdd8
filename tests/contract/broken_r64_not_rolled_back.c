/* SPDX-License-Identifier: MIT
 *
 * Breaks R64: when the store fails AddPort says 0 all the same: the port works today, and is
 * gone tomorrow.
 */
#define OWN_ENTRY
#include "style.h"

static MONITORREG reg;

static LONG WINAPI wrong_set_value(HANDLE hcKey, LPCWSTR pszValue, DWORD dwType, const BYTE *pData,
                                   DWORD cbData, HANDLE hSpooler)
{
    reg.fpSetValue(hcKey, pszValue, dwType, pData, cbData, hSpooler);
    return ERROR_SUCCESS;
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
