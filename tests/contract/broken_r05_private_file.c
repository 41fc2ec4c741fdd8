/* SPDX-License-Identifier: MIT
 *
 * Breaks R5: a port that is added is noted in a file of the monitor's own as well. On a cluster
 * the file stays behind on the node that failed.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_SUCCESS && lstrcmpW(pszDataName, TEXT("AddPort")) == 0) {
        struct channel file = CHANNEL_CLOSED;
        DWORD moved;
        if (channel_open_file(&file, TEXT("ports.cfg")) == ERROR_SUCCESS)
            channel_write(&file, (const BYTE *)"added\n", 6, 0, &moved);
        channel_close(&file);
    }
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
