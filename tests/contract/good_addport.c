/* SPDX-License-Identifier: MIT
 *
 * A port monitor without ports, until one is added. The name of a port is the path of the file that
 * it writes; all names together are one REG_MULTI_SZ, written anew at each change. Whoever opens a
 * port that is open gets the same handle again.
 */
#include "system.h"
#include "text.h"

#define LONGEST 200
#define MOST    64

/* How MONITORINIT is remembered: as a copy (R8), unless this file is included by another style. */
#ifndef REMEMBER
#    define REMEMBER(monitor, given) ((monitor)->copy = *(given), &(monitor)->copy)
#endif

static const WCHAR monitor_name[] = NAME("Adding Monitor", "Growing Monitor");
static const WCHAR description[] = NAME("File", "A file, wherever");
static const WCHAR ui_name[] = NAME("addingui.dll", "growingui.dll");
static const WCHAR value_name[] = NAME("Ports", "Files");

struct port {
    struct monitor *monitor;
    WCHAR name[LONGEST + 1];
    unsigned opened; /* how often */
    struct channel channel;
    BOOL printing;
    HANDLE printer;
    DWORD job;
};

struct monitor {
    MONITORINIT copy;
    const MONITORINIT *init;
    system_lock lock; /* of the list */
    struct port *ports[MOST];
    DWORD count;
    BOOL changing; /* one at a time, and without the lock while the store is asked */
};

/* ---- the list and the store ------------------------------------------------------------------ */

/* With the lock. */
static struct port **find_port(struct monitor *monitor, LPCWSTR name)
{
    for (DWORD i = 0; i < monitor->count; i++)
        if (lstrcmpiW(monitor->ports[i]->name, name) == 0)
            return &monitor->ports[i];
    return NULL;
}

static struct port *make_port(struct monitor *monitor, LPCWSTR name)
{
    static const struct channel closed = CHANNEL_CLOSED;
    struct port *port = calloc(1, sizeof *port);
    if (port) {
        port->monitor = monitor;
        port->channel = closed;
        lstrcpynW(port->name, name, LONGEST + 1);
    }
    return port;
}

/* All names but `without`, and `with`. */
static DWORD store(struct monitor *monitor, const struct port *without, LPCWSTR with)
{
    const MONITORREG *reg = monitor->init->pMonitorReg;
    WCHAR *list = calloc(MOST + 1, (LONGEST + 1) * sizeof(WCHAR));
    DWORD units = 0;
    LONG error;

    if (!list)
        return ERROR_NOT_ENOUGH_MEMORY;
    for (DWORD i = 0; i < monitor->count; i++) {
        if (monitor->ports[i] == without)
            continue;
        lstrcpynW(list + units, monitor->ports[i]->name, LONGEST + 1);
        units += (DWORD)lstrlenW(monitor->ports[i]->name) + 1;
    }
    if (with) {
        lstrcpynW(list + units, with, LONGEST + 1);
        units += (DWORD)lstrlenW(with) + 1;
    }
    error = reg->fpSetValue(monitor->init->hckRegistryRoot, value_name, REG_MULTI_SZ,
                            (const BYTE *)list, (units + 1) * (DWORD)sizeof(WCHAR),
                            monitor->init->hSpooler);
    free(list);
    return (DWORD)error;
}

/* What is no name of a port is left out (R9). The list has two NULs behind it. */
static void take_names(struct monitor *monitor, LPCWSTR list, LPCWSTR end)
{
    for (; list < end && *list && monitor->count < MOST; list += lstrlenW(list) + 1) {
        struct port *port;
        if (lstrlenW(list) > LONGEST || find_port(monitor, list))
            continue;
        port = make_port(monitor, list);
        if (port)
            monitor->ports[monitor->count++] = port;
    }
}

static DWORD load(struct monitor *monitor)
{
    const MONITORREG *reg = monitor->init->pMonitorReg;
    DWORD type = REG_NONE, room = MOST * (LONGEST + 1) * sizeof(WCHAR), size = room;
    BYTE *list = calloc(1, room + 4);
    LONG error;

    if (!list)
        return ERROR_NOT_ENOUGH_MEMORY;
    error = reg->fpQueryValue(monitor->init->hckRegistryRoot, value_name, &type, list, &size,
                              monitor->init->hSpooler);
    if (!error && type == REG_MULTI_SZ && size <= room) {
        memset(list + (size & ~1u), 0, 4);
        take_names(monitor, (LPCWSTR)(void *)list, (LPCWSTR)(void *)(list + (size & ~1u)));
    }
    free(list);
    if (error == ERROR_FILE_NOT_FOUND || error == ERROR_MORE_DATA ||
        error == ERROR_CALL_NOT_IMPLEMENTED)
        return ERROR_SUCCESS;
    return (DWORD)error;
}

