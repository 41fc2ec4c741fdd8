/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include <platen/errors.h>

#include "hosted/prefix.h"
#include "hosted/running.h"
#include "hosted/slim.h"
#include "os/error.h"

#define LOCK "held"    /* the file in a copy that is locked as long as it is in use */
#define NAME "hosted." /* what the names of copies begin with */
#define OLD  600       /* seconds after which a copy without that file is a leftover */
#define DEEP 32        /* folders within folders */

/* ---- text ------------------------------------------------------------------------------------ */

static char *join(const char *a, const char *b, const char *c)
{
    size_t size = strlen(a) + strlen(b) + strlen(c) + 1;
    char *text = malloc(size);
    if (text != NULL) {
        snprintf(text, size, "%s%s%s", a, b, c);
    }
    return text;
}

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    return value == NULL || value[0] == '\0' ? NULL : value;
}

/* The same rule as in scripts/common.sh. */
static char *base_path(void)
{
    const char *named = variable("PLATEN_WINEPREFIX");
    const char *cache = variable("PLATEN_CACHE");
    const char *shared = variable("XDG_CACHE_HOME");
    const char *home = variable("HOME");
    if (named != NULL) {
        return join(named, "", "");
    }
    if (cache != NULL) {
        return join(cache, "/wine/prefix", "");
    }
    if (shared != NULL) {
        return join(shared, "/platen/wine/prefix", "");
    }
    return home == NULL ? NULL : join(home, "/.cache/platen/wine/prefix", "");
}

/* The folders above `path`. */
static void make_above(const char *path)
{
    char *copy = join(path, "", "");
    for (char *at = copy == NULL ? NULL : strchr(copy + 1, '/'); at != NULL;
         at = strchr(at + 1, '/')) {
        *at = '\0';
        mkdir(copy, 0777);
        *at = '/';
    }
    free(copy);
}

/* ---- the base -------------------------------------------------------------------------------- */

/* Was Wine installed after the base was made, or made anew? */
static bool is_up_to_date(const char *base)
{
    char *mark = join(base, "/booted", "");
    char *server = platen_running_find("wineserver");
    struct stat made;
    struct stat wine;
    bool fine = mark != NULL && server != NULL && stat(mark, &made) == 0 &&
                stat(server, &wine) == 0 && wine.st_ctime <= made.st_mtime;
    free(server);
    free(mark);
    return fine;
}

static uint32_t mark_booted(const char *base)
{
    char *mark = join(base, "/booted", "");
    int file = mark == NULL ? -1 : open(mark, O_CREAT | O_WRONLY | O_TRUNC | O_CLOEXEC, 0666);
    bool fine = file >= 0 && futimens(file, NULL) == 0;
    if (file >= 0) {
        close(file);
    }
    free(mark);
    return fine ? 0 : PLATEN_GEN_FAILURE;
}

/* With the base's lock held. wineboot -u makes a prefix that is not there, or half made, as well.
 */
static uint32_t boot(const char *base, const struct platen_prefix_news *news, char **complaint)
{
    static const char *const boots[] = {"wineboot", "-u", NULL};
    static const char *const waits[] = {"wineserver", "-w", NULL};
    if (news->say != NULL) {
        news->say(news->context, "the first run under Wine prepares a prefix, once: some seconds");
    }
    int status = platen_running_wait(base, boots, 300);
    if (status == 0) {
        status = platen_running_wait(base, waits, 60);
    }
    if (status == 0 && mark_booted(base) == 0) {
        return 0;
    }
    *complaint = join("wineboot could not make the prefix ", base, "");
    return PLATEN_NOT_READY;
}

