/* SPDX-License-Identifier: MIT
 *
 * The smallest complete port monitor: one port, "MINIMAL:", which takes what is printed and drops
 * it. The same source is minimal.so on Linux and minimal.dll on Windows:
 *
 *     cc -shared -fPIC -o minimal.so minimal.c
 *     platen print --monitor ./minimal.so --port MINIMAL: letter.prn
 *
 * To make it a monitor of your own, begin with open_device, send_bytes and close_device.
 */
#include <platen/winsplp.h>

#include <stdlib.h>

static const WCHAR port_name[] = TEXT("MINIMAL:");
static const WCHAR monitor_name[] = TEXT("Minimal Monitor");
static const WCHAR description[] = TEXT("A port that drops what it is given");

/* One instance for each spooler that calls InitializePrintMonitor2 (R7). */
struct monitor {
    struct port *port; /* the open port, or NULL */
};

struct port {
    struct monitor *monitor;
    BOOL printing;
    HANDLE printer; /* NULL: the spooler did not open it for us, so nobody is told (R37) */
    DWORD job;
    ULONGLONG bytes;
};

struct xcv {
    ACCESS_MASK access;
};

/* --- the device ------------------------------------------------------------------------------ */

static DWORD open_device(struct port *port)
{
    port->bytes = 0;
    return ERROR_SUCCESS;
}

/* At once, or until the device's own deadline: WritePort never waits for ever (R40). */
static DWORD send_bytes(struct port *port, const BYTE *data, DWORD size, DWORD *sent)
{
    (void)data;
    port->bytes += size;
    *sent = size;
    return ERROR_SUCCESS;
}

static void close_device(struct port *port)
{
    (void)port;
}

/* --- the list of ports ----------------------------------------------------------------------- */

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

static DWORD text_bytes(LPCWSTR text)
{
    return (DWORD)((lstrlenW(text) + 1) * sizeof(WCHAR));
}

/* Strings are packed against the end of the caller's buffer, not behind the array (R15, D1). */
static LPWSTR pack(BYTE **end, LPCWSTR text)
{
    *end -= text_bytes(text);
    return lstrcpynW((LPWSTR)(void *)*end, text, lstrlenW(text) + 1);
}

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BYTE *end;

    (void)hMonitor, (void)pName;
    *pcReturned = 0;
    *pcbNeeded = 0;
    if (Level == 1)
        *pcbNeeded = (DWORD)sizeof(PORT_INFO_1W) + text_bytes(port_name);
    else if (Level == 2)
        *pcbNeeded = (DWORD)sizeof(PORT_INFO_2W) + text_bytes(port_name) +
                     text_bytes(monitor_name) + text_bytes(description);
    else
        return fail(ERROR_INVALID_LEVEL);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);

    end = pPorts + (cbBuf & ~1u);
    if (Level == 1) {
        PORT_INFO_1W *info = (PORT_INFO_1W *)(void *)pPorts;
        info->pName = pack(&end, port_name);
    } else {
        PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)pPorts;
        info->pPortName = pack(&end, port_name);
        info->pMonitorName = pack(&end, monitor_name);
        info->pDescription = pack(&end, description);
        info->fPortType = PORT_TYPE_WRITE;
        info->Reserved = 0;
    }
    *pcReturned = 1;
    return TRUE;
}

/* --- a port ---------------------------------------------------------------------------------- */

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    struct monitor *monitor = hMonitor;
    struct port *port;

    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    if (lstrcmpiW(pName, port_name) != 0)
        return fail(ERROR_UNKNOWN_PORT);
    if (monitor->port)
        return fail(ERROR_BUSY);
    port = calloc(1, sizeof(*port));
    if (!port)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    port->monitor = monitor;
    monitor->port = port;
    *pHandle = port;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;
    DWORD error;

    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (!pDocInfo)
        return fail(ERROR_INVALID_PARAMETER);
    if (port->printing)
        return TRUE; /* without effect on the job that is printing (R34) */
    error = open_device(port);
    if (error)
        return fail(error);
    if (!pPrinterName || !OpenPrinterW(pPrinterName, &port->printer, NULL))
        port->printer = NULL;
    port->job = JobId;
    port->printing = TRUE;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    DWORD error;

    *pcbWritten = 0;
    if (!port->printing)
        return fail(ERROR_INVALID_HANDLE);
    error = send_bytes(port, pBuffer, cbBuf, pcbWritten);
    return error ? fail(error) : TRUE;
}

/* There is no way back from nowhere (R48). */
static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    (void)hPort, (void)pBuffer, (void)cbBuffer;
    *pcbRead = 0;
    return fail(ERROR_INVALID_HANDLE);
}

static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;

    if (!port->printing)
        return TRUE;
    close_device(port);
    if (port->printer) {
        SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(port->printer);
        port->printer = NULL;
    }
    port->printing = FALSE;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    struct port *port = hPort;

    end_doc_port(port);
    port->monitor->port = NULL;
    free(port);
    return TRUE;
}

/* --- configuration: there is nothing to configure -------------------------------------------- */

static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    struct xcv *xcv = malloc(sizeof(*xcv));

    (void)hMonitor, (void)pszObject;
    *phXcv = xcv;
    if (!xcv)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    xcv->access = GrantedAccess;
    return TRUE;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    const struct xcv *xcv = hXcv;

    (void)pInputData, (void)cbInputData, (void)pOutputData, (void)cbOutputData;
    if (pcbOutputNeeded)
        *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("AddPort")) != 0 &&
        lstrcmpW(pszDataName, TEXT("DeletePort")) != 0)
        return ERROR_INVALID_PARAMETER;
    if (!(xcv->access & SERVER_ACCESS_ADMINISTER))
        return ERROR_ACCESS_DENIED;
    return ERROR_NOT_SUPPORTED;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    free(hXcv);
    return TRUE;
}

/* --- the table ------------------------------------------------------------------------------- */

static VOID WINAPI shutdown_monitor(HANDLE hMonitor)
{
    free(hMonitor);
}

static MONITOR2 table = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = enum_ports,
    .pfnOpenPort = open_port,
    .pfnStartDocPort = start_doc_port,
    .pfnWritePort = write_port,
    .pfnReadPort = read_port,
    .pfnEndDocPort = end_doc_port,
    .pfnClosePort = close_port,
    .pfnXcvOpenPort = xcv_open_port,
    .pfnXcvDataPort = xcv_data_port,
    .pfnXcvClosePort = xcv_close_port,
    .pfnShutdown = shutdown_monitor,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    (void)pMonitorInit; /* nothing is stored, so the registry is not needed */
    *phMonitor = calloc(1, sizeof(struct monitor));
    if (!*phMonitor) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    return &table;
}
