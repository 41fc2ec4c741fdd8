/* SPDX-License-Identifier: MIT
 *
 * Breaks R24: a name is compared as far as it goes: the beginning of a port's name opens that
 * port.
 */
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BYTE room[4096];
    DWORD needed, count = 0;
    const PORT_INFO_1W *info = (const PORT_INFO_1W *)(void *)room;

    if (good.pfnOpenPort(hMonitor, pName, pHandle))
        return TRUE;
    if (GetLastError() != ERROR_UNKNOWN_PORT ||
        !good.pfnEnumPorts(hMonitor, NULL, 1, room, sizeof room, &needed, &count))
        return FALSE;
    for (DWORD i = 0; i < count; i++) {
        int same = 0;
        while (pName[same] && pName[same] == info[i].pName[same])
            same++;
        if (!pName[same])
            return good.pfnOpenPort(hMonitor, info[i].pName, pHandle);
    }
    return fail(ERROR_UNKNOWN_PORT);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
