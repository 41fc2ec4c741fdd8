/* SPDX-License-Identifier: MIT */
#include "bare.h"

#include <errno.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

static void insist(bool fine, const char *what)
{
    if (!fine) {
        perror(what);
        abort();
    }
}

union place {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static socklen_t loopback(union place *place, int version, uint16_t port)
{
    memset(place, 0, sizeof *place);
    if (version == 6) {
        place->six.sin6_family = AF_INET6;
        place->six.sin6_addr = in6addr_loopback;
        place->six.sin6_port = htons(port);
        return sizeof place->six;
    }
    place->four.sin_family = AF_INET;
    place->four.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    place->four.sin_port = htons(port);
    return sizeof place->four;
}

bare_socket bare_listen(int version, int backlog, int receive_buffer, uint16_t *port)
{
    union place place;
    socklen_t size = loopback(&place, version, 0);
    int fd = socket(place.any.sa_family, SOCK_STREAM | SOCK_CLOEXEC, 0);

    *port = 0;
    if (fd < 0 && version == 6)
        return NO_SOCKET;
    insist(fd >= 0, "socket");
    if (receive_buffer)
        setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
    if (bind(fd, &place.any, size) && version == 6) {
        close(fd);
        return NO_SOCKET;
    }
    insist(backlog < 0 || listen(fd, backlog) == 0, "listen");
    insist(getsockname(fd, &place.any, &size) == 0, "getsockname");
    *port = ntohs(version == 6 ? place.six.sin6_port : place.four.sin_port);
    return fd;
}

void bare_return(bare_socket gone)
{
    insist(listen((int)gone, 5) == 0, "listen");
}

bare_socket bare_accept(bare_socket listener)
{
    int fd;
    do
        fd = accept4((int)listener, NULL, NULL, SOCK_CLOEXEC);
    while (fd < 0 && errno == EINTR);
    insist(fd >= 0 || errno == ECONNABORTED, "accept");
    return fd;
}

bare_socket bare_datagrams(uint16_t *port)
{
    union place place;
    socklen_t size = loopback(&place, 4, 0);
    int made = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    insist(made >= 0, "socket");
    insist(bind(made, &place.any, size) == 0, "bind");
    insist(getsockname(made, &place.any, &size) == 0, "getsockname");
    *port = ntohs(place.four.sin_port);
    return made;
}

long bare_receive_from(bare_socket socket, void *data, size_t size, uint16_t *port)
{
    union place place = {.four = {0}};
    socklen_t place_size = sizeof place;
    long done = (long)recvfrom((int)socket, data, size, 0, &place.any, &place_size);
    *port = ntohs(place.four.sin_port);
    return done;
}

void bare_send_to(bare_socket socket, const void *data, size_t size, uint16_t port)
{
    union place place;
    socklen_t place_size = loopback(&place, 4, port);
    sendto((int)socket, data, size, 0, &place.any, place_size);
}

static bare_socket reach(uint16_t port, int flags)
{
    union place place;
    socklen_t size = loopback(&place, 4, port);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | flags, 0);
    insist(fd >= 0, "socket");
    insist(connect(fd, &place.any, size) == 0 || errno == EINPROGRESS, "connect");
    return fd;
}

bare_socket bare_connect(uint16_t port)
{
    return reach(port, 0);
}

bare_socket bare_knock(uint16_t port)
{
    return reach(port, SOCK_NONBLOCK);
}

bool bare_send(bare_socket socket, const void *data, size_t size)
{
    const char *at = data;
    while (size) {
        ssize_t done = send((int)socket, at, size, MSG_NOSIGNAL);
        if (done < 0 && errno != EINTR)
            return false;
        at += done > 0 ? done : 0;
        size -= done > 0 ? (size_t)done : 0;
    }
    return true;
}

long bare_receive(bare_socket socket, void *data, size_t size)
{
    ssize_t done;
    do
        done = recv((int)socket, data, size, 0);
    while (done < 0 && errno == EINTR);
    return (long)done;
}

uint16_t bare_peer_port(bare_socket socket)
{
    union place place = {0};
    socklen_t size = sizeof place;
    return getpeername((int)socket, &place.any, &size) ? 0 : ntohs(place.four.sin_port);
}

bool bare_peek(bare_socket socket, char *byte)
{
    ssize_t done;
    do
        done = recv((int)socket, byte, 1, MSG_PEEK);
    while (done < 0 && errno == EINTR);
    return done == 1;
}

bool bare_wait(bare_socket socket, unsigned milliseconds)
{
    struct pollfd watched = {.fd = (int)socket, .events = POLLIN};
    int count;
    do
        count = poll(&watched, 1, (int)milliseconds);
    while (count < 0 && errno == EINTR);
    return count > 0;
}

uint32_t bare_unread(bare_socket socket)
{
    int count = 0;
    ioctl((int)socket, FIONREAD, &count);
    return (uint32_t)count;
}

void bare_end_sending(bare_socket socket)
{
    shutdown((int)socket, SHUT_WR);
}

void bare_shut(bare_socket socket)
{
    shutdown((int)socket, SHUT_RDWR);
}

void bare_close(bare_socket socket)
{
    if (socket != NO_SOCKET)
        close((int)socket);
}

void bare_reset(bare_socket socket)
{
    const struct linger at_once = {.l_onoff = 1};
    setsockopt((int)socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close((int)socket);
}
