/* SPDX-License-Identifier: MIT */
#include <windows.h>
#include <fcntl.h>
#include <io.h>

#include "os/file.h"

#include <stdio.h>
#include <stdlib.h>
#include <wchar.h>

#include "os/error.h"
#include "path.h"

#define GIB   ((size_t)1 << 30)
#define SHARE (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

_Static_assert((intptr_t)PLATEN_OS_NO_FILE == -1, "as INVALID_HANDLE_VALUE");

/* The system calls a folder "access denied" here. */
static uint32_t open_plain(const char *path, DWORD access, DWORD how, platen_os_file *file)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(path, &wide);
    HANDLE handle;

    *file = PLATEN_OS_NO_FILE;
    if (error)
        return error;
    handle = CreateFileW(wide, access, SHARE, NULL, how, FILE_ATTRIBUTE_NORMAL, NULL);
    if (handle == INVALID_HANDLE_VALUE) {
        error = platen_os_last_error();
        if (platen_os_is_folder(wide))
            error = PLATEN_DIRECTORY;
    }
    free(wide);
    *file = (platen_os_file)handle;
    return error;
}

uint32_t platen_os_file_open_read(const char *path, platen_os_file *file)
{
    return open_plain(path, GENERIC_READ, OPEN_EXISTING, file);
}

uint32_t platen_os_file_open_write(const char *path, platen_os_file *file)
{
    return open_plain(path, GENERIC_WRITE, CREATE_ALWAYS, file);
}

