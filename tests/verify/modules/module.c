/* SPDX-License-Identifier: MIT
 *
 * A file that is a monitor, so that its loading and unloading can be watched: all it does is done
 * behind its door.
 */
#include "door.h"

static struct verify_door *door;

/* mingw declares none. */
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module;
    (void)reserved;
    if (reason == DLL_PROCESS_DETACH && door)
        door->gone();
    return TRUE;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    DWORD size = sizeof door;

    if (init->pMonitorReg->fpQueryValue(init->hckRegistryRoot, TEXT("Door"), NULL, (PBYTE)&door,
                                        &size, init->hSpooler) != 0) {
        SetLastError(ERROR_FILE_NOT_FOUND);
        return NULL;
    }
    door->dll_main = DllMain;
    return door->entry(init, monitor);
}
