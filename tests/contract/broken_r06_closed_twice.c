/* SPDX-License-Identifier: MIT
 *
 * Breaks R6: the key is closed twice. The second time it may be a key that another thread has
 * just opened.
 */
#define OWN_ENTRY
#include "style.h"

static MONITORREG reg;

static LONG WINAPI wrong_close_key(HANDLE hcKey, HANDLE hSpooler)
{
    reg.fpCloseKey(hcKey, hSpooler);
    return reg.fpCloseKey(hcKey, hSpooler);
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITORREG changed;
    MONITORINIT init = *pMonitorInit;

    reg = *pMonitorInit->pMonitorReg;
    changed = reg;
    changed.fpCloseKey = wrong_close_key;
    init.pMonitorReg = &changed;
    return good_initialize(&init, phMonitor);
}
