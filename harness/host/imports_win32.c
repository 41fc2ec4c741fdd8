/* SPDX-License-Identifier: MIT
 *
 * Leads the imports of a DLL to those who stand in for them: by name, in the table that the loader
 * has filled, and in the one for DLLs that are loaded at the first call. What a DLL looks for while
 * it runs it asks GetProcAddress for, which is led here as well.
 */
#include "host/native_win32.h"

#include <string.h>

#include "os/lasterror.h"
#include "os/text.h"

/* The DLLs whose functions are winspool's. */
static const char *const print_libraries[] = {"winspool.drv", "spoolss.dll",
                                              "ext-ms-win-printer-winspool", NULL};

static bool is_print(const char *library)
{
    for (size_t i = 0; print_libraries[i] != NULL; i++) {
        size_t length = strlen(print_libraries[i]);
        if (_strnicmp(library, print_libraries[i], length) == 0 &&
            (library[length] == '\0' || library[length] == '-')) {
            return true;
        }
    }
    return false;
}

static bool is_print_module(HMODULE module)
{
    bool is_one = false;
    for (size_t i = 0; !is_one && print_libraries[i] != NULL; i++) {
        is_one = GetModuleHandleA(print_libraries[i]) == module;
    }
    return module != NULL && is_one;
}

/* ---- the image in memory --------------------------------------------------------------------- */

static const IMAGE_OPTIONAL_HEADER *header_of(const char *image)
{
    const IMAGE_DOS_HEADER *dos = (const void *)image;
    const IMAGE_NT_HEADERS *head = (const void *)(image + dos->e_lfanew);
    bool fine = dos->e_magic == IMAGE_DOS_SIGNATURE && head->Signature == IMAGE_NT_SIGNATURE &&
                head->OptionalHeader.Magic == IMAGE_NT_OPTIONAL_HDR_MAGIC;
    return fine ? &head->OptionalHeader : NULL;
}

/* A directory of the image's; NULL: it has none. */
static const void *directory(const char *image, unsigned number, size_t *size)
{
    const IMAGE_OPTIONAL_HEADER *head = header_of(image);
    if (head == NULL || number >= head->NumberOfRvaAndSizes ||
        head->DataDirectory[number].VirtualAddress == 0) {
        return NULL;
    }
    *size = head->DataDirectory[number].Size;
    return image + head->DataDirectory[number].VirtualAddress;
}

/* The name under which a DLL exports that number; NULL. */
static const char *name_of_number(const char *image, unsigned number)
{
    size_t size;
    const IMAGE_EXPORT_DIRECTORY *exports =
        image == NULL ? NULL : directory(image, IMAGE_DIRECTORY_ENTRY_EXPORT, &size);
    if (exports == NULL) {
        return NULL;
    }
    const DWORD *names = (const void *)(image + exports->AddressOfNames);
    const WORD *places = (const void *)(image + exports->AddressOfNameOrdinals);
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        if (exports->Base + places[i] == number) {
            return image + names[i];
        }
    }
    return NULL;
}

/* ---- who stands in --------------------------------------------------------------------------- */

static FARPROC WINAPI get_proc_address(HMODULE module, LPCSTR name);

static host_function find(bool print, const char *name)
{
    if (print) {
        return host_print_find(name);
    }
    if (strcmp(name, "GetProcAddress") == 0) {
        return (host_function)get_proc_address;
    }
    return host_system_find(name);
}

/* What was asked for, by name or by number, as its name. */
static const char *name_of(HMODULE module, LPCSTR name)
{
    return IS_INTRESOURCE(name) ? name_of_number((const char *)module, LOWORD(name)) : name;
}

static FARPROC WINAPI get_proc_address(HMODULE module, LPCSTR name)
{
    DWORD kept = GetLastError();
    const char *text = name_of(module, name);
    host_function function = text == NULL ? NULL : find(is_print_module(module), text);
    SetLastError(kept);
    return function != NULL ? (FARPROC)function : GetProcAddress(module, name);
}

/* ---- tables ---------------------------------------------------------------------------------- */

static void lead(ULONG_PTR *place, host_function function)
{
    DWORD before;
    if (VirtualProtect(place, sizeof *place, PAGE_READWRITE, &before)) {
        *place = (ULONG_PTR)function;
        VirtualProtect(place, sizeof *place, before, &before);
    }
}

/* A table without names has been filled already: whose function stands there? */
static const char *name_of_address(HMODULE library, ULONG_PTR address)
{
    const char *image = (const char *)library;
    size_t size;
    const IMAGE_EXPORT_DIRECTORY *exports =
        image == NULL ? NULL : directory(image, IMAGE_DIRECTORY_ENTRY_EXPORT, &size);
    if (exports == NULL) {
        return NULL;
    }
    const DWORD *names = (const void *)(image + exports->AddressOfNames);
    const WORD *places = (const void *)(image + exports->AddressOfNameOrdinals);
    const DWORD *functions = (const void *)(image + exports->AddressOfFunctions);
    for (DWORD i = 0; i < exports->NumberOfNames; i++) {
        if ((ULONG_PTR)(image + functions[places[i]]) == address) {
            return image + names[i];
        }
    }
    return NULL;
}

