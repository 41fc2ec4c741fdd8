/* SPDX-License-Identifier: MIT
 *
 * A port monitor of the older kind, and a language monitor of that kind in the same file: without
 * instances, with settings in the system's registry. Its port OLDER: writes what it gets to the
 * file that the value File names.
 */
#include <platen/winsplp.h>

#include <stdio.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

static WCHAR root[300];

struct port {
    HANDLE file;     /* of the port monitor */
    LPMONITOR below; /* of the language monitor */
    HANDLE handle;
    HANDLE printer;
    DWORD job;
};

static BOOL fail(DWORD code)
{
    SetLastError(code);
    return FALSE;
}

static BOOL WINAPI enum_ports(LPWSTR server, DWORD level, LPBYTE to, DWORD size, LPDWORD needed,
                              LPDWORD returned)
{
    static const WCHAR name[] = L"OLDER:";
    PORT_INFO_1W info = {NULL};
    (void)server;
    *returned = 0;
    *needed = sizeof info + sizeof name;
    if (level != 1)
        return fail(ERROR_INVALID_LEVEL);
    if (size < *needed)
        return fail(ERROR_INSUFFICIENT_BUFFER);
    info.pName = (LPWSTR)(void *)(to + sizeof info);
    memcpy(to, &info, sizeof info);
    memcpy(to + sizeof info, name, sizeof name);
    *returned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(LPWSTR name, PHANDLE handle)
{
    (void)name;
    *handle = calloc(1, sizeof(struct port));
    return *handle != NULL;
}

static BOOL WINAPI open_port_ex(LPWSTR name, LPWSTR printer, PHANDLE handle, LPMONITOR below)
{
    struct port *port = calloc(1, sizeof *port);
    (void)printer;
    port->below = below;
    *handle = port;
    return below->pfnOpenPort(name, &port->handle);
}

static BYTE before_job[] = "<job>";

static HANDLE open_file(void)
{
    HKEY key;
    WCHAR path[MAX_PATH] = L"";
    DWORD size = sizeof path;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, root, 0, KEY_READ, &key) != 0)
        return INVALID_HANDLE_VALUE;
    RegQueryValueExW(key, L"File", NULL, NULL, (LPBYTE)path, &size);
    RegCloseKey(key);
    return CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, 0, NULL);
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    struct port *port = handle;
    DWORD moved;
    if (port->below != NULL) {
        port->job = job;
        return OpenPrinterW(printer, &port->printer, NULL) &&
               port->below->pfnStartDocPort(port->handle, printer, job, level, info) &&
               port->below->pfnWritePort(port->handle, before_job, 5, &moved);
    }
    port->file = open_file();
    return port->file != INVALID_HANDLE_VALUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct port *port = handle;
    return port->below != NULL ? port->below->pfnWritePort(port->handle, data, size, written)
                               : WriteFile(port->file, data, size, written, NULL);
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle, (void)data, (void)size;
    *moved = 0;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    struct port *port = handle;
    if (port->below == NULL)
        return CloseHandle(port->file);
    BOOL fine = port->below->pfnEndDocPort(port->handle);
    SetJobW(port->printer, port->job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED);
    ClosePrinter(port->printer);
    return fine;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    struct port *port = handle;
    BOOL fine = port->below == NULL || port->below->pfnClosePort(port->handle);
    free(port);
    return fine;
}

static BOOL WINAPI xcv_open(LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    static char one;
    (void)object, (void)access;
    *xcv = &one;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    *needed = 0;
    return ERROR_NOT_SUPPORTED;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

LPMONITOREX WINAPI InitializePrintMonitor(LPWSTR registry)
{
    static MONITOREX table = {
        .dwMonitorSize = sizeof table.Monitor,
        .Monitor =
            {
                .pfnEnumPorts = enum_ports,
                .pfnOpenPort = open_port,
                .pfnOpenPortEx = open_port_ex,
                .pfnStartDocPort = start_doc,
                .pfnWritePort = write_port,
                .pfnReadPort = read_port,
                .pfnEndDocPort = end_doc,
                .pfnClosePort = close_port,
                .pfnXcvOpenPort = xcv_open,
                .pfnXcvDataPort = xcv_data,
                .pfnXcvClosePort = xcv_close,
            },
    };
    if (registry == NULL || registry[0] == L'\0') {
        SetLastError(ERROR_INVALID_PARAMETER);
        return NULL;
    }
    if (GetEnvironmentVariableA("OLDER_NT4", NULL, 0) > 0) {
        table.dwMonitorSize = offsetof(MONITOR, pfnXcvOpenPort);
    }
    lstrcpynW(root, registry, sizeof root / sizeof *root);
    return &table;
}
