/* SPDX-License-Identifier: MIT */
#include "tty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include "os/clock.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

enum { MOST = 16 << 20, MARK = 32 };

/* The line is held open here too: otherwise a program that closes it would hang up our side. */
struct tty_peer {
    int master;
    int line;
    int bell; /* something other than bytes has happened */
    char path[64];
    platen_os_thread *reader;
    platen_os_mutex lock;
    platen_os_cond news;
    bool listening;
    bool heeds; /* `listening`, as the reader knows it */
    bool leaving;
    unsigned marks;
    char mark[MARK + 1]; /* what the reader waits for, "" when it has come */
    char *bytes;
    size_t count;
};

/* With the lock held. The mark ends all that was written before it, and is no part of it. */
static void look_for_mark(tty_peer *one)
{
    size_t length = strlen(one->mark);
    if (!length || one->count < length ||
        memcmp(one->bytes + one->count - length, one->mark, length) != 0)
        return;
    one->count -= length;
    one->mark[0] = 0;
}

static void keep(tty_peer *one, const char *bytes, size_t count)
{
    platen_os_mutex_lock(&one->lock);
    if (count > MOST - one->count)
        abort();
    memcpy(one->bytes + one->count, bytes, count);
    one->count += count;
    look_for_mark(one);
    platen_os_cond_broadcast(&one->news);
    platen_os_mutex_unlock(&one->lock);
}

static bool wants(tty_peer *one, bool *listening)
{
    platen_os_mutex_lock(&one->lock);
    bool on = !one->leaving;
    *listening = one->heeds = one->listening;
    platen_os_cond_broadcast(&one->news);
    platen_os_mutex_unlock(&one->lock);
    return on;
}

static void read_on(void *argument)
{
    tty_peer *one = argument;
    char bytes[4096];
    bool listening;
    while (wants(one, &listening)) {
        struct pollfd watched[] = {{.fd = one->bell, .events = POLLIN},
                                   {.fd = listening ? one->master : -1, .events = POLLIN}};
        eventfd_t count;
        ssize_t done;
        if (poll(watched, 2, -1) < 0)
            continue;
        if (watched[0].revents)
            eventfd_read(one->bell, &count);
        done = watched[1].revents ? read(one->master, bytes, sizeof bytes) : 0;
        if (done > 0)
            keep(one, bytes, (size_t)done);
    }
}

static bool open_pair(tty_peer *one)
{
    struct termios raw;
    one->master = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (one->master < 0 || grantpt(one->master) || unlockpt(one->master) ||
        ptsname_r(one->master, one->path, sizeof one->path))
        return false;
    one->line = open(one->path, O_RDWR | O_NOCTTY | O_CLOEXEC);
    if (one->line < 0 || tcgetattr(one->line, &raw))
        return false;
    cfmakeraw(&raw);
    return tcsetattr(one->line, TCSANOW, &raw) == 0;
}

static void close_if(int fd)
{
    if (fd >= 0)
        close(fd);
}

static void dispose(tty_peer *one)
{
    close_if(one->line);
    close_if(one->master);
    close_if(one->bell);
    free(one->bytes);
    platen_os_cond_destroy(&one->news);
    platen_os_mutex_destroy(&one->lock);
    free(one);
}

tty_peer *tty_create(void)
{
    tty_peer *one = calloc(1, sizeof *one);
    if (!one)
        return NULL;
    platen_os_mutex_init(&one->lock);
    platen_os_cond_init(&one->news);
    one->master = one->line = -1;
    one->listening = one->heeds = true;
    one->bytes = malloc(MOST);
    one->bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    if (one->bytes && one->bell >= 0 && open_pair(one) &&
        platen_os_thread_start(&one->reader, "printer", 0, read_on, one) == 0)
        return one;
    dispose(one);
    return NULL;
}

const char *tty_path(const tty_peer *one)
{
    return one->path;
}

void tty_settle(tty_peer *one)
{
    char mark[MARK + 1];
    platen_os_mutex_lock(&one->lock);
    snprintf(mark, sizeof mark, "\x01 all of it %u\x02", ++one->marks);
    memcpy(one->mark, mark, sizeof mark);
    platen_os_mutex_unlock(&one->lock);
    if (write(one->line, mark, strlen(mark)) != (ssize_t)strlen(mark))
        abort();
    platen_os_mutex_lock(&one->lock);
    while (one->mark[0])
        platen_os_cond_wait(&one->news, &one->lock);
    platen_os_mutex_unlock(&one->lock);
}

void tty_forget(tty_peer *one)
{
    platen_os_mutex_lock(&one->lock);
    one->count = 0;
    platen_os_mutex_unlock(&one->lock);
}

bool tty_has(tty_peer *one, const void *data, size_t size, size_t *count)
{
    platen_os_mutex_lock(&one->lock);
    bool equal = one->count == size && (!size || memcmp(one->bytes, data, size) == 0);
    *count = one->count;
    platen_os_mutex_unlock(&one->lock);
    return equal;
}

bool tty_await(tty_peer *one, size_t size)
{
    uint64_t until = platen_os_now() + 10 * SECOND;
    bool there = true;
    platen_os_mutex_lock(&one->lock);
    while (one->count < size && there)
        there = platen_os_cond_wait_until(&one->news, &one->lock, until);
    there = one->count >= size;
    platen_os_mutex_unlock(&one->lock);
    return there;
}

bool tty_say(tty_peer *one, const void *data, size_t size)
{
    return write(one->master, data, size) == (ssize_t)size;
}

bool tty_await_said(tty_peer *one, size_t size)
{
    uint64_t until = platen_os_now() + 10 * SECOND;
    int there = 0;
    while (ioctl(one->line, FIONREAD, &there) == 0 && (size_t)there < size &&
           platen_os_now() < until)
        platen_os_thread_yield();
    return (size_t)there >= size;
}

void tty_listen(tty_peer *one, bool on)
{
    platen_os_mutex_lock(&one->lock);
    one->listening = on;
    eventfd_write(one->bell, 1);
    while (one->heeds != on)
        platen_os_cond_wait(&one->news, &one->lock);
    platen_os_mutex_unlock(&one->lock);
}

static void stop(tty_peer *one)
{
    platen_os_mutex_lock(&one->lock);
    one->leaving = true;
    platen_os_mutex_unlock(&one->lock);
    eventfd_write(one->bell, 1);
    if (one->reader)
        platen_os_thread_join(one->reader);
    one->reader = NULL;
}

void tty_unplug(tty_peer *one)
{
    stop(one);
    close(one->line);
    close(one->master);
    one->line = one->master = -1;
}

void tty_destroy(tty_peer *one)
{
    if (!one)
        return;
    stop(one);
    dispose(one);
}
