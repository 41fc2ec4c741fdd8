/* SPDX-License-Identifier: MIT */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sink.h"

HANDLE client_open(const WCHAR *name, ACCESS_MASK access)
{
    PRINTER_DEFAULTSW defaults = {.DesiredAccess = access};
    HANDLE handle = NULL;
    WCHAR copy[128];
    wcscpy(copy, name);
    if (!OpenPrinterW(copy, &handle, access != 0 ? &defaults : NULL)) {
        print_message("OpenPrinter(%ls): %lu\n", name, GetLastError());
        return NULL;
    }
    return handle;
}

/* The interface predates const; the input is only read. */
DWORD client_ask(const WCHAR *object, const WCHAR *name, const void *input, DWORD size,
                 void *output, DWORD room)
{
    DWORD needed = 0;
    DWORD status = 0xffffffff;
    HANDLE handle = client_open(object, SERVER_ACCESS_ADMINISTER);
    assert_non_null(handle);
    assert_true(
        XcvDataW(handle, name, (PBYTE)(uintptr_t)input, size, output, room, &needed, &status));
    assert_true(ClosePrinter(handle));
    return status;
}

DWORD client_xcv(const WCHAR *object, const WCHAR *name, const void *input, DWORD size)
{
    BYTE output[64];
    return client_ask(object, name, input, size, output, sizeof output);
}

bool client_lists(const WCHAR *port)
{
    static BYTE list[65536];
    DWORD needed = 0;
    DWORD count = 0;
    assert_true(EnumPortsW(NULL, 2, list, sizeof list, &needed, &count));
    const PORT_INFO_2W *ports = (const void *)list;
    for (DWORD i = 0; i < count; i++) {
        if (wcscmp(ports[i].pPortName, port) == 0) {
            return true;
        }
    }
    return false;
}

void client_add_monitor(const WCHAR *name)
{
    WCHAR copy[64];
    WCHAR path[MAX_PATH];
    WCHAR whole[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    assert_true(length > 0 && length < MAX_PATH - 16);
    wcscpy(copy, name);
    wcscpy(wcsrchr(path, L'\\'), L"\\..\\platen.dll");
    assert_true(GetFullPathNameW(path, MAX_PATH, whole, NULL) > 0);
    MONITOR_INFO_2W info = {.pName = copy, .pDLLName = whole};
    if (!AddMonitorW(NULL, 2, (LPBYTE)&info)) {
        fail_msg("AddMonitor(%ls): %lu", whole, GetLastError());
    }
}

void client_set_text(const WCHAR *key_name, const WCHAR *name, const WCHAR *text)
{
    HKEY key;
    DWORD size = (DWORD)((wcslen(text) + 1) * sizeof(WCHAR));
    assert_int_equal(RegCreateKeyW(HKEY_LOCAL_MACHINE, key_name, &key), 0);
    assert_int_equal(RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)text, size), 0);
    RegCloseKey(key);
}

void client_add_printer(const WCHAR *name, const WCHAR *port)
{
    WCHAR path[256] = L"System\\CurrentControlSet\\Control\\Print\\Printers\\";
    wcscat(path, name);
    client_set_text(path, L"Port", port);
    client_set_text(path, L"Print Processor", L"winprint");
    client_set_text(path, L"Datatype", L"RAW");
}

bool client_print(const WCHAR *name, uint8_t seed, uint32_t size, uint32_t chunk)
{
    WCHAR title[] = L"a document";
    WCHAR datatype[] = L"RAW";
    DOC_INFO_1W doc = {.pDocName = title, .pDatatype = datatype};
    uint8_t *piece = malloc(chunk);
    HANDLE printer = client_open(name, 0);
    bool good = piece != NULL && printer != NULL && StartDocPrinterW(printer, 1, (LPBYTE)&doc) != 0;
    for (uint32_t at = 0; good && at < size;) {
        DWORD written = 0;
        uint32_t length = size - at < chunk ? size - at : chunk;
        sink_fill(seed, at, piece, length);
        good = WritePrinter(printer, piece, length, &written) && written == length;
        at += length;
    }
    good = good && EndDocPrinter(printer);
    if (!good) {
        print_message("%ls: %lu bytes not printed: %lu\n", name, (unsigned long)size,
                      GetLastError());
    }
    ClosePrinter(printer);
    free(piece);
    return good;
}

bool client_print_by_file(const WCHAR *name, uint8_t seed, uint32_t size)
{
    uint8_t room[1024];
    uint8_t piece[4096];
    ADDJOB_INFO_1W *info = (void *)room;
    DWORD needed = 0;
    HANDLE printer = client_open(name, 0);
    bool good = printer != NULL && AddJobW(printer, 1, room, sizeof room, &needed);
    FILE *file = good ? _wfopen(info->Path, L"wb") : NULL;
    good = file != NULL;
    for (uint32_t at = 0; good && at < size; at += sizeof piece) {
        uint32_t length = size - at < sizeof piece ? size - at : sizeof piece;
        sink_fill(seed, at, piece, length);
        good = fwrite(piece, 1, length, file) == length;
    }
    good = file != NULL && fclose(file) == 0 && good;
    good = good && ScheduleJob(printer, info->JobId);
    ClosePrinter(printer);
    return good;
}
