/* SPDX-License-Identifier: MIT
 *
 * Noun: file, the part that is about folders and names.
 */
#include "os/file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/error.h"
#include "path.h"

static bool is_folder(const char *path)
{
    struct stat facts;
    return stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
}

uint32_t platen_os_path_error(const char *path)
{
    uint32_t error = platen_os_last_error();
    size_t length = (size_t)(platen_os_path_name(path) - path);
    char *folder;
    bool there;

    if (error != PLATEN_FILE_NOT_FOUND || length == 0)
        return error;
    folder = strndup(path, length);
    there = folder && is_folder(folder);
    free(folder);
    return there ? PLATEN_FILE_NOT_FOUND : PLATEN_PATH_NOT_FOUND;
}

const char *platen_os_temporary_place(void)
{
    const char *place = getenv("TMPDIR");
    return place && *place ? place : "/tmp";
}

/* What stands there already may be a folder that we could not have made. */
static uint32_t make_one(const char *path)
{
    uint32_t error;

    if (mkdir(path, 0777) == 0)
        return 0;
    error = errno == EEXIST ? PLATEN_DIRECTORY : platen_os_path_error(path);
    return is_folder(path) ? 0 : error;
}

uint32_t platen_os_make_folder(const char *path)
{
    char *part = strdup(path);
    uint32_t error = part ? 0 : PLATEN_OUTOFMEMORY;
    char *end = part;

    while (!error && *end) {
        char kept;
        end += strspn(end, "/");
        end += strcspn(end, "/");
        kept = *end;
        *end = 0;
        error = make_one(part);
        *end = kept;
    }
    free(part);
    return error;
}

uint32_t platen_os_make_temporary_folder(char *path, size_t size)
{
    int length = snprintf(path, size, "%s/platen-XXXXXX", platen_os_temporary_place());
    uint32_t error = PLATEN_INSUFFICIENT_BUFFER;

    if (length >= 0 && (size_t)length < size) {
        if (mkdtemp(path))
            return 0;
        error = platen_os_path_error(path);
    }
    if (size)
        *path = 0;
    return error;
}

static uint32_t remove_entry(int folder, const char *name);

static uint32_t remove_entries(DIR *entries)
{
    uint32_t first = 0;
    const struct dirent *entry;

    while ((entry = readdir(entries))) {
        uint32_t error = 0;
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            error = remove_entry(dirfd(entries), entry->d_name);
        if (!first)
            first = error;
    }
    return first;
}

/* Opened without following, so that a link put in its place meanwhile is refused. */
static uint32_t remove_below(int folder, const char *name)
{
    int descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    DIR *entries = descriptor < 0 ? NULL : fdopendir(descriptor);
    uint32_t error;

    if (!entries) {
        error = platen_os_last_error();
        if (descriptor >= 0)
            close(descriptor);
        return error;
    }
    error = remove_entries(entries);
    closedir(entries);
    if (error)
        return error;
    return unlinkat(folder, name, AT_REMOVEDIR) == 0 ? 0 : platen_os_last_error();
}

/* What is gone before we come to it is as it should be. */
static uint32_t remove_entry(int folder, const char *name)
{
    struct stat facts;

    if (fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISDIR(facts.st_mode))
        return remove_below(folder, name);
    if (unlinkat(folder, name, 0) == 0 || errno == ENOENT)
        return 0;
    return platen_os_last_error();
}

uint32_t platen_os_remove_folder(const char *path)
{
    struct stat facts;

    if (lstat(path, &facts) != 0)
        return platen_os_path_error(path);
    if (S_ISLNK(facts.st_mode))
        return PLATEN_STOPPED_ON_SYMLINK;
    return S_ISDIR(facts.st_mode) ? remove_below(AT_FDCWD, path) : PLATEN_DIRECTORY;
}

uint32_t platen_os_remove_file(const char *path)
{
    return unlink(path) == 0 ? 0 : platen_os_path_error(path);
}

/* Takes "." and empty parts out; ".." stays, for behind a link it is not what the text says. */
static void tidy(char *path)
{
    const char *from = path;
    char *to = path;

    while (*from) {
        size_t length;
        from += strspn(from, "/");
        *to++ = '/';
        length = strcspn(from, "/");
        if (length == 1 && *from == '.') {
            to--;
        } else {
            memmove(to, from, length);
            to += length;
        }
        from += length;
    }
    if (to == path)
        *to++ = '/';
    *to = 0;
}

uint32_t platen_os_absolute_path(const char *path, char **absolute)
{
    char *here = NULL;
    int length;

    *absolute = NULL;
    if (!*path)
        return PLATEN_INVALID_NAME;
    if (*path != '/') {
        here = getcwd(NULL, 0);
        if (!here)
            return platen_os_last_error();
    }
    length = asprintf(absolute, "%s/%s", here ? here : "", path);
    free(here);
    if (length < 0) {
        *absolute = NULL;
        return PLATEN_OUTOFMEMORY;
    }
    tidy(*absolute);
    return 0;
}

const char *platen_os_path_name(const char *path)
{
    const char *end = path + strlen(path);

    while (end > path && end[-1] == '/')
        end--;
    while (end > path && end[-1] != '/')
        end--;
    return end;
}
