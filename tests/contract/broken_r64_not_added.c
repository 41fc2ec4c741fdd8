/* SPDX-License-Identifier: MIT
 *
 * Breaks R64: AddPort says that it is done, and does nothing.
 */
#ifndef STYLE
#    define STYLE "good_addport.c"
#endif
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    if (pszDataName && lstrcmpW(pszDataName, TEXT("AddPort")) == 0) {
        DWORD code = good.pfnXcvDataPort(hXcv, TEXT("DeletePort"), pInputData, cbInputData,
                                         pOutputData, cbOutputData, pcbOutputNeeded);
        return code == ERROR_FILE_NOT_FOUND ? ERROR_SUCCESS : code;
    }
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
