/* SPDX-License-Identifier: MIT
 *
 * A monitor that calls what Windows offers it, in all the ways there are, and prints what came of
 * it: one line "NAME: yes" or "NAME: no ..." for each. Its port CALLER: takes everything.
 */
#include <platen/winsplp.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

/* A friend in another DLL: friend.c. */
int WINAPI friend_asks(void);

static MONITORINIT init;

/* spoolss.dll's own, which the system's headers do not have, or Wine not in truth. */
LPVOID WINAPI DllAllocSplMem(DWORD size);
BOOL WINAPI DllFreeSplMem(LPVOID memory);

static void say(const char *name, BOOL fine)
{
    printf("%s: %s %lu\n", name, fine ? "yes" : "no", (unsigned long)GetLastError());
    fflush(stdout);
}

/* ---- jobs ------------------------------------------------------------------------------------ */

static void ask_narrow(HANDLE printer, DWORD job)
{
    BYTE room[4096];
    DWORD needed = 0;
    DWORD count = 0;
    JOB_INFO_1A info = {0};
    JOB_INFO_1A *found = (void *)room;
    char name[] = "CALLER:";
    char words[] = "toner l\xf6w";
    PORT_INFO_3A port = {PORT_STATUS_TONER_LOW, words, PORT_STATUS_TYPE_WARNING};
    char status[] = "half way";
    char title[] = "half a title";

    say("GetJobA needs room", !GetJobA(printer, job, 1, NULL, 0, &needed) &&
                                  GetLastError() == ERROR_INSUFFICIENT_BUFFER && needed > 0);
    say("GetJobA", GetJobA(printer, job, 1, room, sizeof room, &needed) &&
                       strcmp(found->pDatatype, "RAW") == 0 && found->JobId == job);
    info = *found;
    info.pStatus = status;
    info.pDocument = title;
    say("SetJobA of a level that is not there",
        !SetJobA(printer, job, 1, (LPBYTE)&info, 0) && GetLastError() == ERROR_INVALID_LEVEL);
    say("SetJobA", SetJobA(printer, job, 0, NULL, JOB_CONTROL_LAST_PAGE_EJECTED));
    say("SetPortA", SetPortA(NULL, name, 3, (LPBYTE)&port));
    say("EnumPortsA", EnumPortsA(NULL, 1, room, sizeof room, &needed, &count) && count == 1 &&
                          strcmp(((PORT_INFO_1A *)(void *)room)->pName, "CALLER:") == 0);
}

static void ask_wide(HANDLE printer, DWORD job)
{
    BYTE room[4096];
    DWORD needed;
    DWORD count = 0;
    say("GetJobW", GetJobW(printer, job, 2, room, sizeof room, &needed));
    say("EnumPortsW", EnumPortsW(NULL, 2, room, sizeof room, &needed, &count) && count == 1);
}

/* ---- what is not modelled -------------------------------------------------------------------- */

static void ask_in_vain(HANDLE printer)
{
    DWORD needed = 0;
    WCHAR name[] = L"Anything";
    SetLastError(0);
    say("GetPrinterW is not there",
        !GetPrinterW(printer, 2, NULL, 0, &needed) && GetLastError() == ERROR_NOT_SUPPORTED);
    say("GetPrinterDataW is not there",
        GetPrinterDataW(printer, name, NULL, NULL, 0, &needed) == ERROR_NOT_SUPPORTED);
    say("DeviceCapabilitiesW is not there",
        DeviceCapabilitiesW(name, name, DC_COPIES, NULL, NULL) == -1 &&
            GetLastError() == ERROR_NOT_SUPPORTED);
}

/* ---- for whom -------------------------------------------------------------------------------- */

static BOOL is_token(HANDLE token)
{
    TOKEN_STATISTICS found;
    DWORD size;
    return GetTokenInformation(token, TokenStatistics, &found, sizeof found, &size);
}

static BOOL has_token(void)
{
    HANDLE token;
    BOOL fine = OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token);
    return fine && is_token(token) && CloseHandle(token);
}

/* ---- by name --------------------------------------------------------------------------------- */

static void ask_by_name(void)
{
    HMODULE spoolss = LoadLibraryA("spoolss.dll");
    HANDLE(WINAPI * revert)
    (void) = (HANDLE(WINAPI *)(void))(void (*)(void))GetProcAddress(spoolss, "RevertToPrinterSelf");
    BOOL(WINAPI * impersonate)
    (HANDLE) =
        (BOOL(WINAPI *)(HANDLE))(void (*)(void))GetProcAddress(spoolss, "ImpersonatePrinterClient");
    LPVOID(WINAPI * alloc)
    (size_t) =
        (LPVOID(WINAPI *)(size_t))(void (*)(void))GetProcAddress(spoolss, "RouterAllocBidiMem");
    say("a call is for somebody", has_token());
    HANDLE token = revert == NULL ? NULL : revert();
    say("RevertToPrinterSelf", token != NULL && !has_token() && is_token(token));
    say("ImpersonatePrinterClient of nobody", impersonate != NULL && !impersonate(NULL));
    say("ImpersonatePrinterClient", impersonate != NULL && impersonate(token) && has_token());
    say("RouterAllocBidiMem", alloc != NULL && alloc(100) != NULL);
    say("nothing by that name", GetProcAddress(spoolss, "NoSuchFunction") == NULL);
    LPVOID memory = DllAllocSplMem(64);
    say("DllAllocSplMem", memory != NULL && DllFreeSplMem(memory));
}

