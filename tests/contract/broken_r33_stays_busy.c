/* SPDX-License-Identifier: MIT
 *
 * Breaks R33: after a StartDocPort that failed the port is busy until EndDocPort is called,
 * which nobody does: one printer that was off, and the queue stands still.
 */
#include "style.h"

static HANDLE stuck;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (stuck && stuck == hPort)
        return fail(ERROR_BUSY);
    if (good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return TRUE;
    if (GetLastError() != ERROR_INVALID_LEVEL && GetLastError() != ERROR_INVALID_PARAMETER)
        stuck = hPort;
    return FALSE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    stuck = NULL;
    return good.pfnEndDocPort(hPort);
}

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    stuck = NULL;
    return good.pfnClosePort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
    changed->pfnClosePort = wrong_close_port;
}
