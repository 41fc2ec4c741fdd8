/* SPDX-License-Identifier: MIT
 *
 * Breaks R70: what is returned is last-error, also after success: a port was added, and the
 * caller is told that something failed long ago.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD before = GetLastError();
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    return error == ERROR_SUCCESS ? before : error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
