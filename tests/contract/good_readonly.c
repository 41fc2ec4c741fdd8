/* SPDX-License-Identifier: MIT
 *
 * A port monitor that can only be looked at: nothing is added, deleted or stored, and EnumPorts
 * knows level 1 alone. Its ports are names for files in the working folder.
 */
#include "system.h"
#include "text.h"

static LPCWSTR const names[] = {NAME("spool/a", "spool.1"), NAME("spool/b", "spool.2")};
static LPCWSTR const files[] = {TEXT("readonly-a.out"), TEXT("readonly-b.out")};
static const WCHAR ui_name[] = NAME("readonlyui.dll", "lookui.dll");

#define PORTS (sizeof names / sizeof *names)

struct port {
    size_t number;
    struct channel channel;
    HANDLE printer;
    DWORD job;
};

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    PORT_INFO_1W *info = (PORT_INFO_1W *)(void *)pPorts;
    BYTE *end;

    (void)hMonitor, (void)pName;
    *pcbNeeded = *pcReturned = 0;
    if (Level != 1)
        return fail(ERROR_INVALID_LEVEL);
    for (size_t i = 0; i < PORTS; i++)
        *pcbNeeded += (DWORD)sizeof *info + text_bytes(names[i]);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    end = pPorts + (cbBuf & ~1u);
    for (size_t i = 0; i < PORTS; i++)
        info[i].pName = pack(&end, names[i]);
    *pcReturned = PORTS;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    static const struct channel closed = CHANNEL_CLOSED;
    size_t i = 0;
    struct port *port;

    (void)hMonitor;
    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    while (i < PORTS && lstrcmpiW(pName, names[i]) != 0)
        i++;
    if (i == PORTS)
        return fail(ERROR_UNKNOWN_PORT);
    port = calloc(1, sizeof *port);
    if (!port)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    port->number = i;
    port->channel = closed;
    *pHandle = port;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;
    DWORD error;

    (void)pDocInfo;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (channel_is_open(&port->channel))
        return TRUE;
    error = channel_open_file(&port->channel, files[port->number]);
    if (error)
        return fail(error);
    port->job = JobId;
    if (!OpenPrinterW(pPrinterName, &port->printer, NULL))
        port->printer = NULL;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    DWORD error;

    *pcbWritten = 0;
    if (!channel_is_open(&port->channel))
        return fail(ERROR_SPL_NO_STARTDOC);
    if (!cbBuf)
        return TRUE;
    error = channel_write(&port->channel, pBuffer, cbBuf, 1000, pcbWritten);
    return error ? fail(error) : TRUE;
}

static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    (void)hPort, (void)pBuffer, (void)cbBuffer;
    *pcbRead = 0;
    return fail(ERROR_INVALID_HANDLE);
}

static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;

    if (!channel_is_open(&port->channel))
        return TRUE;
    channel_close(&port->channel);
    if (port->printer) {
        SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(port->printer);
    }
    port->printer = NULL;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    end_doc_port(hPort);
    free(hPort);
    return TRUE;
}

static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    (void)pszObject, (void)GrantedAccess;
    *phXcv = hMonitor;
    return TRUE;
}

/* AddPort and DeletePort need a right that nobody has: nothing changes here. */
static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    DWORD unwanted;

    (void)hXcv, (void)pInputData, (void)cbInputData;
    if (!pcbOutputNeeded)
        pcbOutputNeeded = &unwanted;
    *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("AddPort")) == 0 ||
        lstrcmpW(pszDataName, TEXT("DeletePort")) == 0)
        return ERROR_ACCESS_DENIED;
    if (lstrcmpW(pszDataName, TEXT("MonitorUI")) != 0)
        return ERROR_INVALID_PARAMETER;
    *pcbOutputNeeded = sizeof ui_name;
    if (cbOutputData < sizeof ui_name)
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(pOutputData, ui_name, sizeof ui_name);
    return ERROR_SUCCESS;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    (void)hXcv;
    return TRUE;
}

static VOID WINAPI shut_down(HANDLE hMonitor)
{
    free(hMonitor);
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
    .pfnShutdown = shut_down,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    (void)pMonitorInit;
    *phMonitor = malloc(1);
    if (!*phMonitor) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    return &table;
}
