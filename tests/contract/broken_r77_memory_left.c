/* SPDX-License-Identifier: MIT
 *
 * Breaks R77: what an instance allocates for itself is not freed when it is shut down.
 */
#define OWN_ENTRY
#include "style.h"

#include <stdlib.h>

static void *volatile last;

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    last = malloc(64);
    return good_initialize(pMonitorInit, phMonitor);
}
