/* SPDX-License-Identifier: MIT
 *
 * Breaks R33: a StartDocPort that fails, because there is nobody at the other end, leaves a handle
 * of the system open. Each further attempt costs one more.
 */
#include "style.h"

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return TRUE;
    if (Level == 1) {
        DWORD error = GetLastError();
        system_lose_handle();
        return fail(error);
    }
    return FALSE;
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
}
