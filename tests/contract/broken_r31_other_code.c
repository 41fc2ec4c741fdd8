/* SPDX-License-Identifier: MIT
 *
 * Breaks R31: level 2 is refused with another code than 124, so the spooler does not try level
 * 1 but gives the job up.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    return Level == 2 ? fail(ERROR_INVALID_PARAMETER)
                      : good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
