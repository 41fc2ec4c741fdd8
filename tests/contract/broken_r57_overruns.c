/* SPDX-License-Identifier: MIT
 *
 * Breaks R57: the device id is written whole, however small the buffer is.
 */
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    if (ControlID == IOCTL_PAR_QUERY_DEVICE_ID && lpOutBuffer) {
        memcpy(lpOutBuffer, DEVICE_ID, sizeof DEVICE_ID);
        *lpcbReturned = sizeof DEVICE_ID;
        return TRUE;
    }
    return good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                          lpOutBuffer, cbOutBuffer, lpcbReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
