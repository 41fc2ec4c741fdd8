/* SPDX-License-Identifier: MIT
 *
 * A port monitor in every mood: each of its ports does one thing that makes a spooler react, and
 * bears the name of it. Between a spooler and this monitor a recorder sees what the spooler does:
 * examples/recording has the questions, doc/recording.md the way. It prints nothing.
 */
#include <platen/winsplp.h>

#include <stdlib.h>

static const WCHAR monitor_name[] = TEXT("Moody Monitor");
static const WCHAR description[] = TEXT("A port that does what its name says");

enum where {
    NOWHERE,
    OPEN,   /* OpenPort says FALSE */
    START,  /* StartDocPort says FALSE */
    WRITE,  /* WritePort takes a share of the bytes, and says FALSE if there is a code */
    END,    /* EndDocPort says FALSE */
    CLOSE,  /* ClosePort says FALSE; the port is closed */
    SILENT, /* EndDocPort tells nobody that the job was sent */
    JOB,    /* the first WritePort calls SetJob with that command */
    STATUS  /* StartDocPort calls SetPort with that severity, EndDocPort clears it */
};

static const struct mood {
    LPCWSTR port;
    enum where where;
    DWORD code;  /* of last-error, SetJob or SetPort */
    DWORD times; /* so many calls of a job are like that; 0: all */
    DWORD share; /* WritePort takes the half (2) or nothing (0) */
} moods[] = {
    {.port = TEXT("WELL:"), .where = NOWHERE},
    {.port = TEXT("OPEN-REFUSED:"), .where = OPEN, .code = ERROR_NOT_READY},
    {.port = TEXT("START-CANCELLED:"), .where = START, .code = ERROR_PRINT_CANCELLED},
    {.port = TEXT("START-REFUSED:"), .where = START, .code = ERROR_NOT_READY},
    {.port = TEXT("WRITE-CANCELLED:"), .where = WRITE, .code = ERROR_PRINT_CANCELLED},
    {.port = TEXT("WRITE-PASSING:"), .where = WRITE, .code = ERROR_OUT_OF_PAPER, .times = 2},
    {.port = TEXT("WRITE-REFUSED:"), .where = WRITE, .code = ERROR_WRITE_FAULT},
    {.port = TEXT("WRITE-NOTHING:"), .where = WRITE, .times = 3},
    {.port = TEXT("WRITE-STALLED:"), .where = WRITE, .times = 10000},
    {.port = TEXT("WRITE-SHORT:"), .where = WRITE, .share = 2},
    {.port = TEXT("WRITE-PART:"),
     .where = WRITE,
     .code = ERROR_OUT_OF_PAPER,
     .times = 1,
     .share = 2},
    {.port = TEXT("END-CANCELLED:"), .where = END, .code = ERROR_PRINT_CANCELLED},
    {.port = TEXT("END-REFUSED:"), .where = END, .code = ERROR_WRITE_FAULT},
    {.port = TEXT("CLOSE-REFUSED:"), .where = CLOSE, .code = ERROR_BUSY},
    {.port = TEXT("NOT-SENT:"), .where = SILENT},
    {.port = TEXT("ASKED-PAUSE:"), .where = JOB, .code = JOB_CONTROL_PAUSE},
    {.port = TEXT("ASKED-RESUME:"), .where = JOB, .code = JOB_CONTROL_RESUME},
    {.port = TEXT("ASKED-CANCEL:"), .where = JOB, .code = JOB_CONTROL_CANCEL},
    {.port = TEXT("ASKED-RESTART:"), .where = JOB, .code = JOB_CONTROL_RESTART},
    {.port = TEXT("ASKED-DELETE:"), .where = JOB, .code = JOB_CONTROL_DELETE},
    {.port = TEXT("PORT-ERROR:"), .where = STATUS, .code = PORT_STATUS_TYPE_ERROR},
    {.port = TEXT("PORT-WARNING:"), .where = STATUS, .code = PORT_STATUS_TYPE_WARNING},
    {.port = TEXT("PORT-INFORMATION:"), .where = STATUS, .code = PORT_STATUS_TYPE_INFO},
};

#define MOODS (sizeof(moods) / sizeof(*moods))

struct monitor {
    BOOL asked[MOODS]; /* SetJob is called once, or a restart would never end */
};

struct port {
    struct monitor *monitor;
    const struct mood *mood;
    BOOL printing;
    HANDLE printer; /* NULL: the spooler did not open it for us, so nobody is told (R37) */
    DWORD job;
    DWORD calls; /* of WritePort, in this job */
};

struct xcv {
    ACCESS_MASK access;
};

static BOOL fail(DWORD error)
{
    SetLastError(error);
    return FALSE;
}

/* --- the list of ports ----------------------------------------------------------------------- */

static DWORD text_bytes(LPCWSTR text)
{
    return (DWORD)((lstrlenW(text) + 1) * sizeof(WCHAR));
}

