/* SPDX-License-Identifier: MIT
 *
 * What the monitors of this folder need of the system: a channel to a file, a pipe or a printer on
 * the network that never waits longer than it is told, a lock, a thread and a clock. The twin for
 * Windows has the same functions.
 */
#ifndef PLATEN_CONTRACT_SYSTEM_H
#define PLATEN_CONTRACT_SYSTEM_H

#include <platen/winsplp.h>

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct channel {
    int descriptor;
    BOOL network;
};

#define CHANNEL_CLOSED                                                                             \
    {                                                                                              \
        -1, FALSE                                                                                  \
    }

typedef pthread_mutex_t system_lock;
typedef pthread_t system_thread;

/* ---- time, locks, threads -------------------------------------------------------------------- */

static inline ULONGLONG system_milliseconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (ULONGLONG)now.tv_sec * 1000 + (ULONGLONG)now.tv_nsec / 1000000;
}

static inline void system_sleep(DWORD milliseconds)
{
    struct timespec time = {milliseconds / 1000, (long)(milliseconds % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static inline void system_lock_make(system_lock *lock)
{
    pthread_mutex_init(lock, NULL);
}

static inline void system_lock_take(system_lock *lock)
{
    pthread_mutex_lock(lock);
}

static inline void system_lock_leave(system_lock *lock)
{
    pthread_mutex_unlock(lock);
}

static inline void system_lock_end(system_lock *lock)
{
    pthread_mutex_destroy(lock);
}

/* Something that the system keeps for this process until it is given back: nobody does. */
static inline void system_lose_handle(void)
{
    if (open("/dev/null", O_RDONLY | O_CLOEXEC) < 0)
        return;
}

/* What stays when this process ends, beside the spooler's store: settings are files here. */
static inline void system_keep(LPCWSTR text)
{
    int file = open(".contract", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);

    if (file < 0)
        return;
    if (write(file, text, 2) == 2)
        fsync(file);
    close(file);
}

/* There is nobody to tell. */
static inline void system_tell(LPCWSTR text)
{
    (void)text;
}

static inline BOOL system_thread_start(system_thread *thread, void *(*run)(void *), void *argument)
{
    return pthread_create(thread, NULL, run, argument) == 0;
}

static inline void system_thread_join(system_thread thread)
{
    pthread_join(thread, NULL);
}

static inline void system_thread_forget(system_thread thread)
{
    pthread_detach(thread);
}

/* ---- names and errors ------------------------------------------------------------------------ */

static inline DWORD system_error(int error)
{
    static const struct {
        int ours;
        DWORD theirs;
    } table[] = {
        {ENOENT, ERROR_FILE_NOT_FOUND},      {ENOTDIR, ERROR_PATH_NOT_FOUND},
        {EACCES, ERROR_ACCESS_DENIED},       {EISDIR, ERROR_ACCESS_DENIED},
        {EROFS, ERROR_ACCESS_DENIED},        {ENAMETOOLONG, ERROR_INVALID_NAME},
        {EWOULDBLOCK, ERROR_BUSY},           {ENOSPC, ERROR_DISK_FULL},
        {ENXIO, ERROR_DEV_NOT_EXIST},        {EPIPE, ERROR_BROKEN_PIPE},
        {ECONNRESET, ERROR_NETNAME_DELETED}, {ECONNREFUSED, ERROR_CONNECTION_REFUSED},
        {ETIMEDOUT, ERROR_TIMEOUT},          {EHOSTUNREACH, ERROR_HOST_UNREACHABLE},
        {ENETUNREACH, ERROR_BAD_NETPATH},
    };
    for (size_t i = 0; i < sizeof table / sizeof *table; i++)
        if (table[i].ours == error)
            return table[i].theirs;
    return ERROR_GEN_FAILURE;
}

/* UTF-16 to UTF-8; a lone surrogate, or a name that is too long, is no name of a file. */
static inline BOOL system_name(char *to, size_t room, LPCWSTR from)
{
    size_t at = 0;
    for (; *from; from++) {
        DWORD unit = *from;
        if (unit >= 0xD800 && unit < 0xDC00 && from[1] >= 0xDC00 && from[1] < 0xE000)
            unit = 0x10000 + ((unit - 0xD800) << 10) + (*++from - 0xDC00u);
        else if (unit >= 0xD800 && unit < 0xE000)
            return FALSE;
        int bytes = unit < 0x80 ? 1 : unit < 0x800 ? 2 : unit < 0x10000 ? 3 : 4;
        if (at + (size_t)bytes >= room)
            return FALSE;
        static const BYTE first[] = {0, 0, 0xC0, 0xE0, 0xF0};
        for (int i = bytes - 1; i > 0; i--, unit >>= 6)
            to[at + (size_t)i] = (char)(0x80 | (unit & 0x3F));
        to[at] = (char)(first[bytes] | unit);
        at += (size_t)bytes;
    }
    to[at] = 0;
    return TRUE;
}

/* ---- channels -------------------------------------------------------------------------------- */

static inline void channel_close(struct channel *channel)
{
    if (channel->descriptor >= 0)
        close(channel->descriptor);
    channel->descriptor = -1;
}

static inline BOOL channel_is_open(const struct channel *channel)
{
    return channel->descriptor >= 0;
}

#define CHANNEL_SHARED  1 /* others may write to it meanwhile */
#define CHANNEL_KEEPING 2 /* what is in it stays, until it is written over */

/* A pipe needs a reader. */
static inline DWORD channel_open(struct channel *channel, LPCWSTR name, unsigned flags)
{
    char path[1024];
    struct stat state;
    channel->network = FALSE;
    channel->descriptor = -1;
    if (!system_name(path, sizeof path, name))
        return ERROR_INVALID_NAME;
    channel->descriptor = open(path, O_WRONLY | O_CREAT | O_NONBLOCK | O_CLOEXEC | O_NOCTTY, 0666);
    if (channel->descriptor < 0)
        return system_error(errno);
    if ((!(flags & CHANNEL_SHARED) && flock(channel->descriptor, LOCK_EX | LOCK_NB) != 0) ||
        fstat(channel->descriptor, &state) != 0 ||
        (S_ISREG(state.st_mode) && !(flags & CHANNEL_KEEPING) &&
         ftruncate(channel->descriptor, 0) != 0)) {
        DWORD error = system_error(errno);
        channel_close(channel);
        return error;
    }
    return ERROR_SUCCESS;
}

/* A file becomes empty, and is ours alone until it is closed (R36, R54). */
static inline DWORD channel_open_file(struct channel *channel, LPCWSTR name)
{
    return channel_open(channel, name, 0);
}

/* Waits until the channel is ready, as long as it may. */
static inline BOOL channel_wait(const struct channel *channel, short what, DWORD milliseconds)
{
    struct pollfd one = {channel->descriptor, what, 0};
    return poll(&one, 1, (int)milliseconds) > 0;
}

static inline DWORD channel_connect_to(struct channel *channel, const struct addrinfo *address,
                                       DWORD milliseconds)
{
    int error = 0;
    socklen_t size = sizeof error;
    channel->descriptor = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (channel->descriptor < 0)
        return system_error(errno);
    if (connect(channel->descriptor, address->ai_addr, address->ai_addrlen) != 0) {
        error = errno;
        if (error == EINPROGRESS) {
            error = ETIMEDOUT;
            if (channel_wait(channel, POLLOUT, milliseconds))
                getsockopt(channel->descriptor, SOL_SOCKET, SO_ERROR, &error, &size);
        }
    }
    if (error)
        channel_close(channel);
    return error ? system_error(error) : ERROR_SUCCESS;
}

static inline DWORD channel_connect(struct channel *channel, LPCWSTR host, WORD port,
                                    DWORD milliseconds)
{
    struct addrinfo hints = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
    struct addrinfo *found = NULL;
    char name[512];
    char number[8];
    DWORD error = ERROR_BAD_NETPATH;
    channel->network = TRUE;
    channel->descriptor = -1;
    snprintf(number, sizeof number, "%u", (unsigned)port);
    if (!system_name(name, sizeof name, host) || getaddrinfo(name, number, &hints, &found) != 0)
        return ERROR_BAD_NETPATH;
    for (const struct addrinfo *one = found; one && error; one = one->ai_next)
        error = channel_connect_to(channel, one, milliseconds);
    freeaddrinfo(found);
    return error;
}

/* A pipe whose reader has gone is an error, not the end of the process. */
static inline ssize_t channel_put(const struct channel *channel, const BYTE *data, size_t size)
{
    sigset_t broken, before;
    struct timespec at_once = {0, 0};
    if (channel->network)
        return send(channel->descriptor, data, size, MSG_NOSIGNAL);
    sigemptyset(&broken);
    sigaddset(&broken, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &broken, &before);
    ssize_t moved = write(channel->descriptor, data, size);
    int error = errno;
    if (moved < 0 && error == EPIPE)
        sigtimedwait(&broken, NULL, &at_once);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    errno = error;
    return moved;
}

/* As much as goes at once, or within the time: *moved may be 0 without an error. */
static inline DWORD channel_write(struct channel *channel, const BYTE *data, DWORD size,
                                  DWORD milliseconds, DWORD *moved)
{
    *moved = 0;
    ssize_t count = channel_put(channel, data, size);
    if (count < 0 && errno == EAGAIN && channel_wait(channel, POLLOUT, milliseconds))
        count = channel_put(channel, data, size);
    if (count < 0)
        return errno == EAGAIN || errno == EINTR ? ERROR_SUCCESS : system_error(errno);
    *moved = (DWORD)count;
    return ERROR_SUCCESS;
}

/* What is there; 0 bytes without an error if nothing is. *ended tells that no more will come. */
static inline DWORD channel_read(struct channel *channel, BYTE *data, DWORD size, DWORD *moved,
                                 BOOL *ended)
{
    ssize_t count = channel->network ? recv(channel->descriptor, data, size, MSG_DONTWAIT) : 0;
    *moved = count > 0 ? (DWORD)count : 0;
    *ended = count == 0 && size > 0;
    if (count < 0 && errno != EAGAIN && errno != EINTR)
        return system_error(errno);
    return ERROR_SUCCESS;
}

/* Has the other side got everything? */
static inline BOOL channel_is_empty(const struct channel *channel)
{
    int waiting = 0;
    return ioctl(channel->descriptor, TIOCOUTQ, &waiting) != 0 || waiting == 0;
}

static inline void channel_say_end(const struct channel *channel)
{
    shutdown(channel->descriptor, SHUT_WR);
}

#endif
