/* SPDX-License-Identifier: MIT
 *
 * Breaks R62: a short buffer gets as much of the answer as fits. The caller, who sees 122,
 * still has half a name in its hands.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_INSUFFICIENT_BUFFER && pOutputData)
        memset(pOutputData, '?', cbOutputData);
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
