/* SPDX-License-Identifier: MIT
 *
 * Breaks R35: the title of the document is not copied but looked at when the job ends. The
 * spooler has freed it by then.
 */
#include "style.h"

static LPWSTR volatile title;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    title = pDocInfo ? ((const DOC_INFO_1W *)(const void *)pDocInfo)->pDocName : NULL;
    return TRUE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    if (title && *title == '.')
        system_sleep(1); /* a document without a name */
    title = NULL;
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
