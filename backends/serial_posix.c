/* SPDX-License-Identifier: MIT
 *
 * Serial devices on Linux. The kernel keeps XON/XOFF and RTS/CTS by itself; DSR it does not look
 * at, so output is given to it in small pieces then, and stopped while DSR is gone. Nothing here
 * blocks: close() on a device with unsent bytes waits for half a minute, so they are waited for
 * before, as long as the job's time lasts, and then thrown away.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/error.h"
#include "serial_tty_posix.h"

#define MILLISECOND UINT64_C(1000000)
#define LEAVING     (60 * MILLISECOND) /* what a device gets to be made as it was */
#define LOOK        (10 * MILLISECOND) /* how often lines are looked at that wake nobody */

enum { PIECE = 256 };

/* ---- names --------------------------------------------------------------------------------- */

/* "/dev/tty" and "/dev/tty1" are the terminals of people. */
unsigned serial_likeness(const char *path)
{
    static const char *const folders[] = {"/dev/rfcomm", "/dev/serial/", "/dev/ttyS", "/dev/ttyU"};
    static const char tty[] = "/dev/tty";
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++)
        if (strncmp(path, folders[i], strlen(folders[i])) == 0)
            return 3;
    if (strncmp(path, tty, sizeof tty - 1) == 0 && path[sizeof tty - 1] >= 'A' &&
        path[sizeof tty - 1] <= 'Z')
        return 3;
    return path[0] == '/' && path[1] ? 1 : 0;
}

char *serial_default_path(unsigned number)
{
    char path[40];
    snprintf(path, sizeof path, "/dev/ttyS%u", number - 1);
    return strdup(path);
}

/* ---- open and close ------------------------------------------------------------------------ */

/* Root opens in spite of TIOCEXCL, and so has to ask. */
static uint32_t keep_out(struct tty *tty)
{
    int taken = 0;
    if (ioctl(tty->node->fd, TCGETS2, &tty->before))
        return errno == ENOTTY ? PLATEN_BAD_DEV_TYPE : PLATEN_PRINTER_NOT_FOUND;
    if (ioctl(tty->node->fd, TIOCGEXCL, &taken) == 0 && taken)
        return PLATEN_BUSY;
    return ioctl(tty->node->fd, TIOCEXCL) ? node_error(errno) : 0;
}

static uint32_t prepare(struct tty *tty, uint64_t until)
{
    struct serial_line line;
    uint32_t error = keep_out(tty);
    if (error)
        return error;
    platen_os_mutex_lock(&tty->port->device.lock);
    line = tty->port->line;
    platen_os_mutex_unlock(&tty->port->device.lock);
    error = tty_first_lines(tty, until);
    if (!error)
        error = tty_configure(tty, &line, until);
    if (error)
        ioctl(tty->node->fd, TIOCNXCL);
    return error;
}

static uint32_t tty_open(struct device_port *port, uint64_t until, void **device)
{
    struct tty *tty = calloc(1, sizeof *tty);
    uint32_t error = tty ? 0 : PLATEN_OUTOFMEMORY;

    *device = NULL;
    if (!error)
        error = node_open(&tty->node, port, port->path, NODE_LINE, O_RDWR, until);
    if (error) {
        free(tty);
        return error;
    }
    tty->port = (struct serial_port *)(void *)port;
    error = prepare(tty, until);
    if (error) {
        node_close(tty->node);
        free(tty);
        return error;
    }
    *device = tty;
    return 0;
}

static void release_output(struct tty *tty)
{
    if (tty->held)
        ioctl(tty->node->fd, TCXONC, TCOON);
    tty->held = false;
}

/* Where the driver says that it has nothing any more, what a pseudo terminal's other side has not
 * read yet stays there. */
void tty_discard(void *device)
{
    struct tty *tty = device;
    uint32_t bytes;
    if (tty_unsent(tty, platen_os_now() + LEAVING, &bytes) || bytes)
        ioctl(tty->node->fd, TCFLSH, TCOFLUSH);
    release_output(tty);
}

/* The old settings first: usually they know no flow control, and what an adapter still holds goes
 * out rather than keep the close waiting. */
static void tty_close(void *device)
{
    struct tty *tty = device;
    uint64_t until = platen_os_now() + LEAVING;
    tty_discard(tty);
    tty_restore(tty, until);
    node_close(tty->node);
    free(tty);
}

/* ---- lines --------------------------------------------------------------------------------- */

static uint32_t tty_ready(void *device, uint64_t until)
{
    struct tty *tty = device;
    tty->carrier = tty->has_lines && (tty_lines(tty, until) & TIOCM_CAR);
    return 0;
}

/* A carrier that was there and goes, in the midst of a job, takes the printer with it. */
static uint32_t look_at_lines(struct tty *tty, uint64_t until, bool *hold)
{
    int lines = tty->carrier || tty->wait_dsr ? tty_lines(tty, until) : TTY_ALL_LINES;
    *hold = tty->wait_dsr && !(lines & TIOCM_DSR);
    if (tty->carrier && !(lines & TIOCM_CAR))
        return PLATEN_DEVICE_NOT_CONNECTED;
    if (*hold && !tty->held)
        tty->held = ioctl(tty->node->fd, TCXONC, TCOOFF) == 0;
    else if (!*hold)
        release_output(tty);
    return 0;
}

/* Until there is room, or it is time to look at the lines again. */
static uint32_t wait_for_room(struct tty *tty, bool hold, uint64_t until)
{
    uint64_t now = platen_os_now(), look = now + LOOK;
    uint32_t error;
    if (now >= until)
        return PLATEN_TIMEOUT;
    if (hold)
        return node_pause(tty->node, LOOK, until);
    if ((!tty->carrier && !tty->wait_dsr) || look > until)
        look = until;
    error = node_wait(tty->node, PLATEN_OS_WRITABLE, look);
    return error == PLATEN_TIMEOUT && look < until ? 0 : error;
}

