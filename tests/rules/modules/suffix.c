/* SPDX-License-Identifier: MIT
 *
 * Broken on purpose (R1): the entry point has a W behind it, as functions of the system that take
 * wide text do.
 */
#include <platen/winsplp.h>

LPMONITOR2 WINAPI InitializePrintMonitor2W(PMONITORINIT init, PHANDLE monitor);

LPMONITOR2 WINAPI InitializePrintMonitor2W(PMONITORINIT init, PHANDLE monitor)
{
    (void)init;
    *monitor = NULL;
    return NULL;
}
