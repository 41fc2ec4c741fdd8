/* SPDX-License-Identifier: MIT
 *
 * Breaks R61: a command that is not known is answered with 0. A program that asks for something
 * newer believes that it was done.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_INVALID_PARAMETER && pszDataName && *pszDataName == 'N')
        return ERROR_SUCCESS;
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
