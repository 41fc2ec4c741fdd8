/* SPDX-License-Identifier: MIT
 *
 * Breaks R67: a command without input, as ReactOS sends it, ends the process.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    if (lstrcmpW(pszDataName, TEXT("DeletePort")) == 0 && !*(LPCWSTR)(const void *)pInputData)
        return ERROR_FILE_NOT_FOUND;
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
