/* SPDX-License-Identifier: MIT
 *
 * Breaks R34: a second StartDocPort ends the job that is being printed and begins it anew: its
 * first half is lost.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (Level == 1 || Level == 2)
        good.pfnEndDocPort(hPort);
    return good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
