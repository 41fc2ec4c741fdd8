/* SPDX-License-Identifier: MIT
 *
 * Breaks R32: a job that names an empty file is taken, and its bytes go nowhere.
 */
#ifndef STYLE
#    define STYLE "good_null_instance.c"
#endif
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    static WCHAR nowhere[] = TEXT("unnamed.out");
    const DOC_INFO_1W *info = (const DOC_INFO_1W *)(const void *)pDocInfo;
    DOC_INFO_1W other;

    if (!info || !info->pOutputFile || *info->pOutputFile || (Level != 1 && Level != 2))
        return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
    other = *info;
    other.pOutputFile = nowhere;
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, 1, (LPBYTE)&other);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
