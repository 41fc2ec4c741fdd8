/* SPDX-License-Identifier: MIT
 *
 * A simulated serial printer's line: a pseudo terminal. Its other side is held open here, too, as a
 * real line is there whoever uses it: so settings last, and the line can be stopped. When programs
 * close it is heard from inotify.
 */
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/inotify.h>
#include <termios.h>
#include <unistd.h>

#include "device/serial.h"
#include "os/error.h"

/* What was written reaches our side through a queue of the kernel's, behind the word that the line
 * was closed: so many waits in vain say that nothing is left there. */
#define QUIET 10

struct serial_wire {
    int master;
    int held;       /* the other side */
    int watch;      /* who opens and closes it */
    bool closed;    /* somebody has, and what he wrote may not have been read yet */
    unsigned quiet; /* since then nothing came, so many times */
    bool stopped;
};

/* What is said is not echoed, even if a program does not set its line. */
static bool make_raw(int held)
{
    struct termios raw;
    if (tcgetattr(held, &raw) != 0) {
        return false;
    }
    cfmakeraw(&raw);
    return tcsetattr(held, TCSANOW, &raw) == 0;
}

static bool make(struct serial_wire *line, char *path, size_t size)
{
    line->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
    if (line->master < 0 || grantpt(line->master) != 0 || unlockpt(line->master) != 0 ||
        ptsname_r(line->master, path, size) != 0) {
        return false;
    }
    line->held = open(path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    line->watch = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
    return line->held >= 0 && line->watch >= 0 && make_raw(line->held) &&
           inotify_add_watch(line->watch, path, IN_CLOSE) >= 0;
}

uint32_t serial_wire_open(struct serial_wire **line, char *path, size_t size)
{
    *line = calloc(1, sizeof **line);
    if (*line == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    (*line)->master = (*line)->held = (*line)->watch = -1;
    if (make(*line, path, size)) {
        return 0;
    }
    uint32_t error = platen_os_last_error();
    serial_wire_close(*line);
    *line = NULL;
    return error;
}

static void close_file(int file)
{
    if (file >= 0) {
        close(file);
    }
}

void serial_wire_close(struct serial_wire *line)
{
    if (line != NULL) {
        close_file(line->watch);
        close_file(line->held);
        close_file(line->master);
        free(line);
    }
}

/* A line that is stopped takes nothing from programs: they wait, or are told so. */
static void stop(struct serial_wire *line, bool stopped)
{
    if (stopped != line->stopped && tcflow(line->held, stopped ? TCOOFF : TCOON) == 0) {
        line->stopped = stopped;
    }
}

static void look_who_closed(struct serial_wire *line)
{
    char events[4096];
    while (read(line->watch, events, sizeof events) > 0) {
        line->closed = true;
    }
}

size_t serial_wire_read(struct serial_wire *line, void *data, size_t room, unsigned milliseconds,
                        bool *closed)
{
    struct pollfd watched[] = {{.fd = line->watch, .events = POLLIN},
                               {.fd = room > 0 ? line->master : -1, .events = POLLIN}};
    *closed = false;
    stop(line, room == 0);
    bool nothing = poll(watched, 2, (int)milliseconds) == 0;
    look_who_closed(line);
    ssize_t count = room > 0 ? read(line->master, data, room) : 0;
    if (count > 0 || room == 0) {
        line->quiet = 0;
    } else if (line->closed && nothing && ++line->quiet == QUIET) {
        *closed = true;
        line->closed = false;
        line->quiet = 0;
    }
    return count > 0 ? (size_t)count : 0;
}

size_t serial_wire_write(struct serial_wire *line, const void *data, size_t size)
{
    ssize_t count = write(line->master, data, size);
    return count > 0 ? (size_t)count : 0;
}
