/* SPDX-License-Identifier: MIT
 *
 * Breaks R60: an object that is NULL ends the process, as it did on older Windows.
 */
#include "style.h"

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    if (*pszObject == '.')
        return fail(ERROR_INVALID_NAME);
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
}
