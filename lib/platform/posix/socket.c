/* SPDX-License-Identifier: MIT */
#include "os/socket.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stddef.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include "../resolve.h"
#include "os/clock.h"
#include "os/error.h"

#define MILLISECOND UINT64_C(1000000)

/* On a connection these mean something else than before there is one. */
static uint32_t lost(int code)
{
    if (code == ETIMEDOUT || code == EHOSTUNREACH || code == ENETUNREACH || code == ENETDOWN)
        return PLATEN_CONNECTION_ABORTED;
    return platen_os_error_from(code);
}

uint32_t platen_os_sockets_begin(void)
{
    return 0;
}

/* ---- bells --------------------------------------------------------------------------------- */

uint32_t platen_os_bell_create(platen_os_bell *bell)
{
    *bell = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    return *bell < 0 ? platen_os_last_error() : 0;
}

void platen_os_bell_destroy(platen_os_bell bell)
{
    close((int)bell);
}

void platen_os_bell_ring(platen_os_bell bell)
{
    int before = errno;
    eventfd_write((int)bell, 1); /* fails only where it is rung already */
    errno = before;
}

void platen_os_bell_hush(platen_os_bell bell)
{
    eventfd_t count;
    eventfd_read((int)bell, &count);
}

/* ---- waiting ------------------------------------------------------------------------------- */

/* Rounded up: a moment too early would make callers spin. */
static int milliseconds_until(uint64_t until)
{
    const uint64_t most = 1000000;
    uint64_t now;
    if (until == PLATEN_OS_FOREVER)
        return -1;
    now = platen_os_now();
    if (now >= until)
        return 0;
    now = (until - now - 1) / MILLISECOND + 1;
    return (int)(now < most ? now : most);
}

/* The first of the two that has something decides; a descriptor below zero is passed over. */
static uint32_t wait_for(struct pollfd watched[2], uint64_t until)
{
    for (;;) {
        int timeout = milliseconds_until(until);
        int count = poll(watched, 2, timeout);
        if (count < 0 && errno != EINTR)
            return platen_os_last_error();
        if (count > 0)
            return 0;
        if (count == 0 && timeout >= 0 && platen_os_now() >= until)
            return PLATEN_TIMEOUT;
    }
}

uint32_t platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                               platen_os_bell bell, uint64_t until)
{
    struct pollfd watched[2] = {
        {.fd = (int)bell, .events = POLLIN},
        {.fd = (int)socket, .events = readiness == PLATEN_OS_READABLE ? POLLIN : POLLOUT},
    };
    uint32_t error = wait_for(watched, until);
    return !error && watched[0].revents ? PLATEN_OPERATION_ABORTED : error;
}

uint32_t platen_os_bells_wait(platen_os_bell answered, platen_os_bell other, uint64_t until)
{
    struct pollfd watched[2] = {
        {.fd = (int)answered, .events = POLLIN},
        {.fd = (int)other, .events = POLLIN},
    };
    uint32_t error = wait_for(watched, until);
    return !error && !watched[0].revents ? PLATEN_OPERATION_ABORTED : error;
}

/* ---- connecting ---------------------------------------------------------------------------- */

static void set_option(int fd, int level, int name, int value)
{
    setsockopt(fd, level, name, &value, sizeof value);
}

static uint32_t pending_error(int fd, int *code)
{
    socklen_t size = sizeof *code;
    *code = 0;
    return getsockopt(fd, SOL_SOCKET, SO_ERROR, code, &size) ? platen_os_last_error() : 0;
}

static uint32_t explain_connect(int code)
{
    return code == ETIMEDOUT ? PLATEN_TIMEOUT : platen_os_error_from(code);
}

static uint32_t finish_connect(int fd, platen_os_bell bell, uint64_t until)
{
    int code;
    uint32_t error = platen_os_socket_wait(fd, PLATEN_OS_WRITABLE, bell, until);
    if (!error)
        error = pending_error(fd, &code);
    return error ? error : explain_connect(code);
}

