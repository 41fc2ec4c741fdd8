/* SPDX-License-Identifier: MIT
 *
 * The far ends of the guest's parallel port and of its serial line, inside of QEMU's own process:
 * QEMU is started with this library preloaded.
 *
 * The parallel port is QEMU's pass-through to a port of the machine, of which there need not be
 * any: the control codes for one are answered here. So its status is what a test says, and changes
 * with the very byte that a test names. A byte that is strobed while the printer is busy is lost,
 * as it would be at a real one.
 *
 * The serial line is a socket on which QEMU finds us listening, and so is the channel by which the
 * guest steers all this.
 */
#include <dlfcn.h>
#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <linux/ppdev.h>

#include "outside.h"

enum { STROBE = 0x01, NOT_BUSY = 0x80, READY = 0xD8, CAPACITY = 4 << 20 };

/* Under the lock. */
static struct end {
    uint8_t state;
    uint8_t planned;
    uint32_t plan_at; /* 0: nothing is planned */
    uint32_t count;
    uint8_t bytes[CAPACITY];
} ends[OUTSIDE_DEVICES];
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint8_t data_wires, control_wires; /* of the parallel port, QEMU's thread's */
static int listening[2], line = -1, channel = -1;

__attribute__((visibility("default"))) int ioctl(int fd, unsigned long code, ...);

static void fail(const char *what)
{
    fprintf(stderr, "outside: %s: %s\n", what, strerror(errno));
    abort();
}

static void add(struct end *end, const void *bytes, size_t size)
{
    if (size > CAPACITY - end->count)
        fail("more came than there is room for");
    memcpy(end->bytes + end->count, bytes, size);
    end->count += (uint32_t)size;
    if (end->plan_at && end->count >= end->plan_at) {
        end->state = end->planned;
        end->plan_at = 0;
    }
}

/* ---- the parallel port --------------------------------------------------------------------- */

static void set_control(uint8_t wires)
{
    struct end *end = &ends[OUTSIDE_PARALLEL];
    bool strobed = wires & ~control_wires & STROBE;
    control_wires = wires;
    if (strobed && (end->state & NOT_BUSY))
        add(end, &data_wires, 1);
}

static bool answer_port(unsigned long code, uint8_t *argument)
{
    switch (code) {
    case PPRSTATUS:
        *argument = ends[OUTSIDE_PARALLEL].state;
        return true;
    case PPRDATA:
        *argument = data_wires;
        return true;
    case PPWDATA:
        data_wires = *argument;
        return true;
    case PPRCONTROL:
        *argument = control_wires;
        return true;
    case PPWCONTROL:
        set_control(*argument);
        return true;
    default:
        return code == PPCLAIM || code == PPRELEASE || code == PPSETMODE || code == PPDATADIR;
    }
}

int ioctl(int fd, unsigned long code, ...)
{
    static int (*next)(int, unsigned long, ...);
    bool answered;
    va_list arguments;
    void *argument;

    va_start(arguments, code);
    argument = va_arg(arguments, void *);
    va_end(arguments);
    if (_IOC_TYPE(code) == PP_IOCTL) {
        pthread_mutex_lock(&lock);
        answered = answer_port(code, argument);
        pthread_mutex_unlock(&lock);
        if (answered)
            return 0;
    }
    if (!next)
        *(void **)&next = dlsym(RTLD_NEXT, "ioctl");
    return next(fd, code, argument);
}

/* ---- what the guest asks ------------------------------------------------------------------- */

static void read_all(void *to, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t more = read(channel, (char *)to + done, size - done);
        while (more == 0)
            pause(); /* QEMU is about to end */
        if (more < 0 && errno != EINTR)
            fail("reading what the guest asks");
        done += more > 0 ? (size_t)more : 0;
    }
}

