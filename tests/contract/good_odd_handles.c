/* SPDX-License-Identifier: MIT
 *
 * A port monitor whose handles are numbers, not pointers: NULL is among them, and odd values are.
 * Whoever opens a port again while it is open is told that it is busy.
 */
#include "system.h"
#include "text.h"

#define INSTANCES 16
#define PORTS     3

static const WCHAR monitor_name[] = NAME("Odd Monitor", "Queer Monitor");
static const WCHAR ui_name[] = NAME("oddui.dll", "queerui.dll");
static LPCWSTR const names[PORTS] = {NAME("one", "I"), NAME("two", "II"), NAME("three", "III")};
static LPCWSTR const files[PORTS] = {TEXT("one.odd"), TEXT("two.odd"), TEXT("three.odd")};

static struct port {
    BOOL open;
    BOOL printing;
    struct channel channel;
    HANDLE printer;
    DWORD job;
} ports[INSTANCES][PORTS];

static volatile LONG instances; /* one bit each */

/* An instance's handle is its number; a port's is the instance's times 4, and its own. */
static struct port *port_of(HANDLE handle)
{
    return &ports[(ULONG_PTR)handle / 4][(ULONG_PTR)handle % 4];
}

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    const DWORD row = Level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    BYTE *end;

    (void)hMonitor, (void)pName;
    *pcbNeeded = *pcReturned = 0;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    for (int i = 0; i < PORTS; i++)
        *pcbNeeded += row + text_bytes(names[i]) + (Level == 2 ? 2 * text_bytes(monitor_name) : 0);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    end = pPorts + (cbBuf & ~1u);
    for (int i = PORTS - 1; i >= 0; i--) {
        PORT_INFO_2W info = {.pPortName = pack(&end, names[i])};
        if (Level == 2) {
            info.pMonitorName = pack(&end, monitor_name);
            info.pDescription = pack(&end, monitor_name);
        }
        memcpy(pPorts + (DWORD)i * row, &info, row);
    }
    *pcReturned = PORTS;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    ULONG_PTR number = 0;
    struct port *port;

    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    while (number < PORTS && lstrcmpiW(names[number], pName) != 0)
        number++;
    if (number == PORTS)
        return fail(ERROR_UNKNOWN_PORT);
    number += 4 * (ULONG_PTR)hMonitor;
    port = port_of((HANDLE)number);
    if (port->open)
        return fail(ERROR_BUSY);
    port->open = TRUE;
    *pHandle = (HANDLE)number;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = port_of(hPort);
    DWORD error;

    (void)pDocInfo;
    if (Level < 1 || Level > 2)
        return fail(ERROR_INVALID_LEVEL);
    if (port->printing)
        return fail(ERROR_BUSY);
    error = channel_open_file(&port->channel, files[(ULONG_PTR)hPort % 4]);
    if (error)
        return fail(error);
    if (!OpenPrinterW(pPrinterName, &port->printer, NULL))
        port->printer = INVALID_HANDLE_VALUE;
    port->job = JobId;
    port->printing = TRUE;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = port_of(hPort);
    DWORD error;

    *pcbWritten = 0;
    if (!port->printing)
        return fail(ERROR_INVALID_HANDLE);
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
    struct port *port = port_of(hPort);

    if (!port->printing)
        return TRUE;
    port->printing = FALSE;
    channel_close(&port->channel);
    if (port->printer == INVALID_HANDLE_VALUE)
        return TRUE;
    SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    ClosePrinter(port->printer);
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    end_doc_port(hPort);
    port_of(hPort)->open = FALSE;
    return TRUE;
}

/* The access, shifted so that another bit is the lowest one. */
static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    (void)hMonitor, (void)pszObject;
    *phXcv = (HANDLE)(((ULONG_PTR)GrantedAccess << 1) + 1);
    return TRUE;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    (void)pInputData, (void)cbInputData;
    if (!pcbOutputNeeded || !pszDataName)
        return ERROR_INVALID_PARAMETER;
    *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("AddPort")) == 0 ||
        lstrcmpW(pszDataName, TEXT("DeletePort")) == 0)
        return ((ULONG_PTR)hXcv >> 1) & SERVER_ACCESS_ADMINISTER ? ERROR_NOT_SUPPORTED
                                                                 : ERROR_ACCESS_DENIED;
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
    for (ULONG_PTR i = 0; i < PORTS; i++)
        close_port((HANDLE)(4 * (ULONG_PTR)hMonitor + i));
    instances &= ~(1 << (ULONG_PTR)hMonitor);
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
    .pfnShutdown = shut_down,
};

/* The first instance is 0: its handle, and that of its first port, is NULL. */
LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    ULONG_PTR number = 0;

    (void)pMonitorInit;
    while (number < INSTANCES && instances & 1 << number)
        number++;
    if (number == INSTANCES) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    instances |= 1 << number;
    *phMonitor = (HANDLE)number;
    return &table;
}
