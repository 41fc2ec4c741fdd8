/* SPDX-License-Identifier: MIT
 *
 * Breaks R24: an unknown name is refused without a code: last-error stays what it was, and the
 * user is told any nonsense.
 */
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    DWORD before = GetLastError();
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    return fine || GetLastError() != ERROR_UNKNOWN_PORT ? fine : fail(before);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
