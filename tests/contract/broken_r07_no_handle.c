/* SPDX-License-Identifier: MIT
 *
 * Breaks R7: every instance has the handle NULL, so the spooler cannot tell one from the other,
 * and neither can the monitor.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#define OWN_ENTRY
#include "style.h"

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    LPMONITOR2 made = good_initialize(pMonitorInit, phMonitor);

    if (made)
        shut_down(*phMonitor);
    *phMonitor = NULL;
    return made;
}
