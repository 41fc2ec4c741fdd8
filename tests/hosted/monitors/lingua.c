/* SPDX-License-Identifier: MIT
 *
 * A language monitor: everything goes to the monitor below, with a line before each document.
 */
#include <platen/winsplp.h>

#include <string.h>

static struct {
    MONITOR2 below;
    HANDLE port;
    HANDLE printer;
    DWORD job;
} lingua;

static BOOL WINAPI open_port_ex(HANDLE monitor, HANDLE port_monitor, LPWSTR port, LPWSTR printer,
                                PHANDLE handle, LPMONITOR2 table)
{
    (void)monitor, (void)printer;
    *handle = NULL;
    lingua.below = *table;
    if (!table->pfnOpenPort(port_monitor, port, &lingua.port))
        return FALSE;
    *handle = &lingua;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    static BYTE line[] = "@lingua\n";
    DWORD written = 0;
    (void)handle;
    lingua.job = job;
    return OpenPrinterW(printer, &lingua.printer, NULL) &&
           lingua.below.pfnStartDocPort(lingua.port, printer, job, level, info) &&
           lingua.below.pfnWritePort(lingua.port, line, sizeof line - 1, &written) &&
           written == sizeof line - 1;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)handle;
    return lingua.below.pfnWritePort(lingua.port, data, size, written);
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle;
    return lingua.below.pfnReadPort(lingua.port, data, size, moved);
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    BYTE answer[300];
    DWORD moved = 0;
    (void)handle;
    if (!lingua.below.pfnReadPort(lingua.port, answer, sizeof answer, &moved) ||
        moved != sizeof answer || answer[7] != 21)
        return FALSE;
    BOOL fine = lingua.below.pfnEndDocPort(lingua.port);
    SetJobW(lingua.printer, lingua.job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
    ClosePrinter(lingua.printer);
    return fine;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
    return lingua.below.pfnClosePort(lingua.port);
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof(MONITOR2),
        .pfnOpenPortEx = open_port_ex,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = write_port,
        .pfnReadPort = read_port,
        .pfnEndDocPort = end_doc,
        .pfnClosePort = close_port,
    };
    (void)init;
    *monitor = &lingua;
    return &table;
}
