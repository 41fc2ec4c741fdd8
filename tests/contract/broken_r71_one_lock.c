/* SPDX-License-Identifier: MIT
 *
 * Breaks R71: Xcv takes turns with WritePort: as long as one printer is out of paper no port
 * can be added.
 */
#include "style.h"

static system_lock everything;

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    BOOL fine;

    system_lock_take(&everything);
    for (int i = 0; i < 6; i++) {
        fine = good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
        if (fine || GetLastError() != ERROR_TIMEOUT)
            break;
    }
    system_lock_leave(&everything);
    return fine;
}

static DWORD WINAPI wrong_xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                        DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                        PDWORD pcbOutputNeeded)
{
    DWORD error;

    system_lock_take(&everything);
    error = good.pfnXcvDataPort(hXcv, pszDataName, pInputData, cbInputData, pOutputData,
                                cbOutputData, pcbOutputNeeded);
    system_lock_leave(&everything);
    return error;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnXcvDataPort = wrong_xcv_data_port;
    system_lock_make(&everything);
}
