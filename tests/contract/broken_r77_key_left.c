/* SPDX-License-Identifier: MIT
 *
 * Breaks R77: a key is kept for the whole life of the instance and not closed at its end.
 */
#define OWN_ENTRY
#include "style.h"

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    LPMONITOR2 made = good_initialize(pMonitorInit, phMonitor);
    HANDLE key = NULL;

    if (made)
        pMonitorInit->pMonitorReg->fpCreateKey(pMonitorInit->hckRegistryRoot, TEXT("Options"), 0,
                                               KEY_READ, NULL, &key, NULL, pMonitorInit->hSpooler);
    return made;
}
