/* SPDX-License-Identifier: MIT
 *
 * Breaks R4: initialisation fails with last-error 0. The spooler reports that the monitor could
 * not be loaded because of "The operation completed successfully".
 */
#define OWN_ENTRY
#include "style.h"

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    LPMONITOR2 made = good_initialize(pMonitorInit, phMonitor);

    if (!made)
        SetLastError(ERROR_SUCCESS);
    return made;
}
