/* SPDX-License-Identifier: MIT
 *
 * Breaks R6: the key is not closed after a port was stored. Each added port costs the spooler a
 * key, until it ends.
 */
#define OWN_ENTRY
#include "style.h"

static MONITORREG reg;
static BOOL stored;

static LONG WINAPI wrong_set_value(HANDLE hcKey, LPCWSTR pszValue, DWORD dwType, const BYTE *pData,
                                   DWORD cbData, HANDLE hSpooler)
{
    stored = TRUE;
    return reg.fpSetValue(hcKey, pszValue, dwType, pData, cbData, hSpooler);
}

static LONG WINAPI wrong_close_key(HANDLE hcKey, HANDLE hSpooler)
{
    if (stored) {
        stored = FALSE;
        return ERROR_SUCCESS;
    }
    return reg.fpCloseKey(hcKey, hSpooler);
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITORREG changed;
    MONITORINIT init = *pMonitorInit;

    reg = *pMonitorInit->pMonitorReg;
    changed = reg;
    changed.fpSetValue = wrong_set_value;
    changed.fpCloseKey = wrong_close_key;
    init.pMonitorReg = &changed;
    return good_initialize(&init, phMonitor);
}
