/* SPDX-License-Identifier: MIT
 *
 * Breaks R26: while one port is open every other port has the same handle: two jobs end up on
 * one printer.
 */
#include "style.h"

static HANDLE shared;
static unsigned users;

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    if (!users && !good.pfnOpenPort(hMonitor, pName, pHandle))
        return FALSE;
    if (users) {
        HANDLE own = NULL; /* to see whether there is such a port */
        BOOL fine = good.pfnOpenPort(hMonitor, pName, &own);
        if (fine)
            good.pfnClosePort(own);
        else if (GetLastError() != ERROR_BUSY)
            return FALSE;
        *pHandle = shared;
    }
    users++;
    shared = *pHandle;
    return TRUE;
}

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    return --users ? TRUE : good.pfnClosePort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
    changed->pfnClosePort = wrong_close_port;
}
