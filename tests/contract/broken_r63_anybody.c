/* SPDX-License-Identifier: MIT
 *
 * Breaks R63: everybody may add and delete ports: a guest can print into any file that the
 * spooler can write.
 */
#include "style.h"

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    GrantedAccess |= SERVER_ACCESS_ADMINISTER;
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
}