/* Who changes the list waits for whoever is changing it; who reads it does not. */
static void begin_change(struct monitor *monitor)
{
    system_lock_take(&monitor->lock);
    while (monitor->changing) {
        system_lock_leave(&monitor->lock);
        system_sleep(1);
        system_lock_take(&monitor->lock);
    }
    monitor->changing = TRUE;
    system_lock_leave(&monitor->lock);
}

static DWORD add_port(struct monitor *monitor, LPCWSTR name)
{
    struct port *port = NULL;
    DWORD error = ERROR_SUCCESS;

    begin_change(monitor);
    if (find_port(monitor, name))
        error = ERROR_ALREADY_EXISTS;
    else if (monitor->count == MOST || (port = make_port(monitor, name)) == NULL)
        error = ERROR_NOT_ENOUGH_MEMORY;
    else
        error = store(monitor, NULL, name);
    system_lock_take(&monitor->lock);
    if (!error)
        monitor->ports[monitor->count++] = port;
    monitor->changing = FALSE;
    system_lock_leave(&monitor->lock);
    if (error)
        free(port);
    return error;
}

static DWORD delete_port(struct monitor *monitor, LPCWSTR name)
{
    struct port **at, *port = NULL;
    DWORD error = ERROR_FILE_NOT_FOUND;

    begin_change(monitor);
    at = find_port(monitor, name);
    if (at)
        port = *at;
    if (port)
        error = port->opened ? ERROR_BUSY : store(monitor, port, NULL);
    system_lock_take(&monitor->lock);
    if (!error && port->opened)
        error = ERROR_BUSY; /* opened meanwhile */
    if (!error)
        memmove(at, at + 1,
                (size_t)(monitor->ports + monitor->count-- - at - 1) * sizeof *monitor->ports);
    monitor->changing = FALSE;
    system_lock_leave(&monitor->lock);
    if (!error)
        free(port);
    return error;
}

/* ---- EnumPorts ------------------------------------------------------------------------------- */

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    struct monitor *monitor = hMonitor;
    const DWORD row = Level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    const DWORD more = Level == 1 ? 0 : text_bytes(monitor_name) + text_bytes(description);
    BOOL fits;

    (void)pName;
    *pcbNeeded = 0;
    *pcReturned = 0;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    system_lock_take(&monitor->lock);
    for (DWORD i = 0; i < monitor->count; i++)
        *pcbNeeded += row + more + text_bytes(monitor->ports[i]->name);
    fits = cbBuf >= *pcbNeeded;
    if (fits && monitor->count) {
        BYTE *end = pPorts + (cbBuf & ~1u);
        *pcReturned = monitor->count;
        for (DWORD i = 0; i < monitor->count; i++) {
            PORT_INFO_2W info = {.fPortType = PORT_TYPE_WRITE};
            info.pPortName = pack(&end, monitor->ports[i]->name);
            if (Level == 2) {
                info.pMonitorName = pack(&end, monitor_name);
                info.pDescription = pack(&end, description);
            }
            memcpy(pPorts + i * row, &info, row); /* level 1 is level 2's beginning */
        }
    }
    system_lock_leave(&monitor->lock);
    return fits ? TRUE : fail(ERROR_INSUFFICIENT_BUFFER);
}

/* ---- ports and jobs -------------------------------------------------------------------------- */

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    struct monitor *monitor = hMonitor;
    struct port **at;

    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    system_lock_take(&monitor->lock);
    at = find_port(monitor, pName);
    if (at) {
        (*at)->opened++;
        *pHandle = *at;
    }
    system_lock_leave(&monitor->lock);
    return at ? TRUE : fail(ERROR_UNKNOWN_PORT);
}

static BOOL WINAPI start_doc_port(HANDLE hPort, LPWSTR pPrinterName, DWORD JobId, DWORD Level,
                                  LPBYTE pDocInfo)
{
    struct port *port = hPort;
    DWORD error;

    (void)pDocInfo;
    if (Level != 1)
        return fail(ERROR_INVALID_LEVEL);
    if (port->printing)
        return TRUE;
    error = channel_open_file(&port->channel, port->name);
    if (error)
        return fail(error);
    if (!OpenPrinterW(pPrinterName, &port->printer, NULL))
        port->printer = NULL;
    port->job = JobId;
    port->printing = TRUE;
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuf, LPDWORD pcbWritten)
{
    struct port *port = hPort;
    DWORD error = ERROR_SUCCESS, moved = 1;

    *pcbWritten = 0;
    if (!port->printing)
        return fail(ERROR_INVALID_HANDLE);
    while (*pcbWritten < cbBuf && moved && !error) {
        error =
            channel_write(&port->channel, pBuffer + *pcbWritten, cbBuf - *pcbWritten, 1000, &moved);
        *pcbWritten += moved;
    }
    return error ? fail(error) : TRUE;
}

