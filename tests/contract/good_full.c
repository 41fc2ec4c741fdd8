/* SPDX-License-Identifier: MIT
 *
 * A port monitor that has everything: ports that are added and deleted through Xcv and kept in the
 * store of its instance, one instance for each spooler, jobs to files, to the file that the job
 * names and to printers on the network, a way back, time-outs, a device id, and bidi.
 *
 * The name of a port says where it leads, unless AddPort was given a structure that does:
 *
 *     FILE:             the file that the job names
 *     10.1.2.3:9100     a printer on the network
 *     anything else     a file of that name
 */
#include "system.h"
#include "text.h"

#include <platen/tcpxcv.h>

#define LONGEST_NAME 247
#define LONGEST_HOST 255
#define CONNECT_TIME 2000
#ifndef WRITE_TIME
#    define WRITE_TIME 1000
#endif
#define READ_TIME 200
#define END_TIME  2000
#define SLICE     20

static const WCHAR file_name[] = NAME("FILE:", "TAKEOUT:");
static const WCHAR monitor_name[] = NAME("Full Monitor", "Other Monitor");
static const WCHAR description[] = NAME("Full Port", "Other Port");
static const WCHAR ui_name[] = NAME("fullui.dll", "otherui.dll");

enum state { ADDING, THERE, DELETING };

struct port {
    struct port *next;
    struct monitor *monitor;
    enum state state;
    WCHAR name[LONGEST_NAME + 1];
    WCHAR host[LONGEST_HOST + 1]; /* empty: a file */
    WORD number;
    BOOL open;

    system_lock lock; /* of what follows: ReadPort comes while a job begins or ends (R49) */
    struct channel channel;
    BOOL printing;
    BOOL failed; /* bytes were lost: the job is not completed */
    HANDLE printer;
    DWORD job;
    DWORD read_time;
};

/* One for each spooler (R7). */
struct monitor {
    HANDLE spooler;
    HANDLE root;
    const MONITORREG *reg;
    system_lock lock; /* of the list; never held during I/O or a call back (R22) */
    struct port *ports;
};

/* ---- ports ----------------------------------------------------------------------------------- */

/* "host:port"? */
static BOOL leads_to_network(LPCWSTR name, WCHAR *host, WORD *number)
{
    DWORD value = 0;
    int colon = lstrlenW(name) - 1;
    while (colon > 0 && name[colon] >= '0' && name[colon] <= '9')
        colon--;
    if (colon < 1 || name[colon] != ':' || !name[colon + 1] || lstrlenW(name) - colon > 6)
        return FALSE;
    for (LPCWSTR at = name + colon + 1; *at; at++)
        value = value * 10 + (DWORD)(*at - '0');
    if (value == 0 || value > 65535)
        return FALSE;
    lstrcpynW(host, name, colon + 1);
    *number = (WORD)value;
    return TRUE;
}

static struct port *make_port(struct monitor *monitor, LPCWSTR name)
{
    static const struct channel closed = CHANNEL_CLOSED;
    struct port *port = calloc(1, sizeof *port);
    if (!port)
        return NULL;
    port->monitor = monitor;
    port->channel = closed;
    port->read_time = READ_TIME;
    lstrcpynW(port->name, name, LONGEST_NAME + 1);
    leads_to_network(name, port->host, &port->number);
    system_lock_make(&port->lock);
    return port;
}

static void free_port(struct port *port)
{
    channel_close(&port->channel);
    system_lock_end(&port->lock);
    free(port);
}

/* With the lock. Names ignore case (R25). */
static struct port *find_port(const struct monitor *monitor, LPCWSTR name)
{
    for (struct port *port = monitor->ports; port; port = port->next)
        if (lstrcmpiW(port->name, name) == 0)
            return port;
    return NULL;
}

/* With the lock: ports stay in the order in which they came. */
static void put_port(struct monitor *monitor, struct port *port)
{
    struct port **end = &monitor->ports;
    while (*end)
        end = &(*end)->next;
    *end = port;
}

static void take_port(struct monitor *monitor, struct port *port)
{
    struct port **at = &monitor->ports;
    while (*at && *at != port)
        at = &(*at)->next;
    if (*at)
        *at = port->next;
}

#include "full_store.h"

/* ---- EnumPorts ------------------------------------------------------------------------------- */

static DWORD row_size(const struct port *port, DWORD level)
{
    if (level == 1)
        return (DWORD)sizeof(PORT_INFO_1W) + text_bytes(port->name);
    return (DWORD)sizeof(PORT_INFO_2W) + text_bytes(port->name) + text_bytes(monitor_name) +
           text_bytes(description);
}

