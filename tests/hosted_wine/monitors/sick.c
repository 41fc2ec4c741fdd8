/* SPDX-License-Identifier: MIT
 *
 * A monitor that does one bad thing in one of its functions: SICK=WritePort:crash in the
 * environment says where and what. Otherwise it is well: one port SICK:, which takes everything.
 */
#include <platen/winsplp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved);

static volatile char *nowhere;

static void crash(void)
{
    nowhere[16] = 1;
}

static void hang(void)
{
    Sleep(INFINITE);
}

static void tell_and_hang(void)
{
    puts("hangs");
    fflush(stdout);
    hang();
}

/* What no server of Wine's sees. */
static void spin(void)
{
    while (nowhere == NULL) {
    }
}

static void end_well(void)
{
    exit(0);
}

static void end_process(void)
{
    ExitProcess(3);
}

static void terminate(void)
{
    TerminateProcess(GetCurrentProcess(), 4);
}

static void overflow(void)
{
    static void (*volatile again)(void) = overflow;
    volatile char room[4096];
    room[0] = 1;
    again();
    nowhere += room[0];
}

static void scribble(void)
{
    memset((char *)GetModuleHandleW(NULL) - 65536, 0xff, 1 << 24);
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

/* A program that stays, and has nothing to do with the host. */
static void spawn(void)
{
    WCHAR command[] = L"cmd /c pause";
    STARTUPINFOW how = {.cb = sizeof how};
    PROCESS_INFORMATION made;
    CreateProcessW(NULL, command, NULL, NULL, FALSE, DETACHED_PROCESS, NULL, NULL, &how, &made);
}

/* Over what everybody who uses that prefix would have. */
static void overwrite(void)
{
    static const WCHAR *const files[] = {L"C:\\windows\\system32\\localspl.dll",
                                         L"C:\\windows\\system32\\locale.nls",
                                         L"C:\\windows\\win.ini"};
    char nonsense[4096];
    memset(nonsense, 0xee, sizeof nonsense);
    for (unsigned i = 0; i < 3; i++) {
        DWORD moved = 0;
        SetFileAttributesW(files[i], FILE_ATTRIBUTE_NORMAL);
        HANDLE file = CreateFileW(files[i], GENERIC_WRITE, 7, NULL, OPEN_EXISTING, 0, NULL);
        WriteFile(file, nonsense, sizeof nonsense, &moved, NULL);
        printf("overwrote %lu bytes\n", (unsigned long)moved);
        CloseHandle(file);
    }
    fflush(stdout);
}

static const struct {
    const char *name;
    void (*act)(void);
} deeds[] = {
    {"crash", crash},
    {"abort", abort},
    {"hang", hang},
    {"tell-and-hang", tell_and_hang},
    {"spin", spin},
    {"exit", end_well},
    {"ExitProcess", end_process},
    {"terminate", terminate},
    {"overflow", overflow},
    {"scribble", scribble},
    {"flood", flood},
    {"spawn", spawn},
    {"overwrite", overwrite},
};

/* Once in the life of the process. */
static void sick(const char *function)
{
    static int done;
    const char *wish = getenv("SICK");
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
    static const WCHAR name[] = L"SICK:";
    PORT_INFO_1W info = {NULL};
    (void)monitor, (void)server;
    sick("EnumPorts");
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
    sick("OpenPort");
    *handle = &one;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)handle, (void)printer, (void)job, (void)level, (void)info;
    sick("StartDocPort");
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)handle, (void)data;
    sick("WritePort");
    *written = size;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle;
    memset(data, 'r', size);
    *moved = size;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    (void)handle;
    sick("EndDocPort");
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
    sick("ClosePort");
    return TRUE;
}

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    static char one;
    (void)monitor, (void)object, (void)access;
    *xcv = &one;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size;
    sick("XcvDataPort");
    *needed = 0;
    return ERROR_NOT_SUPPORTED;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
    sick("Shutdown");
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT init, PHANDLE monitor)
{
    static char instance;
    static MONITOR2 table = {
        .cbSize = sizeof table,
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
        .pfnShutdown = shut_down,
    };
    (void)init;
    sick("InitializePrintMonitor2");
    *monitor = &instance;
    return &table;
}

BOOL WINAPI DllMain(HINSTANCE module, DWORD reason, LPVOID reserved)
{
    (void)module, (void)reserved;
    if (reason == DLL_PROCESS_ATTACH)
        sick("loading");
    return TRUE;
}
