/* SPDX-License-Identifier: MIT */
#include <winsock2.h>
#include <ws2tcpip.h>

#include "../resolve.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/error.h"
#include "os/text.h"

_Static_assert(sizeof(struct sockaddr_in6) <= sizeof((struct platen_os_address *)0)->room,
               "room for an address");

static uint32_t explain(int code)
{
    return code == WSA_NOT_ENOUGH_MEMORY ? PLATEN_NOT_ENOUGH_MEMORY : PLATEN_HOST_NOT_FOUND;
}

static void take(const ADDRINFOW *found, struct platen_os_address *address)
{
    address->size = (uint32_t)found->ai_addrlen;
    memcpy(address->room, found->ai_addr, found->ai_addrlen);
}

static uint32_t ask(const WCHAR *host, const WCHAR *service, bool numeric, ADDRINFOW **found)
{
    ADDRINFOW wanted = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_protocol = IPPROTO_TCP,
        .ai_flags = numeric ? AI_NUMERICHOST : 0,
    };
    int code = GetAddrInfoW(host, service, &wanted, found);
    return code ? explain(code) : 0;
}

uint32_t platen_os_resolve(const char *host, uint16_t port, bool numeric,
                           struct platen_os_address *addresses, size_t room, size_t *count)
{
    WCHAR *wide = platen_text_new16(host, SIZE_MAX);
    ADDRINFOW *found = NULL;
    WCHAR service[8];
    uint32_t error;

    *count = 0;
    if (!wide)
        return PLATEN_NOT_ENOUGH_MEMORY;
    _snwprintf(service, sizeof service / sizeof *service, L"%u", (unsigned)port);
    error = ask(wide, service, numeric, &found);
    free(wide);
    if (error)
        return error;
    for (const ADDRINFOW *one = found; one && *count < room; one = one->ai_next)
        if (one->ai_addrlen <= sizeof addresses->room)
            take(one, &addresses[(*count)++]);
    FreeAddrInfoW(found);
    return *count ? 0 : PLATEN_HOST_NOT_FOUND;
}

void platen_os_address_text(const struct platen_os_address *address, char *text, size_t size)
{
    char host[NI_MAXHOST] = "?", service[NI_MAXSERV] = "?";
    struct sockaddr_storage plain = {0};
    memcpy(&plain, address->room, sizeof address->room);
    getnameinfo((const struct sockaddr *)&plain, (socklen_t)address->size, host, sizeof host,
                service, sizeof service, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(text, size, "%s port %s", host, service);
}

void platen_os_host_name(char *name, size_t size)
{
    if (platen_os_sockets_begin() || gethostname(name, (int)size) || !*name || *name == '.')
        snprintf(name, size, "localhost");
    name[strcspn(name, ".")] = '\0';
}
