/* SPDX-License-Identifier: MIT
 *
 * Breaks R27: each OpenPort costs some memory, and the spooler, which runs for months, grows.
 */
#include "style.h"

static void *volatile lost;

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    if (fine)
        lost = calloc(1, 4096);
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
