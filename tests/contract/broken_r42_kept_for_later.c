/* SPDX-License-Identifier: MIT
 *
 * Breaks R42: what is written outside a job is refused, and printed all the same: it stands
 * before the next job.
 */
#include "style.h"

static BYTE kept[256];
static DWORD kept_size;

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten))
        return TRUE;
    if (cbBuf <= sizeof kept && cbBuf && !*pcbWritten) {
        DWORD error = GetLastError();
        memcpy(kept, pBuffer, cbBuf);
        kept_size = cbBuf;
        SetLastError(error);
    }
    return FALSE;
}

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    DWORD moved;

    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    if (kept_size)
        good.pfnWritePort(hPort, kept, kept_size, &moved);
    kept_size = 0;
    return TRUE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnWritePort = wrong_write_port;
    changed->pfnStartDocPort = wrong_start_doc_port;
}
