/* SPDX-License-Identifier: MIT
 *
 * A language monitor: it stands over a port monitor, puts a line before each job and one behind it,
 * and hands everything else down. It has no ports of its own.
 */
#include "system.h"
#include "text.h"

static BYTE before_job[] = NARROW("@PJL JOB\r\n", "BEGIN\n");
static BYTE behind_job[] = NARROW("@PJL EOJ\r\n", "END\n");

struct port {
    MONITOR2 below; /* a copy: the spooler's may go (R79) */
    HANDLE handle;  /* the port monitor's */
    BOOL printing;
    BOOL begun; /* is the line before the job out? */
    HANDLE printer;
    DWORD job;
};

struct monitor {
    unsigned unused;
};

static BOOL WINAPI open_port_ex(HANDLE hMonitor, HANDLE hMonitorPort, LPWSTR pPortName,
                                LPWSTR pPrinterName, PHANDLE pHandle, MONITOR2 *pMonitor2)
{
    struct port *port = calloc(1, sizeof *port);
    MONITOR2 *below;

    (void)hMonitor, (void)pPrinterName;
    *pHandle = NULL;
    if (!port)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    below = &port->below;
    memcpy(below, pMonitor2, pMonitor2->cbSize < sizeof *below ? pMonitor2->cbSize : sizeof *below);
    if (!below->pfnOpenPort || !below->pfnStartDocPort || !below->pfnWritePort ||
        !below->pfnReadPort || !below->pfnEndDocPort || !below->pfnClosePort) {
        free(port);
        return fail(ERROR_INVALID_PRINT_MONITOR);
    }
    if (!below->pfnOpenPort(hMonitorPort, pPortName, &port->handle)) {
        DWORD error = GetLastError();
        free(port);
        return fail(error);
    }
    *pHandle = port;
    return TRUE;
}

/* A line of our own, whole. A port monitor that stands still gets a few seconds. */
static BOOL send_line(struct port *port, BYTE *line, DWORD size)
{
    for (int tries = 0; size && tries < 10; tries++) {
        DWORD sent = 0;
        if (!port->below.pfnWritePort(port->handle, line, size, &sent))
            return FALSE;
        line += sent;
        size -= sent;
    }
    return size ? fail(ERROR_TIMEOUT) : TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;

    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (port->printing)
        return fail(ERROR_BUSY);
    if (!port->below.pfnStartDocPort(port->handle, pPrinterName, JobId, Level, pDocInfo))
        return FALSE;
    if (!pPrinterName || !OpenPrinterW(pPrinterName, &port->printer, NULL))
        port->printer = NULL;
    port->job = JobId;
    port->printing = TRUE;
    port->begun = FALSE;
    return TRUE;
}

/* The line before the job goes with its first bytes; only the caller's bytes are counted (R38). */
static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    DWORD written = 0;
    BOOL fine = TRUE;

    *pcbWritten = 0;
    if (port->printing && !port->begun && cbBuf) {
        fine = send_line(port, before_job, sizeof before_job - 1);
        port->begun = fine;
    }
    if (fine)
        fine = port->below.pfnWritePort(port->handle, pBuffer, cbBuf, &written);
    *pcbWritten = written;
    return fine;
}

static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    struct port *port = hPort;
    return port->below.pfnReadPort(port->handle, pBuffer, cbBuffer, pcbRead);
}

/* The spooler waits for 7, not for the port monitor's 6 (R105). */
static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;
    BOOL sent;
    DWORD error;

    if (!port->printing)
        return TRUE;
    port->printing = FALSE;
    sent = !port->begun || send_line(port, behind_job, sizeof behind_job - 1);
    error = sent ? ERROR_SUCCESS : GetLastError();
    if (!port->below.pfnEndDocPort(port->handle) && !error)
        error = GetLastError();
    if (port->printer) {
        if (!error)
            SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
        ClosePrinter(port->printer);
        port->printer = NULL;
    }
    return error ? fail(error) : TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    struct port *port = hPort;
    BOOL closed;

    end_doc_port(port);
    closed = port->below.pfnClosePort(port->handle);
    free(port);
    return closed;
}

/* This printer has no values by name; control codes are the port monitor's (R82). */
static BOOL WINAPI get_printer_data(HANDLE hPort, DWORD ControlID, LPWSTR pValueName,
                                    LPWSTR lpInBuffer, DWORD cbInBuffer, LPWSTR lpOutBuffer,
                                    DWORD cbOutBuffer, LPDWORD lpcbReturned)
{
    struct port *port = hPort;

    if (ControlID == 0 || !port->below.pfnGetPrinterDataFromPort) {
        *lpcbReturned = 0;
        return fail(ERROR_INVALID_PARAMETER);
    }
    return port->below.pfnGetPrinterDataFromPort(port->handle, ControlID, pValueName, lpInBuffer,
                                                 cbInBuffer, lpOutBuffer, cbOutBuffer,
                                                 lpcbReturned);
}

static DWORD WINAPI send_recv_bidi(HANDLE hPort, DWORD dwAccessBit, LPCWSTR pAction,
                                   PBIDI_REQUEST_CONTAINER pReqData,
                                   PBIDI_RESPONSE_CONTAINER *ppResData)
{
    struct port *port = hPort;

    *ppResData = NULL;
    if (!port->below.pfnSendRecvBidiDataFromPort)
        return ERROR_NOT_SUPPORTED;
    return port->below.pfnSendRecvBidiDataFromPort(port->handle, dwAccessBit, pAction, pReqData,
                                                   ppResData);
}

static VOID WINAPI shut_down(HANDLE hMonitor)
{
    free(hMonitor);
}

static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnOpenPortEx = open_port_ex,
    .pfnStartDocPort = start_doc_port,
    .pfnWritePort = write_port,
    .pfnReadPort = read_port,
    .pfnEndDocPort = end_doc_port,
    .pfnClosePort = close_port,
    .pfnGetPrinterDataFromPort = get_printer_data,
    .pfnShutdown = shut_down,
    .pfnSendRecvBidiDataFromPort = send_recv_bidi,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    (void)pMonitorInit;
    *phMonitor = calloc(1, sizeof(struct monitor));
    if (!*phMonitor) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    return &table;
}
