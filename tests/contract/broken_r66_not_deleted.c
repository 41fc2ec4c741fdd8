/* SPDX-License-Identifier: MIT
 *
 * Breaks R66: DeletePort says that it is done, and the port stays where it is.
 */
#ifndef STYLE
#    define STYLE "good_addport.c"
#endif
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    if (pszDataName && lstrcmpW(pszDataName, TEXT("DeletePort")) == 0) {
        DWORD code = good.pfnXcvDataPort(hXcv, TEXT("AddPort"), pInputData, cbInputData,
                                         pOutputData, cbOutputData, pcbOutputNeeded);
        return code == ERROR_ALREADY_EXISTS ? ERROR_SUCCESS : code ? code : ERROR_FILE_NOT_FOUND;
    }
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