struct table {
    const char *library;
    const IMAGE_THUNK_DATA *names; /* NULL: there are none */
    IMAGE_THUNK_DATA *functions;
};

static const char *name_at(const char *image, const struct table *table, HMODULE library, size_t i)
{
    if (table->names == NULL) {
        return name_of_address(library, (ULONG_PTR)table->functions[i].u1.Function);
    }
    ULONG_PTR entry = (ULONG_PTR)table->names[i].u1.AddressOfData;
    if (IMAGE_SNAP_BY_ORDINAL(entry)) {
        return name_of_number((const char *)library, IMAGE_ORDINAL(entry));
    }
    return (const char *)((const IMAGE_IMPORT_BY_NAME *)(const void *)(image + entry))->Name;
}

static void patch_table(const char *image, const struct table *table)
{
    bool print = is_print(table->library);
    HMODULE library = GetModuleHandleA(table->library);
    const IMAGE_THUNK_DATA *end = table->names == NULL ? table->functions : table->names;
    for (size_t i = 0; end[i].u1.Ordinal != 0; i++) {
        const char *name = name_at(image, table, library, i);
        host_function function = name == NULL ? NULL : find(print, name);
        if (function != NULL) {
            lead((ULONG_PTR *)&table->functions[i].u1.Function, function);
        }
    }
}

static void patch_imports(char *image)
{
    size_t size;
    const IMAGE_IMPORT_DESCRIPTOR *one = directory(image, IMAGE_DIRECTORY_ENTRY_IMPORT, &size);
    for (; one != NULL && one->Name != 0 && one->FirstThunk != 0; one++) {
        struct table table = {
            .library = image + one->Name,
            .names = one->OriginalFirstThunk == 0 ? NULL
                                                  : (const void *)(image + one->OriginalFirstThunk),
            .functions = (void *)(image + one->FirstThunk),
        };
        patch_table(image, &table);
    }
}

/* Compilers of the last century wrote addresses there, which are left alone. */
static void patch_delayed(char *image)
{
    size_t size;
    const IMAGE_DELAYLOAD_DESCRIPTOR *one =
        directory(image, IMAGE_DIRECTORY_ENTRY_DELAY_IMPORT, &size);
    for (; one != NULL && one->DllNameRVA != 0; one++) {
        struct table table = {
            .library = image + one->DllNameRVA,
            .names = (const void *)(image + one->ImportNameTableRVA),
            .functions = (void *)(image + one->ImportAddressTableRVA),
        };
        if (one->Attributes.RvaBased && one->ImportNameTableRVA != 0) {
            patch_table(image, &table);
        }
    }
}

/* ---- exports --------------------------------------------------------------------------------- */

/* "other.Function" */
static void load_target(const char *forward)
{
    char name[MAX_PATH];
    const char *dot = strrchr(forward, '.');
    size_t length = dot == NULL ? 0 : (size_t)(dot - forward);
    if (length == 0 || length + sizeof ".dll" > sizeof name) {
        return;
    }
    memcpy(name, forward, length);
    strcpy(name + length, ".dll");
    if (GetModuleHandleA(name) == NULL) {
        LoadLibraryA(name);
    }
}

void host_imports_follow(HMODULE module)
{
    DWORD kept = GetLastError();
    const char *image = (const char *)module;
    size_t size;
    const IMAGE_EXPORT_DIRECTORY *exports = directory(image, IMAGE_DIRECTORY_ENTRY_EXPORT, &size);
    const char *begin = (const char *)exports;
    if (exports != NULL) {
        const DWORD *functions = (const void *)(image + exports->AddressOfFunctions);
        for (DWORD i = 0; i < exports->NumberOfFunctions; i++) {
            const char *at = image + functions[i];
            if (at >= begin && at < begin + size) {
                load_target(at);
            }
        }
    }
    SetLastError(kept);
}

/* ---- whose ----------------------------------------------------------------------------------- */

bool host_imports_foreign(HMODULE module)
{
    WCHAR path[MAX_PATH];
    WCHAR system[MAX_PATH];
    DWORD length = GetModuleFileNameW(module, path, MAX_PATH);
    UINT ours = GetSystemDirectoryW(system, MAX_PATH);
    if (module == GetModuleHandleW(NULL) || length == 0 || ours == 0 || ours >= MAX_PATH) {
        return true;
    }
    return length > ours && length < MAX_PATH && path[ours] == L'\\' &&
           _wcsnicmp(path, system, ours) == 0;
}

void host_imports_patch(HMODULE module)
{
    DWORD kept = GetLastError();
    if (header_of((const char *)module) != NULL) {
        patch_imports((char *)module);
        patch_delayed((char *)module);
    }
    SetLastError(kept);
}
