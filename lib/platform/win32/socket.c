/* SPDX-License-Identifier: MIT
 *
 * select is the one wait that any number of threads can do on one socket at the same time and that
 * has told of refused connections in every version. It knows sockets only: so a bell is one too, a
 * datagram socket that is connected to itself and takes from nobody else.
 */
#include <winsock2.h>
#include <ws2tcpip.h>
#include <iphlpapi.h>

#include "os/socket.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include "../once.h"
#include "../resolve.h"
#include "socket.h"
#include "os/clock.h"
#include "os/error.h"

#define SECOND      UINT64_C(1000000000)
#define MICROSECOND UINT64_C(1000)

// clang-format off
static const struct {
    int code;
    uint32_t error;
} codes[] = {
    {WSAEACCES,          PLATEN_ACCESS_DENIED},
    {WSAEINVAL,          PLATEN_INVALID_PARAMETER},
    {WSAEMFILE,          PLATEN_TOO_MANY_OPEN_FILES},
    {WSAENOBUFS,         PLATEN_NOT_ENOUGH_MEMORY},
    {WSAEAFNOSUPPORT,    PLATEN_NETWORK_UNREACHABLE},
    {WSAEADDRINUSE,      PLATEN_DEVICE_IN_USE},
    {WSAEADDRNOTAVAIL,   PLATEN_NETWORK_UNREACHABLE},
    {WSAENETDOWN,        PLATEN_NETWORK_UNREACHABLE},
    {WSAENETUNREACH,     PLATEN_NETWORK_UNREACHABLE},
    {WSAEHOSTDOWN,       PLATEN_HOST_UNREACHABLE},
    {WSAEHOSTUNREACH,    PLATEN_HOST_UNREACHABLE},
    {WSAECONNREFUSED,    PLATEN_CONNECTION_REFUSED},
    {WSAETIMEDOUT,       PLATEN_TIMEOUT},
    {WSAENETRESET,       PLATEN_NETNAME_DELETED},
    {WSAECONNRESET,      PLATEN_NETNAME_DELETED},
    {WSAECONNABORTED,    PLATEN_CONNECTION_ABORTED},
    {WSAESHUTDOWN,       PLATEN_BROKEN_PIPE},
    {WSAENOTCONN,        PLATEN_NETNAME_DELETED},
    {WSAENOTSOCK,        PLATEN_INVALID_HANDLE},
};
// clang-format on

uint32_t platen_win32_socket_explain(int code)
{
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        if (codes[i].code == code)
            return codes[i].error;
    return code ? PLATEN_GEN_FAILURE : 0;
}

/* On a connection some codes mean that it is lost. */
static uint32_t lost(int code)
{
    uint32_t error = platen_win32_socket_explain(code);
    bool gone = error == PLATEN_TIMEOUT || error == PLATEN_HOST_UNREACHABLE ||
                error == PLATEN_NETWORK_UNREACHABLE;
    return gone ? PLATEN_CONNECTION_ABORTED : error;
}

static uint32_t last_error(void)
{
    uint32_t error = platen_win32_socket_explain(WSAGetLastError());
    return error ? error : PLATEN_GEN_FAILURE;
}

static platen_os_once begun = PLATEN_OS_ONCE;
static int begin_code;

/* Never ended: other users of sockets in this process count for themselves. */
static void begin(void)
{
    WSADATA data;
    begin_code = WSAStartup(MAKEWORD(2, 2), &data);
}

uint32_t platen_os_sockets_begin(void)
{
    platen_os_call_once(&begun, begin);
    return platen_win32_socket_explain(begin_code);
}

uint32_t platen_win32_socket_make(int family, int type, int protocol, SOCKET *made)
{
    const DWORD flags = WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT;
    u_long on = 1;
    uint32_t error = platen_os_sockets_begin();

    *made = INVALID_SOCKET;
    if (error)
        return error;
    *made = WSASocketW(family, type, protocol, NULL, 0, flags);
    if (*made == INVALID_SOCKET)
        return last_error();
    if (ioctlsocket(*made, FIONBIO, &on) == 0)
        return 0;
    error = last_error();
    closesocket(*made);
    return error;
}

/* ---- waiting ------------------------------------------------------------------------------- */

struct watch {
    fd_set readable;
    fd_set writable;
    fd_set failed; /* where a refused connection shows */
};

static void add(fd_set *set, intptr_t one)
{
    if (one != -1)
        FD_SET((SOCKET)one, set);
}

