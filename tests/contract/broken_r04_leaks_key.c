/* SPDX-License-Identifier: MIT
 *
 * Breaks R4: when the store fails during initialisation the key that was opened stays open: the
 * spooler cannot unload the registry of a monitor that is not even there.
 */
#define OWN_ENTRY
#include "style.h"

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    const MONITORREG *reg = pMonitorInit->pMonitorReg;
    LPMONITOR2 made;
    HANDLE key = NULL;

    if (reg->fpCreateKey(pMonitorInit->hckRegistryRoot, TEXT("Options"), 0, KEY_ALL_ACCESS, NULL,
                         &key, NULL, pMonitorInit->hSpooler))
        key = NULL;
    made = good_initialize(pMonitorInit, phMonitor);
    if (made && key)
        reg->fpCloseKey(key, pMonitorInit->hSpooler);
    return made;
}