static LPWSTR pack(BYTE **end, LPCWSTR text)
{
    *end -= text_bytes(text);
    return lstrcpynW((LPWSTR)(void *)*end, text, lstrlenW(text) + 1);
}

static DWORD room_for(DWORD level)
{
    DWORD size = 0;
    for (size_t i = 0; i < MOODS; i++) {
        size += text_bytes(moods[i].port);
        size += level == 1 ? (DWORD)sizeof(PORT_INFO_1W)
                           : (DWORD)sizeof(PORT_INFO_2W) + text_bytes(monitor_name) +
                                 text_bytes(description);
    }
    return size;
}

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    BYTE *end;

    (void)hMonitor, (void)pName;
    *pcReturned = 0;
    *pcbNeeded = 0;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    *pcbNeeded = room_for(Level);
    if (cbBuf < *pcbNeeded)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    end = pPorts + (cbBuf & ~1u);
    for (size_t i = 0; i < MOODS; i++) {
        if (Level == 1) {
            PORT_INFO_1W *info = (PORT_INFO_1W *)(void *)pPorts + i;
            info->pName = pack(&end, moods[i].port);
        } else {
            PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)pPorts + i;
            info->pPortName = pack(&end, moods[i].port);
            info->pMonitorName = pack(&end, monitor_name);
            info->pDescription = pack(&end, description);
            info->fPortType = PORT_TYPE_WRITE;
            info->Reserved = 0;
        }
    }
    *pcReturned = MOODS;
    return TRUE;
}

/* --- a port ---------------------------------------------------------------------------------- */

static const struct mood *mood_of(LPCWSTR port)
{
    for (size_t i = 0; port && i < MOODS; i++) {
        if (lstrcmpiW(port, moods[i].port) == 0)
            return &moods[i];
    }
    return NULL;
}

static BOOL is(const struct port *port, enum where where)
{
    return port->mood->where == where;
}

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    const struct mood *mood = mood_of(pName);
    struct port *port;

    *pHandle = NULL;
    if (!mood)
        return fail(ERROR_UNKNOWN_PORT);
    if (mood->where == OPEN)
        return fail(mood->code);
    port = calloc(1, sizeof(*port));
    if (!port)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    port->monitor = hMonitor;
    port->mood = mood;
    *pHandle = port;
    return TRUE;
}

/* Paper is out, as an error, a warning or an information; or nothing is. */
static void tell_status(const struct port *port, DWORD status)
{
    PORT_INFO_3W info = {.dwStatus = status, .dwSeverity = status ? port->mood->code : 0};
    WCHAR name[64];
    lstrcpynW(name, port->mood->port, 64);
    SetPortW(NULL, name, 3, (LPBYTE)&info);
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;

    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    if (!pDocInfo)
        return fail(ERROR_INVALID_PARAMETER);
    if (is(port, START))
        return fail(port->mood->code);
    if (port->printing)
        return TRUE;
    if (is(port, STATUS))
        tell_status(port, PORT_STATUS_PAPER_OUT);
    if (!pPrinterName || !OpenPrinterW(pPrinterName, &port->printer, NULL))
        port->printer = NULL;
    port->job = JobId;
    port->calls = 0;
    port->printing = TRUE;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    const struct mood *mood = port->mood;

    (void)pBuffer;
    *pcbWritten = 0;
    if (!port->printing)
        return fail(ERROR_INVALID_HANDLE);
    port->calls++;
    if (mood->where == WRITE && (mood->times == 0 || port->calls <= mood->times)) {
        *pcbWritten = mood->share ? cbBuf / mood->share + cbBuf % mood->share : 0;
        return mood->code ? fail(mood->code) : TRUE;
    }
    if (mood->where == JOB && port->printer && !port->monitor->asked[mood - moods]) {
        port->monitor->asked[mood - moods] = TRUE;
        SetJobW(port->printer, port->job, 0, NULL, mood->code);
    }
    *pcbWritten = cbBuf;
    return TRUE;
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
    BOOL bad = port->printing && is(port, END);

    if (port->printing && is(port, STATUS))
        tell_status(port, 0);
    if (port->printer) {
        if (!bad && !is(port, SILENT))
            SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        ClosePrinter(port->printer);
        port->printer = NULL;
    }
    port->printing = FALSE;
    return bad ? fail(port->mood->code) : TRUE;
}

static BOOL WINAPI close_port(HANDLE hPort)
{
    struct port *port = hPort;
    DWORD error = is(port, CLOSE) ? port->mood->code : 0;

    end_doc_port(port);
    free(port);
    return error ? fail(error) : TRUE;
}

/* --- configuration: the ports are what they are ---------------------------------------------- */

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
    (void)pMonitorInit; /* nothing is stored */
    *phMonitor = calloc(1, sizeof(struct monitor));
    if (!*phMonitor) {
        SetLastError(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    return &table;
}
