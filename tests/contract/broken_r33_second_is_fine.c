/* SPDX-License-Identifier: MIT
 *
 * Breaks R33: after a StartDocPort that failed the next one says TRUE, as if a job were open
 * already, and prints nothing.
 */
#include "style.h"

static HANDLE failed; /* the port that believes that it prints */

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (failed && failed == hPort)
        return TRUE;
    if (good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return TRUE;
    if (Level == 1 && GetLastError() != ERROR_BUSY)
        failed = hPort;
    return FALSE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    if (failed == hPort)
        failed = NULL;
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
