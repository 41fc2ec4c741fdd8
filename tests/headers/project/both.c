/* SPDX-License-Identifier: MIT
 *
 * A DLL with the older entry point, declared exported as well, and the one of a UI DLL. It names
 * InitializePrintMonitor2() without having it.
 */
#include <platen/winsplp.h>

PLATEN_EXPORT LPMONITOREX WINAPI InitializePrintMonitor(LPWSTR pRegistryRoot)
{
    static MONITOREX table = {.dwMonitorSize = sizeof(MONITOR)};

    return pRegistryRoot && *pRegistryRoot ? &table : NULL;
}

PMONITORUI
WINAPI
InitializePrintMonitorUI(VOID)
{
    static MONITORUI table = {.dwMonitorUISize = sizeof(MONITORUI)};

    return &table;
}
