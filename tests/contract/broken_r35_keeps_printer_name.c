/* SPDX-License-Identifier: MIT
 *
 * Breaks R35: the printer's name is not copied but looked at when the first bytes come.
 */
#include "style.h"

static LPWSTR volatile name_of_printer;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (!good.pfnStartDocPort(hPort, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    name_of_printer = pPrinterName;
    return TRUE;
}

static BOOL WINAPI wrong_write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    if (name_of_printer && *name_of_printer == '.')
        system_sleep(1);
    name_of_printer = NULL;
    return good.pfnWritePort(hPort, pBuffer, cbBuf, pcbWritten);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnWritePort = wrong_write_port;
}
