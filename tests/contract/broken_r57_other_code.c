/* SPDX-License-Identifier: MIT
 *
 * Breaks R57: a buffer that is too small is refused with another code than 122, so that nobody
 * tries a larger one.
 */
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    BOOL fine = good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                               lpOutBuffer, cbOutBuffer, lpcbReturned);

    return fine || GetLastError() != ERROR_INSUFFICIENT_BUFFER ? fine
                                                               : fail(ERROR_INVALID_PARAMETER);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
