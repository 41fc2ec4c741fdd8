/* SPDX-License-Identifier: MIT
 *
 * Breaks R66: a port is deleted while it is open. The job that prints on it goes on with memory
 * that is freed.
 */
#ifndef STYLE
#    define STYLE "good_addport.c"
#endif
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    struct xcv *xcv = hXcv;
    DWORD error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                      cbOutputData, pcbOutputNeeded);

    if (error == ERROR_BUSY && lstrcmpW(pszDataName, TEXT("DeletePort")) == 0) {
        struct port **at = find_port(xcv->monitor, (LPCWSTR)(const void *)pInputData);
        if (at) {
            (*at)->monitor = NULL;
            (*at)->opened = 0;
            memset(&(*at)->channel, 0xFF, sizeof(*at)->channel);
        }
        error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                    cbOutputData, pcbOutputNeeded);
    }
    return error;
}

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    return port->monitor ? good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten)
                         : fail(ERROR_INVALID_HANDLE);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
    changed->pfnWritePort = wrong_write_port;
}
