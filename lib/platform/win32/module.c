/* SPDX-License-Identifier: MIT */
#include "path.h"

#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/error.h"
#include "os/file.h"
#include "os/module.h"
#include "os/text.h"

#define LONGEST 4096 /* of our own path */

struct platen_os_module {
    HMODULE handle;
};

/* In those of loading, what is left open for words is the file's name. */
static char *words_for(uint32_t error, const WCHAR *name)
{
    const DWORD flags =
        FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ARGUMENT_ARRAY;
    DWORD_PTR open[99]; /* %1 to %99 */
    WCHAR *words = NULL;
    DWORD length;
    char *text;

    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        open[i] = (DWORD_PTR)name;
    length = FormatMessageW(flags, NULL, error, 0, (WCHAR *)&words, 0, (void *)open);

    while (length > 0 && words[length - 1] <= L' ')
        length--;
    text = platen_text_new8(words ? words : L"", length);
    LocalFree(words);
    return text;
}

/* A missing file and something missing that it needs are one code there. */
static uint32_t explain(const WCHAR *path, uint32_t error)
{
    DWORD attributes = GetFileAttributesW(path);

    if (attributes == INVALID_FILE_ATTRIBUTES)
        return PLATEN_FILE_NOT_FOUND;
    if (attributes & FILE_ATTRIBUTE_DIRECTORY)
        return PLATEN_BAD_EXE_FORMAT;
    return error == PLATEN_PROC_NOT_FOUND ? PLATEN_MOD_NOT_FOUND : error;
}

/* To a name without a dot the loader would add ".dll"; a dot at the end says that there is none. */
static WCHAR *exact_name(const char *path, uint32_t *error)
{
    WCHAR *full, *exact;
    size_t length;

    *error = platen_os_full_path(path, &full);
    if (*error)
        return NULL;
    length = wcslen(full);
    exact = realloc(full, (length + 2) * sizeof *exact);
    if (!exact) {
        *error = PLATEN_OUTOFMEMORY;
        free(full);
        return NULL;
    }
    if (!strchr(platen_os_path_name(path), '.'))
        wcscpy(exact + length, L".");
    return exact;
}

/* No window may ask the user for a disk. What the module needs is searched beside it, in the
 * system's folder and in those that the program has named (AddDllDirectory), never where we happen
 * to be. */
static uint32_t open_module(const char *path, HMODULE *handle, char **complaint)
{
    uint32_t error;
    WCHAR *name = exact_name(path, &error);
    DWORD mode;

    *handle = NULL;
    if (!name)
        return error;
    SetThreadErrorMode(SEM_FAILCRITICALERRORS, &mode);
    *handle = LoadLibraryExW(name, NULL,
                             LOAD_LIBRARY_SEARCH_DLL_LOAD_DIR | LOAD_LIBRARY_SEARCH_USER_DIRS |
                                 LOAD_LIBRARY_SEARCH_SYSTEM32);
    error = *handle ? 0 : platen_os_last_error();
    SetThreadErrorMode(mode, NULL);
    if (error && complaint)
        *complaint = words_for(error, name);
    if (error)
        error = explain(name, error);
    free(name);
    return error;
}

uint32_t platen_os_module_load(const char *path, platen_os_module **module, char **complaint)
{
    platen_os_module *made = malloc(sizeof *made);
    uint32_t error = PLATEN_OUTOFMEMORY;

    *module = NULL;
    if (complaint)
        *complaint = NULL;
    if (made)
        error = open_module(path, &made->handle, complaint);
    if (error)
        free(made);
    else
        *module = made;
    return error;
}

void platen_os_module_unload(platen_os_module *module)
{
    if (!module)
        return;
    FreeLibrary(module->handle);
    free(module);
}

platen_os_function platen_os_module_function(platen_os_module *module, const char *name)
{
    return (platen_os_function)(void (*)(void))GetProcAddress(module->handle, name);
}

void *platen_os_module_data(platen_os_module *module, const char *name)
{
    FARPROC function = GetProcAddress(module->handle, name);
    void *address;

    memcpy(&address, &function, sizeof address);
    return address;
}

bool platen_os_module_runs_dllmain(void)
{
    return true;
}

void *platen_os_module_handle(platen_os_module *module)
{
    return module->handle;
}

uint32_t platen_os_module_beside(const void *address, const char *name, char **path)
{
    const DWORD flags =
        GET_MODULE_HANDLE_EX_FLAG_UNCHANGED_REFCOUNT | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    WCHAR own[LONGEST];
    HMODULE handle;

    *path = NULL;
    if (!GetModuleHandleExW(flags, (const WCHAR *)address, &handle))
        return platen_os_last_error();
    DWORD length = GetModuleFileNameW(handle, own, LONGEST);
    if (length == 0 || length == LONGEST)
        return PLATEN_FILENAME_EXCED_RANGE;
    char *whole = platen_text_new8(own, length);
    size_t folder = whole ? (size_t)(platen_os_path_name(whole) - whole) : 0;
    char *beside = whole ? realloc(whole, folder + strlen(name) + 1) : NULL;
    if (!beside) {
        free(whole);
        return PLATEN_OUTOFMEMORY;
    }
    strcpy(beside + folder, name);
    *path = beside;
    return 0;
}

void platen_os_module_pin(const void *address)
{
    const DWORD flags = GET_MODULE_HANDLE_EX_FLAG_PIN | GET_MODULE_HANDLE_EX_FLAG_FROM_ADDRESS;
    HMODULE handle;
    GetModuleHandleExW(flags, (const WCHAR *)address, &handle);
}
