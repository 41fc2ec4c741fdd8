/* SPDX-License-Identifier: MIT */
#include "path.h"

#include <winternl.h>
#include <ntsecapi.h>
#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "os/error.h"
#include "os/file.h"
#include "os/text.h"

#define LONG_FORM L"\\\\?\\"
#define UNC_FORM  L"\\\\?\\UNC"

bool platen_os_is_separator(char c)
{
    return c == '/' || c == '\\';
}

bool platen_os_is_folder(const WCHAR *path)
{
    DWORD attributes = GetFileAttributesW(path);
    return attributes != INVALID_FILE_ATTRIBUTES && (attributes & FILE_ATTRIBUTE_DIRECTORY);
}

/* The current folder can change between asking for the size and for the text. */
static uint32_t full_path(const WCHAR *path, WCHAR **full)
{
    DWORD room = 0, needed = GetFullPathNameW(path, 0, NULL, NULL);

    while (needed > room) {
        WCHAR *grown = realloc(*full, needed * sizeof *grown);
        if (!grown)
            return PLATEN_OUTOFMEMORY;
        *full = grown;
        room = needed;
        needed = GetFullPathNameW(path, room, *full, NULL);
    }
    return needed ? 0 : platen_os_last_error();
}

uint32_t platen_os_full_path(const char *path, WCHAR **full)
{
    WCHAR *wide;
    uint32_t error;

    *full = NULL;
    if (!*path)
        return PLATEN_INVALID_NAME;
    wide = platen_text_new16(path, SIZE_MAX);
    error = wide ? full_path(wide, full) : PLATEN_OUTOFMEMORY;
    free(wide);
    if (error) {
        free(*full);
        *full = NULL;
    }
    return error;
}

/* Two texts one after the other. */
static WCHAR *concat(const WCHAR *first, const WCHAR *second)
{
    size_t one = wcslen(first), other = wcslen(second);
    WCHAR *text = malloc((one + other + 1) * sizeof *text);

    if (text) {
        wmemcpy(text, first, one);
        wmemcpy(text + one, second, other + 1);
    }
    return text;
}

uint32_t platen_os_wide_path(const char *path, WCHAR **wide)
{
    WCHAR *full;
    uint32_t error = platen_os_full_path(path, &full);

    *wide = full;
    if (error || wcsncmp(full, L"\\\\?\\", 4) == 0 || wcsncmp(full, L"\\\\.\\", 4) == 0)
        return error;
    if (full[0] == L'\\' && full[1] == L'\\')
        *wide = concat(UNC_FORM, full + 1);
    else
        *wide = concat(LONG_FORM, full);
    free(full);
    return *wide ? 0 : PLATEN_OUTOFMEMORY;
}

WCHAR *platen_os_join(const WCHAR *folder, const WCHAR *name)
{
    size_t length = wcslen(folder);
    WCHAR *with, *joined;

    if (length > 0 && folder[length - 1] == L'\\')
        return concat(folder, name);
    with = concat(folder, L"\\");
    joined = with ? concat(with, name) : NULL;
    free(with);
    return joined;
}

WCHAR *platen_os_random_name(const WCHAR *folder)
{
    uint32_t random[4];
    WCHAR name[48];

    if (!RtlGenRandom(random, sizeof random))
        return NULL;
    swprintf(name, sizeof name / sizeof *name, L"platen-%08x%08x%08x%08x", random[0], random[1],
             random[2], random[3]);
    return platen_os_join(folder, name);
}

WCHAR *platen_os_temporary_place(void)
{
    WCHAR place[MAX_PATH + 1];
    DWORD length = GetTempPathW(MAX_PATH + 1, place);

    return length > 0 && length <= MAX_PATH ? concat(LONG_FORM, place) : NULL;
}

/* Wine answers the question above up to 260 units only; the native one it answers with a name that
 * needs no more than another beginning. Windows has a name of another kind here. */
static WCHAR *native_path(HANDLE handle)
{
    static const WCHAR form[] = L"\\??\\";
    const size_t skip = sizeof form / sizeof *form - 1;
    const ULONG size = 0x10000 + sizeof(UNICODE_STRING);
    UNICODE_STRING *name = calloc(1, size + sizeof(WCHAR));
    ULONG length;
    WCHAR *path = NULL;

    if (name && NtQueryObject(handle, ObjectNameInformation, name, size, &length) >= 0 &&
        name->Buffer && wcsncmp(name->Buffer, form, skip) == 0)
        path = concat(LONG_FORM, name->Buffer + skip);
    free(name);
    return path;
}

WCHAR *platen_os_final_path(HANDLE handle)
{
    DWORD room = GetFinalPathNameByHandleW(handle, NULL, 0, 0);
    WCHAR *path = room ? malloc((room + 1) * sizeof *path) : NULL;
    DWORD length = path ? GetFinalPathNameByHandleW(handle, path, room + 1, 0) : 0;

    if (length > 0 && length <= room)
        return path;
    free(path);
    return native_path(handle);
}

uint32_t platen_os_absolute_path(const char *path, char **absolute)
{
    WCHAR *full;
    uint32_t error = platen_os_full_path(path, &full);

    *absolute = platen_text_new8(full, SIZE_MAX);
    free(full);
    if (error)
        return error;
    return *absolute ? 0 : PLATEN_OUTOFMEMORY;
}

/* "C:name" has its last part behind the drive. */
const char *platen_os_path_name(const char *path)
{
    const char *name = path;

    for (const char *at = path; *at; at++) {
        bool ends = platen_os_is_separator(*at) || (*at == ':' && at == path + 1);
        if (ends && at[1] && !platen_os_is_separator(at[1]))
            name = at + 1;
    }
    return name;
}
