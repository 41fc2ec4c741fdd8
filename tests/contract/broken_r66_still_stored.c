/* SPDX-License-Identifier: MIT
 *
 * Breaks R66: a port that is deleted stays in the store, and is back after the next start of
 * the spooler.
 */
#define OWN_ENTRY
#include "style.h"

static LONG WINAPI wrong_delete_value(HANDLE hcKey, LPCWSTR pszValue, HANDLE hSpooler)
{
    (void)hcKey, (void)pszValue, (void)hSpooler;
    return ERROR_SUCCESS;
}

static MONITORREG reg;

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
