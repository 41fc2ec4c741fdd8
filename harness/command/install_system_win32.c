/* SPDX-License-Identifier: MIT
 *
 * What install and uninstall ask of Windows: winspool, the system folder, the registry.
 */
#include <windows.h>

#include <winspool.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/install.h"
#include "os/text.h"

#define PRINT L"System\\CurrentControlSet\\Control\\Print\\"

enum { NAME_UNITS = 256, PATH_UNITS = 1024 };

/* ---- rights ---------------------------------------------------------------------------------- */

uint32_t install_system_exists(void)
{
    BOOL narrow = FALSE;
    IsWow64Process(GetCurrentProcess(), &narrow);
    return narrow ? ERROR_BAD_EXE_FORMAT : 0;
}

uint32_t install_system_allows(void)
{
    PRINTER_DEFAULTSW wanted = {.DesiredAccess = SERVER_ACCESS_ADMINISTER};
    HANDLE spooler = NULL;
    HKEY key = NULL;
    if (!OpenPrinterW(NULL, &spooler, &wanted)) {
        return GetLastError();
    }
    ClosePrinter(spooler);
    LSTATUS status =
        RegOpenKeyExW(HKEY_LOCAL_MACHINE, PRINT L"Monitors", 0, KEY_READ | KEY_WRITE, &key);
    if (status == 0) {
        RegCloseKey(key);
    }
    return (uint32_t)status;
}

/* ---- files ----------------------------------------------------------------------------------- */

char *install_system_folder(void)
{
    WCHAR path[PATH_UNITS];
    UINT length = GetSystemDirectoryW(path, PATH_UNITS);
    return length == 0 || length >= PATH_UNITS ? NULL : platen_text_new8(path, length);
}

uint32_t install_system_copy(const char *from, const char *to)
{
    WCHAR source[PATH_UNITS];
    WCHAR target[PATH_UNITS];
    if (platen_text_to16(from, SIZE_MAX, source, PATH_UNITS) >= PATH_UNITS ||
        platen_text_to16(to, SIZE_MAX, target, PATH_UNITS) >= PATH_UNITS) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    return CopyFileW(source, target, TRUE) ? 0 : GetLastError();
}

/* A DLL that some process still has loaded cannot be deleted, but noted for the next start. */
uint32_t install_system_remove(const char *path, bool *later)
{
    WCHAR file[PATH_UNITS];
    *later = false;
    if (platen_text_to16(path, SIZE_MAX, file, PATH_UNITS) >= PATH_UNITS) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    if (DeleteFileW(file) || GetLastError() == ERROR_FILE_NOT_FOUND) {
        return 0;
    }
    uint32_t error = GetLastError();
    *later = MoveFileExW(file, NULL, MOVEFILE_DELAY_UNTIL_REBOOT);
    return *later ? 0 : error;
}

/* ---- the spooler ----------------------------------------------------------------------------- */

uint32_t install_system_add(const char *monitor, const char *file)
{
    WCHAR name[NAME_UNITS];
    WCHAR dll[NAME_UNITS];
    MONITOR_INFO_2W info = {.pName = name, .pDLLName = dll};
    if (platen_text_to16(monitor, SIZE_MAX, name, NAME_UNITS) >= NAME_UNITS ||
        platen_text_to16(file, SIZE_MAX, dll, NAME_UNITS) >= NAME_UNITS) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    return AddMonitorW(NULL, 2, (LPBYTE)&info) ? 0 : GetLastError();
}

uint32_t install_system_delete(const char *monitor)
{
    WCHAR name[NAME_UNITS];
    if (platen_text_to16(monitor, SIZE_MAX, name, NAME_UNITS) >= NAME_UNITS) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    return DeleteMonitorW(NULL, NULL, name) ? 0 : GetLastError();
}

/* ---- the registry ---------------------------------------------------------------------------- */

/* "Monitors", NAME: the key Control\Print\Monitors\NAME. */
static LSTATUS open_key(const WCHAR *folder, const WCHAR *below, REGSAM access, HKEY *key)
{
    WCHAR path[PATH_UNITS];
    *key = NULL;
    if (wcslen(folder) + wcslen(below) + 64 > PATH_UNITS) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    swprintf(path, PATH_UNITS, L"%ls%ls%ls%ls", PRINT, folder, *below ? L"\\" : L"", below);
    return RegOpenKeyExW(HKEY_LOCAL_MACHINE, path, 0, access, key);
}

static LSTATUS open_monitor(const char *monitor, REGSAM access, HKEY *key)
{
    WCHAR name[NAME_UNITS];
    *key = NULL;
    if (platen_text_to16(monitor, SIZE_MAX, name, NAME_UNITS) >= NAME_UNITS) {
        return ERROR_FILENAME_EXCED_RANGE;
    }
    return open_key(L"Monitors", name, access, key);
}

