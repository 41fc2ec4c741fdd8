/* SPDX-License-Identifier: MIT
 *
 * Noun: file, the part that is about folders.
 */
#include "path.h"

#include <aclapi.h>
#include <stdlib.h>
#include <string.h>
#include <wchar.h>

#include "os/error.h"
#include "os/file.h"
#include "os/text.h"

#define LIST_SIZE 0x4000

/* What stands there already may be a folder that we could not have made. */
static uint32_t make_one(const WCHAR *path)
{
    uint32_t error;

    if (CreateDirectoryW(path, NULL))
        return 0;
    error = platen_os_last_error();
    if (platen_os_is_folder(path))
        return 0;
    return error == PLATEN_ALREADY_EXISTS ? PLATEN_DIRECTORY : error;
}

/* From the end, for of the beginning (a drive, a server) nothing can be made: cuts parts off until
 * one can be made, then makes what was cut off. */
static uint32_t make_parts(WCHAR *path)
{
    uint32_t error = make_one(path);
    WCHAR *cut = wcsrchr(path, L'\\');

    if (error != PLATEN_PATH_NOT_FOUND || !cut || cut == path)
        return error;
    *cut = 0;
    error = make_parts(path);
    *cut = L'\\';
    return error ? error : make_one(path);
}

uint32_t platen_os_make_folder(const char *path)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(path, &wide);
    size_t length;

    if (error)
        return error;
    length = wcslen(wide);
    while (length > 0 && wide[length - 1] == L'\\')
        wide[--length] = 0;
    error = make_parts(wide);
    free(wide);
    return error;
}

static TOKEN_USER *read_user(void)
{
    TOKEN_USER *user = NULL;
    HANDLE token;
    DWORD size = 0;

    if (!OpenThreadToken(GetCurrentThread(), TOKEN_QUERY, TRUE, &token) &&
        !OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &token))
        return NULL;
    GetTokenInformation(token, TokenUser, NULL, 0, &size);
    user = malloc(size);
    if (user && !GetTokenInformation(token, TokenUser, user, size, &size)) {
        free(user);
        user = NULL;
    }
    CloseHandle(token);
    return user;
}

/* The right to everything for this user, here and below, and nothing inherited from above: the
 * place for temporary things may be everybody's. */
static ACL *make_acl(void)
{
    TOKEN_USER *user = read_user();
    EXPLICIT_ACCESSW all = {
        .grfAccessPermissions = GENERIC_ALL,
        .grfAccessMode = SET_ACCESS,
        .grfInheritance = SUB_CONTAINERS_AND_OBJECTS_INHERIT,
        .Trustee = {.TrusteeForm = TRUSTEE_IS_SID, .TrusteeType = TRUSTEE_IS_USER},
    };
    ACL *acl = NULL;

    if (user) {
        all.Trustee.ptstrName = (WCHAR *)user->User.Sid;
        if (SetEntriesInAclW(1, &all, NULL, &acl) != ERROR_SUCCESS)
            acl = NULL;
    }
    free(user);
    return acl;
}

static uint32_t make_private(const WCHAR *path)
{
    SECURITY_DESCRIPTOR descriptor;
    SECURITY_ATTRIBUTES security = {.nLength = sizeof security,
                                    .lpSecurityDescriptor = &descriptor};
    ACL *acl = make_acl();
    uint32_t error = 0;

    if (!acl)
        return PLATEN_ACCESS_DENIED;
    if (!InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION) ||
        !SetSecurityDescriptorDacl(&descriptor, TRUE, acl, FALSE) ||
        !SetSecurityDescriptorControl(&descriptor, SE_DACL_PROTECTED, SE_DACL_PROTECTED) ||
        !CreateDirectoryW(path, &security))
        error = platen_os_last_error();
    LocalFree(acl);
    return error;
}

/* The long form is for us; programs that are handed the path like the short one better. */
static uint32_t tell(const WCHAR *wide, char *path, size_t size)
{
    const WCHAR *text = wcsncmp(wide, L"\\\\?\\", 4) == 0 ? wide + 4 : wide;
    return platen_text_to8(text, SIZE_MAX, path, size) < size ? 0 : PLATEN_INSUFFICIENT_BUFFER;
}

uint32_t platen_os_make_temporary_folder(char *path, size_t size)
{
    WCHAR *place = platen_os_temporary_place();
    WCHAR *wide = place ? platen_os_random_name(place) : NULL;
    uint32_t error = wide ? tell(wide, path, size) : PLATEN_OUTOFMEMORY;

    if (!error)
        error = make_private(wide);
    if (error && size)
        *path = 0;
    free(wide);
    free(place);
    return error;
}

/* Opened as what it is and not as where it leads; until it is closed nobody can put something else
 * in its place. */
