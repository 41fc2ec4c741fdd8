/* SPDX-License-Identifier: MIT
 *
 * The example of a monitor, which forgets one block when there is no memory for another.
 */
#include <platen/winsplp.h>

#define InitializePrintMonitor2 initialize_minimal
LPMONITOR2 WINAPI initialize_minimal(PMONITORINIT pMonitorInit, PHANDLE phMonitor);
#include "minimal.c"
#undef InitializePrintMonitor2

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    void *volatile first = malloc(16);
    void *volatile second = malloc(16);

    if (second != NULL) {
        free(second);
        free(first);
    }
    return initialize_minimal(pMonitorInit, phMonitor);
}
