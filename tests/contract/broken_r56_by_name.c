/* SPDX-License-Identifier: MIT
 *
 * Breaks R56: a value by its name is answered by the port monitor, with an empty one, which the
 * spooler stores as the printer's.
 */
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    if (ControlID == 0) {
        *lpcbReturned = 0;
        return TRUE;
    }
    return good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                          lpOutBuffer, cbOutBuffer, lpcbReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
