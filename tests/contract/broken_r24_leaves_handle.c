/* SPDX-License-Identifier: MIT
 *
 * Breaks R24: a name that is refused leaves something in *pHandle that looks like a handle. Who
 * looks there instead of at FALSE uses it.
 */
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    if (!fine)
        *pHandle = &good;
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
