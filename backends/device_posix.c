/* SPDX-License-Identifier: MIT */
#include "device_posix.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/error.h"

enum { MAJOR_LP = 6 };

/* ---- which node ---------------------------------------------------------------------------- */

/* One line of the kernel's list: "serial /dev/ttyS 4 64-95 serial". */
static bool is_line_of(const char *text, dev_t device)
{
    char type[32];
    unsigned number, first, last;
    int fields = sscanf(text, "%*s %*s %u %u-%u %31s", &number, &first, &last, type);
    if (fields == 2) {
        last = first;
        fields = 2 + sscanf(text, "%*s %*s %*u %*u %31s", type) + 1;
    }
    if (fields != 4 || number != major(device) || minor(device) < first || minor(device) > last)
        return false;
    return strcmp(type, "serial") == 0 || strcmp(type, "pty:slave") == 0;
}

/* Where the kernel shows no list, whatever opens has to be a terminal, which is seen later. */
static bool is_line(dev_t device)
{
    FILE *list = fopen("/proc/tty/drivers", "re");
    char text[256];
    bool found = !list;
    while (!found && fgets(text, sizeof text, list))
        found = is_line_of(text, device);
    if (list)
        fclose(list);
    return found;
}

static uint32_t judge(const struct stat *there, unsigned kinds)
{
    bool fine =
        S_ISCHR(there->st_mode) && (((kinds & NODE_PRINTER) && major(there->st_rdev) == MAJOR_LP) ||
                                    ((kinds & NODE_LINE) && is_line(there->st_rdev)));
    return fine ? 0 : PLATEN_BAD_DEV_TYPE;
}

/* ---- open and close ------------------------------------------------------------------------ */

/* A node without a device behind it opens with an error, or not at all. */
static uint32_t explain_open(int code)
{
    bool nothing =
        code == ENOENT || code == ENOTDIR || code == ENXIO || code == ENODEV || code == EIO;
    return nothing ? PLATEN_PRINTER_NOT_FOUND : platen_os_error_from(code);
}

/* What was opened is what was judged, or nothing. */
static uint32_t take(struct node *node, const struct stat *judged)
{
    struct stat there;
    if (fstat(node->fd, &there))
        return platen_os_last_error();
    if (!S_ISCHR(there.st_mode) || there.st_rdev != judged->st_rdev)
        return PLATEN_BAD_DEV_TYPE;
    if (flock(node->fd, LOCK_EX | LOCK_NB))
        return errno == EWOULDBLOCK ? PLATEN_BUSY : platen_os_last_error();
    return platen_os_bell_create(&node->bell);
}

uint32_t node_open(struct node *node, const char *path, unsigned kinds, int access)
{
    struct stat there;
    uint32_t error = stat(path, &there) ? explain_open(errno) : judge(&there, kinds);

    *node = (struct node){.fd = -1, .bell = PLATEN_OS_NO_BELL};
    if (error)
        return error;
    node->fd = open(path, access | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (node->fd < 0)
        return explain_open(errno);
    error = take(node, &there);
    if (error)
        close(node->fd);
    return error;
}

void node_close(struct node *node)
{
    platen_os_bell_destroy(node->bell);
    close(node->fd);
}

void node_ring(struct node *node, bool on)
{
    if (on)
        platen_os_bell_ring(node->bell);
    else
        platen_os_bell_hush(node->bell);
}

/* ---- waiting ------------------------------------------------------------------------------- */

uint32_t node_wait(const struct node *node, enum platen_os_readiness readiness, uint64_t until)
{
    return platen_os_socket_wait(node->fd, readiness, node->bell, until);
}

uint32_t node_pause(const struct node *node, uint64_t nanoseconds, uint64_t until)
{
    uint64_t now = platen_os_now();
    uint64_t end = until - now > nanoseconds ? now + nanoseconds : until;
    uint32_t error;
    if (now >= until)
        end = now;
    error = platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, node->bell, end);
    return error == PLATEN_TIMEOUT && end < until ? 0 : error;
}

uint32_t node_error(int code)
{
    bool gone = code == EIO || code == ENXIO || code == ENODEV || code == EPIPE;
    return gone ? PLATEN_DEVICE_NOT_CONNECTED : platen_os_error_from(code);
}
