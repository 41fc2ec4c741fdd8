/* SPDX-License-Identifier: MIT
 *
 * Breaks R27: each OpenPort costs a handle of the system. After some thousand jobs the spooler
 * can open nothing any more.
 */
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    if (fine)
        system_lose_handle();
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
