/* SPDX-License-Identifier: MIT
 *
 * A monitor that is elsewhere: the DLL's one export leads to minimal.dll, which lies beside it.
 */
#include <platen/winsplp.h>

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module, (void)reason, (void)reserved;
    return TRUE;
}
