/* SPDX-License-Identifier: MIT
 *
 * Breaks R9: one value of another type in the store, and initialisation fails: all ports are
 * gone, because of one bad entry.
 */
#define OWN_ENTRY
#include "style.h"

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    const MONITORREG *reg = pMonitorInit->pMonitorReg;
    HANDLE key = NULL, spooler = pMonitorInit->hSpooler;
    WCHAR name[300];
    BOOL bad = FALSE;

    if (reg->fpOpenKey(pMonitorInit->hckRegistryRoot, TEXT("Ports"), KEY_READ, &key, spooler) ==
        0) {
        DWORD units = 300, type = REG_SZ;
        for (DWORD i = 0;
             !bad && reg->fpEnumValue(key, i, name, &units, &type, NULL, NULL, spooler) == 0;
             i++, units = 300)
            bad = type != REG_SZ;
        reg->fpCloseKey(key, spooler);
    }
    if (!bad)
        return good_initialize(pMonitorInit, phMonitor);
    SetLastError(ERROR_INVALID_DATA);
    return NULL;
}
