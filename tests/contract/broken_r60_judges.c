/* SPDX-License-Identifier: MIT
 *
 * Breaks R60: XcvOpenPort refuses who may not administer. Programs that only want to look, such
 * as the one that shows a port's settings, cannot.
 */
#include "style.h"

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    *phXcv = NULL;
    if (!(GrantedAccess & SERVER_ACCESS_ADMINISTER))
        return fail(ERROR_ACCESS_DENIED);
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
}
