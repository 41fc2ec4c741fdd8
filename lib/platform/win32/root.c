/* SPDX-License-Identifier: MIT
 *
 * Noun: file, the door for names that come from ports and jobs. Between any two calls somebody may
 * put a junction where a file or a folder was (CVE-2020-1337), so every part of the way is opened
 * by itself, below the one that is held already, as what it is and not as where it leads. Win32
 * cannot open below a folder that is held; the native call can.
 */
#include "path.h"

#include <winternl.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/error.h"
#include "os/file.h"
#include "os/text.h"

#define PART_MAX  255
#define PATH_MOST 32000 /* units of 32767; the rest is for the way to the root */
#define SHARE_ALL (FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE)

struct platen_os_root {
    HANDLE folder;
    WCHAR *path; /* where it is, links resolved */
};

static uint32_t open_folder(const WCHAR *path, HANDLE *folder)
{
    BY_HANDLE_FILE_INFORMATION facts;
    uint32_t error = 0;

    *folder = CreateFileW(path, FILE_TRAVERSE | FILE_READ_ATTRIBUTES, SHARE_ALL, NULL,
                          OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS, NULL);
    if (*folder == INVALID_HANDLE_VALUE) {
        error = platen_os_last_error();
        return error == PLATEN_FILE_NOT_FOUND ? PLATEN_PATH_NOT_FOUND : error;
    }
    if (!GetFileInformationByHandle(*folder, &facts))
        error = platen_os_last_error();
    else if (!(facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
        error = PLATEN_DIRECTORY;
    if (error)
        CloseHandle(*folder);
    return error;
}

static uint32_t make_root(const WCHAR *path, platen_os_root **root)
{
    platen_os_root *made = malloc(sizeof *made);
    uint32_t error;

    if (!made)
        return PLATEN_OUTOFMEMORY;
    error = open_folder(path, &made->folder);
    if (error) {
        free(made);
        return error;
    }
    made->path = platen_os_final_path(made->folder);
    *root = made;
    if (made->path)
        return 0;
    *root = NULL;
    platen_os_root_close(made);
    return PLATEN_CANT_ACCESS_FILE;
}

uint32_t platen_os_root_open(const char *folder, platen_os_root **root)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(folder, &wide);

    *root = NULL;
    if (!error)
        error = make_root(wide, root);
    free(wide);
    return error == PLATEN_INVALID_NAME ? PLATEN_PATH_NOT_FOUND : error;
}

void platen_os_root_close(platen_os_root *root)
{
    if (!root)
        return;
    CloseHandle(root->folder);
    free(root->path);
    free(root);
}

/* Up to the next separator. */
static size_t part_length(const char *path)
{
    size_t length = 0;
    while (path[length] && !platen_os_is_separator(path[length]))
        length++;
    return length;
}

/* The system takes these for devices in every folder, and "nul.txt" and "nul .txt" too. */
static bool is_device(const char *part, size_t length)
{
    static const char *const names[] = {"CON",  "PRN",    "AUX",     "NUL",   "COM#",
                                        "LPT#", "CONIN$", "CONOUT$", "CLOCK$"};
    char16_t base[PART_MAX + 1];
    size_t end = 0;

    platen_text_to16(part, length, base, PART_MAX + 1);
    while (base[end] && base[end] != '.')
        end++;
    while (end > 0 && base[end - 1] == ' ')
        end--;
    /* Digits, and the three that were digits in old code pages. */
    if (end == 4 && ((base[3] >= '0' && base[3] <= '9') || base[3] == 0xB9 || base[3] == 0xB2 ||
                     base[3] == 0xB3))
        base[3] = '#';
    base[end] = 0;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        char16_t name[8];
        platen_text_to16(names[i], SIZE_MAX, name, 8);
        if (platen_text_equal_folded(base, name))
            return true;
    }
    return false;
}

/* A dot or blank at the end is lost on some ways to the file and not on others; ':' begins a
 * stream. */
static uint32_t check_part(const char *part, size_t length)
{
    if (length == 0 || part[length - 1] == '.' || part[length - 1] == ' ')
        return PLATEN_INVALID_NAME;
    for (size_t i = 0; i < length; i++)
        if ((unsigned char)part[i] < 0x20 || strchr("<>:\"|?*", part[i]))
            return PLATEN_INVALID_NAME;
    if (platen_text_to16(part, length, NULL, 0) > PART_MAX)
        return PLATEN_FILENAME_EXCED_RANGE;
    return is_device(part, length) ? PLATEN_INVALID_NAME : 0;
}

