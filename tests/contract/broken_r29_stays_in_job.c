/* SPDX-License-Identifier: MIT
 *
 * Breaks R29: closing a port in mid-job does not end the job: file and printer stay open, and
 * the port cannot be used again.
 */
#include "style.h"

static HANDLE printing;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    printing = hPort;
    return TRUE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    printing = NULL;
    return good.pfnEndDocPort(hPort);
}

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    return printing && printing == hPort ? TRUE : good.pfnClosePort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
    changed->pfnClosePort = wrong_close_port;
}