/* A connect that a signal interrupts goes on by itself, as one that was not waited for does. */
static uint32_t connect_socket(int fd, const struct platen_os_address *to, platen_os_bell bell,
                               uint64_t until)
{
    struct sockaddr_storage plain = {0};
    memcpy(&plain, to->room, sizeof to->room);
    set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(fd, SOL_SOCKET, SO_KEEPALIVE, 1);
    if (connect(fd, (const struct sockaddr *)&plain, to->size) == 0)
        return 0;
    if (errno != EINPROGRESS && errno != EINTR)
        return explain_connect(errno);
    return finish_connect(fd, bell, until);
}

static int family_of(const struct platen_os_address *address)
{
    struct sockaddr plain;
    memcpy(&plain, address->room, sizeof plain);
    return plain.sa_family;
}

/* Both families keep the port at the same place. */
static uint32_t take_port(int fd, int family, uint16_t port)
{
    struct sockaddr_storage here = {.ss_family = (sa_family_t)family};
    if (!port)
        return 0;
    memcpy((char *)&here + offsetof(struct sockaddr_in, sin_port), &(uint16_t){htons(port)},
           sizeof port);
    set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
    socklen_t size = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    return bind(fd, (const struct sockaddr *)&here, size) ? platen_os_last_error() : 0;
}

uint32_t platen_os_socket_connect(const struct platen_os_address *to, platen_os_bell bell,
                                  uint64_t until, platen_os_socket *made)
{
    return platen_os_socket_connect_from(0, to, bell, until, made);
}

uint32_t platen_os_socket_connect_from(uint16_t port, const struct platen_os_address *to,
                                       platen_os_bell bell, uint64_t until, platen_os_socket *made)
{
    int fd = socket(family_of(to), SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
    uint32_t error;

    *made = PLATEN_OS_NO_SOCKET;
    if (fd < 0)
        return errno == EAFNOSUPPORT ? PLATEN_NETWORK_UNREACHABLE : platen_os_last_error();
    error = take_port(fd, family_of(to), port);
    if (!error)
        error = connect_socket(fd, to, bell, until);
    if (port && error == PLATEN_NETWORK_UNREACHABLE && errno == EADDRNOTAVAIL)
        error = PLATEN_DEVICE_IN_USE; /* the connection that had our port is not forgotten yet */
    if (error)
        close(fd);
    else
        *made = fd;
    return error;
}

uint32_t platen_os_socket_datagram(const struct platen_os_address *to, platen_os_socket *made)
{
    struct sockaddr_storage plain = {0};
    int fd = socket(family_of(to), SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    uint32_t error = 0;

    *made = PLATEN_OS_NO_SOCKET;
    if (fd < 0)
        return errno == EAFNOSUPPORT ? PLATEN_NETWORK_UNREACHABLE : platen_os_last_error();
    memcpy(&plain, to->room, sizeof to->room);
    if (connect(fd, (const struct sockaddr *)&plain, to->size))
        error = explain_connect(errno);
    if (error)
        close(fd);
    else
        *made = fd;
    return error;
}

/* ---- being connected to --------------------------------------------------------------------- */

static uint32_t listen_here(int fd, uint16_t *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof here;
    if (bind(fd, (const struct sockaddr *)&here, size) || listen(fd, SOMAXCONN) ||
        getsockname(fd, (struct sockaddr *)&here, &size))
        return platen_os_last_error();
    *port = ntohs(here.sin_port);
    return 0;
}

uint32_t platen_os_socket_listen(platen_os_socket *listener, uint16_t *port)
{
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, IPPROTO_TCP);
    uint32_t error = fd < 0 ? platen_os_last_error() : 0;

    *listener = PLATEN_OS_NO_SOCKET;
    *port = 0;
    if (!error)
        error = listen_here(fd, port);
    if (error && fd >= 0)
        close(fd);
    if (!error)
        *listener = fd;
    return error;
}

/* Who has given up before he was accepted is nobody. */
static bool is_passing(int code)
{
    return code == EAGAIN || code == EINTR || code == ECONNABORTED;
}

uint32_t platen_os_socket_accept(platen_os_socket listener, platen_os_bell bell, uint64_t until,
                                 platen_os_socket *made)
{
    uint32_t error = 0;
    int fd = -1;

    while (!error && fd < 0) {
        error = platen_os_socket_wait(listener, PLATEN_OS_READABLE, bell, until);
        if (!error)
            fd = accept4((int)listener, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
        if (!error && fd < 0 && !is_passing(errno))
            error = platen_os_last_error();
    }
    if (!error)
        set_option(fd, IPPROTO_TCP, TCP_NODELAY, 1);
    *made = error ? PLATEN_OS_NO_SOCKET : fd;
    return error;
}

uint32_t platen_os_socket_block(platen_os_socket socket)
{
    int flags = fcntl((int)socket, F_GETFL);
    bool fine = flags >= 0 && fcntl((int)socket, F_SETFL, flags & ~O_NONBLOCK) == 0;
    return fine ? 0 : platen_os_last_error();
}

void platen_os_socket_break(platen_os_socket socket)
{
    shutdown((int)socket, SHUT_RDWR);
}

/* ---- bytes --------------------------------------------------------------------------------- */

uint32_t platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                               uint32_t *moved)
{
    ssize_t done;
    do
        done = send((int)socket, data, size, MSG_NOSIGNAL);
    while (done < 0 && errno == EINTR);
    *moved = done < 0 ? 0 : (uint32_t)done;
    return done >= 0 || errno == EAGAIN ? 0 : lost(errno);
}

/* The system's type lacks const; it writes nothing there. */
static void *writable(const void *data)
{
    return (void *)(uintptr_t)data;
}

uint32_t platen_os_socket_send_both(platen_os_socket socket, const void *first, uint32_t first_size,
                                    const void *second, uint32_t second_size, uint32_t *moved)
{
    struct iovec pieces[2] = {
        {.iov_base = writable(first), .iov_len = first_size},
        {.iov_base = writable(second), .iov_len = second_size},
    };
    const struct msghdr message = {.msg_iov = pieces, .msg_iovlen = 2};
    ssize_t done;
    do
        done = sendmsg((int)socket, &message, MSG_NOSIGNAL);
    while (done < 0 && errno == EINTR);
    *moved = done < 0 ? 0 : (uint32_t)done;
    return done >= 0 || errno == EAGAIN ? 0 : lost(errno);
}

uint32_t platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                  uint32_t *moved)
{
    ssize_t done;
    do
        done = recv((int)socket, data, size, 0);
    while (done < 0 && errno == EINTR);
    *moved = done < 0 ? 0 : (uint32_t)done;
    if (done == 0)
        return PLATEN_HANDLE_EOF;
    return done > 0 || errno == EAGAIN ? 0 : lost(errno);
}

