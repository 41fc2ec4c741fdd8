/* SPDX-License-Identifier: MIT
 *
 * Breaks R67: the name that comes in is read up to its NUL, wherever that is. An attacker who
 * sends none reads the spooler's memory, or ends it.
 */
#include "style.h"

/* Not lstrlenW, which on Windows survives what it may not read. */
static DWORD length_of(LPCWSTR text)
{
    DWORD length = 0;
    while (text[length])
        length++;
    return length;
}

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    if (pInputData && cbInputData && lstrcmpW(pszDataName, TEXT("AddPort")) == 0 &&
        length_of((LPCWSTR)(const void *)pInputData) > 30000)
        return ERROR_INVALID_NAME;
    return good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                               cbOutputData, pcbOutputNeeded);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnXcvDataPort = wrong_xcv_data_port;
}
