/* SPDX-License-Identifier: MIT
 *
 * Breaks R25: names are compared with case. A queue that was made for lpt1: does not print on
 * LPT1:.
 */
#include "style.h"

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    BYTE room[4096];
    DWORD needed, count = 0;
    const PORT_INFO_1W *info = (const PORT_INFO_1W *)(void *)room;

    if (pName && *pName &&
        good.pfnEnumPorts(hMonitor, NULL, 1, room, sizeof room, &needed, &count)) {
        DWORD i = 0;
        while (i < count && lstrcmpW(info[i].pName, pName) != 0)
            i++;
        if (i == count) {
            *pHandle = NULL;
            return fail(ERROR_UNKNOWN_PORT);
        }
    }
    return good.pfnOpenPort(hMonitor, pName, pHandle);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
}
