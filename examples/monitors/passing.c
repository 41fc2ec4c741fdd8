/* SPDX-License-Identifier: MIT
 *
 * The smallest complete language monitor: it stands over whatever port monitor a printer has, hands
 * every call on, puts a line before each job and one behind it, and tells the spooler when the last
 * page is out. The same source is passing.so on Linux and passing.dll on Windows:
 *
 *     cc -shared -fPIC -o passing.so passing.c
 *     platen print --language ./passing.so --port FILE: --output out.prn letter.prn
 *
 * To make it one of your own, begin with before_job and behind_job.
 */
#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

static BYTE before_job[] = "@PJL JOB\r\n";
static BYTE behind_job[] = "@PJL EOJ\r\n";

/* One for each OpenPortEx. */
struct port {
    MONITOR2 below; /* a copy: only cbSize bytes of the spooler's may be read (contract 2.5) */
    HANDLE handle;  /* the port monitor's */
    HANDLE printer; /* NULL: the spooler did not open it for us */
    DWORD job;
};

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static BOOL has_what_we_need(const MONITOR2 *below)
{
    return below->pfnOpenPort != NULL && below->pfnStartDocPort != NULL &&
           below->pfnWritePort != NULL && below->pfnReadPort != NULL &&
           below->pfnEndDocPort != NULL && below->pfnClosePort != NULL;
}

static BOOL WINAPI open_port_ex(HANDLE monitor, HANDLE port_monitor, LPWSTR port_name,
                                LPWSTR printer_name, PHANDLE handle, MONITOR2 *below)
{
    struct port *port = calloc(1, sizeof *port);
    (void)monitor;
    (void)printer_name;
    *handle = NULL;
    if (port == NULL) {
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    }
    memcpy(&port->below, below,
           below->cbSize < sizeof port->below ? below->cbSize : sizeof port->below);
    if (!has_what_we_need(&port->below)) {
        free(port);
        return fail(ERROR_INVALID_PRINT_MONITOR);
    }
    if (!port->below.pfnOpenPort(port_monitor, port_name, &port->handle)) {
        free(port); /* the last-error is the port monitor's */
        return FALSE;
    }
    *handle = port;
    return TRUE;
}

/* Everything, however the port monitor cuts it up; its last-error tells why not. */
static BOOL send_all(struct port *port, LPBYTE data, DWORD size)
{
    while (size > 0) {
        DWORD sent = 0;
        if (!port->below.pfnWritePort(port->handle, data, size, &sent)) {
            return FALSE;
        }
        if (sent == 0) {
            return fail(ERROR_TIMEOUT); /* TRUE with nothing moved: the device is not ready */
        }
        data += sent;
        size -= sent;
    }
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer_name, DWORD job, DWORD level,
                             LPBYTE info)
{
    struct port *port = handle;
    if (!port->below.pfnStartDocPort(port->handle, printer_name, job, level, info)) {
        return FALSE;
    }
    if (!send_all(port, before_job, sizeof before_job - 1)) {
        DWORD error = GetLastError();
        port->below.pfnEndDocPort(port->handle);
        return fail(error);
    }
    if (printer_name == NULL || !OpenPrinterW(printer_name, &port->printer, NULL)) {
        port->printer = NULL;
    }
    port->job = job;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct port *port = handle;
    return port->below.pfnWritePort(port->handle, data, size, written);
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD read)
{
    struct port *port = handle;
    return port->below.pfnReadPort(port->handle, data, size, read);
}

/* With a language monitor in the way the spooler waits for 7, not for the port monitor's 6 (R105).
 */
static BOOL WINAPI end_doc(HANDLE handle)
{
    struct port *port = handle;
    BOOL sent = send_all(port, behind_job, sizeof behind_job - 1);
    DWORD error = sent ? 0 : GetLastError();
    BOOL ended = port->below.pfnEndDocPort(port->handle);
    if (!ended) {
        error = GetLastError();
    }
    if (port->printer != NULL) {
        if (sent && ended) {
            SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
        }
        ClosePrinter(port->printer);
        port->printer = NULL;
    }
    return sent && ended ? TRUE : fail(error);
}

static BOOL WINAPI close_port(HANDLE handle)
{
    struct port *port = handle;
    BOOL closed = port->below.pfnClosePort(port->handle);
    free(port);
    return closed;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
}

static MONITOR2 table = {
    .cbSize = sizeof table,
    .pfnOpenPortEx = open_port_ex,
    .pfnStartDocPort = start_doc,
    .pfnWritePort = write_port,
    .pfnReadPort = read_port,
    .pfnEndDocPort = end_doc,
    .pfnClosePort = close_port,
    .pfnShutdown = shut_down,
};

/* Nothing is kept here, so there is no instance to speak of; but NULL would not tell two apart. */
LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static BYTE instance;
    (void)init;
    *monitor = &instance;
    return &table;
}
