/* SPDX-License-Identifier: MIT
 *
 * Breaks R33: a job that cannot start is refused with last-error 0, and the user sees a printer
 * that does not print for no reason.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo)
               ? TRUE
               : fail(GetLastError() == ERROR_INVALID_LEVEL ? ERROR_INVALID_LEVEL : 0);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
