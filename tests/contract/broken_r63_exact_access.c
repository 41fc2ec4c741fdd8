/* SPDX-License-Identifier: MIT
 *
 * Breaks R63: the right to administer is looked for by comparing the whole mask. An
 * administrator, who has more rights than that one, may not add ports.
 */
#include "style.h"

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    if (GrantedAccess != SERVER_ACCESS_ADMINISTER)
        GrantedAccess &= ~(ACCESS_MASK)SERVER_ACCESS_ADMINISTER;
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
}
