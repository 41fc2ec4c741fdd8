/* SPDX-License-Identifier: MIT */
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "os/error.h"
#include "os/file.h"

bool platen_os_same_file(const char *a, const char *b)
{
    struct stat one;
    struct stat two;
    return stat(a, &one) == 0 && stat(b, &two) == 0 && one.st_dev == two.st_dev &&
           one.st_ino == two.st_ino;
}

/* Is the file that was locked still the one of that name? Who held it before may have removed it.
 */
static bool still_there(int descriptor, const char *path)
{
    struct stat held;
    struct stat named;
    return fstat(descriptor, &held) == 0 && stat(path, &named) == 0 &&
           held.st_ino == named.st_ino && held.st_dev == named.st_dev;
}

static int lock(int descriptor)
{
    int result;
    do {
        result = flock(descriptor, LOCK_EX);
    } while (result != 0 && errno == EINTR);
    return result;
}

uint32_t platen_os_lock_take(const char *path, platen_os_file *file)
{
    *file = PLATEN_OS_NO_FILE;
    for (;;) {
        int descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
        if (descriptor < 0) {
            return platen_os_last_error();
        }
        if (lock(descriptor) != 0) {
            uint32_t error = platen_os_last_error();
            close(descriptor);
            return error;
        }
        if (still_there(descriptor, path)) {
            *file = descriptor;
            return 0;
        }
        close(descriptor);
    }
}

void platen_os_lock_drop(const char *path, platen_os_file file)
{
    if (file != PLATEN_OS_NO_FILE) {
        unlink(path);
        close((int)file);
    }
}
