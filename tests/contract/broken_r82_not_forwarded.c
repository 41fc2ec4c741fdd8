/* SPDX-License-Identifier: MIT
 *
 * Breaks R82: control codes are not handed down, so nobody can ask the printer for its device
 * id any more.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                          LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                          DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    ControlID = 0;
    return good.pfnGetPrinterDataFromPort(hPort, ControlID, pValueName, lpInBuffer, cbInBuffer,
                                          lpOutBuffer, cbOutBuffer, lpcbReturned);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnGetPrinterDataFromPort = wrong_get_printer_data;
}
