/* SPDX-License-Identifier: MIT
 *
 * Breaks R35: the printer's name is not copied: it is opened by that name when the job is done.
 * By then the spooler has freed the name.
 */
#include "style.h"

static LPWSTR kept;

static BOOL WINAPI wrong_start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                        LPBYTE pDocInfo)
{
    if (!good.pfnStartDocPort(hPort, NULL, JobId, Level, pDocInfo))
        return FALSE;
    kept = pPrinterName;
    return TRUE;
}

static BOOL WINAPI wrong_end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;

    if (port->printing && kept && !OpenPrinterW(kept, &port->printer, NULL))
        port->printer = NULL;
    kept = NULL;
    return good.pfnEndDocPort(hPort);
}

static void rework(MONITOR2 *changed)
{
    changed->pfnStartDocPort = wrong_start_doc_port;
    changed->pfnEndDocPort = wrong_end_doc_port;
}
