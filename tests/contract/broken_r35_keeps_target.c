/* SPDX-License-Identifier: MIT
 *
 * Breaks R35: the name of the file is not copied: it is opened when the first bytes come. By
 * then the spooler has freed the name.
 */
#ifndef STYLE
#    define STYLE "good_null_instance.c"
#endif
#include "style.h"

static DOC_INFO_1W kept;
static LPWSTR kept_printer;
static DWORD kept_job;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    const DOC_INFO_1W *info = (const DOC_INFO_1W *)(const void *)pDocInfo;

    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (!info || !info->pOutputFile || !*info->pOutputFile)
        return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo); /* refused */
    (void)hPort;
    kept = *info;
    kept_printer = pPrinterName;
    kept_job = JobId;
    return TRUE;
}

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    *pcbWritten = 0;
    if (kept_job && !good.pfnStartDocPort(hPort, kept_printer, kept_job, 1, (LPBYTE)&kept))
        return FALSE;
    kept_job = 0;
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    if (kept_job)
        good.pfnStartDocPort(hPort, kept_printer, kept_job, 1, (LPBYTE)&kept);
    kept_job = 0;
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnWritePort = wrong_write_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
