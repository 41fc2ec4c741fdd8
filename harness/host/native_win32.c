/* SPDX-License-Identifier: MIT
 *
 * Where a DLL finds others, and when its imports are led here: as soon as the loader has it in
 * memory, before its DllMain runs, and so for every DLL that it brings along or loads later.
 */
#include "host/native_win32.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/process.h"
#include "os/text.h"

/* ---- what was called for the first time ------------------------------------------------------ */

static _Atomic(struct host_seen *) news;

void host_seen(struct host_seen *what)
{
    if (atomic_exchange(&what->seen, true)) {
        return;
    }
    what->next = atomic_load(&news);
    while (!atomic_compare_exchange_weak(&news, &what->next, what)) {
    }
}

static size_t tell_kind(const struct host_seen *list, int kind, const char *word, char *to,
                        size_t size)
{
    size_t used = 0;
    for (; list != NULL; list = list->next) {
        if ((int)list->kind == kind && used + 80 < size) {
            used += (size_t)snprintf(to + used, size - used, "%s%s", used == 0 ? word : " ",
                                     list->name);
        }
    }
    return used == 0 ? 0 : used + (size_t)snprintf(to + used, size - used, "]");
}

size_t host_native_tell(char *to, size_t size)
{
    const struct host_seen *list = atomic_exchange(&news, NULL);
    to[0] = '\0';
    size_t used = tell_kind(list, HOST_SEEN_UNMODELLED, " unmodelled=[", to, size);
    used += tell_kind(list, HOST_SEEN_SYSTEM, " system=[", to + used, size - used);
    return used + tell_kind(list, HOST_SEEN_STORED, " stored=[", to + used, size - used);
}

/* ---- being told of DLLs ---------------------------------------------------------------------- */

/* What ntdll.dll has had since Windows Vista, and no header of mingw's. */
struct loaded {
    ULONG flags;
    const void *path;
    const void *name;
    PVOID base;
    ULONG size;
};
typedef VOID(CALLBACK *told)(ULONG reason, const struct loaded *data, PVOID context);
typedef LONG(NTAPI *register_told)(ULONG flags, told function, PVOID context, PVOID *cookie);

static bool is_told; /* the system tells; or nobody does */

static VOID CALLBACK on_dll(ULONG reason, const struct loaded *data, PVOID context)
{
    (void)context;
    if (reason == 1 && !host_imports_foreign(data->base)) {
        host_imports_patch(data->base);
    }
}

static void ask_to_be_told(void)
{
    PVOID cookie;
    HMODULE ntdll = GetModuleHandleW(L"ntdll.dll");
    host_function function = (host_function)GetProcAddress(ntdll, "LdrRegisterDllNotification");
    is_told = function != NULL && ((register_told)function)(0, on_dll, NULL, &cookie) == 0;
}

void host_native_loaded(void *module)
{
    if (!is_told) {
        host_imports_patch(module);
    }
    host_imports_follow(module);
}

/* ---- folders --------------------------------------------------------------------------------- */

/* The folder that stands before `end`. */
static void add_folder(const char *from, size_t length)
{
    WCHAR full[MAX_PATH];
    char *folder = malloc(length + 1);
    if (folder == NULL) {
        return;
    }
    memcpy(folder, from, length);
    folder[length] = '\0';
    WCHAR *wide = (WCHAR *)platen_text_new16(folder, SIZE_MAX);
    DWORD size = wide == NULL ? 0 : GetFullPathNameW(wide, MAX_PATH, full, NULL);
    if (size > 0 && size < MAX_PATH) {
        AddDllDirectory(full);
    }
    free(wide);
    free(folder);
}

/* "Z:\one;Z:\two" */
static void add_folders(const char *list)
{
    while (*list != '\0') {
        size_t length = strcspn(list, ";");
        if (length > 0) {
            add_folder(list, length);
        }
        list += length + (list[length] == ';');
    }
}

/* ---- the ports of win.ini -------------------------------------------------------------------- */

/* Monitors of the last century ask GetProfileString for them. On Windows those are values in the
 * registry, which Wine has as well; what it lacks is the word that they are the same. */
static void map_ports(void)
{
    HKEY key;
    DWORD disposition;
    static const WCHAR where[] = L"SYS:Microsoft\\Windows NT\\CurrentVersion\\Ports";
    if (RegCreateKeyExW(HKEY_LOCAL_MACHINE,
                        L"Software\\Microsoft\\Windows NT\\CurrentVersion\\IniFileMapping\\win.ini",
                        0, NULL, 0, KEY_QUERY_VALUE | KEY_SET_VALUE, NULL, &key,
                        &disposition) != 0) {
        return;
    }
    if (RegQueryValueExW(key, L"Ports", NULL, NULL, NULL, NULL) != 0) {
        RegSetValueExW(key, L"Ports", 0, REG_SZ, (const BYTE *)where, sizeof where);
    }
    RegCloseKey(key);
}

/* The current folder is not among them, nor those of PATH. */
void host_native_prepare(const char *path)
{
    static char folders[4096];
    const char *name = path + strlen(path);
    while (name > path && name[-1] != '\\' && name[-1] != '/') {
        name--;
    }
    SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOGPFAULTERRORBOX | SEM_NOOPENFILEERRORBOX);
    SetDefaultDllDirectories(LOAD_LIBRARY_SEARCH_SYSTEM32 | LOAD_LIBRARY_SEARCH_USER_DIRS);
    add_folder(path, (size_t)(name - path));
    if (platen_os_environment_take("PLATEN_HOST_DLLS", folders, sizeof folders)) {
        add_folders(folders);
    }
    map_ports();
    if (!is_told) {
        ask_to_be_told();
    }
}

/* ---- the older kind's settings --------------------------------------------------------------- */

/* As a spooler has it: the key is there, and names the DLL. */
static atomic_bool has_root;

bool host_native_has_root(void)
{
    return atomic_load(&has_root);
}

void host_native_root(const char *path, const char *key)
{
    atomic_store(&has_root, true);
    HKEY opened;
    WCHAR *wide = (WCHAR *)platen_text_new16(key, SIZE_MAX);
    WCHAR *driver = (WCHAR *)platen_text_new16(path, SIZE_MAX);
    if (wide != NULL && driver != NULL &&
        RegCreateKeyExW(HKEY_LOCAL_MACHINE, wide, 0, NULL, 0, KEY_ALL_ACCESS, NULL, &opened,
                        NULL) == 0) {
        DWORD size = (DWORD)((wcslen(driver) + 1) * sizeof *driver);
        if (RegQueryValueExW(opened, L"Driver", NULL, NULL, NULL, NULL) != 0) {
            RegSetValueExW(opened, L"Driver", 0, REG_SZ, (const BYTE *)driver, size);
        }
        RegCloseKey(opened);
    }
    free(wide);
    free(driver);
}
