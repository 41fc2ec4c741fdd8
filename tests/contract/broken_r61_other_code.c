/* SPDX-License-Identifier: MIT
 *
 * Breaks R61: a command that is not known is refused with another code than 87.
 */
#include "style.h"

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    static LPCWSTR const known[] = {TEXT("AddPort"), TEXT("DeletePort"), TEXT("PortExists"),
                                    TEXT("MonitorUI")};

    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (lstrcmpW(pszDataName, known[i]) == 0)
            return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                       cbOutputData, pcbOutputNeeded);
    if (pcbOutputNeeded)
        *pcbOutputNeeded = 0;
    return ERROR_CAN_NOT_COMPLETE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
