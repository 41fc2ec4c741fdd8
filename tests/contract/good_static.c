/* SPDX-License-Identifier: MIT
 *
 * A port monitor with a fixed table of ports. Each writes into a file of its own in the working
 * folder. A port may be opened more than once; only one of its handles can print at a time.
 */
#include "system.h"
#include "text.h"

static const WCHAR monitor_name[] = NAME("Static Monitor", "Fixed Monitor");
static const WCHAR ui_name[] = NAME("staticui.dll", "fixedui.dll");

static const struct place {
    LPCWSTR name;
    LPCWSTR description;
    LPCWSTR file;
} places[] = {
    {NAME("STATIC1:", "Left bin"), NAME("The first file", "Left"), NAME("static1.prn", "left.out")},
    {NAME("STATIC2:", "Right bin"), NAME("The second file", "R"), NAME("static2.prn", "right.out")},
};

#define PLACES (sizeof places / sizeof *places)

struct monitor {
    unsigned opened;
};

struct port {
    const struct place *place;
    struct channel channel;
    BOOL printing;
    HANDLE printer; /* NULL: the spooler did not open it for us, so nobody is told (R37) */
    DWORD job;
};

/* ---- the list -------------------------------------------------------------------------------- */

static DWORD needed_at(DWORD level)
{
    DWORD needed = 0;
    for (size_t i = 0; i < PLACES; i++)
        needed += text_bytes(places[i].name) +
                  (level == 1 ? (DWORD)sizeof(PORT_INFO_1W)
                              : (DWORD)sizeof(PORT_INFO_2W) + text_bytes(monitor_name) +
                                    text_bytes(places[i].description));
    return needed;
}

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    PORT_INFO_1W *first = (PORT_INFO_1W *)(void *)pPorts;
    PORT_INFO_2W *second = (PORT_INFO_2W *)(void *)pPorts;
    BYTE *end;

    (void)hMonitor, (void)pName;
    *pcbNeeded = 0;
    *pcReturned = 0;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    *pcbNeeded = needed_at(Level);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    end = pPorts + (cbBuf & ~1u);
    for (size_t i = 0; i < PLACES && Level == 1; i++)
        first[i].pName = pack(&end, places[i].name);
    for (size_t i = 0; i < PLACES && Level == 2; i++) {
        second[i].pPortName = pack(&end, places[i].name);
        second[i].pMonitorName = pack(&end, monitor_name);
        second[i].pDescription = pack(&end, places[i].description);
        second[i].fPortType = PORT_TYPE_WRITE;
        second[i].Reserved = 0;
    }
    *pcReturned = PLACES;
    return TRUE;
}

/* ---- ports and jobs -------------------------------------------------------------------------- */

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    static const struct channel closed = CHANNEL_CLOSED;
    size_t i = 0;
    struct port *port;

    (void)hMonitor;
    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    while (i < PLACES && lstrcmpiW(pName, places[i].name) != 0)
        i++;
    if (i == PLACES)
        return fail(ERROR_UNKNOWN_PORT);
    port = calloc(1, sizeof *port);
    if (!port)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    port->place = &places[i];
    port->channel = closed;
    *pHandle = port;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;
    DWORD error;

    (void)pDocInfo; /* the target is the port's */
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (port->printing)
        return fail(ERROR_BUSY);
    if (!OpenPrinterW(pPrinterName, &port->printer, NULL)) {
        port->printer = NULL;
        return FALSE; /* the last-error is the spooler's */
    }
    error = channel_open_file(&port->channel, port->place->file);
    if (error) {
        ClosePrinter(port->printer);
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
    if (cbBuf == 0)
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

/* ---- Xcv: there is nothing to add or delete -------------------------------------------------- */

static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    ACCESS_MASK *access = malloc(sizeof *access);

    (void)hMonitor, (void)pszObject;
    *phXcv = access;
    if (!access)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    *access = GrantedAccess;
    return TRUE;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    const ACCESS_MASK *access = hXcv;
    DWORD unwanted;

    (void)pInputData, (void)cbInputData;
    if (!pcbOutputNeeded)
        pcbOutputNeeded = &unwanted;
    *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("MonitorUI")) == 0) {
        *pcbOutputNeeded = sizeof ui_name;
        if (!pOutputData || cbOutputData < sizeof ui_name)
            return ERROR_INSUFFICIENT_BUFFER;
        memcpy(pOutputData, ui_name, sizeof ui_name);
        return ERROR_SUCCESS;
    }
    if (lstrcmpW(pszDataName, TEXT("AddPort")) == 0 ||
        lstrcmpW(pszDataName, TEXT("DeletePort")) == 0)
        return *access & SERVER_ACCESS_ADMINISTER ? ERROR_NOT_SUPPORTED : ERROR_ACCESS_DENIED;
    return ERROR_INVALID_PARAMETER;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    free(hXcv);
    return TRUE;
}

/* ---- the table ------------------------------------------------------------------------------- */

static VOID WINAPI shut_down(HANDLE hMonitor)
{
    free(hMonitor);
}

static MONITOR2 table = {
    .cbSize = PLATEN_MONITOR2_WIN7,
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
    (void)pMonitorInit; /* nothing is kept */
    *phMonitor = calloc(1, sizeof(struct monitor));
    if (!*phMonitor) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    return &table;
}
