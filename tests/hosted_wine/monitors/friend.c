/* SPDX-License-Identifier: MIT
 *
 * A DLL that a monitor needs, which calls the spooler as well: from its DllMain already.
 */
#include <platen/winsplp.h>

int WINAPI friend_asks(void);
BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

static BOOL asked;

int WINAPI friend_asks(void)
{
    BYTE room[4096];
    DWORD needed;
    DWORD count = 0;
    return asked && EnumPortsW(NULL, 1, room, sizeof room, &needed, &count) && count == 1;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH) {
        DWORD needed = 0;
        SetLastError(0);
        asked = !GetPrinterDriverDirectoryW(NULL, NULL, 1, NULL, 0, &needed) &&
                GetLastError() == ERROR_NOT_SUPPORTED;
    }
    return TRUE;
}