static void write_all(int fd, const void *from, size_t size)
{
    for (size_t done = 0; done < size;) {
        ssize_t more = send(fd, (const char *)from + done, size - done, MSG_NOSIGNAL);
        if (more < 0 && errno != EINTR)
            fail("answering the guest");
        done += more > 0 ? (size_t)more : 0;
    }
}

/* The bytes of an answer are copied, so that nothing is held while they go. */
static void answer(const void *bytes, uint32_t size)
{
    write_all(channel, &size, sizeof size);
    write_all(channel, bytes, size);
}

/* How many bytes the answer has, in *reply. */
static uint32_t act(const struct outside_question *asked, struct end *end, uint8_t *reply)
{
    switch (asked->verb) {
    case OUTSIDE_SET:
        end->state = asked->state;
        return 0;
    case OUTSIDE_PLAN:
        end->planned = asked->state;
        end->plan_at = asked->number;
        return 0;
    case OUTSIDE_COUNT:
        memcpy(reply, &end->count, sizeof end->count);
        return sizeof end->count;
    case OUTSIDE_TAKE:
        memcpy(reply, end->bytes, end->count);
        return end->count;
    default:
        end->count = 0;
        return 0;
    }
}

static void serve(void)
{
    static uint8_t bytes[CAPACITY];
    struct outside_question asked;
    uint32_t size = 0;

    read_all(&asked, sizeof asked);
    if (asked.device >= OUTSIDE_DEVICES || asked.verb > OUTSIDE_SAY || asked.size > CAPACITY)
        fail("the guest asks what nobody understands");
    read_all(bytes, asked.size);
    if (asked.verb == OUTSIDE_SAY) {
        write_all(line, bytes, asked.size);
    } else {
        pthread_mutex_lock(&lock);
        size = act(&asked, &ends[asked.device], bytes);
        pthread_mutex_unlock(&lock);
    }
    answer(bytes, size);
}

/* ---- the serial line ----------------------------------------------------------------------- */

/* How many bytes it may read now. */
static size_t room(struct end *end, size_t most)
{
    size_t left;
    pthread_mutex_lock(&lock);
    left = !end->state ? 0 : end->plan_at ? end->plan_at - end->count : most;
    pthread_mutex_unlock(&lock);
    return left < most ? left : most;
}

static void listen_to_line(struct end *end)
{
    uint8_t bytes[4096];
    ssize_t size = recv(line, bytes, room(end, sizeof bytes), MSG_DONTWAIT);
    while (size == 0)
        pause(); /* QEMU is about to end */
    if (size < 0)
        return;
    pthread_mutex_lock(&lock);
    add(end, bytes, (size_t)size);
    pthread_mutex_unlock(&lock);
}

static void *run(void *unused)
{
    struct end *end = &ends[OUTSIDE_SERIAL];
    (void)unused;
    line = accept(listening[0], NULL, NULL);
    channel = accept(listening[1], NULL, NULL);
    if (line < 0 || channel < 0)
        fail("QEMU did not connect");
    for (;;) {
        struct pollfd fds[] = {{.fd = channel, .events = POLLIN},
                               {.fd = room(end, 1) ? line : -1, .events = POLLIN}};
        if (poll(fds, 2, -1) < 0 && errno != EINTR)
            fail("poll");
        if (fds[1].revents)
            listen_to_line(end);
        if (fds[0].revents)
            serve();
    }
    return NULL;
}

static int listen_on(const char *name)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    snprintf(address.sun_path, sizeof address.sun_path, "%s", name);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, sizeof address) || listen(fd, 1))
        fail(name);
    return fd;
}

/* The names of the sockets are those that QEMU is told, relative to the folder it runs in. */
__attribute__((constructor)) static void begin(void)
{
    pthread_t thread;
    unsetenv("LD_PRELOAD");
    ends[OUTSIDE_PARALLEL].state = READY;
    ends[OUTSIDE_SERIAL].state = 1;
    listening[0] = listen_on("line");
    listening[1] = listen_on("channel");
    if (pthread_create(&thread, NULL, run, NULL))
        fail("no thread");
}
