/* SPDX-License-Identifier: MIT
 *
 * Noun: file, the door for names that come from ports and jobs. Between any two calls somebody may
 * put a link where a file or a folder was (CVE-2020-1337), so every folder on the way is opened by
 * itself, below the one that is held already, following nothing, and what is judged in the end is
 * the open file.
 */
#include "os/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/error.h"
#include "path.h"

#define PART_MAX  255
#define PATH_MOST 4095

/* To pass through a folder the right to search it is enough. */
#ifdef O_PATH
#    define PASS (O_PATH | O_DIRECTORY | O_CLOEXEC)
#else
#    define PASS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
#endif

struct platen_os_root {
    int folder;
};

uint32_t platen_os_root_open(const char *folder, platen_os_root **root)
{
    platen_os_root *made = malloc(sizeof *made);
    uint32_t error = PLATEN_OUTOFMEMORY;

    *root = NULL;
    if (!made)
        return error;
    made->folder = open(folder, PASS);
    if (made->folder >= 0) {
        *root = made;
        return 0;
    }
    error = errno == ENOENT ? PLATEN_PATH_NOT_FOUND : platen_os_last_error();
    free(made);
    return error;
}

void platen_os_root_close(platen_os_root *root)
{
    if (!root)
        return;
    close(root->folder);
    free(root);
}

static uint32_t check_part(const char *part, size_t length)
{
    if (length == 0 || (length <= 2 && memcmp(part, "..", length) == 0))
        return PLATEN_INVALID_NAME;
    return length > PART_MAX ? PLATEN_FILENAME_EXCED_RANGE : 0;
}

static uint32_t check_parts(const char *below)
{
    if (strlen(below) > PATH_MOST)
        return PLATEN_FILENAME_EXCED_RANGE;
    for (;;) {
        size_t length = strcspn(below, "/");
        uint32_t error = check_part(below, length);
        if (error)
            return error;
        if (!below[length])
            return 0;
        below += length + 1;
    }
}

/* NULL if the text of `path` does not begin with the folder's. */
static const char *cut_folder(const char *folder, const char *path)
{
    size_t length = strlen(folder);

    if (*folder != '/')
        return NULL;
    while (length > 0 && folder[length - 1] == '/')
        length--;
    if (strncmp(folder, path, length) != 0)
        return NULL;
    if (path[length] == '/')
        return path + length + 1;
    return path[length] ? NULL : path + length;
}

uint32_t platen_os_path_below(const char *folder, const char *path, const char **below)
{
    const char *rest = *path == '/' ? cut_folder(folder, path) : path;
    uint32_t error = rest ? check_parts(rest) : PLATEN_ACCESS_DENIED;

    *below = error ? NULL : rest;
    return error;
}

static bool is_link(int folder, const char *name)
{
    struct stat facts;
    return fstatat(folder, name, &facts, AT_SYMLINK_NOFOLLOW) == 0 && S_ISLNK(facts.st_mode);
}

static uint32_t enter(int folder, const char *part, size_t length, int *next)
{
    char name[PART_MAX + 1];

    memcpy(name, part, length);
    name[length] = 0;
    *next = openat(folder, name, PASS | O_NOFOLLOW);
    if (*next >= 0)
        return 0;
    if (errno == ENOENT)
        return PLATEN_PATH_NOT_FOUND;
    if (errno == ENOTDIR && is_link(folder, name))
        return PLATEN_STOPPED_ON_SYMLINK;
    return platen_os_last_error();
}

/* The folder of a file that is to be opened: close_place it. */
struct place {
    const platen_os_root *root;
    int folder;
    const char *name;
};

static void close_place(const struct place *place)
{
    if (place->folder >= 0 && place->folder != place->root->folder)
        close(place->folder);
}

static uint32_t find_place(const platen_os_root *root, const char *below, struct place *place)
{
    uint32_t error = check_parts(below);

    *place = (struct place){.root = root, .folder = root->folder, .name = below};
    while (!error) {
        struct place before = *place;
        size_t length = strcspn(place->name, "/");
        if (!place->name[length])
            return 0;
        error = enter(before.folder, before.name, length, &place->folder);
        close_place(&before);
        place->name += length + 1;
    }
    return error;
}

/* A file with a second name may be somebody else's, linked here so that we overwrite it. */
static uint32_t judge(const struct place *place, const struct stat *facts)
{
    switch (facts->st_mode & S_IFMT) {
    case S_IFREG:
        return facts->st_nlink > 1 ? PLATEN_TOO_MANY_LINKS : 0;
    case S_IFLNK:
        return PLATEN_STOPPED_ON_SYMLINK;
    case S_IFDIR:
        return PLATEN_DIRECTORY;
    case S_IFCHR:
        return place->folder == place->root->folder ? 0 : PLATEN_BAD_DEV_TYPE;
    default:
        return PLATEN_BAD_DEV_TYPE;
    }
}

static uint32_t look(const struct place *place)
{
    struct stat facts;
    if (fstatat(place->folder, place->name, &facts, AT_SYMLINK_NOFOLLOW) == 0)
        return judge(place, &facts);
    return errno == ENOENT ? 0 : platen_os_last_error();
}

uint32_t platen_os_root_check(platen_os_root *root, const char *below)
{
    struct place place;
    uint32_t error = find_place(root, below, &place);

    if (error)
        return error;
    error = look(&place);
    close_place(&place);
    return error;
}

/* Devices keep each other out by their own rules; /dev/null is for everybody. */
static uint32_t seize(const struct place *place, int descriptor)
{
    struct stat facts;
    uint32_t error;

    if (fstat(descriptor, &facts) != 0)
        return platen_os_last_error();
    error = judge(place, &facts);
    if (error)
        return error;
    if (S_ISREG(facts.st_mode)) {
        if (flock(descriptor, LOCK_EX | LOCK_NB) != 0)
            return errno == EWOULDBLOCK ? PLATEN_SHARING_VIOLATION : platen_os_last_error();
        if (ftruncate(descriptor, 0) != 0)
            return platen_os_last_error();
    }
    return fcntl(descriptor, F_SETFL, 0) == 0 ? 0 : platen_os_last_error();
}

/* Looks first, for opening a device can move something. Without blocking, for a FIFO put in place
 * after that would hold us. */
static uint32_t create(const struct place *place, platen_os_file *file)
{
    const int flags = O_WRONLY | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
    uint32_t error = look(place);
    int descriptor;

    if (error)
        return error;
    descriptor = openat(place->folder, place->name, flags, 0666);
    if (descriptor < 0)
        return errno == ENOENT ? PLATEN_PATH_NOT_FOUND : platen_os_last_error();
    error = seize(place, descriptor);
    if (error)
        close(descriptor);
    else
        *file = descriptor;
    return error;
}

uint32_t platen_os_root_create(platen_os_root *root, const char *below, platen_os_file *file)
{
    struct place place;
    uint32_t error = find_place(root, below, &place);

    *file = PLATEN_OS_NO_FILE;
    if (error)
        return error;
    error = create(&place, file);
    close_place(&place);
    return error;
}
