/* SPDX-License-Identifier: MIT
 *
 * Breaks R69: the access that was granted is kept once for all handles: as soon as an
 * administrator opens one, everybody is one.
 */
#include "style.h"

static ACCESS_MASK access_of_last;

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    access_of_last = GrantedAccess;
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    struct xcv *xcv = hXcv;

    xcv->access = access_of_last;
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
