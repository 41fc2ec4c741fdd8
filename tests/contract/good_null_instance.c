/* SPDX-License-Identifier: MIT
 *
 * A port monitor with one instance for the whole process: its handle is NULL and its state stands
 * in globals. It says so: it has no Shutdown, and a cluster's spooler is refused. One port, which
 * prints into the file that the job names.
 */
#include "system.h"
#include "text.h"

static const WCHAR port_name[] = NAME("TOFILE:", "WHERE?");
static const WCHAR monitor_name[] = NAME("Lonely Monitor", "Single Monitor");
static const WCHAR description[] = NAME("Print to file", "Ask the job");
static const WCHAR ui_name[] = NAME("lonelyui.dll", "singleui.dll");

/* Each opening is a port of its own, so that several jobs can be printed to files at once. */
struct port {
    struct channel channel;
    BOOL printing;
    HANDLE printer;
    DWORD job;
};

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)pPorts;
    BYTE *end;

    (void)hMonitor, (void)pName;
    *pcbNeeded = *pcReturned = 0;
    if (Level == 1)
        *pcbNeeded = (DWORD)sizeof(PORT_INFO_1W) + text_bytes(port_name);
    else if (Level == 2)
        *pcbNeeded = (DWORD)sizeof *info + text_bytes(port_name) + text_bytes(monitor_name) +
                     text_bytes(description);
    else
        return fail(ERROR_INVALID_LEVEL);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    end = pPorts + (cbBuf & ~1u);
    info->pPortName = pack(&end, port_name); /* level 1 ends here */
    if (Level == 2) {
        info->pMonitorName = pack(&end, monitor_name);
        info->pDescription = pack(&end, description);
        info->fPortType = PORT_TYPE_WRITE;
        info->Reserved = 0;
    }
    *pcReturned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    static const struct channel closed = CHANNEL_CLOSED;
    struct port *port;

    (void)hMonitor;
    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    if (lstrcmpiW(pName, port_name) != 0)
        return fail(ERROR_UNKNOWN_PORT);
    port = calloc(1, sizeof *port);
    if (!port)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    port->channel = closed;
    *pHandle = port;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;
    const DOC_INFO_1W *info = (const DOC_INFO_1W *)(const void *)pDocInfo;
    DWORD error;

    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (port->printing)
        return TRUE;
    if (!info || !info->pOutputFile || !*info->pOutputFile)
        return fail(ERROR_INVALID_PARAMETER);
    error = channel_open_file(&port->channel, info->pOutputFile);
    if (error)
        return fail(error);
    if (!OpenPrinterW(pPrinterName, &port->printer, NULL)) {
        error = GetLastError();
        channel_close(&port->channel);
        port->printer = NULL;
        return fail(error);
    }
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
    if (!cbBuf)
        return fail(ERROR_TIMEOUT); /* as the sample of the WDK has it (R43) */
    error = channel_write(&port->channel, pBuffer, cbBuf, 1000, pcbWritten);
    return error ? fail(error) : TRUE;
}

static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    (void)hPort, (void)pBuffer, (void)cbBuffer;
    *pcbRead = 0;
    return fail(ERROR_CALL_NOT_IMPLEMENTED);
}

static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;

    if (!port->printing)
        return TRUE;
    port->printing = FALSE;
    channel_close(&port->channel);
    SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    ClosePrinter(port->printer);
    port->printer = NULL;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    end_doc_port(hPort);
    free(hPort);
    return TRUE;
}

/* The handle is the access that was granted; nothing else is there to remember. */
static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    (void)hMonitor, (void)pszObject;
    *phXcv = (HANDLE)(ULONG_PTR)GrantedAccess;
    return TRUE;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    (void)pInputData, (void)cbInputData;
    if (pcbOutputNeeded)
        *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("MonitorUI")) == 0) {
        if (!pcbOutputNeeded)
            return ERROR_INVALID_PARAMETER;
        *pcbOutputNeeded = sizeof ui_name;
        if (cbOutputData < sizeof ui_name)
            return ERROR_INSUFFICIENT_BUFFER;
        memcpy(pOutputData, ui_name, sizeof ui_name);
        return ERROR_SUCCESS;
    }
    if (lstrcmpW(pszDataName, TEXT("AddPort")) != 0 &&
        lstrcmpW(pszDataName, TEXT("DeletePort")) != 0)
        return ERROR_INVALID_PARAMETER;
    return (ULONG_PTR)hXcv & SERVER_ACCESS_ADMINISTER ? ERROR_NOT_SUPPORTED : ERROR_ACCESS_DENIED;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    (void)hXcv;
    return TRUE;
}

static MONITOR2 table = {
    .cbSize = PLATEN_MONITOR2_WINXP,
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
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    if (!pMonitorInit->bLocal) {
        SetLastError(ERROR_NOT_SUPPORTED);
        return NULL;
    }
    *phMonitor = NULL;
    return &table;
}