static struct timeval *timeout_until(uint64_t until, struct timeval *timeout)
{
    const uint64_t most = 1000 * SECOND;
    uint64_t now = platen_os_now(), left = now < until ? until - now : 0;
    if (until == PLATEN_OS_FOREVER)
        return NULL;
    left = left < most ? left + MICROSECOND - 1 : most;
    timeout->tv_sec = (long)(left / SECOND);
    timeout->tv_usec = (long)(left % SECOND / MICROSECOND);
    return timeout;
}

/* `wanted` says what is waited for, and afterwards what has come. */
static uint32_t wait_for(struct watch *wanted, uint64_t until)
{
    for (;;) {
        struct watch watch = *wanted;
        struct timeval timeout;
        int count = select(0, &watch.readable, &watch.writable, &watch.failed,
                           timeout_until(until, &timeout));
        if (count < 0)
            return last_error();
        if (count > 0) {
            *wanted = watch;
            return 0;
        }
        if (until != PLATEN_OS_FOREVER && platen_os_now() >= until)
            return PLATEN_TIMEOUT;
    }
}

#define LOOK UINT64_C(250000000)

static void clear(struct watch *watch)
{
    FD_ZERO(&watch->readable);
    FD_ZERO(&watch->writable);
    FD_ZERO(&watch->failed);
}

/* select refuses to wait for nothing at all. */
static uint32_t sleep_until(uint64_t until)
{
    uint32_t word = 0;
    while (platen_os_now() < until)
        platen_os_wait(&word, 0, until);
    return PLATEN_TIMEOUT;
}

uint32_t platen_os_socket_wait(platen_os_socket socket, enum platen_os_readiness readiness,
                               platen_os_bell bell, uint64_t until)
{
    struct watch watch;
    uint32_t error;

    if (socket == PLATEN_OS_NO_SOCKET && bell == PLATEN_OS_NO_BELL)
        return sleep_until(until);
    clear(&watch);
    add(&watch.readable, bell);
    add(readiness == PLATEN_OS_READABLE ? &watch.readable : &watch.writable, socket);
    if (readiness == PLATEN_OS_WRITABLE)
        add(&watch.failed, socket);
    if (bell == PLATEN_OS_NO_BELL && until == PLATEN_OS_FOREVER) {
        /* platen_os_socket_break by another thread may not end this: look now and then. */
        error = wait_for(&watch, platen_os_now() + LOOK);
        return error == PLATEN_TIMEOUT ? 0 : error;
    }
    error = wait_for(&watch, until);
    if (!error && bell != PLATEN_OS_NO_BELL && FD_ISSET((SOCKET)bell, &watch.readable))
        return PLATEN_OPERATION_ABORTED;
    return error;
}

uint32_t platen_os_bells_wait(platen_os_bell answered, platen_os_bell other, uint64_t until)
{
    struct watch watch;
    uint32_t error;

    clear(&watch);
    add(&watch.readable, answered);
    add(&watch.readable, other);
    error = wait_for(&watch, until);
    return !error && !FD_ISSET((SOCKET)answered, &watch.readable) ? PLATEN_OPERATION_ABORTED
                                                                  : error;
}

/* ---- connecting ---------------------------------------------------------------------------- */

static void set_option(SOCKET socket, int level, int name, int value)
{
    setsockopt(socket, level, name, (const char *)&value, sizeof value);
}

static uint32_t pending_error(SOCKET socket)
{
    int code = 0, size = sizeof code;
    if (getsockopt(socket, SOL_SOCKET, SO_ERROR, (char *)&code, &size))
        return last_error();
    return platen_win32_socket_explain(code);
}

static uint32_t connect_socket(SOCKET made, const struct platen_os_address *to, platen_os_bell bell,
                               uint64_t until)
{
    struct sockaddr_storage plain = {0};
    uint32_t error;

    memcpy(&plain, to->room, sizeof to->room);
    set_option(made, IPPROTO_TCP, TCP_NODELAY, 1);
    set_option(made, SOL_SOCKET, SO_KEEPALIVE, 1);
    if (connect(made, (struct sockaddr *)&plain, (int)to->size) == 0)
        return 0;
    if (WSAGetLastError() != WSAEWOULDBLOCK)
        return last_error();
    error = platen_os_socket_wait((platen_os_socket)made, PLATEN_OS_WRITABLE, bell, until);
    return error ? error : pending_error(made);
}

