/* SPDX-License-Identifier: MIT
 *
 * Broken on purpose (R1): the entry point has an underscore in front, as a compiler for 32-bit x86
 * puts it there, and no other name.
 */
#include <platen/winsplp.h>

LPMONITOR2 WINAPI _InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor);

LPMONITOR2 WINAPI _InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    (void)init;
    *monitor = NULL;
    return NULL;
}
