/* SPDX-License-Identifier: MIT
 *
 * Breaks R5: the port that was added last is kept among the settings of the account that the
 * spooler runs as, where no other node of a cluster looks.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_SUCCESS && lstrcmpW(pszDataName, TEXT("AddPort")) == 0)
        system_keep(TEXT("added"));
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