static int family_of(const struct platen_os_address *address)
{
    struct sockaddr plain;
    memcpy(&plain, address->room, sizeof plain);
    return plain.sa_family;
}

/* Both families keep the port at the same place. */
static uint32_t take_port(SOCKET made, int family, uint16_t port)
{
    struct sockaddr_storage here = {.ss_family = (short)family};
    int size = family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    if (!port)
        return 0;
    memcpy((char *)&here + offsetof(struct sockaddr_in, sin_port), &(uint16_t){htons(port)},
           sizeof port);
    return bind(made, (const struct sockaddr *)&here, size) ? last_error() : 0;
}

uint32_t platen_os_socket_connect(const struct platen_os_address *to, platen_os_bell bell,
                                  uint64_t until, platen_os_socket *socket)
{
    return platen_os_socket_connect_from(0, to, bell, until, socket);
}

uint32_t platen_os_socket_connect_from(uint16_t port, const struct platen_os_address *to,
                                       platen_os_bell bell, uint64_t until,
                                       platen_os_socket *socket)
{
    SOCKET made;
    uint32_t error = platen_win32_socket_make(family_of(to), SOCK_STREAM, IPPROTO_TCP, &made);

    *socket = PLATEN_OS_NO_SOCKET;
    if (error)
        return error;
    error = take_port(made, family_of(to), port);
    if (!error)
        error = connect_socket(made, to, bell, until);
    if (error)
        closesocket(made);
    else
        *socket = (platen_os_socket)made;
    return error;
}

uint32_t platen_os_socket_datagram(const struct platen_os_address *to, platen_os_socket *socket)
{
    struct sockaddr_storage plain = {0};
    SOCKET made;
    uint32_t error = platen_win32_socket_make(family_of(to), SOCK_DGRAM, IPPROTO_UDP, &made);

    *socket = PLATEN_OS_NO_SOCKET;
    if (error)
        return error;
    memcpy(&plain, to->room, sizeof to->room);
    if (connect(made, (const struct sockaddr *)&plain, (int)to->size)) {
        error = last_error();
        closesocket(made);
        return error;
    }
    *socket = (platen_os_socket)made;
    return 0;
}

/* ---- bytes --------------------------------------------------------------------------------- */

static int cut(uint32_t size)
{
    return size < (1u << 30) ? (int)size : 1 << 30;
}

uint32_t platen_os_socket_send(platen_os_socket socket, const void *data, uint32_t size,
                               uint32_t *moved)
{
    int done = send((SOCKET)socket, data, cut(size), 0);
    int code = done < 0 ? WSAGetLastError() : 0;
    *moved = done < 0 ? 0 : (uint32_t)done;
    return code == WSAEWOULDBLOCK ? 0 : lost(code);
}

uint32_t platen_os_socket_send_both(platen_os_socket socket, const void *first, uint32_t first_size,
                                    const void *second, uint32_t second_size, uint32_t *moved)
{
    WSABUF pieces[2] = {
        {.buf = (char *)(uintptr_t)first, .len = first_size},
        {.buf = (char *)(uintptr_t)second, .len = second_size},
    };
    DWORD done = 0;
    int code = WSASend((SOCKET)socket, pieces, 2, &done, 0, NULL, NULL) ? WSAGetLastError() : 0;
    *moved = code ? 0 : done;
    return code == WSAEWOULDBLOCK ? 0 : lost(code);
}

uint32_t platen_os_socket_receive(platen_os_socket socket, void *data, uint32_t size,
                                  uint32_t *moved)
{
    int done = recv((SOCKET)socket, data, cut(size), 0);
    int code = done < 0 ? WSAGetLastError() : 0;
    *moved = done < 0 ? 0 : (uint32_t)done;
    if (done == 0)
        return PLATEN_HANDLE_EOF;
    return code == WSAEWOULDBLOCK ? 0 : lost(code);
}

/* ---- the end ------------------------------------------------------------------------------- */

uint32_t platen_os_socket_half_close(platen_os_socket socket)
{
    return shutdown((SOCKET)socket, SD_SEND) ? lost(WSAGetLastError()) : 0;
}

/* The system has no count of what is not acknowledged (SIOCOUTQ elsewhere; SIO_TCP_INFO knows what
 * is in flight, in newer versions only, and Wine lacks it). But a connection leaves FIN_WAIT1 when
 * its end was acknowledged, and with the end all before it; the table of connections tells. */
