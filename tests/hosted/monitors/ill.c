/* SPDX-License-Identifier: MIT
 *
 * A monitor that does one bad thing in one of its functions: ILL=WritePort:crash in the
 * environment says where and what. Otherwise it is well: one port ILL:, which takes everything.
 */
#include <platen/winsplp.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile uintptr_t nowhere = 16;

static void crash(void)
{
    *(volatile char *)nowhere = 1;
}

static void hang(void)
{
    for (;;)
        sleep(1);
}

static void end_well(void)
{
    exit(0);
}

static void end_at_once(void)
{
    _exit(3);
}

/* Over what the allocator keeps beside the memory that it gave. */
static void scribble(void)
{
    volatile unsigned char *memory = malloc(64);
    for (size_t i = 0; i < 4096; i++)
        memory[i] = 0xff;
}

static void free_twice(void)
{
    char *volatile memory = malloc(64);
    char *volatile again = memory;
    free(memory);
    free(again);
}

static void overflow(void)
{
    static void (*volatile again)(void) = overflow;
    volatile char room[4096];
    room[0] = 1;
    again();
    nowhere += (uintptr_t)room[0];
}

/* Threads of a host do not get it; the process does. */
static void break_pipe(void)
{
    kill(getpid(), SIGPIPE);
    hang();
}

static void flood(void)
{
    char line[1024];
    memset(line, 'x', sizeof line - 1);
    line[sizeof line - 1] = '\0';
    for (unsigned i = 0; i < 1024; i++)
        puts(line);
    fflush(stdout);
}

/* The copy goes on as if it were the monitor's own process. */
static void copy(void)
{
    if (fork() == 0) {
        printf("pid %ld\n", (long)getpid());
        fflush(stdout);
    }
}

/* The copy stays. */
static void spawn(void)
{
    if (fork() == 0) {
        printf("pid %ld\n", (long)getpid());
        fflush(stdout);
        hang();
    }
}

static void close_all(void)
{
    for (int i = 0; i < 1024; i++)
        close(i);
}

static void handler(int number)
{
    (void)number;
}

static void change_handlers(void)
{
    signal(SIGSEGV, handler);
    signal(SIGPIPE, handler);
    signal(SIGTERM, SIG_IGN);
}

static const struct {
    const char *name;
    void (*act)(void);
} deeds[] = {
    {"crash", crash},
    {"abort", abort},
    {"hang", hang},
    {"exit", end_well},
    {"_exit", end_at_once},
    {"scribble", scribble},
    {"free-twice", free_twice},
    {"overflow", overflow},
    {"pipe", break_pipe},
    {"flood", flood},
    {"copy", copy},
    {"spawn", spawn},
    {"close", close_all},
    {"signals", change_handlers},
};

/* Once in the life of the process. */
static void ill(const char *function)
{
    static int done;
    const char *wish = getenv("ILL");
    size_t length = strlen(function);
    if (done || wish == NULL || strncmp(wish, function, length) != 0 || wish[length] != ':')
        return;
    done = 1;
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        if (strcmp(deeds[i].name, wish + length + 1) == 0)
            deeds[i].act();
}

static BOOL fail(DWORD code)
{
    SetLastError(code);
    return FALSE;
}

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    static const WCHAR name[] = TEXT("ILL:");
    PORT_INFO_1W info = {NULL};
    (void)monitor, (void)server;
    ill("EnumPorts");
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

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    static char one;
    (void)monitor, (void)name;
    ill("OpenPort");
    *handle = &one;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)handle, (void)printer, (void)job, (void)level, (void)info;
    ill("StartDocPort");
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)handle, (void)data;
    ill("WritePort");
    *written = size;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle;
    ill("ReadPort");
    memset(data, 'r', size);
    *moved = size;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    (void)handle;
    ill("EndDocPort");
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
    ill("ClosePort");
    return TRUE;
}

static BOOL WINAPI get_printer_data(HANDLE handle, DWORD control, LPWSTR name, LPWSTR in,
                                    DWORD in_size, LPWSTR out, DWORD out_size, LPDWORD returned)
{
    (void)handle, (void)control, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    ill("GetPrinterDataFromPort");
    *returned = 0;
    return fail(ERROR_INVALID_PARAMETER);
}

static BOOL WINAPI set_timeouts(HANDLE handle, LPCOMMTIMEOUTS timeouts, DWORD reserved)
{
    (void)handle, (void)timeouts, (void)reserved;
    ill("SetPortTimeOuts");
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    static char one;
    (void)monitor, (void)object, (void)access;
    ill("XcvOpenPort");
    *xcv = &one;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    ill("XcvDataPort");
    *needed = 0;
    return 0;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    ill("XcvClosePort");
    return TRUE;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
    ill("Shutdown");
}

static DWORD WINAPI send_bidi(HANDLE port, DWORD access, LPCWSTR action,
                              PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *response)
{
    (void)port, (void)access, (void)action, (void)request;
    ill("SendRecvBidiDataFromPort");
    *response = NULL;
    return ERROR_NOT_SUPPORTED;
}

static DWORD WINAPI used(HANDLE monitor, DWORD count, PCWSTR *ports)
{
    (void)monitor, (void)count, (void)ports;
    ill("NotifyUsedPorts");
    return 0;
}

static DWORD WINAPI unused(HANDLE monitor, DWORD count, PCWSTR *ports)
{
    (void)monitor, (void)count, (void)ports;
    ill("NotifyUnusedPorts");
    return 0;
}

static DWORD WINAPI power(HANDLE monitor, DWORD event, POWERBROADCAST_SETTING *settings)
{
    (void)monitor, (void)event, (void)settings;
    ill("PowerEvent");
    return 0;
}

PLATEN_EXPORT BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);
PLATEN_EXPORT BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        ill("DllMain");
    return TRUE;
}

__attribute__((constructor)) static void loaded(void)
{
    printf("pid %ld\n", (long)getpid());
    fflush(stdout);
    ill("loading");
}

__attribute__((destructor)) static void unloaded(void)
{
    ill("unloading");
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
        .pfnGetPrinterDataFromPort = get_printer_data,
        .pfnSetPortTimeOuts = set_timeouts,
        .pfnXcvOpenPort = xcv_open,
        .pfnXcvDataPort = xcv_data,
        .pfnXcvClosePort = xcv_close,
        .pfnShutdown = shut_down,
        .pfnSendRecvBidiDataFromPort = send_bidi,
        .pfnNotifyUsedPorts = used,
        .pfnNotifyUnusedPorts = unused,
        .pfnPowerEvent = power,
    };
    (void)init;
    ill("InitializePrintMonitor2");
    *monitor = NULL;
    return &table;
}
