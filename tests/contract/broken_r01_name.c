/* SPDX-License-Identifier: MIT
 *
 * Breaks R1: the entry point has a leading underscore, so no spooler finds it and the monitor
 * cannot be installed.
 */
#define OWN_ENTRY
#include "style.h"

PLATEN_EXPORT LPMONITOR2 WINAPI _InitializePrintMonitor2(PMONITORINIT pMonitorInit,
                                                         PHANDLE phMonitor);

LPMONITOR2 WINAPI _InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    return good_initialize(pMonitorInit, phMonitor);
}
