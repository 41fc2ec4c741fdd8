/* SPDX-License-Identifier: MIT
 *
 * Being connected to, by programs of this machine.
 */
#include "socket.h"

#include <string.h>

#include "os/error.h"
#include "os/socket.h"

static uint32_t failure(void)
{
    uint32_t error = platen_win32_socket_explain(WSAGetLastError());
    return error ? error : PLATEN_GEN_FAILURE;
}

static void switch_on(SOCKET socket, int level, int name)
{
    const int on = 1;
    setsockopt(socket, level, name, (const char *)&on, sizeof on);
}

static uint32_t listen_here(SOCKET made, uint16_t *port)
{
    struct sockaddr_in here = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int size = sizeof here;
    switch_on(made, SOL_SOCKET, SO_EXCLUSIVEADDRUSE);
    if (bind(made, (struct sockaddr *)&here, size) || listen(made, SOMAXCONN) ||
        getsockname(made, (struct sockaddr *)&here, &size))
        return failure();
    *port = ntohs(here.sin_port);
    return 0;
}

uint32_t platen_os_socket_listen(platen_os_socket *listener, uint16_t *port)
{
    SOCKET made;
    uint32_t error = platen_win32_socket_make(AF_INET, SOCK_STREAM, IPPROTO_TCP, &made);

    *listener = PLATEN_OS_NO_SOCKET;
    *port = 0;
    if (error)
        return error;
    error = listen_here(made, port);
    if (error)
        closesocket(made);
    else
        *listener = (platen_os_socket)made;
    return error;
}

static uint32_t prepare_accepted(SOCKET made)
{
    u_long on = 1;
    SetHandleInformation((HANDLE)made, HANDLE_FLAG_INHERIT, 0);
    switch_on(made, IPPROTO_TCP, TCP_NODELAY);
    return ioctlsocket(made, FIONBIO, &on) ? failure() : 0;
}

uint32_t platen_os_socket_accept(platen_os_socket listener, platen_os_bell bell, uint64_t until,
                                 platen_os_socket *made)
{
    SOCKET taken = INVALID_SOCKET;
    uint32_t error = 0;

    *made = PLATEN_OS_NO_SOCKET;
    while (!error && taken == INVALID_SOCKET) {
        error = platen_os_socket_wait(listener, PLATEN_OS_READABLE, bell, until);
        if (!error)
            taken = accept((SOCKET)listener, NULL, NULL);
        int code = !error && taken == INVALID_SOCKET ? WSAGetLastError() : 0;
        if (code != WSAEWOULDBLOCK && code != WSAECONNRESET)
            error = error ? error : platen_win32_socket_explain(code);
    }
    if (!error)
        error = prepare_accepted(taken);
    if (!error)
        *made = (platen_os_socket)taken;
    else if (taken != INVALID_SOCKET)
        closesocket(taken);
    return error;
}

/* Here a shutdown by another thread does not end a receive that waits, but does end a wait for the
 * socket: it stays as it is, and who finds nothing waits. */
uint32_t platen_os_socket_block(platen_os_socket socket)
{
    (void)socket;
    return 0;
}

void platen_os_socket_break(platen_os_socket socket)
{
    shutdown((SOCKET)socket, SD_BOTH);
}
