/* SPDX-License-Identifier: MIT
 *
 * Private to the seam: what the files about sockets share.
 */
#ifndef WIN32_SOCKET_H
#define WIN32_SOCKET_H

#include <winsock2.h>
#include <ws2tcpip.h>

#include <stdint.h>

/* A Win32 code for one of Winsock's; 0 for 0. */
uint32_t platen_win32_socket_explain(int code);
/* A socket that does not block and is not inherited. */
uint32_t platen_win32_socket_make(int family, int type, int protocol, SOCKET *made);

#endif
