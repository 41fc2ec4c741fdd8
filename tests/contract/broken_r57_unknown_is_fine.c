/* SPDX-License-Identifier: MIT
 *
 * Breaks R57: a control code that is not known is answered with TRUE and nothing, and the
 * language monitor believes that it was done.
 */
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    BOOL fine = good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                               lpOutBuffer, cbOutBuffer, lpcbReturned);

    return fine || (ControlID && GetLastError() == ERROR_INVALID_PARAMETER);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
