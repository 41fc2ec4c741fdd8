/* SPDX-License-Identifier: MIT
 *
 * Breaks R52: the job is reported as printed when it starts. It leaves the queue, and if the
 * printer then fails nobody knows of it.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    HANDLE printer = NULL;

    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    if (OpenPrinterW(pPrinterName, &printer, NULL)) {
        SetJobW(printer, JobId, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(printer);
    }
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
