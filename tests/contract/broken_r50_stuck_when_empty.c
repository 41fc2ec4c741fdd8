/* SPDX-License-Identifier: MIT
 *
 * Breaks R50: a job without a single byte leaves the port in that job. The next one is refused,
 * and every one after it.
 */
#include "style.h"

static BOOL stuck, empty;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (stuck)
        return fail(ERROR_BUSY);
    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    empty = TRUE;
    return TRUE;
}

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    empty = FALSE;
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    stuck = empty;
    empty = FALSE;
    return good.pfnEndDocPort(hPort);
}

static BOOL WINAPI wrong_close_port(HANDLE hPort)
{
    stuck = empty = FALSE;
    return good.pfnClosePort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnWritePort = wrong_write_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
    changed->pfnClosePort = wrong_close_port;
}
