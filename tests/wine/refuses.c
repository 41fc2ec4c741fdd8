/* SPDX-License-Identifier: MIT
 *
 * A monitor that does not start.
 */
#include <platen/winsplp.h>

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE handle)
{
    (void)init;
    *handle = NULL;
    SetLastError(ERROR_NOT_READY);
    return NULL;
}
