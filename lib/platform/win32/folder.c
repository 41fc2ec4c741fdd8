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

static uint32_t remove_below(const WCHAR *path);

/* A link is removed as what it is, a folder or a file, without looking where it leads. */
static uint32_t remove_entry(const WCHAR *folder, const WIN32_FIND_DATAW *entry)
{
    DWORD attributes = entry->dwFileAttributes;
    WCHAR *path = platen_os_join(folder, entry->cFileName);
    uint32_t error = PLATEN_OUTOFMEMORY;

    if (!path)
        return error;
    error = 0;
    if (attributes & FILE_ATTRIBUTE_READONLY)
        SetFileAttributesW(path, FILE_ATTRIBUTE_NORMAL);
    if (!(attributes & FILE_ATTRIBUTE_DIRECTORY))
        error = DeleteFileW(path) ? 0 : platen_os_last_error();
    else if (attributes & FILE_ATTRIBUTE_REPARSE_POINT)
        error = RemoveDirectoryW(path) ? 0 : platen_os_last_error();
    else
        error = remove_below(path);
    free(path);
    return error;
}

static uint32_t remove_entries(const WCHAR *path)
{
    WIN32_FIND_DATAW entry;
    WCHAR *pattern = platen_os_join(path, L"*");
    HANDLE search = pattern ? FindFirstFileW(pattern, &entry) : INVALID_HANDLE_VALUE;
    uint32_t first = 0;

    free(pattern);
    if (search == INVALID_HANDLE_VALUE)
        return platen_os_last_error();
    do {
        uint32_t error = 0;
        if (wcscmp(entry.cFileName, L".") != 0 && wcscmp(entry.cFileName, L"..") != 0)
            error = remove_entry(path, &entry);
        if (!first)
            first = error;
    } while (FindNextFileW(search, &entry));
    FindClose(search);
    return first;
}

/* While it is held like this nobody can put something else in its place. */
static uint32_t hold(const WCHAR *path, HANDLE *folder)
{
    BY_HANDLE_FILE_INFORMATION facts;
    uint32_t error = 0;

    *folder =
        CreateFileW(path, FILE_LIST_DIRECTORY, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                    OPEN_EXISTING, FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT, NULL);
    if (*folder == INVALID_HANDLE_VALUE)
        return platen_os_last_error();
    if (!GetFileInformationByHandle(*folder, &facts))
        error = platen_os_last_error();
    else if (facts.dwFileAttributes & FILE_ATTRIBUTE_REPARSE_POINT)
        error = PLATEN_STOPPED_ON_SYMLINK;
    else if (!(facts.dwFileAttributes & FILE_ATTRIBUTE_DIRECTORY))
        error = PLATEN_DIRECTORY;
    if (error)
        CloseHandle(*folder);
    return error;
}

static uint32_t remove_below(const WCHAR *path)
{
    HANDLE folder;
    uint32_t error = hold(path, &folder);

    if (error)
        return error;
    error = remove_entries(path);
    CloseHandle(folder);
    if (error)
        return error;
    return RemoveDirectoryW(path) ? 0 : platen_os_last_error();
}

uint32_t platen_os_remove_folder(const char *path)
{
    WCHAR *wide;
    uint32_t error = platen_os_wide_path(path, &wide);

    if (!error)
        error = remove_below(wide);
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
