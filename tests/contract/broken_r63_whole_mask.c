/* SPDX-License-Identifier: MIT
 *
 * Breaks R63: only who has every right may add ports. Windows grants the right to administer alone.
 */
#include "style.h"

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    if ((GrantedAccess & SERVER_ALL_ACCESS) != SERVER_ALL_ACCESS)
        GrantedAccess &= ~(ACCESS_MASK)SERVER_ACCESS_ADMINISTER;
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
}
