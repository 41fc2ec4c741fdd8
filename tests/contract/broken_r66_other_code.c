/* SPDX-License-Identifier: MIT
 *
 * Breaks R66: deleting a port that does not exist is refused with another code than 2.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    return error == ERROR_FILE_NOT_FOUND ? ERROR_UNKNOWN_PORT : error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
