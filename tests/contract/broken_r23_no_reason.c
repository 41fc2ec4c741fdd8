/* SPDX-License-Identifier: MIT
 *
 * Breaks R23: a port that is listed cannot be opened, and nobody says why: last-error is 0.
 */
#ifndef STYLE
#    define STYLE "good_odd_handles.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    if (pName && lstrcmpiW(pName, names[PORTS - 1]) == 0)
        return fail(ERROR_SUCCESS);
    return good.pfnOpenPort(hMonitor, pName, pHandle);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
