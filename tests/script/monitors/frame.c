/* SPDX-License-Identifier: MIT
 *
 * A language monitor that puts each job between "<" and ">", and completes it with SetJob 7.
 */
#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

struct frame {
    MONITOR2 table; /* the port monitor's, as much as there was */
    HANDLE port;
    HANDLE printer;
    DWORD job;
};

static BOOL WINAPI open_port(HANDLE monitor, HANDLE port_monitor, LPWSTR port, LPWSTR printer,
                             PHANDLE handle, struct _MONITOR2 *table)
{
    struct frame *frame = calloc(1, sizeof *frame);
    size_t size = table->cbSize < sizeof frame->table ? table->cbSize : sizeof frame->table;

    (void)monitor;
    (void)printer;
    *handle = NULL;
    if (frame == NULL) {
        SetLastError(ERROR_OUTOFMEMORY);
        return FALSE;
    }
    memcpy(&frame->table, table, size);
    if (!frame->table.pfnOpenPort(port_monitor, port, &frame->port)) {
        free(frame);
        return FALSE;
    }
    *handle = frame;
    return TRUE;
}

static BOOL WINAPI start(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    struct frame *frame = handle;
    BYTE mark = '<';
    DWORD moved;

    if (!frame->table.pfnStartDocPort(frame->port, printer, job, level, info)) {
        return FALSE;
    }
    frame->job = job;
    if (!OpenPrinterW(printer, &frame->printer, NULL)) {
        frame->printer = NULL;
    }
    frame->table.pfnWritePort(frame->port, &mark, 1, &moved);
    return TRUE;
}

static BOOL WINAPI put(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct frame *frame = handle;
    return frame->table.pfnWritePort(frame->port, data, size, written);
}

static BOOL WINAPI get(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    struct frame *frame = handle;
    return frame->table.pfnReadPort(frame->port, data, size, moved);
}

static BOOL WINAPI end(HANDLE handle)
{
    struct frame *frame = handle;
    BYTE mark = '>';
    DWORD moved;

    frame->table.pfnWritePort(frame->port, &mark, 1, &moved);
    BOOL ended = frame->table.pfnEndDocPort(frame->port);
    if (frame->printer != NULL) {
        SetJobW(frame->printer, frame->job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
        ClosePrinter(frame->printer);
        frame->printer = NULL;
    }
    return ended;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    struct frame *frame = handle;
    BOOL closed = frame->table.pfnClosePort(frame->port);
    free(frame);
    return closed;
}

static VOID WINAPI stop(HANDLE monitor)
{
    (void)monitor;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof table,
        .pfnOpenPortEx = open_port,
        .pfnStartDocPort = start,
        .pfnWritePort = put,
        .pfnReadPort = get,
        .pfnEndDocPort = end,
        .pfnClosePort = close_port,
        .pfnShutdown = stop,
    };
    (void)init;
    *monitor = (HANDLE)&table;
    return &table;
}