/* ---- the registry ---------------------------------------------------------------------------- */

static void ask_registry(void)
{
    HKEY key = NULL;
    HKEY root = (HKEY)(void *)init.hckRegistryRoot;
    static const WCHAR told[] = L"by reg";
    WCHAR found[32] = L"";
    DWORD size = sizeof found;
    say("a key of the spooler's",
        RegOpenKeyExW(root, L"Ports", 0, KEY_READ, &key) == ERROR_INVALID_HANDLE &&
            RegSetValueExW(root, L"X", 0, REG_SZ, (const BYTE *)told, sizeof told) ==
                ERROR_INVALID_HANDLE &&
            RegCloseKey(root) == ERROR_INVALID_HANDLE);
    say("a key of the system's",
        RegCreateKeyExW(HKEY_CURRENT_USER, L"Software\\Platen Caller", 0, NULL, 0, KEY_ALL_ACCESS,
                        NULL, &key, NULL) == 0 &&
            RegSetValueExW(key, L"X", 0, REG_SZ, (const BYTE *)told, sizeof told) == 0 &&
            RegQueryValueExW(key, L"X", NULL, NULL, (LPBYTE)found, &size) == 0 &&
            RegCloseKey(key) == 0);
    size = sizeof found;
    if (RegOpenKeyExW(HKEY_LOCAL_MACHINE, L"Software\\Platen Seed", 0, KEY_READ, &key) == 0 &&
        RegQueryValueExW(key, L"Word", NULL, NULL, (LPBYTE)found, &size) == 0)
        printf("seed: %ls\n", found);
    fflush(stdout);
}

/* Wine knows no such name, Windows only one that the monitor has defined. */
static void ask_device(void)
{
    HANDLE file =
        CreateFileW(L"\\\\.\\NONSPOOLED_NUL", GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    say("the device behind a port", file != INVALID_HANDLE_VALUE);
    CloseHandle(file);
}

/* The ports that Windows keeps for everybody, by their old name. */
static void ask_profile(void)
{
    WCHAR names[1024] = L"";
    DWORD length = GetProfileStringW(L"Ports", NULL, L"", names, 1024);
    const WCHAR *at = names;
    while (at < names + length && wcscmp(at, L"FILE:") != 0) {
        at += wcslen(at) + 1;
    }
    say("the ports of win.ini", at < names + length);
}

static void ask_all(LPWSTR printer_name, DWORD job)
{
    HANDLE printer = NULL;
    char narrow[200] = "";
    WideCharToMultiByte(CP_ACP, 0, printer_name, -1, narrow, sizeof narrow, NULL, NULL);
    say("OpenPrinterA", OpenPrinterA(narrow, &printer, NULL));
    ask_narrow(printer, job);
    ask_wide(printer, job);
    ask_in_vain(printer);
    say("ClosePrinter", ClosePrinter(printer));
    ask_by_name();
    ask_registry();
    ask_device();
    ask_profile();
    say("the friend", friend_asks());
}

/* ---- the monitor ----------------------------------------------------------------------------- */

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    static const WCHAR name[] = L"CALLER:";
    PORT_INFO_2W info = {NULL};
    DWORD row = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    (void)monitor, (void)server;
    *returned = 0;
    *needed = row + sizeof name;
    if (size < *needed) {
        SetLastError(ERROR_INSUFFICIENT_BUFFER);
        return FALSE;
    }
    info.pPortName = (LPWSTR)(void *)(to + row);
    memcpy(to, &info, row);
    memcpy(to + row, name, sizeof name);
    *returned = 1;
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    static char one;
    (void)monitor, (void)name;
    *handle = &one;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE handle, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)handle, (void)level, (void)info;
    ask_all(printer, job);
    return TRUE;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)handle, (void)data;
    *written = size;
    return TRUE;
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle, (void)data, (void)size;
    *moved = 0;
    return TRUE;
}

static BOOL WINAPI end_doc(HANDLE handle)
{
    (void)handle;
    return TRUE;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    (void)handle;
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
    static const WCHAR told[] = L"after all";
    (void)xcv, (void)in, (void)in_size;
    *needed = 0;
    if (wcscmp(name, L"NeverToldSize") != 0) {
        return ERROR_NOT_SUPPORTED;
    }
    if (out_size < sizeof told) {
        return ERROR_INSUFFICIENT_BUFFER;
    }
    memcpy(out, told, sizeof told);
    *needed = sizeof told;
    return 0;
}

static BOOL WINAPI xcv_close(HANDLE xcv)
{
    (void)xcv;
    return TRUE;
}

static VOID WINAPI shut_down(HANDLE monitor)
{
    (void)monitor;
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT given, PHANDLE monitor)
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
    init = *given;
    *monitor = &instance;
    return &table;
}