static uint32_t prepare(const char *base, const struct platen_prefix_news *news, char **complaint)
{
    if (is_up_to_date(base)) {
        return 0;
    }
    make_above(base);
    char *path = join(base, ".lock", "");
    int lock = path == NULL ? -1 : open(path, O_CREAT | O_RDWR | O_CLOEXEC, 0666);
    uint32_t error = lock < 0 ? platen_os_last_error() : 0;
    free(path);
    if (error != 0) {
        *complaint = join("the folder of the prefix ", base, " cannot be written");
        return PLATEN_NOT_READY;
    }
    while (flock(lock, LOCK_EX) != 0 && errno == EINTR) {
    }
    if (!is_up_to_date(base)) { /* nobody else did it meanwhile */
        error = boot(base, news, complaint);
    }
    close(lock);
    return error;
}

static uint32_t find_wine(char **complaint)
{
    static const char *const needed[] = {"wine", "wineserver", "wineboot"};
    for (size_t i = 0; i < sizeof needed / sizeof *needed; i++) {
        char *found = platen_running_find(needed[i]);
        if (found == NULL) {
            *complaint = join("Wine is missing: there is no '", needed[i],
                              "' in PATH (Debian's package wine)");
            return PLATEN_NOT_READY;
        }
        free(found);
    }
    return 0;
}

uint32_t platen_prefix_base(const struct platen_prefix_news *news, char **base, char **complaint)
{
    *base = NULL;
    *complaint = NULL;
    uint32_t error = find_wine(complaint);
    if (error != 0) {
        return error;
    }
    *base = base_path();
    if (*base == NULL) {
        *complaint = join("there is no place for Wine's prefix: neither HOME nor PLATEN_CACHE is "
                          "set",
                          "", "");
        return PLATEN_NOT_READY;
    }
    error = prepare(*base, news, complaint);
    if (error != 0) {
        free(*base);
        *base = NULL;
    }
    return error;
}

/* ---- a copy ---------------------------------------------------------------------------------- */

/* Wine's own: where its server is, what it thinks of this prefix's age. Others' leftovers. */
static bool is_left_out(const char *name, unsigned depth)
{
    bool temporary = strcasecmp(name, "temp") == 0;
    return strcmp(name, ".") == 0 || strcmp(name, "..") == 0 ||
           (depth == 0 && (strcmp(name, "wineserver") == 0 || strcmp(name, "booted") == 0)) ||
           (depth > 1 && temporary);
}

/* Closes `from`. */
static int copy_folder(int from, int to, unsigned depth, bool devices);

