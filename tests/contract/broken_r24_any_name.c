/* SPDX-License-Identifier: MIT
 *
 * Breaks R24: every name that is not known opens the first port. A queue with a mistyped port
 * prints on somebody else's printer.
 */
#ifndef STYLE
#    define STYLE "good_static.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BOOL fine = good.pfnOpenPort(hMonitor, pName, pHandle);

    if (!fine && GetLastError() == ERROR_UNKNOWN_PORT)
        fine = good.pfnOpenPort(hMonitor, (LPWSTR)(ULONG_PTR)places[0].name, pHandle);
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
