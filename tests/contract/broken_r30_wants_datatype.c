/* SPDX-License-Identifier: MIT
 *
 * Breaks R30: a job without a data type is refused, though nobody promised one. Programs that
 * print raw data do not print.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    const DOC_INFO_1W *info = (const DOC_INFO_1W *)(const void *)pDocInfo;

    if (info && !info->pDatatype)
        return fail(ERROR_INVALID_DATATYPE);
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