uint32_t platen_os_file_temporary(platen_os_file *file)
{
    WCHAR *place = platen_os_temporary_place();
    WCHAR *path = place ? platen_os_random_name(place) : NULL;
    HANDLE handle = INVALID_HANDLE_VALUE;
    uint32_t error = path ? 0 : PLATEN_OUTOFMEMORY;

    if (path)
        handle =
            CreateFileW(path, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_DELETE, NULL, CREATE_NEW,
                        FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    if (path && handle == INVALID_HANDLE_VALUE)
        error = platen_os_last_error();
    free(path);
    free(place);
    *file = (platen_os_file)handle;
    return error;
}

static uint32_t write_new(const WCHAR *path, const char *data, size_t size)
{
    HANDLE handle = CreateFileW(path, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
    uint32_t error = 0;

    if (handle == INVALID_HANDLE_VALUE)
        return platen_os_last_error();
    while (!error && size > 0) {
        size_t moved;
        error = platen_os_file_write((platen_os_file)handle, data, size, &moved);
        data += moved;
        size -= moved;
    }
    if (!error && !FlushFileBuffers(handle))
        error = platen_os_last_error();
    if (!CloseHandle(handle) && !error)
        error = platen_os_last_error();
    return error;
}

/* Through a link the file is replaced, not the link. */
static uint32_t follow(WCHAR **target)
{
    HANDLE handle = CreateFileW(*target, 0, SHARE, NULL, OPEN_EXISTING, 0, NULL);
    WCHAR *final;

    if (handle == INVALID_HANDLE_VALUE)
        return platen_os_last_error();
    final = platen_os_final_path(handle);
    CloseHandle(handle);
    if (!final)
        return PLATEN_CANT_ACCESS_FILE;
    free(*target);
    *target = final;
    return 0;
}

static uint32_t find_target(const char *path, WCHAR **target)
{
    uint32_t error = platen_os_wide_path(path, target);
    DWORD attributes;

    if (error)
        return error;
    if (wcsncmp(*target, L"\\\\.\\", 4) == 0)
        return PLATEN_BAD_DEV_TYPE;
    attributes = GetFileAttributesW(*target);
    if (attributes == INVALID_FILE_ATTRIBUTES)
        return 0;
    return attributes & FILE_ATTRIBUTE_DIRECTORY ? PLATEN_DIRECTORY : follow(target);
}

static uint32_t replace(const WCHAR *target, const void *data, size_t size)
{
    WCHAR *folder = _wcsdup(target), *path = NULL;
    uint32_t error = PLATEN_OUTOFMEMORY;

    if (folder) {
        wcsrchr(folder, L'\\')[1] = 0;
        path = platen_os_random_name(folder);
    }
    if (path) {
        error = write_new(path, data, size);
        if (!error &&
            !MoveFileExW(path, target, MOVEFILE_REPLACE_EXISTING | MOVEFILE_WRITE_THROUGH))
            error = platen_os_last_error();
        if (error)
            DeleteFileW(path);
    }
    free(path);
    free(folder);
    return error;
}

uint32_t platen_os_file_replace(const char *path, const void *data, size_t size)
{
    WCHAR *target;
    uint32_t error = find_target(path, &target);

    if (!error)
        error = replace(target, data, size);
    free(target);
    return error;
}

static DWORD cut(size_t size)
{
    return (DWORD)(size < GIB ? size : GIB);
}

static uint32_t report(BOOL fine, DWORD count, size_t *moved)
{
    *moved = fine ? count : 0;
    return fine ? 0 : platen_os_last_error();
}

/* Two errors are the end: of a file read at an offset, and of a pipe that was closed over there. */
static uint32_t report_read(BOOL fine, DWORD count, size_t *moved)
{
    uint32_t error = report(fine, count, moved);
    return error == ERROR_HANDLE_EOF || error == ERROR_BROKEN_PIPE ? 0 : error;
}

static OVERLAPPED at(uint64_t offset)
{
    OVERLAPPED place = {0};
    place.Offset = (DWORD)offset;
    place.OffsetHigh = (DWORD)(offset >> 32);
    return place;
}

uint32_t platen_os_file_write(platen_os_file file, const void *data, size_t size, size_t *moved)
{
    DWORD count = 0;
    BOOL fine = WriteFile((HANDLE)file, data, cut(size), &count, NULL);
    return report(fine, count, moved);
}

uint32_t platen_os_file_read(platen_os_file file, void *data, size_t size, size_t *moved)
{
    DWORD count = 0;
    BOOL fine = ReadFile((HANDLE)file, data, cut(size), &count, NULL);
    return report_read(fine, count, moved);
}

uint32_t platen_os_file_read_at(platen_os_file file, uint64_t offset, void *data, size_t size,
                                size_t *moved)
{
    OVERLAPPED place = at(offset);
    DWORD count = 0;
    BOOL fine = ReadFile((HANDLE)file, data, cut(size), &count, &place);
    return report_read(fine, count, moved);
}

uint32_t platen_os_file_write_at(platen_os_file file, uint64_t offset, const void *data,
                                 size_t size, size_t *moved)
{
    OVERLAPPED place = at(offset);
    DWORD count = 0;
    BOOL fine = WriteFile((HANDLE)file, data, cut(size), &count, &place);
    return report(fine, count, moved);
}

uint32_t platen_os_file_size(platen_os_file file, uint64_t *size)
{
    LARGE_INTEGER found;
    DWORD kind;

    *size = 0;
    if (file == PLATEN_OS_NO_FILE)
        return PLATEN_INVALID_HANDLE;
    SetLastError(0);
    kind = GetFileType((HANDLE)file);
    if (kind == FILE_TYPE_UNKNOWN && GetLastError() != 0)
        return platen_os_last_error();
    if (kind != FILE_TYPE_DISK)
        return PLATEN_BAD_DEV_TYPE;
    if (!GetFileSizeEx((HANDLE)file, &found))
        return platen_os_last_error();
    *size = (uint64_t)found.QuadPart;
    return 0;
}

/* Nothing is kept on this side of the system. */
uint32_t platen_os_file_flush(platen_os_file file)
{
    return file == PLATEN_OS_NO_FILE ? PLATEN_INVALID_HANDLE : 0;
}

uint32_t platen_os_file_close(platen_os_file file)
{
    if (file == PLATEN_OS_NO_FILE)
        return PLATEN_INVALID_HANDLE;
    return CloseHandle((HANDLE)file) ? 0 : platen_os_last_error();
}

/* What goes through the C library to the same stream must be left alone, too. */
platen_os_file platen_os_file_standard(enum platen_os_stream stream)
{
    static const struct {
        DWORD number;
        int descriptor;
    } streams[] = {
        [PLATEN_OS_STDIN] = {STD_INPUT_HANDLE, 0},
        [PLATEN_OS_STDOUT] = {STD_OUTPUT_HANDLE, 1},
        [PLATEN_OS_STDERR] = {STD_ERROR_HANDLE, 2},
    };
    HANDLE handle = GetStdHandle(streams[stream].number);

    if (!handle || handle == INVALID_HANDLE_VALUE)
        return PLATEN_OS_NO_FILE;
    _setmode(streams[stream].descriptor, _O_BINARY);
    return (platen_os_file)handle;
}
