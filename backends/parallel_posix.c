/* SPDX-License-Identifier: MIT
 *
 * Parallel printers on Linux, by the driver lp. What it does with O_NONBLOCK is peculiar, and
 * everything here follows from that:
 *   - poll always says that there is room: while the printer is busy we sleep by ourselves;
 *   - a printer in trouble makes write() block for ten seconds, unless LPABORT is set; without
 *     LPCAREFUL some troubles go unnoticed, and the bytes with them. Both outlive the file and are
 *     taken back at the end, because other programs do not expect them;
 *   - a slow printer takes a long buffer slowly, within one call: pieces are so long that a cancel
 *     is heeded in time.
 * Bytes that write() counted are the printer's. So nothing is drained, and a job goes on after a
 * trouble with the byte at which it stopped.
 */
#include "parallel_port.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include <linux/lp.h>

#include <platen/ioctl.h>

#include "device_posix.h"
#include "os/clock.h"
#include "os/error.h"

#define MILLISECOND UINT64_C(1000000)
#define PAUSE       (20 * MILLISECOND)
#define LONG_CALL   (20 * MILLISECOND)
#define SHORT_CALL  (5 * MILLISECOND)

enum { FIRST_PIECE = 256, LEAST_PIECE = 16, GREATEST_PIECE = 16384 };

struct lp {
    struct node *node;
    struct device_port *port;
    bool is_lp;      /* the driver lp, and not a terminal that stands in for a printer */
    uint32_t piece;  /* what one write takes at most */
    uint32_t told;   /* of what trouble the log knows */
    unsigned number; /* of the device */
};

/* ---- names --------------------------------------------------------------------------------- */

unsigned parallel_likeness(const char *path)
{
    static const char lp[] = "/dev/lp";
    if (strncmp(path, lp, sizeof lp - 1) == 0 && path[sizeof lp - 1] >= '0' &&
        path[sizeof lp - 1] <= '9')
        return 3;
    return path[0] == '/' && path[1] ? 1 : 0;
}

char *parallel_default_path(unsigned number)
{
    char path[40];
    snprintf(path, sizeof path, "/dev/lp%u", number - 1);
    return strdup(path);
}

/* ---- open and close ------------------------------------------------------------------------ */

/* Whoever may only write cannot hear the printer, that is all. */
static uint32_t open_node(struct lp *lp, struct device_port *port, uint64_t until)
{
    const unsigned kinds = NODE_PRINTER | NODE_LINE;
    uint32_t error = node_open(&lp->node, port, port->path, kinds, O_RDWR, until);
    return error == PLATEN_ACCESS_DENIED
               ? node_open(&lp->node, port, port->path, kinds, O_WRONLY, until)
               : error;
}

static void set_flags(const struct lp *lp, int on)
{
    ioctl(lp->node->fd, LPABORT, on);
    ioctl(lp->node->fd, LPCAREFUL, on);
}

static uint32_t lp_open(struct device_port *port, uint64_t until, void **device)
{
    struct lp *lp = calloc(1, sizeof *lp);
    struct stat there = {0};
    int status;
    uint32_t error = lp ? open_node(lp, port, until) : PLATEN_OUTOFMEMORY;

    *device = NULL;
    if (error) {
        free(lp);
        return error;
    }
    lp->port = port;
    lp->piece = FIRST_PIECE;
    lp->is_lp = ioctl(lp->node->fd, LPGETSTATUS, &status) == 0;
    lp->number = fstat(lp->node->fd, &there) ? 0 : minor(there.st_rdev);
    if (lp->is_lp)
        set_flags(lp, 1);
    *device = lp;
    return 0;
}

static void lp_close(void *device)
{
    struct lp *lp = device;
    if (lp->is_lp)
        set_flags(lp, 0);
    node_close(lp->node);
    free(lp);
}

/* ---- status -------------------------------------------------------------------------------- */

static uint32_t ask(const struct lp *lp, uint8_t *information)
{
    int status = 0;
    *information = 0;
    if (!lp->is_lp)
        return PLATEN_NOT_SUPPORTED;
    if (ioctl(lp->node->fd, LPGETSTATUS, &status))
        return node_error(errno);
    *information = parallel_information((uint8_t)status);
    return 0;
}

static uint32_t lp_ready(void *device, uint64_t until)
{
    uint8_t information;
    uint32_t error = ask(device, &information);
    (void)until;
    if (error == PLATEN_NOT_SUPPORTED)
        return 0;
    return error ? error : parallel_trouble(information);
}

/* Says what is wrong once, and once when it is right again. */
static void tell(struct lp *lp, uint32_t trouble)
{
    const char *text = trouble ? platen_error_text(trouble) : "the printer goes on";
    if (trouble != lp->told)
        device_tell(lp->port, trouble ? PLATEN_LOG_WARNING : PLATEN_LOG_INFO, text);
    lp->told = trouble;
}

/* ---- write --------------------------------------------------------------------------------- */

