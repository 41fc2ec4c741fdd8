/* SPDX-License-Identifier: MIT
 *
 * Breaks R58: the size of the device id leaves out the NUL that the id has. A buffer of that
 * size is too small for it.
 */
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    BOOL fine = good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                               lpOutBuffer, cbOutBuffer, lpcbReturned);

    if (fine && ControlID == IOCTL_PAR_QUERY_DEVICE_ID_SIZE) {
        DWORD size = sizeof DEVICE_ID - 1;
        memcpy(lpOutBuffer, &size, sizeof size);
    }
    return fine;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
