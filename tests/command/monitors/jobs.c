/* SPDX-License-Identifier: MIT
 *
 * A foreign monitor in one file: each of its ports behaves in one way, which its name says. It uses
 * nothing of the project but the public header, as somebody else's monitor would.
 */
#include <platen/winsplp.h>

#include <stdlib.h>
#include <string.h>

static const WCHAR *const names[] = {
    TEXT("GOOD:"),    /* takes everything */
    TEXT("SHORT:"),   /* takes at most 7 bytes at a time */
    TEXT("REFUSE:"),  /* StartDocPort says 21 */
    TEXT("FAIL:"),    /* WritePort says 29 after 100 bytes */
    TEXT("NOTDONE:"), /* EndDocPort says 31 */
    TEXT("SILENT:"),  /* sends no SetJob */
    TEXT("STATUS:"),  /* says paper out by SetPort while it prints */
    TEXT("WORDLESS:") /* WritePort fails without a last-error */
};
#define PORTS (sizeof names / sizeof *names)

struct port {
    unsigned kind;
    HANDLE printer;
    DWORD job;
    DWORD taken;
};

static struct port ports[PORTS];

static BOOL fail(DWORD code)
{
    SetLastError(code);
    return FALSE;
}

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    (void)monitor, (void)server;
    *needed = 0;
    *returned = 0;
    if (level != 1)
        return fail(ERROR_INVALID_LEVEL); /* level 1 alone is legal: the spooler falls back */
    for (unsigned i = 0; i < PORTS; i++)
        *needed += (DWORD)(sizeof(PORT_INFO_1W) + (lstrlenW(names[i]) + 1) * sizeof(WCHAR));
    if (size < *needed)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    BYTE *end = to + (size & ~1u);
    for (unsigned i = 0; i < PORTS; i++) {
        size_t bytes = (size_t)(lstrlenW(names[i]) + 1) * sizeof(WCHAR);
        end -= bytes;
        memcpy(end, names[i], bytes);
        ((PORT_INFO_1W *)(void *)to)[i].pName = (LPWSTR)(void *)end;
    }
    *returned = PORTS;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    (void)monitor;
    *handle = NULL;
    for (unsigned i = 0; i < PORTS; i++) {
        if (lstrcmpiW(name, names[i]) == 0) {
            ports[i].kind = i;
            *handle = &ports[i];
            return TRUE;
        }
    }
    return fail(ERROR_UNKNOWN_PORT);
}

static void say_paper_out(void)
{
    PORT_INFO_3W info = {PORT_STATUS_PAPER_OUT, NULL, PORT_STATUS_TYPE_WARNING};
    WCHAR name[] = TEXT("STATUS:");
    SetPortW(NULL, name, 3, (LPBYTE)&info);
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    struct port *port = handle;
    (void)level, (void)info;
    if (port->kind == 2)
        return fail(ERROR_NOT_READY);
    if (!OpenPrinterW(printer, &port->printer, NULL))
        return FALSE;
    port->job = job;
    port->taken = 0;
    if (port->kind == 6)
        say_paper_out();
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct port *port = handle;
    (void)data;
    *written = 0;
    if (port->kind == 3 && port->taken >= 100)
        return fail(ERROR_WRITE_FAULT);
    if (port->kind == 7)
        return FALSE;
    *written = port->kind == 1 && size > 7 ? 7 : size;
    if (port->kind == 3 && size > 100)
        *written = 100;
    port->taken += *written;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle, (void)data, (void)size;
    *moved = 0;
    return fail(ERROR_INVALID_HANDLE);
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    struct port *port = handle;
    if (port->printer == NULL)
        return TRUE;
    if (port->kind != 5 && port->kind != 4)
        SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    ClosePrinter(port->printer);
    port->printer = NULL;
    return port->kind == 4 ? fail(ERROR_GEN_FAILURE) : TRUE;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor, (void)object, (void)access;
    *xcv = ports;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    if (needed != NULL)
        *needed = 0;
    return ERROR_INVALID_PARAMETER;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof(MONITOR2),
        .pfnEnumPorts = enum_ports,
        .pfnOpenPort = open_port,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = write_port,
        .pfnReadPort = read_port,
        .pfnEndDocPort = end_doc,
        .pfnClosePort = close_port,
        .pfnXcvOpenPort = xcv_open,
        .pfnXcvDataPort = xcv_data,
        .pfnXcvClosePort = xcv_close,
    };
    (void)init;
    *monitor = NULL; /* a NULL instance is legal */
    return &table;
}
