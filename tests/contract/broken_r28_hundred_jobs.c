/* SPDX-License-Identifier: MIT
 *
 * Breaks R28: a handle serves a hundred jobs. After that the printer prints nothing until the
 * spooler is started again.
 */
#include "style.h"

static int jobs;

static BOOL WINAPI wrong_open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    jobs = 0;
    return good.pfnOpenPort(hMonitor, pName, pHandle);
}

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (jobs >= 100)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    jobs++;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnOpenPort = wrong_open_port;
    changed->pfnStartDocPort = wrong_start_doc_port;
}
