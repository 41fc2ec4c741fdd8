/* SPDX-License-Identifier: MIT */
#include <winsock2.h>

#include "os/socket.h"

#include "os/error.h"
#include "socket.h"

static int connect_to_itself(SOCKET bell)
{
    struct sockaddr_in self = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int size = sizeof self;
    if (bind(bell, (struct sockaddr *)&self, size) ||
        getsockname(bell, (struct sockaddr *)&self, &size))
        return -1;
    return connect(bell, (struct sockaddr *)&self, size);
}

uint32_t platen_os_bell_create(platen_os_bell *bell)
{
    SOCKET made;
    uint32_t error = platen_win32_socket_make(AF_INET, SOCK_DGRAM, IPPROTO_UDP, &made);

    *bell = PLATEN_OS_NO_BELL;
    if (error)
        return error;
    if (connect_to_itself(made)) {
        error = platen_win32_socket_explain(WSAGetLastError());
        error = error ? error : PLATEN_GEN_FAILURE;
        closesocket(made);
        return error;
    }
    *bell = (platen_os_bell)made;
    return 0;
}

void platen_os_bell_destroy(platen_os_bell bell)
{
    closesocket((SOCKET)bell);
}

/* Whoever rings may be about to look at its last error. */
void platen_os_bell_ring(platen_os_bell bell)
{
    DWORD before = GetLastError();
    send((SOCKET)bell, "", 1, 0);
    SetLastError(before);
}

void platen_os_bell_hush(platen_os_bell bell)
{
    char byte[16];
    while (recv((SOCKET)bell, byte, sizeof byte, 0) >= 0)
        ;
}
