/* SPDX-License-Identifier: MIT
 *
 * Breaks R10: who may not add ports is told so in a dialog. On a server nobody is there to
 * click it away, and the spooler waits.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_ACCESS_DENIED)
        system_tell(TEXT("You may not do that."));
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
