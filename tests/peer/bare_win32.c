/* SPDX-License-Identifier: MIT */
#include <winsock2.h>
#include <ws2tcpip.h>

#include "bare.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void insist(bool fine, const char *what)
{
    if (!fine) {
        fprintf(stderr, "%s: error %d\n", what, WSAGetLastError());
        abort();
    }
}

union place {
    struct sockaddr any;
    struct sockaddr_in four;
    struct sockaddr_in6 six;
};

static int loopback(union place *place, int version, uint16_t port)
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

static SOCKET make_socket(int family, int type)
{
    const DWORD flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
    WSADATA data;
    insist(WSAStartup(MAKEWORD(2, 2), &data) == 0, "WSAStartup");
    return WSASocketW(family, type, 0, NULL, 0, flags);
}

bare_socket bare_listen(int version, int backlog, int receive_buffer, uint16_t *port)
{
    union place place;
    int size = loopback(&place, version, 0);
    SOCKET made = make_socket(place.any.sa_family, SOCK_STREAM);

    *port = 0;
    if (made == INVALID_SOCKET && version == 6)
        return NO_SOCKET;
    insist(made != INVALID_SOCKET, "socket");
    if (receive_buffer)
        setsockopt(made, SOL_SOCKET, SO_RCVBUF, (const char *)&receive_buffer,
                   sizeof receive_buffer);
    if (bind(made, &place.any, size) && version == 6) {
        closesocket(made);
        return NO_SOCKET;
    }
    insist(backlog < 0 || listen(made, backlog) == 0, "listen");
    insist(getsockname(made, &place.any, &size) == 0, "getsockname");
    *port = ntohs(version == 6 ? place.six.sin6_port : place.four.sin_port);
    return (bare_socket)made;
}

void bare_return(bare_socket gone)
{
    insist(listen((SOCKET)gone, 5) == 0, "listen");
}

bare_socket bare_accept(bare_socket listener)
{
    SOCKET made = accept((SOCKET)listener, NULL, NULL);
    insist(made != INVALID_SOCKET || WSAGetLastError() == WSAECONNRESET ||
               WSAGetLastError() == WSAECONNABORTED,
           "accept");
    return (bare_socket)made;
}

bare_socket bare_datagrams(uint16_t *port)
{
    union place place;
    int size = loopback(&place, 4, 0);
    SOCKET made = make_socket(AF_INET, SOCK_DGRAM);
    insist(made != INVALID_SOCKET, "socket");
    insist(bind(made, &place.any, size) == 0, "bind");
    insist(getsockname(made, &place.any, &size) == 0, "getsockname");
    *port = ntohs(place.four.sin_port);
    return (bare_socket)made;
}

long bare_receive_from(bare_socket socket, void *data, size_t size, uint16_t *port)
{
    union place place = {.four = {0}};
    int place_size = sizeof place;
    long done = recvfrom((SOCKET)socket, data, (int)size, 0, &place.any, &place_size);
    *port = ntohs(place.four.sin_port);
    return done;
}

void bare_send_to(bare_socket socket, const void *data, size_t size, uint16_t port)
{
    union place place;
    int place_size = loopback(&place, 4, port);
    sendto((SOCKET)socket, data, (int)size, 0, &place.any, place_size);
}

static bare_socket reach(uint16_t port, u_long unblocked)
{
    union place place;
    int size = loopback(&place, 4, port);
    SOCKET made = make_socket(AF_INET, SOCK_STREAM);
    insist(made != INVALID_SOCKET, "socket");
    ioctlsocket(made, FIONBIO, &unblocked);
    insist(connect(made, &place.any, size) == 0 || WSAGetLastError() == WSAEWOULDBLOCK, "connect");
    return (bare_socket)made;
}

bare_socket bare_connect(uint16_t port)
{
    return reach(port, 0);
}

bare_socket bare_knock(uint16_t port)
{
    return reach(port, 1);
}

bool bare_send(bare_socket socket, const void *data, size_t size)
{
    const char *at = data;
    while (size) {
        int done = send((SOCKET)socket, at, (int)size, 0);
        if (done < 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

long bare_receive(bare_socket socket, void *data, size_t size)
{
    return recv((SOCKET)socket, data, (int)size, 0);
}

uint16_t bare_peer_port(bare_socket socket)
{
    union place place = {0};
    int size = sizeof place;
    return getpeername((SOCKET)socket, &place.any, &size) ? 0 : ntohs(place.four.sin_port);
}

bool bare_peek(bare_socket socket, char *byte)
{
    return recv((SOCKET)socket, byte, 1, MSG_PEEK) == 1;
}

bool bare_wait(bare_socket socket, unsigned milliseconds)
{
    struct timeval timeout = {(long)(milliseconds / 1000), (long)(milliseconds % 1000 * 1000)};
    fd_set readable;
    FD_ZERO(&readable);
    FD_SET((SOCKET)socket, &readable);
    return select(0, &readable, NULL, NULL, &timeout) > 0;
}

uint32_t bare_unread(bare_socket socket)
{
    u_long count = 0;
    ioctlsocket((SOCKET)socket, FIONREAD, &count);
    return count;
}

void bare_end_sending(bare_socket socket)
{
    shutdown((SOCKET)socket, SD_SEND);
}

void bare_shut(bare_socket socket)
{
    shutdown((SOCKET)socket, SD_BOTH);
}

void bare_close(bare_socket socket)
{
    if (socket != NO_SOCKET)
        closesocket((SOCKET)socket);
}

void bare_reset(bare_socket socket)
{
    const struct linger at_once = {.l_onoff = 1};
    setsockopt((SOCKET)socket, SOL_SOCKET, SO_LINGER, (const char *)&at_once, sizeof at_once);
    closesocket((SOCKET)socket);
}
