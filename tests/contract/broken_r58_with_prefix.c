/* SPDX-License-Identifier: MIT
 *
 * Breaks R58: the bare device id begins with the two bytes of its length. Drivers, which look
 * for "MFG:" there, do not know the printer.
 */
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    if (ControlID == IOCTL_PAR_QUERY_DEVICE_ID)
        ControlID = IOCTL_PAR_QUERY_RAW_DEVICE_ID;
    return good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                          lpOutBuffer, cbOutBuffer, lpcbReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