static uint32_t check_parts(const char *below)
{
    if (platen_text_to16(below, SIZE_MAX, NULL, 0) > PATH_MOST)
        return PLATEN_FILENAME_EXCED_RANGE;
    for (;;) {
        size_t length = part_length(below);
        uint32_t error = check_part(below, length);
        if (error)
            return error;
        if (!below[length])
            return 0;
        below += length + 1;
    }
}

static bool is_absolute(const char *path)
{
    return platen_os_is_separator(path[0]) || (path[0] && path[1] == ':');
}

static bool equal_parts(const char *a, size_t a_length, const char *b, size_t b_length)
{
    char16_t left[PART_MAX + 1], right[PART_MAX + 1];

    return platen_text_to16(a, a_length, left, PART_MAX + 1) <= PART_MAX &&
           platen_text_to16(b, b_length, right, PART_MAX + 1) <= PART_MAX &&
           platen_text_equal_folded(left, right);
}

/* Part by part, for a folded part may be longer. NULL if `path` does not begin with the folder. */
static const char *cut_folder(const char *folder, const char *path)
{
    size_t left = strlen(folder);

    if (!is_absolute(folder))
        return NULL;
    while (left > 0 && platen_os_is_separator(folder[left - 1]))
        left--;
    for (;;) {
        size_t wanted = part_length(folder), found = part_length(path);
        if (wanted > left)
            wanted = left;
        if (!equal_parts(folder, wanted, path, found))
            return NULL;
        path += found + (path[found] ? 1 : 0);
        if (wanted == left)
            return path;
        folder += wanted + 1;
        left -= wanted + 1;
    }
}

uint32_t platen_os_path_below(const char *folder, const char *path, const char **below)
{
    const char *rest = is_absolute(path) ? cut_folder(folder, path) : path;
    uint32_t error = rest ? check_parts(rest) : PLATEN_ACCESS_DENIED;

    *below = error ? NULL : rest;
    return error;
}

/* One part of a way: what it is called, in which folder, below which root. */
struct place {
    const platen_os_root *root;
    HANDLE folder;
    const char *name;
    size_t length;
};

/* How it is opened. */
struct manner {
    ACCESS_MASK access;
    ULONG share, disposition, options;
};

/* Held without leave to delete: while we stand in a folder it stays where it is. */
static const struct manner to_enter = {
    FILE_TRAVERSE | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
    FILE_SHARE_READ | FILE_SHARE_WRITE,
    FILE_OPEN,
    FILE_DIRECTORY_FILE,
};
static const struct manner to_look = {
    FILE_READ_ATTRIBUTES | SYNCHRONIZE,
    SHARE_ALL,
    FILE_OPEN,
    0,
};
static const struct manner to_write = {
    GENERIC_WRITE | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
    FILE_SHARE_READ,
    FILE_OPEN,
    FILE_NON_DIRECTORY_FILE,
};
static const struct manner to_make = {
    GENERIC_WRITE | FILE_READ_ATTRIBUTES | SYNCHRONIZE,
    FILE_SHARE_READ,
    FILE_CREATE,
    FILE_NON_DIRECTORY_FILE,
};

static uint32_t open_part(const struct place *place, const struct manner *manner, HANDLE *handle)
{
    const ULONG always = FILE_OPEN_REPARSE_POINT | FILE_SYNCHRONOUS_IO_NONALERT;
    WCHAR text[PART_MAX + 1];
    UNICODE_STRING name = {.Buffer = text};
    OBJECT_ATTRIBUTES object;
    IO_STATUS_BLOCK status;
    NTSTATUS result;
    size_t units = platen_text_to16(place->name, place->length, text, PART_MAX + 1);

    name.Length = (USHORT)(units * sizeof *text);
    name.MaximumLength = name.Length;
    InitializeObjectAttributes(&object, &name, OBJ_CASE_INSENSITIVE, place->folder, NULL);
    result = NtCreateFile(handle, manner->access, &object, &status, NULL, FILE_ATTRIBUTE_NORMAL,
                          manner->share, manner->disposition, manner->options | always, NULL, 0);
    if (result >= 0)
        return 0;
    *handle = INVALID_HANDLE_VALUE;
    return RtlNtStatusToDosError(result);
}

/* The last word has the system: is what was opened below the root? */
static uint32_t check_final(const platen_os_root *root, HANDLE handle)
{
    WCHAR *path = platen_os_final_path(handle);
    size_t length = wcslen(root->path);
    bool inside;

    if (!path)
        return PLATEN_CANT_ACCESS_FILE;
    if (length > 0 && root->path[length - 1] == L'\\')
        length--;
    inside = wcslen(path) > length && path[length] == L'\\' &&
             CompareStringOrdinal(path, (int)length, root->path, (int)length, TRUE) == CSTR_EQUAL;
    free(path);
    return inside ? 0 : PLATEN_STOPPED_ON_SYMLINK;
}