static BOOL WINAPI read_port(HANDLE hPort, LPBYTE pBuffer, DWORD cbBuffer, LPDWORD pcbRead)
{
    (void)hPort, (void)pBuffer, (void)cbBuffer;
    *pcbRead = 0;
    return fail(ERROR_NOT_SUPPORTED);
}

static BOOL WINAPI end_doc_port(HANDLE hPort)
{
    struct port *port = hPort;

    if (!port->printing)
        return TRUE;
    port->printing = FALSE;
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
    struct port *port = hPort;
    struct monitor *monitor = port->monitor;

    if (port->opened == 1)
        end_doc_port(port);
    system_lock_take(&monitor->lock);
    port->opened--;
    system_lock_leave(&monitor->lock);
    return TRUE;
}

/* ---- Xcv ------------------------------------------------------------------------------------- */

struct xcv {
    struct monitor *monitor;
    ACCESS_MASK access;
};

static BOOL WINAPI xcv_open_port(HANDLE hMonitor, LPCWSTR pszObject, ACCESS_MASK GrantedAccess,
                                 PHANDLE phXcv)
{
    struct xcv *xcv = malloc(sizeof *xcv);

    (void)pszObject;
    *phXcv = xcv;
    if (!xcv)
        return fail(ERROR_NOT_ENOUGH_MEMORY);
    *xcv = (struct xcv){hMonitor, GrantedAccess};
    return TRUE;
}

/* A name is text that ends where the input ends, as the Local Port of Windows wants it. */
static DWORD take_name(const BYTE *input, DWORD size, WCHAR *name)
{
    if (!input || size < sizeof(WCHAR) || size % sizeof(WCHAR))
        return ERROR_INVALID_PARAMETER;
    if (size > (LONGEST + 1) * sizeof(WCHAR))
        return ERROR_INVALID_NAME;
    memcpy(name, input, size);
    if (name[size / sizeof(WCHAR) - 1])
        return ERROR_INVALID_PARAMETER;
    return text_bytes(name) == size ? ERROR_SUCCESS : ERROR_INVALID_PARAMETER;
}

static DWORD change(struct xcv *xcv, BOOL add, const BYTE *input, DWORD size)
{
    WCHAR name[LONGEST + 1];
    DWORD error = ERROR_ACCESS_DENIED;

    if (xcv->access & SERVER_ACCESS_ADMINISTER)
        error = take_name(input, size, name);
    if (error)
        return error;
    if (!add)
        return delete_port(xcv->monitor, name);
    for (LPCWSTR at = name; *at; at++)
        if (*at < ' ')
            return ERROR_INVALID_NAME;
    return *name ? add_port(xcv->monitor, name) : ERROR_INVALID_NAME;
}

static DWORD WINAPI xcv_data_port(HANDLE hXcv, LPCWSTR pszDataName, PBYTE pInputData,
                                  DWORD cbInputData, PBYTE pOutputData, DWORD cbOutputData,
                                  PDWORD pcbOutputNeeded)
{
    if (!pszDataName || !pcbOutputNeeded)
        return ERROR_INVALID_PARAMETER;
    *pcbOutputNeeded = 0;
    if (lstrcmpW(pszDataName, TEXT("AddPort")) == 0)
        return change(hXcv, TRUE, pInputData, cbInputData);
    if (lstrcmpW(pszDataName, TEXT("DeletePort")) == 0)
        return change(hXcv, FALSE, pInputData, cbInputData);
    if (lstrcmpW(pszDataName, TEXT("MonitorUI")) != 0)
        return ERROR_INVALID_PARAMETER;
    *pcbOutputNeeded = sizeof ui_name;
    if (!pOutputData || cbOutputData < sizeof ui_name)
        return ERROR_INSUFFICIENT_BUFFER;
    memcpy(pOutputData, ui_name, sizeof ui_name);
    return ERROR_SUCCESS;
}

static BOOL WINAPI xcv_close_port(HANDLE hXcv)
{
    free(hXcv);
    return TRUE;
}

/* ---- the instance ---------------------------------------------------------------------------- */

static VOID WINAPI shut_down(HANDLE hMonitor)
{
    struct monitor *monitor = hMonitor;

    for (DWORD i = 0; i < monitor->count; i++)
        free(monitor->ports[i]);
    system_lock_end(&monitor->lock);
    free(monitor);
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

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    struct monitor *monitor = calloc(1, sizeof *monitor);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    *phMonitor = NULL;
    if (monitor) {
        system_lock_make(&monitor->lock);
        monitor->init = REMEMBER(monitor, pMonitorInit);
        error = load(monitor);
        if (error)
            shut_down(monitor);
    }
    if (error) {
        SetLastError(error);
        return NULL;
    }
    *phMonitor = monitor;
    return &table;
}
