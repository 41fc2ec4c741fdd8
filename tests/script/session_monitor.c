/* SPDX-License-Identifier: MIT */
#include "session_monitor.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/lasterror.h"

#define MILLISECOND UINT64_C(1000000)

struct monitor {
    HANDLE printer;
    DWORD job;
};

atomic_bool session_monitor_hangs;

static bool is(const WCHAR *text, const char *name)
{
    while (*name != '\0' && *text == (WCHAR)*name) {
        text++;
        name++;
    }
    return *name == '\0' && *text == 0;
}

static BOOL refuse(DWORD code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    (void)monitor, (void)server, (void)level, (void)to;
    *needed = 40;
    *returned = 0;
    return size < 40 ? refuse(ERROR_INSUFFICIENT_BUFFER) : TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    *port = is(name, "LPT1:") ? monitor : NULL;
    return *port != NULL || refuse(ERROR_UNKNOWN_PORT);
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR name, DWORD job, DWORD level, LPBYTE info)
{
    struct monitor *monitor = port;
    (void)level, (void)info;
    monitor->job = job;
    return platen_spooler_imports()->OpenPrinterW(name, &monitor->printer, NULL);
}

static bool has_job(const struct monitor *monitor)
{
    static BYTE room[4096];
    DWORD needed = 0;
    return platen_spooler_imports()->GetJobW(monitor->printer, monitor->job, 1, room, sizeof room,
                                             &needed);
}

static BOOL WINAPI write_port(HANDLE port, LPBYTE bytes, DWORD size, LPDWORD written)
{
    static const uint32_t word;
    while ((size == 4 && memcmp(bytes, "hang", 4) == 0 && atomic_load(&session_monitor_hangs)) ||
           (size == 3 && memcmp(bytes, "ask", 3) == 0 && has_job(port))) {
        platen_os_wait(&word, 0, platen_os_now() + 10 * MILLISECOND);
    }
    *written = size;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE port)
{
    struct monitor *monitor = port;
    platen_spooler_imports()->ClosePrinter(monitor->printer);
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE port)
{
    (void)port;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE port, LPBYTE to, DWORD size, LPDWORD moved)
{
    (void)port, (void)to, (void)size;
    *moved = 0;
    return refuse(ERROR_NOT_SUPPORTED);
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK granted, PHANDLE xcv)
{
    (void)monitor, (void)object, (void)granted;
    *xcv = NULL;
    return refuse(ERROR_NOT_SUPPORTED);
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    *needed = 0;
    return ERROR_NOT_SUPPORTED;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    free(monitor);
}

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    static MONITOR2 table = {
        .cbSize = sizeof table,
        .pfnEnumPorts = enum_ports,
        .pfnOpenPort = open_port,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = write_port,
        .pfnEndDocPort = end_doc,
        .pfnClosePort = close_port,
        .pfnReadPort = read_port,
        .pfnXcvOpenPort = xcv_open,
        .pfnXcvDataPort = xcv_data,
        .pfnXcvClosePort = close_port,
        .pfnShutdown = shut_down,
    };
    (void)init;
    *monitor = calloc(1, sizeof(struct monitor));
    return &table;
}

uint32_t session_monitor_attach(void *context, platen_spooler *spooler, const char *name,
                                const char *root, const char *program_root,
                                struct platen_clock *clock, char **complaint)
{
    (void)context, (void)root, (void)program_root, (void)clock;
    return platen_spooler_attach(spooler, name, entry, complaint);
}
