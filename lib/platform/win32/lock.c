/* SPDX-License-Identifier: MIT */
#include <windows.h>

#include <stdlib.h>

#include "os/error.h"
#include "os/file.h"
#include "path.h"

#define ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

static bool facts_of(const char *path, BY_HANDLE_FILE_INFORMATION *facts)
{
    WCHAR *wide;
    HANDLE handle = INVALID_HANDLE_VALUE;
    if (platen_os_wide_path(path, &wide) == 0) {
        handle = CreateFileW(wide, 0, ALL, NULL, OPEN_EXISTING, FILE_ATTRIBUTE_NORMAL, NULL);
        free(wide);
    }
    bool known = handle != INVALID_HANDLE_VALUE && GetFileInformationByHandle(handle, facts);
    if (handle != INVALID_HANDLE_VALUE) {
        CloseHandle(handle);
    }
    return known;
}

bool platen_os_same_file(const char *a, const char *b)
{
    BY_HANDLE_FILE_INFORMATION one;
    BY_HANDLE_FILE_INFORMATION two;
    return facts_of(a, &one) && facts_of(b, &two) &&
           one.dwVolumeSerialNumber == two.dwVolumeSerialNumber &&
           one.nFileIndexHigh == two.nFileIndexHigh && one.nFileIndexLow == two.nFileIndexLow;
}

/* There is nothing to wait on for a file that another has open for himself alone. */
uint32_t platen_os_lock_take(const char *path, platen_os_file *file)
{
    WCHAR *wide;
    HANDLE handle;
    uint32_t error = platen_os_wide_path(path, &wide);
    *file = PLATEN_OS_NO_FILE;
    if (error) {
        return error;
    }
    do {
        handle = CreateFileW(wide, GENERIC_READ | GENERIC_WRITE | DELETE, 0, NULL, OPEN_ALWAYS,
                             FILE_FLAG_DELETE_ON_CLOSE, NULL);
        error = handle == INVALID_HANDLE_VALUE ? platen_os_last_error() : 0;
        if (error == PLATEN_SHARING_VIOLATION) {
            Sleep(20);
        }
    } while (error == PLATEN_SHARING_VIOLATION);
    free(wide);
    *file = (platen_os_file)handle;
    return error;
}

void platen_os_lock_drop(const char *path, platen_os_file file)
{
    (void)path;
    if (file != PLATEN_OS_NO_FILE) {
        CloseHandle((HANDLE)file);
    }
}
