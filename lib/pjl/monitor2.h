/* SPDX-License-Identifier: MIT
 *
 * The way in for programs that bring an import table of their own; a spooler comes by
 * InitializePrintMonitor2.
 */
#ifndef PLATEN_PJL_MONITOR2_H
#define PLATEN_PJL_MONITOR2_H

#include <platen/winsplp.h>

/* imports NULL: the module's own. NULL with last-error: nothing is left behind (R4). */
LPMONITOR2 pjl_monitor_create(PMONITORINIT init, const PLATEN_IMPORTS *imports, PHANDLE phMonitor);

#endif