static uint32_t hold(const WCHAR *path, HANDLE *handle, DWORD *attributes)
{
    const DWORD access =
        DELETE | FILE_LIST_DIRECTORY | FILE_READ_ATTRIBUTES | FILE_WRITE_ATTRIBUTES;
    const DWORD flags = FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT;
    BY_HANDLE_FILE_INFORMATION facts;
    uint32_t error;

    *handle = CreateFileW(path, access, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                          flags, NULL);
    if (*handle == INVALID_HANDLE_VALUE)
        return platen_os_last_error();
    if (GetFileInformationByHandle(*handle, &facts)) {
        *attributes = facts.dwFileAttributes;
        return 0;
    }
    error = platen_os_last_error();
    CloseHandle(*handle);
    return error;
}

/* Removes what is held and closes it. */
static uint32_t dispose(HANDLE handle, DWORD attributes)
{
    FILE_BASIC_INFO plain = {.FileAttributes = FILE_ATTRIBUTE_NORMAL};
    FILE_DISPOSITION_INFO gone = {.DeleteFile = TRUE};
    uint32_t error = 0;

    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileInformationByHandle(handle, FileBasicInfo, &plain, sizeof plain);
    if (!SetFileInformationByHandle(handle, FileDispositionInfo, &gone, sizeof gone))
        error = platen_os_last_error();
    CloseHandle(handle);
    return error;
}

static uint32_t remove_entries(HANDLE folder);

/* Wine follows the links of the system below it without a word, and would delete what they lead to:
 * so where a thing is must be where it was found. */
static uint32_t remove_entry(const WCHAR *path)
{
    HANDLE handle;
    DWORD attributes;
    uint32_t error = hold(path, &handle, &attributes);
    WCHAR *final;

    if (error)
        return error;
    final = platen_os_final_path(handle);
    if (!(attributes & FILE_ATTRIBUTE_REPARSE_POINT)) {
        if (!final || _wcsicmp(final, path) != 0)
            error = PLATEN_STOPPED_ON_SYMLINK;
        else if (attributes & FILE_ATTRIBUTE_DIRECTORY)
            error = remove_entries(handle);
    }
    free(final);
    if (!error)
        return dispose(handle, attributes);
    CloseHandle(handle);
    return error;
}

static uint32_t remove_listed(const WCHAR *folder, const FILE_ID_BOTH_DIR_INFO *entry)
{
    WCHAR name[256] = L"";
    size_t length = entry->FileNameLength / sizeof *name;
    WCHAR *path;
    uint32_t error = PLATEN_OUTOFMEMORY;

    if (length > 255)
        return PLATEN_FILENAME_EXCED_RANGE;
    wmemcpy(name, entry->FileName, length);
    if (wcscmp(name, L".") == 0 || wcscmp(name, L"..") == 0)
        return 0;
    path = platen_os_join(folder, name);
    if (path)
        error = remove_entry(path);
    free(path);
    return error;
}

/* The entries that were read at once; each says how far it is to the next. */
static uint32_t remove_list(const WCHAR *folder, const char *list)
{
    uint32_t first = 0;

    for (;;) {
        const FILE_ID_BOTH_DIR_INFO *entry = (const void *)list;
        uint32_t error = remove_listed(folder, entry);
        if (!first)
            first = error;
        if (!entry->NextEntryOffset)
            return first;
        list += entry->NextEntryOffset;
    }
}

/* Read through the handle, so that it is what we hold. */
static uint32_t remove_entries(HANDLE folder)
{
    WCHAR *path = platen_os_final_path(folder);
    char *list = malloc(LIST_SIZE);
    uint32_t first = path && list ? 0 : PLATEN_OUTOFMEMORY;

    while (path && list) {
        uint32_t error;
        if (!GetFileInformationByHandleEx(folder, FileIdBothDirectoryInfo, list, LIST_SIZE)) {
            if (GetLastError() != ERROR_NO_MORE_FILES && !first)
                first = platen_os_last_error();
            break;
        }
        error = remove_list(path, list);
        if (!first)
            first = error;
    }
    free(list);
    free(path);
    return first;
}

static uint32_t remove_folder(const WCHAR *path)
{
    HANDLE folder;
    DWORD attributes;
    uint32_t error = hold(path, &folder, &attributes);

    if (error)
        return error;
    if (attributes & FILE_ATTRIBUTE_REPARSE_POINT)
        error = PLATEN_STOPPED_ON_SYMLINK;
    else if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        error = PLATEN_DIRECTORY;
    else
        error = remove_entries(folder);
    if (!error)
        return dispose(folder, attributes);
    CloseHandle(folder);
    return error;
}

uint32_t platen_os_remove_folder(const char *path)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(path, &wide);

    if (!error)
        error = remove_folder(wide);
    free(wide);
    return error;
}

uint32_t platen_os_remove_file(const char *path)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(path, &wide);

    if (error)
        return error;
    if (!DeleteFileW(wide))
        error = platen_os_is_folder(wide) ? PLATEN_DIRECTORY : platen_os_last_error();
    free(wide);
    return error;
}