static int copy_below(int from, int to, const char *name, unsigned depth)
{
    bool devices = depth == 0 && strcmp(name, "dosdevices") == 0;
    bool made = mkdirat(to, name, 0777) == 0 || errno == EEXIST;
    int source = made ? openat(from, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW) : -1;
    int target =
        source < 0 ? -1 : openat(to, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    int result = -1;
    if (target >= 0) {
        result = copy_folder(source, target, depth + 1, devices); /* which closes `source` */
        close(target);
    } else if (source >= 0) {
        close(source);
    }
    return result;
}

/* The drives; any other link leads to the folders of whoever made the base, which are no business
 * of a monitor's. */
static int copy_link(int from, int to, const char *name, bool devices)
{
    char target[4096];
    if (!devices) {
        return mkdirat(to, name, 0777);
    }
    ssize_t length = readlinkat(from, name, target, sizeof target - 1);
    if (length < 0) {
        return -1;
    }
    target[length] = '\0';
    return symlinkat(target, to, name);
}

static int copy_entry(int from, int to, const char *name, unsigned depth, bool devices)
{
    struct stat info;
    if (fstatat(from, name, &info, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? 0 : -1; /* another run's, and gone */
    }
    if (S_ISDIR(info.st_mode)) {
        return copy_below(from, to, name, depth);
    }
    if (S_ISLNK(info.st_mode)) {
        return copy_link(from, to, name, devices);
    }
    return S_ISREG(info.st_mode) ? platen_slim_copy(from, to, name, &info) : 0;
}

static int copy_folder(int from, int to, unsigned depth, bool devices)
{
    DIR *list = depth > DEEP ? NULL : fdopendir(from);
    int result = 0;
    if (list == NULL) {
        close(from);
        return -1;
    }
    const struct dirent *entry = readdir(list);
    while (entry != NULL && result == 0) {
        if (!is_left_out(entry->d_name, depth)) {
            result = copy_entry(from, to, entry->d_name, depth, devices);
        } else if (depth > 1 && entry->d_name[0] != '.') {
            result = mkdirat(to, entry->d_name, 0777);
        }
        entry = readdir(list);
    }
    int kept = errno;
    closedir(list);
    errno = kept;
    return result;
}

/* The new folder's lock, or -1. */
static int hold(int folder)
{
    int lock = openat(folder, LOCK, O_CREAT | O_RDWR | O_CLOEXEC, 0600);
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        lock = -1;
    }
    return lock;
}

/* "/x/prefix" -> "/x/hosted.XXXXXX" */
static char *copy_name(const char *base)
{
    char *name = join(base, "", "/" NAME "XXXXXX");
    char *last = name == NULL ? NULL : strrchr(name, '/');
    if (last != NULL) {
        *last = '\0';
        char *before = strrchr(name, '/');
        size_t at = before == NULL ? 0 : (size_t)(before - name) + 1;
        memmove(name + at, last + 1, strlen(last + 1) + 1);
    }
    return name;
}

static bool fill(const char *base, const char *copy, int *lock)
{
    int to = open(copy, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    *lock = to < 0 ? -1 : hold(to);
    int from = *lock < 0 ? -1 : open(base, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool fine = from >= 0 && copy_folder(from, to, 0, false) == 0;
    int kept = errno;
    if (to >= 0) {
        close(to);
    }
    errno = kept;
    return fine;
}

uint32_t platen_prefix_copy(const char *base, char **copy, int *lock, char **complaint)
{
    *copy = copy_name(base);
    *lock = -1;
    if (*copy != NULL && mkdtemp(*copy) != NULL && fill(base, *copy, lock)) {
        return 0;
    }
    uint32_t error = platen_os_last_error();
    *complaint = join("the prefix ", base, " cannot be copied");
    return error == 0 ? PLATEN_GEN_FAILURE : error;
}

/* ---- leftovers ------------------------------------------------------------------------------- */

/* Its lock, if nobody else has it; -1. */
static int seize(int parent, const char *name)
{
    struct stat info;
    int folder = openat(parent, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    int lock = folder < 0 ? -1 : openat(folder, LOCK, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (folder >= 0 && lock < 0 && fstat(folder, &info) == 0 && time(NULL) - info.st_mtime > OLD) {
        lock = openat(folder, LOCK, O_CREAT | O_RDWR | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (lock >= 0 && flock(lock, LOCK_EX | LOCK_NB) != 0) {
        close(lock);
        lock = -1;
    }
    if (folder >= 0) {
        close(folder);
    }
    return lock;
}

void platen_prefix_leftovers(const char *base, void (*found)(const char *copy, int lock))
{
    char *parent = join(base, "", "");
    char *last = parent == NULL ? NULL : strrchr(parent, '/');
    if (last == NULL) {
        free(parent);
        return;
    }
    *last = '\0';
    DIR *list = opendir(*parent == '\0' ? "/" : parent);
    const struct dirent *entry = list == NULL ? NULL : readdir(list);
    for (; entry != NULL; entry = readdir(list)) {
        bool is_copy = strncmp(entry->d_name, NAME, strlen(NAME)) == 0;
        int lock = is_copy ? seize(dirfd(list), entry->d_name) : -1;
        char *path = lock < 0 ? NULL : join(parent, "/", entry->d_name);
        if (path != NULL) {
            found(path, lock);
        }
        free(path);
    }
    if (list != NULL) {
        closedir(list);
    }
    free(parent);
}
