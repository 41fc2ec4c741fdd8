/* SPDX-License-Identifier: MIT
 *
 * Breaks R69: after DeletePort the handle answers nothing any more, though the dialog that
 * deleted the port still uses it.
 */
#include "style.h"

static HANDLE dead;

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error;

    if (dead && dead == hXcv)
        return ERROR_INVALID_HANDLE;
    error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                cbOutputData, pcbOutputNeeded);
    if (error == ERROR_SUCCESS && lstrcmpW(pszDataName, TEXT("DeletePort")) == 0)
        dead = hXcv;
    return error;
}

static BOOL WINAPI wrong_xcv_close_port(HANDLE hXcv)
{
    if (dead == hXcv)
        dead = NULL;
    return good.pfnXcvClosePort(hXcv);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
    changed->pfnXcvClosePort = wrong_xcv_close_port;
}
