/* SPDX-License-Identifier: MIT
 *
 * Breaks R31: the level is not looked at. A structure of a kind that comes one day is taken for
 * DOC_INFO_1.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    Level = 1;
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