/* ---- write and drain ----------------------------------------------------------------------- */

/* Where DSR says when to stop, the driver holds little that would still go out. */
static uint32_t piece(const struct tty *tty, uint32_t size, uint64_t until)
{
    uint32_t unsent;
    if (!tty->wait_dsr)
        return size;
    if (tty_unsent(tty, until, &unsent) || unsent >= PIECE)
        return 0;
    return size < PIECE - unsent ? size : PIECE - unsent;
}

/* One write; 0 with nothing moved: there is no room. */
static uint32_t put(struct tty *tty, const void *data, uint32_t size, uint64_t until,
                    uint32_t *moved)
{
    uint32_t most = piece(tty, size, until);
    ssize_t done = 0;
    if (!most)
        return 0;
    do
        done = write(tty->node->fd, data, most);
    while (done < 0 && errno == EINTR);
    *moved = done < 0 ? 0 : (uint32_t)done;
    return done >= 0 || errno == EAGAIN ? 0 : node_error(errno);
}

/* The line's own time for writes, if it was given one. */
static uint64_t write_end(struct tty *tty, uint32_t size, uint64_t until)
{
    struct serial_port *port = tty->port;
    uint64_t now = platen_os_now(), time;
    platen_os_mutex_lock(&port->device.lock);
    time = serial_write_time(&port->timeouts, size);
    platen_os_mutex_unlock(&port->device.lock);
    return time < until - now && now < until ? now + time : until;
}

/* A device that says that there is room and takes nothing is asked again a little later. */
static uint32_t tty_write(void *device, const void *data, uint32_t size, uint64_t until,
                          uint32_t *moved)
{
    struct tty *tty = device;
    uint64_t end = write_end(tty, size, until);
    bool hold = false, refused = false;
    *moved = 0;
    for (;;) {
        uint32_t error = look_at_lines(tty, end, &hold);
        if (!error && !hold)
            error = put(tty, data, size, end, moved);
        if (error || *moved)
            return error;
        error = refused ? node_pause(tty->node, MILLISECOND, end) : 0;
        if (!error)
            error = wait_for_room(tty, hold, end);
        if (error)
            return error;
        refused = true;
    }
}

/* The driver wakes nobody when it is done: it is asked again when it may be. */
static uint64_t guess(const struct tty *tty, int unsent)
{
    uint64_t bytes = unsent > 0 ? (uint64_t)unsent : 0;
    uint64_t time = UINT64_C(10000000000) / tty->rate * (bytes + 1);
    if (time > 2 * LOOK)
        return 2 * LOOK;
    return time < MILLISECOND ? MILLISECOND : time;
}

static uint32_t tty_drain(void *device, uint64_t until)
{
    struct tty *tty = device;
    for (;;) {
        bool hold;
        struct tty_rest rest = {0};
        uint32_t error = look_at_lines(tty, until, &hold);
        if (!error)
            error = tty_rest(tty, until, &rest);
        if (!error && rest.gone)
            error = PLATEN_DEVICE_NOT_CONNECTED;
        if (!error && rest.unsent <= 0 && !rest.in_chip)
            return 0;
        if (error && error != PLATEN_TIMEOUT)
            return error;
        if (platen_os_now() >= until)
            return PLATEN_TIMEOUT;
        error = node_pause(tty->node, guess(tty, rest.unsent), until);
        if (error)
            return error;
    }
}

/* ---- read ---------------------------------------------------------------------------------- */

/* One read; 0 with nothing moved: nothing is there. A device that was hung up has come to its end.
 */
static uint32_t get(struct tty *tty, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    ssize_t done;
    *moved = 0;
    do
        done = read(tty->node->fd, data, size);
    while (done < 0 && errno == EINTR);
    if (done == 0)
        return PLATEN_DEVICE_NOT_CONNECTED;
    if (done < 0)
        return errno == EAGAIN ? 0 : node_error(errno);
    if (!tty->ignore_dsr || (tty_lines(tty, until) & TIOCM_DSR))
        *moved = (uint32_t)done;
    return 0;
}

/* What has come is told before what went wrong then. */
static uint32_t tty_read(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct tty *tty = device;
    struct serial_reading reading = {.begun = platen_os_now(), .size = size};
    struct serial_pace pace;
    uint32_t error = 0, step;

    platen_os_mutex_lock(&tty->port->device.lock);
    pace = serial_read_pace(&tty->port->timeouts, size);
    platen_os_mutex_unlock(&tty->port->device.lock);
    while (!error) {
        uint64_t now, stop;
        error = get(tty, (char *)data + reading.got, size - reading.got, until, &step);
        now = platen_os_now();
        reading.got += step;
        if (step)
            reading.last = now;
        if (error || serial_read_is_over(&pace, &reading, now, until, &stop))
            break;
        error = node_wait(tty->node, PLATEN_OS_READABLE, stop);
        error = error == PLATEN_TIMEOUT ? 0 : error;
    }
    *moved = reading.got;
    return reading.got ? 0 : error;
}

static void tty_ring(void *device, bool on)
{
    struct tty *tty = device;
    node_ring(tty->node, on);
}

const struct device_ops serial_ops = {
    .open = tty_open,
    .close = tty_close,
    .ready = tty_ready,
    .write = tty_write,
    .read = tty_read,
    .drain = tty_drain,
    .discard = tty_discard,
    .control = tty_control,
    .ring = tty_ring,
};