uint32_t install_system_forget(const char *monitor)
{
    HKEY key;
    WCHAR name[NAME_UNITS];
    LSTATUS status = open_key(L"Monitors", L"", KEY_ALL_ACCESS, &key);
    if (status == 0 && platen_text_to16(monitor, SIZE_MAX, name, NAME_UNITS) < NAME_UNITS) {
        status = RegDeleteTreeW(key, name);
        RegCloseKey(key);
    }
    return status == ERROR_FILE_NOT_FOUND ? 0 : (uint32_t)status;
}

/* A text value, cut to fit; NULL: there is none. */
static const WCHAR *read_text(HKEY key, const WCHAR *value, WCHAR *text, DWORD units)
{
    DWORD size = units * sizeof *text;
    return RegGetValueW(key, NULL, value, RRF_RT_REG_SZ, NULL, text, &size) == 0 ? text : NULL;
}

char *install_system_get(const char *monitor, const char *value)
{
    HKEY key;
    WCHAR name[NAME_UNITS];
    WCHAR text[PATH_UNITS];
    char *copy = NULL;
    platen_text_to16(value, SIZE_MAX, name, NAME_UNITS);
    if (open_monitor(monitor, KEY_READ, &key) == 0) {
        copy = platen_text_new8(read_text(key, name, text, PATH_UNITS), SIZE_MAX);
        RegCloseKey(key);
    }
    return copy;
}

uint32_t install_system_set(const char *monitor, const char *value, const char *text)
{
    HKEY key;
    WCHAR name[NAME_UNITS];
    WCHAR data[PATH_UNITS];
    size_t length = text == NULL ? 0 : platen_text_to16(text, SIZE_MAX, data, PATH_UNITS);
    LSTATUS status =
        length >= PATH_UNITS ? ERROR_FILENAME_EXCED_RANGE : open_monitor(monitor, KEY_WRITE, &key);
    if (status != 0) {
        return (uint32_t)status;
    }
    platen_text_to16(value, SIZE_MAX, name, NAME_UNITS);
    if (text == NULL) {
        status = RegDeleteValueW(key, name);
        status = status == ERROR_FILE_NOT_FOUND ? 0 : status;
    } else {
        status = RegSetValueExW(key, name, 0, REG_SZ, (const BYTE *)data,
                                (DWORD)((length + 1) * sizeof *data));
    }
    RegCloseKey(key);
    return (uint32_t)status;
}

static bool pass_on(const WCHAR *name, install_each *each, void *context)
{
    char *text = platen_text_new8(name, SIZE_MAX);
    bool more = text != NULL && each(context, text);
    free(text);
    return more;
}

/* The names of the subkeys. */
static bool each_key(HKEY key, install_each *each, void *context)
{
    WCHAR name[NAME_UNITS];
    DWORD size = NAME_UNITS;
    bool more = true;
    for (DWORD i = 0; more; i++, size = NAME_UNITS) {
        if (RegEnumKeyExW(key, i, name, &size, NULL, NULL, NULL, NULL) != 0) {
            break;
        }
        more = pass_on(name, each, context);
    }
    return more;
}

void install_system_monitors(install_each *each, void *context)
{
    HKEY key;
    if (open_key(L"Monitors", L"", KEY_READ, &key) == 0) {
        each_key(key, each, context);
        RegCloseKey(key);
    }
}

/* Ports are subkeys of `Ports` or values of it: ours are of both kinds. */
void install_system_ports(const char *monitor, install_each *each, void *context)
{
    HKEY entry;
    HKEY ports;
    WCHAR name[NAME_UNITS];
    DWORD size = NAME_UNITS;
    if (open_monitor(monitor, KEY_READ, &entry) != 0) {
        return;
    }
    if (RegOpenKeyExW(entry, L"Ports", 0, KEY_READ, &ports) == 0) {
        bool more = each_key(ports, each, context);
        for (DWORD i = 0; more; i++, size = NAME_UNITS) {
            if (RegEnumValueW(ports, i, name, &size, NULL, NULL, NULL, NULL) != 0) {
                break;
            }
            more = pass_on(name, each, context);
        }
        RegCloseKey(ports);
    }
    RegCloseKey(entry);
}

struct printers {
    install_each *each;
    void *context;
};

static bool pass_printer_on(void *context, const char *printer)
{
    const struct printers *printers = context;
    HKEY key;
    WCHAR name[NAME_UNITS];
    WCHAR text[PATH_UNITS];
    bool more = true;
    if (platen_text_to16(printer, SIZE_MAX, name, NAME_UNITS) < NAME_UNITS &&
        open_key(L"Printers", name, KEY_READ, &key) == 0) {
        const WCHAR *ports = read_text(key, L"Port", text, PATH_UNITS);
        more = ports == NULL || pass_on(ports, printers->each, printers->context);
        RegCloseKey(key);
    }
    return more;
}

void install_system_printers(install_each *each, void *context)
{
    struct printers printers = {each, context};
    HKEY key;
    if (open_key(L"Printers", L"", KEY_READ, &key) == 0) {
        each_key(key, pass_printer_on, &printers);
        RegCloseKey(key);
    }
}
