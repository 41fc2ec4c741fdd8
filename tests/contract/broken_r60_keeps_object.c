/* SPDX-License-Identifier: MIT
 *
 * Breaks R60: the object's name is not copied but looked at when the first command comes.
 */
#include "style.h"

static LPCWSTR volatile object;

static BOOL WINAPI wrong_xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject,
                                       ACCESS_MASK GrantedAccess, PHANDLE phXcv)
{
    object = pszObject;
    return good.pfnXcvOpenPort(hMonitor, pszObject, GrantedAccess, phXcv);
}

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    LPCWSTR name = object;

    object = NULL;
    if (name && *name == '.')
        return ERROR_INVALID_NAME;
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvOpenPort = wrong_xcv_open_port;
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