/* A link, a folder or a file? 0 for a file of one name. */
static uint32_t judge(const platen_os_root *root, HANDLE handle)
{
    BY_HANDLE_FILE_INFORMATION facts;
    uint32_t error;

    if (GetFileType(handle) != FILE_TYPE_DISK)
        return PLATEN_BAD_DEV_TYPE;
    if (!GetFileInformationByHandle(handle, &facts))
        return platen_os_last_error();
    if (facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
        return PLATEN_STOPPED_ON_SYMLINK;
    error = check_final(root, handle);
    if (error)
        return error;
    if (facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY)
        return PLATEN_DIRECTORY;
    return facts.nNumberOfLinks > 1 ? PLATEN_TOO_MANY_LINKS : 0;
}

/* What stands there; FILE_NOT_FOUND if nothing does. */
static uint32_t look(const struct place *place)
{
    HANDLE handle;
    uint32_t error = open_part(place, &to_look, &handle);

    if (error)
        return error;
    error = judge(place->root, handle);
    CloseHandle(handle);
    return error;
}

/* The next folder; a link to one can be opened as a folder too, and is refused here. */
static uint32_t enter(const struct place *place, HANDLE *next)
{
    uint32_t error = open_part(place, &to_enter, next), kind;

    if (error == PLATEN_FILE_NOT_FOUND)
        return PLATEN_PATH_NOT_FOUND;
    kind = error ? look(place) : judge(place->root, *next);
    if (!error && kind == PLATEN_DIRECTORY)
        return 0;
    if (!error)
        CloseHandle(*next);
    *next = INVALID_HANDLE_VALUE;
    if (kind == 0 || kind == PLATEN_TOO_MANY_LINKS)
        return PLATEN_DIRECTORY;
    return error && kind != PLATEN_STOPPED_ON_SYMLINK ? error : kind;
}

static void close_place(const struct place *place)
{
    if (place->folder != INVALID_HANDLE_VALUE && place->folder != place->root->folder)
        CloseHandle(place->folder);
}

/* The place of a file that is to be opened: close_place it. */
static uint32_t find_place(const platen_os_root *root, const char *below, struct place *place)
{
    uint32_t error = check_parts(below);

    *place = (struct place){.root = root, .folder = root->folder, .name = below};
    while (!error) {
        struct place before;
        place->length = part_length(place->name);
        before = *place;
        if (!place->name[place->length])
            return 0;
        error = enter(&before, &place->folder);
        close_place(&before);
        place->name += place->length + 1;
    }
    return error;
}

uint32_t platen_os_root_check(platen_os_root *root, const char *below)
{
    struct place place;
    uint32_t error = find_place(root, below, &place);

    if (error)
        return error;
    error = look(&place);
    close_place(&place);
    return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
}

static uint32_t seize(const platen_os_root *root, HANDLE handle)
{
    FILE_END_OF_FILE_INFO empty = {.EndOfFile.QuadPart = 0};
    uint32_t error = judge(root, handle);

    if (error)
        return error;
    return SetFileInformationByHandle(handle, FileEndOfFileInfo, &empty, sizeof empty)
               ? 0
               : platen_os_last_error();
}

/* Opens what is there or makes what is not, but never one for the other: a link that leads nowhere
 * would be made into a file over there by systems that do not tell us of links (Wine). */
static uint32_t open_or_make(const struct place *place, HANDLE *handle)
{
    uint32_t kind = look(place), error;

    *handle = INVALID_HANDLE_VALUE;
    if (kind && kind != PLATEN_FILE_NOT_FOUND)
        return kind;
    error = open_part(place, kind ? &to_make : &to_write, handle);
    if (kind && (error == PLATEN_ALREADY_EXISTS || error == PLATEN_FILE_EXISTS))
        return open_part(place, &to_write, handle);
    return error;
}

uint32_t platen_os_root_create(platen_os_root *root, const char *below, platen_os_file *file)
{
    HANDLE handle;
    struct place place;
    uint32_t error = find_place(root, below, &place);

    *file = PLATEN_OS_NO_FILE;
    if (error)
        return error;
    error = open_or_make(&place, &handle);
    close_place(&place);
    if (error)
        return error;
    error = seize(root, handle);
    if (error)
        CloseHandle(handle);
    else
        *file = (platen_os_file)handle;
    return error;
}
