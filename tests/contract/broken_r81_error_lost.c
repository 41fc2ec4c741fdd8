/* SPDX-License-Identifier: MIT
 *
 * Breaks R81: the port monitor's error code is lost: whatever it was, the spooler is told 0.
 */
#ifndef STYLE
#    define STYLE "good_language.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return TRUE;
    return fail(GetLastError() == ERROR_INVALID_LEVEL || GetLastError() == ERROR_BUSY
                    ? GetLastError()
                    : ERROR_SUCCESS);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
