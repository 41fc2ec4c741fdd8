/* SPDX-License-Identifier: MIT
 *
 * Breaks R9: what is stored is trusted to be whole characters; a value of odd length ends the
 * process, and the spooler does not start any more.
 */
#define OWN_ENTRY
#include "style.h"

static MONITORREG reg;

static LONG WINAPI wrong_enum_value(HANDLE hcKey, DWORD dwIndex, LPWSTR pszValue, PDWORD pcbValue,
                                    PDWORD pType, PBYTE pData, PDWORD pcbData, HANDLE hSpooler)
{
    LONG error =
        reg.fpEnumValue(hcKey, dwIndex, pszValue, pcbValue, pType, pData, pcbData, hSpooler);
    if (error == ERROR_SUCCESS && *pcbData % sizeof(WCHAR))
        abort();
    return error;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    static MONITORREG changed;
    MONITORINIT init = *pMonitorInit;

    reg = *pMonitorInit->pMonitorReg;
    changed = reg;
    changed.fpEnumValue = wrong_enum_value;
    init.pMonitorReg = &changed;
    return good_initialize(&init, phMonitor);
}