/* A call that took long was given too much. */
static void adapt(struct lp *lp, uint64_t took, bool whole)
{
    if (took > LONG_CALL && lp->piece > LEAST_PIECE)
        lp->piece /= 2;
    else if (whole && took < SHORT_CALL && lp->piece < GREATEST_PIECE)
        lp->piece *= 2;
}

/* What a refused write means: 0, it is to be tried again. EIO is a printer off line, if there still
 * is a port to ask. */
static uint32_t explain(struct lp *lp, int code)
{
    uint8_t information;
    uint32_t error;
    if (code == EAGAIN || code == EINTR)
        return 0;
    if (code != ENOSPC && code != EIO)
        return node_error(code);
    error = ask(lp, &information);
    if (error)
        return PLATEN_DEVICE_NOT_CONNECTED;
    tell(lp, code == ENOSPC ? PLATEN_OUT_OF_PAPER : PLATEN_NOT_READY);
    return 0;
}

static uint32_t put(struct lp *lp, const void *data, uint32_t size, uint32_t *moved)
{
    uint32_t most = size < lp->piece ? size : lp->piece;
    uint64_t begun = platen_os_now();
    ssize_t done = write(lp->node->fd, data, most);
    if (done < 0)
        return explain(lp, errno);
    adapt(lp, platen_os_now() - begun, (uint32_t)done == most);
    *moved = (uint32_t)done;
    if (done)
        tell(lp, 0);
    return 0;
}

static uint32_t wait_for_room(const struct lp *lp, uint64_t until)
{
    uint32_t error = lp->is_lp ? 0 : node_wait(lp->node, PLATEN_OS_WRITABLE, until);
    return error ? error : node_pause(lp->node, lp->is_lp ? PAUSE : MILLISECOND, until);
}

static uint32_t lp_write(void *device, const void *data, uint32_t size, uint64_t until,
                         uint32_t *moved)
{
    struct lp *lp = device;
    *moved = 0;
    for (;;) {
        uint32_t error = put(lp, data, size, moved);
        if (error || *moved)
            return error;
        if (platen_os_now() >= until)
            return PLATEN_TIMEOUT;
        error = wait_for_room(lp, until);
        if (error)
            return error;
    }
}

static uint32_t lp_drain(void *device, uint64_t until)
{
    (void)device;
    (void)until;
    return 0;
}

static void lp_discard(void *device)
{
    (void)device;
}

/* ---- read ---------------------------------------------------------------------------------- */

/* A printer, a cable or a port that knows no way back has nothing to say. */
static uint32_t lp_read(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct lp *lp = device;
    uint32_t error = 0;
    *moved = 0;
    while (!error) {
        ssize_t done = read(lp->node->fd, data, size);
        bool empty = done == 0 || (done < 0 && (errno == EAGAIN || errno == EINTR));
        *moved = done > 0 ? (uint32_t)done : 0;
        if (done > 0)
            return 0;
        if (!lp->is_lp && !empty)
            return node_error(errno);
        if (lp->is_lp)
            error = node_pause(lp->node, empty ? PAUSE : PLATEN_OS_FOREVER, until);
        else
            error = node_wait(lp->node, PLATEN_OS_READABLE, until);
    }
    return error;
}

/* ---- control ------------------------------------------------------------------------------- */

static uint32_t answer_status(const struct lp *lp, void *out, uint32_t *returned)
{
    uint8_t information;
    uint32_t error = ask(lp, &information);
    if (error)
        return error;
    memcpy(out, &information, 1);
    *returned = 1;
    return 0;
}

static uint32_t answer_id(const struct lp *lp, char *out, uint32_t out_size, uint32_t *returned)
{
    char id[1024] = "";
    size_t length;
    if (lp->is_lp)
        parallel_read_id(lp->number, id, sizeof id);
    length = strlen(id);
    if (!length)
        return PLATEN_NOT_SUPPORTED;
    if (length > out_size)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(out, id, length);
    *returned = (uint32_t)length;
    return 0;
}

static uint32_t lp_control(void *device, uint32_t code, const void *in, uint32_t in_size, void *out,
                           uint32_t out_size, uint32_t *returned)
{
    struct lp *lp = device;
    (void)in;
    (void)in_size;
    if (code == IOCTL_PAR_QUERY_INFORMATION)
        return answer_status(lp, out, returned);
    if (code == IOCTL_PAR_QUERY_DEVICE_ID)
        return answer_id(lp, out, out_size, returned);
    return ioctl(lp->node->fd, LPRESET) ? node_error(errno) : 0;
}

static void lp_ring(void *device, bool on)
{
    struct lp *lp = device;
    node_ring(lp->node, on);
}

const struct device_ops parallel_ops = {
    .open = lp_open,
    .close = lp_close,
    .ready = lp_ready,
    .write = lp_write,
    .read = lp_read,
    .drain = lp_drain,
    .discard = lp_discard,
    .control = lp_control,
    .ring = lp_ring,
};