/* ---- the end ------------------------------------------------------------------------------- */

uint32_t platen_os_socket_half_close(platen_os_socket socket)
{
    if (shutdown((int)socket, SHUT_WR) == 0)
        return 0;
    return errno == ENOTCONN ? PLATEN_NETNAME_DELETED : lost(errno);
}

/* A connection that was reset is over with bytes that nobody will acknowledge, whoever has been
 * told of the reset. */
static bool is_over(int fd)
{
    struct tcp_info info = {0};
    socklen_t size = sizeof info;
    return getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &size) == 0 && info.tcpi_state == TCP_CLOSE;
}

/* The distance between what was sent, the end included, and what was acknowledged. */
static uint32_t count_unacknowledged(int fd, uint32_t *bytes)
{
    int queued = 0;
    uint32_t error = ioctl(fd, SIOCOUTQ, &queued) ? platen_os_last_error() : 0;
    *bytes = (uint32_t)queued;
    return error;
}

/* The error is asked for after the count, so a 0 without an error was true before any reset; the
 * count once more after the end, because the last of it may have been acknowledged in between. */
uint32_t platen_os_socket_unacknowledged(platen_os_socket socket,
                                         const struct platen_os_address *peer, uint32_t *bytes)
{
    int fd = (int)socket, code = 0;
    (void)peer;
    uint32_t error = count_unacknowledged(fd, bytes);
    if (!error)
        error = pending_error(fd, &code);
    if (error || code)
        return error ? error : lost(code);
    if (*bytes == 0 || !is_over(fd))
        return 0;
    error = count_unacknowledged(fd, bytes);
    return !error && *bytes ? PLATEN_NETNAME_DELETED : error;
}

void platen_os_socket_close(platen_os_socket socket, bool reset)
{
    const struct linger at_once = {.l_onoff = 1};
    if (reset)
        setsockopt((int)socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close((int)socket);
}
