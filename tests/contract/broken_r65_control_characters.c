/* SPDX-License-Identifier: MIT
 *
 * Breaks R65: a port's name may have control characters in it: it cannot be shown, typed, or
 * deleted.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_INVALID_NAME && lstrcmpW(pszDataName, TEXT("AddPort")) == 0) {
        struct xcv *xcv = hXcv;
        WCHAR name[LONGEST_NAME + 1] = {0};
        if (cbInputData > sizeof(WCHAR) && cbInputData <= sizeof name) {
            memcpy(name, pInputData, cbInputData & ~1u);
            name[LONGEST_NAME] = 0;
            error = *name ? add_port(xcv->monitor, name, NULL, 0) : error;
        }
    }
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
