/* SPDX-License-Identifier: MIT */
#include "watched.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

static DWORD caller;
static _Atomic uint32_t calls, others;

static void note(void)
{
    calls++;
    others += GetCurrentThreadId() != caller;
}

static BOOL WINAPI open_printer(LPWSTR name, LPHANDLE printer, LPPRINTER_DEFAULTSW defaults)
{
    note();
    return OpenPrinterW(name, printer, defaults);
}

static BOOL WINAPI close_printer(HANDLE printer)
{
    note();
    return ClosePrinter(printer);
}

static BOOL WINAPI get_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD size,
                           LPDWORD needed)
{
    note();
    return GetJobW(printer, job, level, data, size, needed);
}

static BOOL WINAPI set_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD command)
{
    note();
    return SetJobW(printer, job, level, data, command);
}

static BOOL WINAPI enum_ports(LPWSTR server, DWORD level, LPBYTE ports, DWORD size, LPDWORD needed,
                              LPDWORD count)
{
    note();
    return EnumPortsW(server, level, ports, size, needed, count);
}

typedef void (*procedure)(void);
typedef LPMONITOR2(WINAPI *initialize_monitor)(PMONITORINIT, PHANDLE);

static const struct {
    const char *name;
    procedure instead;
} replaced[] = {
    {"OpenPrinterW", (procedure)open_printer}, {"ClosePrinter", (procedure)close_printer},
    {"GetJobW", (procedure)get_job},           {"SetJobW", (procedure)set_job},
    {"EnumPortsW", (procedure)enum_ports},
};

#define REPLACED (sizeof replaced / sizeof *replaced)

static void lead(ULONG_PTR *place, const char *name)
{
    DWORD before;
    for (size_t i = 0; i < REPLACED; i++) {
        if (strcmp(name, replaced[i].name) == 0) {
            assert_true(VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before));
            *place = (ULONG_PTR)replaced[i].instead;
            assert_true(VirtualProtect(place, sizeof *place, before, &before));
        }
    }
}

/* The import table of a 64-bit module, as Windows lays it out. */
static void lead_imports(HMODULE module)
{
    BYTE *base = (BYTE *)module;
    const IMAGE_NT_HEADERS *head =
        (const void *)(base + ((const IMAGE_DOS_HEADER *)(const void *)base)->e_lfanew);
    const IMAGE_IMPORT_DESCRIPTOR *from =
        (const void *)(base + head->OptionalHeader.DataDirectory[IMAGE_DIRECTORY_ENTRY_IMPORT]
                                  .VirtualAddress);
    for (; from->Name != 0; from++) {
        const ULONG_PTR *name = (const void *)(base + from->OriginalFirstThunk);
        ULONG_PTR *place = (void *)(base + from->FirstThunk);
        for (; *name != 0; name++, place++) {
            if (!IMAGE_SNAP_BY_ORDINAL(*name)) {
                lead(place, (const char *)(base + *name + offsetof(IMAGE_IMPORT_BY_NAME, Name)));
            }
        }
    }
}

void watched_begin(struct watched *watched)
{
    MONITORINIT init = {.cbSize = sizeof init, .bLocal = TRUE};
    initialize_monitor initialize;
    WCHAR path[MAX_PATH];
    *watched = (struct watched){.handle = NULL};
    assert_true(GetModuleFileNameW(NULL, path, MAX_PATH - 16) > 0);
    wcscpy(wcsrchr(path, L'\\'), L"\\..\\platen.dll");
    watched->module = LoadLibraryW(path);
    assert_non_null(watched->module);
    caller = GetCurrentThreadId();
    calls = others = 0;
    lead_imports(watched->module);
    initialize =
        (initialize_monitor)(procedure)GetProcAddress(watched->module, "InitializePrintMonitor2");
    assert_non_null(initialize);
    watched->monitor = initialize(&init, &watched->handle);
    assert_non_null(watched->monitor);
}

static void add_port(struct watched *watched, PORT_DATA_1 *port)
{
    WCHAR object[] = L"Watched";
    HANDLE xcv;
    DWORD needed;
    assert_true(
        watched->monitor->pfnXcvOpenPort(watched->handle, object, SERVER_ACCESS_ADMINISTER, &xcv));
    assert_int_equal(watched->monitor->pfnXcvDataPort(xcv, L"AddPort", (PBYTE)port, sizeof *port,
                                                      NULL, 0, &needed),
                     0);
    assert_true(watched->monitor->pfnXcvClosePort(xcv));
}

static DWORD new_job(HANDLE printer)
{
    BYTE room[1024];
    DWORD needed;
    assert_true(AddJobW(printer, 1, room, sizeof room, &needed));
    return ((const ADDJOB_INFO_1W *)(const void *)room)->JobId;
}

static void print_job(struct watched *watched, HANDLE port, WCHAR *printer, DWORD job, uint8_t seed,
                      uint32_t size)
{
    WCHAR title[] = L"a document";
    DOC_INFO_1W doc = {.pDocName = title};
    uint8_t *bytes = malloc(size);
    DWORD written = 0;
    assert_non_null(bytes);
    sink_fill(seed, 0, bytes, size);
    assert_true(watched->monitor->pfnStartDocPort(port, printer, job, 1, (LPBYTE)&doc));
    for (uint32_t at = 0; at < size; at += written) {
        assert_true(watched->monitor->pfnWritePort(port, bytes + at, size - at, &written));
    }
    assert_true(watched->monitor->pfnEndDocPort(port));
    free(bytes);
}

void watched_print(struct watched *watched, PORT_DATA_1 *port, const WCHAR *printer, uint8_t seed,
                   uint32_t size)
{
    WCHAR name[64];
    HANDLE spooler = client_open(printer, 0);
    HANDLE handle;
    assert_non_null(spooler);
    wcscpy(name, printer);
    add_port(watched, port);
    assert_true(watched->monitor->pfnOpenPort(watched->handle, port->sztPortName, &handle));
    print_job(watched, handle, name, new_job(spooler), seed, size);
    assert_true(watched->monitor->pfnClosePort(handle));
    assert_true(ClosePrinter(spooler));
}

void watched_end(struct watched *watched)
{
    watched->monitor->pfnShutdown(watched->handle);
    assert_true(FreeLibrary(watched->module));
    watched->calls = calls;
    watched->others = others;
}