static void fill_row(const struct port *port, DWORD level, BYTE *rows, DWORD row, BYTE **end)
{
    if (level == 1) {
        PORT_INFO_1W *info = (PORT_INFO_1W *)(void *)rows + row;
        info->pName = pack(end, port->name);
    } else {
        PORT_INFO_2W *info = (PORT_INFO_2W *)(void *)rows + row;
        info->pPortName = pack(end, port->name);
        info->pMonitorName = pack(end, monitor_name);
        info->pDescription = pack(end, description);
        info->fPortType = PORT_TYPE_WRITE | (port->host[0] ? PORT_TYPE_READ : 0);
        info->Reserved = 0;
    }
}

static BOOL WINAPI enum_ports(HANDLE hMonitor, LPWSTR pName, DWORD Level, LPBYTE pPorts,
                              DWORD cbBuf, LPDWORD pcbNeeded, LPDWORD pcReturned)
{
    struct monitor *monitor = hMonitor;
    BYTE *end = pPorts;
    BOOL fits;

    (void)pName;
    *pcbNeeded = 0;
    *pcReturned = 0;
    if (Level != 1 && Level != 2)
        return fail(ERROR_INVALID_LEVEL);
    system_lock_take(&monitor->lock);
    for (const struct port *port = monitor->ports; port; port = port->next)
        if (port->state != ADDING)
            *pcbNeeded += row_size(port, Level);
    fits = cbBuf >= *pcbNeeded;
    if (pPorts)
        end += cbBuf & ~1u;
    for (const struct port *port = fits && pPorts ? monitor->ports : NULL; port; port = port->next)
        if (port->state != ADDING)
            fill_row(port, Level, pPorts, (*pcReturned)++, &end);
    system_lock_leave(&monitor->lock);
    return fits ? TRUE : fail(ERROR_INSUFFICIENT_BUFFER);
}

/* ---- OpenPort and ClosePort ------------------------------------------------------------------ */

static BOOL WINAPI open_port(HANDLE hMonitor, LPWSTR pName, PHANDLE pHandle)
{
    struct monitor *monitor = hMonitor;
    struct port *port;
    DWORD error = ERROR_SUCCESS;

    *pHandle = NULL;
    if (!pName || !*pName)
        return fail(ERROR_INVALID_PARAMETER);
    system_lock_take(&monitor->lock);
    port = find_port(monitor, pName);
    if (!port || port->state == ADDING)
        error = ERROR_UNKNOWN_PORT;
    else if (port->open || port->state == DELETING)
        error = ERROR_BUSY;
    else
        port->open = TRUE;
    system_lock_leave(&monitor->lock);
    if (error)
        return fail(error);
    *pHandle = port;
    return TRUE;
}

#include "full_job.h"

static BOOL WINAPI close_port(HANDLE hPort)
{
    struct port *port = hPort;
    struct monitor *monitor = port->monitor;

    end_doc_port(port); /* R29 */
    port->read_time = READ_TIME;
    system_lock_take(&monitor->lock);
    port->open = FALSE;
    system_lock_leave(&monitor->lock);
    return TRUE;
}

#include "full_data.h"
#include "full_xcv.h"

/* ---- the instance ---------------------------------------------------------------------------- */

static VOID WINAPI shut_down(HANDLE hMonitor)
{
    struct monitor *monitor = hMonitor;

    while (monitor->ports) {
        struct port *port = monitor->ports;
        monitor->ports = port->next;
        free_port(port);
    }
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
    .pfnGetPrinterDataFromPort = get_printer_data,
    .pfnSetPortTimeOuts = set_time_outs,
    .pfnXcvOpenPort = xcv_open_port,
    .pfnXcvDataPort = xcv_data_port,
    .pfnXcvClosePort = xcv_close_port,
    .pfnShutdown = shut_down,
    .pfnSendRecvBidiDataFromPort = send_recv_bidi,
};

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    struct monitor *monitor = calloc(1, sizeof *monitor);
    DWORD error = ERROR_NOT_ENOUGH_MEMORY;

    *phMonitor = NULL;
    if (monitor) {
        system_lock_make(&monitor->lock);
        monitor->spooler = pMonitorInit->hSpooler;
        monitor->root = pMonitorInit->hckRegistryRoot;
        monitor->reg = pMonitorInit->pMonitorReg;
        error = load_ports(monitor);
    }
    if (error) {
        if (monitor)
            shut_down(monitor);
        SetLastError(error);
        return NULL;
    }
    *phMonitor = monitor;
    return &table;
}
