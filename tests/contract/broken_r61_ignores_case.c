/* SPDX-License-Identifier: MIT
 *
 * Breaks R61: commands are compared without case.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    if (lstrcmpiW(pszDataName, TEXT("MonitorUI")) == 0)
        pszDataName = TEXT("MonitorUI");
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