static bool end_is_pending(DWORD state)
{
    return state == MIB_TCP_STATE_ESTAB || state == MIB_TCP_STATE_CLOSE_WAIT ||
           state == MIB_TCP_STATE_FIN_WAIT1 || state == MIB_TCP_STATE_CLOSING ||
           state == MIB_TCP_STATE_LAST_ACK;
}

struct ends {
    struct sockaddr_in6 here; /* or a sockaddr_in at its beginning */
    struct sockaddr_in6 there;
};

static DWORD state_in_4(const MIB_TCPTABLE *table, const struct ends *ends)
{
    struct sockaddr_in here, there;
    memcpy(&here, &ends->here, sizeof here);
    memcpy(&there, &ends->there, sizeof there);
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCPROW *row = &table->table[i];
        if ((u_short)row->dwLocalPort == here.sin_port &&
            (u_short)row->dwRemotePort == there.sin_port &&
            row->dwLocalAddr == here.sin_addr.s_addr && row->dwRemoteAddr == there.sin_addr.s_addr)
            return row->dwState;
    }
    return MIB_TCP_STATE_CLOSED;
}

static DWORD state_in_6(const MIB_TCP6TABLE *table, const struct ends *ends)
{
    for (DWORD i = 0; i < table->dwNumEntries; i++) {
        const MIB_TCP6ROW *row = &table->table[i];
        if ((u_short)row->dwLocalPort == ends->here.sin6_port &&
            (u_short)row->dwRemotePort == ends->there.sin6_port &&
            memcmp(&row->LocalAddr, &ends->here.sin6_addr, 16) == 0 &&
            memcmp(&row->RemoteAddr, &ends->there.sin6_addr, 16) == 0)
            return (DWORD)row->State;
    }
    return MIB_TCP_STATE_CLOSED;
}

/* The table grows between the question for its size and the one for it. */
static uint32_t load_table(bool old, void **table)
{
    ULONG size = 0;
    uint32_t error = ERROR_INSUFFICIENT_BUFFER;
    *table = NULL;
    for (int i = 0; i < 10 && error == ERROR_INSUFFICIENT_BUFFER; i++) {
        free(*table);
        size += 16384;
        *table = malloc(size);
        if (!*table)
            return PLATEN_NOT_ENOUGH_MEMORY;
        error = old ? GetTcpTable(*table, &size, FALSE) : GetTcp6Table(*table, &size, FALSE);
    }
    return error;
}

/* What is in no table has ended in good order, or was reset: then the socket says so, one way or
 * the other. */
static uint32_t find_reset(SOCKET socket)
{
    char byte;
    int code = recv(socket, &byte, 1, MSG_PEEK) < 0 ? WSAGetLastError() : 0;
    uint32_t error = code == WSAEWOULDBLOCK ? 0 : lost(code);
    return error ? error : pending_error(socket);
}

static uint32_t ask_table(const struct ends *ends, DWORD *state)
{
    bool old = ends->here.sin6_family == AF_INET;
    void *table;
    uint32_t error = load_table(old, &table);
    if (!error)
        *state = old ? state_in_4(table, ends) : state_in_6(table, ends);
    free(table);
    return error;
}

/* A connection whose end was acknowledged stays in the table for a while: we closed first. One that
 * is gone was reset, or the peer closed first. */
uint32_t platen_os_socket_unacknowledged(platen_os_socket socket,
                                         const struct platen_os_address *peer, uint32_t *bytes)
{
    struct ends ends = {0};
    DWORD state = MIB_TCP_STATE_CLOSED;
    int size = sizeof ends.here;
    uint32_t error = find_reset((SOCKET)socket);

    *bytes = 1;
    if (error)
        return error;
    if (getsockname((SOCKET)socket, (struct sockaddr *)&ends.here, &size))
        return lost(WSAGetLastError());
    memcpy(&ends.there, peer->room, sizeof ends.there);
    error = ask_table(&ends, &state);
    *bytes = error || end_is_pending(state);
    return !error && state == MIB_TCP_STATE_CLOSED ? PLATEN_NETNAME_DELETED : error;
}

/* Wine ends the connection in good order before it looks at the linger time. */
void platen_os_socket_close(platen_os_socket socket, bool reset)
{
    const struct linger at_once = {.l_onoff = 1};
    if (reset)
        setsockopt((SOCKET)socket, SOL_SOCKET, SO_LINGER, (const char *)&at_once, sizeof at_once);
    closesocket((SOCKET)socket);
}
