/* SPDX-License-Identifier: MIT
 *
 * Breaks R26: a second OpenPort of a port is refused, but ends the job that the first one
 * prints.
 */
#include "style.h"

static HANDLE last;

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    if (fine)
        last = *pHandle;
    else if (GetLastError() == ERROR_BUSY) {
        good.pfnEndDocPort(last);
        SetLastError(ERROR_BUSY);
    }
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
