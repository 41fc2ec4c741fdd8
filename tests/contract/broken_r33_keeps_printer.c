/* SPDX-License-Identifier: MIT
 *
 * Breaks R33: the printer that was opened for a job that then could not start is never closed.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    HANDLE printer = NULL;

    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo)) {
        DWORD error = GetLastError();
        if (error != ERROR_INVALID_LEVEL && pPrinterName &&
            !OpenPrinterW(pPrinterName, &printer, NULL))
            printer = NULL;
        return fail(error);
    }
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
