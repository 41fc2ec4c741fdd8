/* SPDX-License-Identifier: MIT
 *
 * Breaks R66: when the store cannot delete the port DeletePort says 0 all the same.
 */
#define OWN_ENTRY
#include "style.h"

static MONITORREG reg;

static LONG WINAPI wrong_delete_value(HANDLE hcKey, LPCWSTR pszValue, HANDLE hSpooler)
{
    reg.fpDeleteValue(hcKey, pszValue, hSpooler);
    return ERROR_SUCCESS;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITORREG changed;
    MONITORINIT init = *pMonitorInit;

    reg = *pMonitorInit->pMonitorReg;
    changed = reg;
    changed.fpDeleteValue = wrong_delete_value;
    init.pMonitorReg = &changed;
    return good_initialize(&init, phMonitor);
}
