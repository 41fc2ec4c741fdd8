/* SPDX-License-Identifier: MIT
 *
 * Breaks R68: a NULL pcbOutputNeeded ends the process, as it did on older Windows.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    *pcbOutputNeeded = 0;
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
