/* SPDX-License-Identifier: MIT */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/error.h"
#include "path.h"

#define GIB        ((size_t)1 << 30)
#define PLAIN_MODE 0666 /* less what the umask takes */

static uint32_t give(int descriptor, const char *path, platen_os_file *file)
{
    *file = descriptor < 0 ? PLATEN_OS_NO_FILE : descriptor;
    return descriptor < 0 ? platen_os_path_error(path) : 0;
}

/* The system would open a folder for reading and complain only when it is read. */
uint32_t platen_os_file_open_read(const char *path, platen_os_file *file)
{
    struct stat facts;
    int descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);

    if (descriptor >= 0 && fstat(descriptor, &facts) == 0 && S_ISDIR(facts.st_mode)) {
        close(descriptor);
        errno = EISDIR;
        descriptor = -1;
    }
    return give(descriptor, path, file);
}

uint32_t platen_os_file_open_write(const char *path, platen_os_file *file)
{
    const int flags = O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOCTTY;
    return give(open(path, flags, PLAIN_MODE), path, file);
}

/* For file systems that make no file without a name: it has one for a moment. */
static int open_unlinked(const char *place)
{
    char path[4096];
    int descriptor;

    if (snprintf(path, sizeof path, "%s/platen-XXXXXX", place) >= (int)sizeof path) {
        errno = ENAMETOOLONG;
        return -1;
    }
    descriptor = mkostemp(path, O_CLOEXEC);
    if (descriptor >= 0)
        unlink(path);
    return descriptor;
}

uint32_t platen_os_file_temporary(platen_os_file *file)
{
    const char *place = platen_os_temporary_place();
    int descriptor = -1;
#ifdef O_TMPFILE
    descriptor = open(place, O_TMPFILE | O_RDWR | O_EXCL | O_CLOEXEC, 0600);
#endif
    if (descriptor < 0)
        descriptor = open_unlinked(place);
    return give(descriptor, place, file);
}

static uint32_t write_all(int descriptor, const char *data, size_t size)
{
    while (size > 0) {
        size_t moved;
        uint32_t error = platen_os_file_write(descriptor, data, size, &moved);
        if (error)
            return error;
        data += moved;
        size -= moved;
    }
    return fsync(descriptor) == 0 ? 0 : platen_os_last_error();
}

/* A new file in the folder of `target`, under a name that takes no more room than any name may. */
static int open_beside(const char *target, char **path)
{
    const char *slash = strrchr(target, '/');
    int folder = slash ? (int)(slash - target) + 1 : 0;
    uint64_t number;

    *path = NULL;
    if (getentropy(&number, sizeof number) != 0)
        return -1;
    if (asprintf(path, "%.*s.platen-%016" PRIx64, folder, target, number) < 0) {
        *path = NULL;
        errno = ENOMEM;
        return -1;
    }
    return open(*path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, PLAIN_MODE);
}

/* The new file gets mode and owner of the one whose place it takes, where the system lets us. */
static uint32_t take_after(int descriptor, const char *target)
{
    struct stat old;

    if (stat(target, &old) != 0)
        return errno == ENOENT ? 0 : platen_os_last_error();
    if (S_ISDIR(old.st_mode))
        return PLATEN_DIRECTORY;
    if (!S_ISREG(old.st_mode))
        return PLATEN_BAD_DEV_TYPE;
    if (fchown(descriptor, old.st_uid, old.st_gid) == 0)
        fchmod(descriptor, old.st_mode & 07777);
    else
        fchmod(descriptor, old.st_mode & 0777);
    return 0;
}

/* So that the new name outlives a power failure, too; if that fails, the file is replaced still. */
static void sync_folder(const char *path)
{
    const char *slash = strrchr(path, '/');
    char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int descriptor = folder ? open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC) : -1;

    if (descriptor >= 0) {
        fsync(descriptor);
        close(descriptor);
    }
    free(folder);
}

/* Writes the new file and closes it. */
static uint32_t write_new(int descriptor, const char *target, const void *data, size_t size)
{
    uint32_t error = take_after(descriptor, target);

    if (!error)
        error = write_all(descriptor, data, size);
    if (close(descriptor) != 0 && !error)
        error = platen_os_last_error();
    return error;
}

static uint32_t replace(const char *target, const void *data, size_t size)
{
    char *path;
    int descriptor = open_beside(target, &path);
    uint32_t error;

    if (descriptor < 0) {
        error = platen_os_path_error(target);
        free(path);
        return error;
    }
    error = write_new(descriptor, target, data, size);
    if (!error && rename(path, target) != 0)
        error = platen_os_last_error();
    if (error)
        unlink(path);
    else
        sync_folder(target);
    free(path);
    return error;
}

/* Through a link the file is replaced, not the link. */
uint32_t platen_os_file_replace(const char *path, const void *data, size_t size)
{
    char *target = realpath(path, NULL);
    uint32_t error;

    if (!target && errno != ENOENT)
        return platen_os_last_error();
    error = replace(target ? target : path, data, size);
    free(target);
    return error;
}

/* `moved` bytes, or an error if it is negative. */
static uint32_t report(ssize_t moved, size_t *count)
{
    *count = moved < 0 ? 0 : (size_t)moved;
    return moved < 0 ? platen_os_last_error() : 0;
}

static size_t cut(size_t size)
{
    return size < GIB ? size : GIB;
}

uint32_t platen_os_file_write(platen_os_file file, const void *data, size_t size, size_t *moved)
{
    ssize_t result;
    do
        result = write((int)file, data, cut(size));
    while (result < 0 && errno == EINTR);
    return report(result, moved);
}

uint32_t platen_os_file_read(platen_os_file file, void *data, size_t size, size_t *moved)
{
    ssize_t result;
    do
        result = read((int)file, data, cut(size));
    while (result < 0 && errno == EINTR);
    return report(result, moved);
}

uint32_t platen_os_file_read_at(platen_os_file file, uint64_t offset, void *data, size_t size,
                                size_t *moved)
{
    ssize_t result;
    do
        result = pread((int)file, data, cut(size), (off_t)offset);
    while (result < 0 && errno == EINTR);
    return report(result, moved);
}

uint32_t platen_os_file_write_at(platen_os_file file, uint64_t offset, const void *data,
                                 size_t size, size_t *moved)
{
    ssize_t result;
    do
        result = pwrite((int)file, data, cut(size), (off_t)offset);
    while (result < 0 && errno == EINTR);
    return report(result, moved);
}

uint32_t platen_os_file_size(platen_os_file file, uint64_t *size)
{
    struct stat facts;

    *size = 0;
    if (fstat((int)file, &facts) != 0)
        return platen_os_last_error();
    if (!S_ISREG(facts.st_mode))
        return PLATEN_BAD_DEV_TYPE;
    *size = (uint64_t)facts.st_size;
    return 0;
}

/* Nothing is kept on this side of the system. */
uint32_t platen_os_file_flush(platen_os_file file)
{
    return file == PLATEN_OS_NO_FILE ? PLATEN_INVALID_HANDLE : 0;
}

/* After EINTR the descriptor is gone all the same, and may be somebody else's already. */
uint32_t platen_os_file_close(platen_os_file file)
{
    return close((int)file) == 0 || errno == EINTR ? 0 : platen_os_last_error();
}

platen_os_file platen_os_file_standard(enum platen_os_stream stream)
{
    static const int descriptors[] = {
        [PLATEN_OS_STDIN] = STDIN_FILENO,
        [PLATEN_OS_STDOUT] = STDOUT_FILENO,
        [PLATEN_OS_STDERR] = STDERR_FILENO,
    };
    return descriptors[stream];
}
