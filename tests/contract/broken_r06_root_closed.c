/* SPDX-License-Identifier: MIT
 *
 * Breaks R6: the root key is closed when initialisation is done. It is the spooler's, and
 * nothing can be stored any more.
 */
#define OWN_ENTRY
#include "style.h"

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    LPMONITOR2 made = good_initialize(pMonitorInit, phMonitor);

    if (made)
        pMonitorInit->pMonitorReg->fpCloseKey(pMonitorInit->hckRegistryRoot,
                                              pMonitorInit->hSpooler);
    return made;
}
