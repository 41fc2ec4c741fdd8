/* SPDX-License-Identifier: MIT */
#include "../resolve.h"

#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "os/error.h"

_Static_assert(sizeof(struct sockaddr_in6) <= sizeof((struct platen_os_address *)0)->room,
               "room for an address");

static uint32_t explain(int code)
{
    return code == EAI_MEMORY ? PLATEN_NOT_ENOUGH_MEMORY : PLATEN_HOST_NOT_FOUND;
}

static void take(const struct addrinfo *found, struct platen_os_address *address)
{
    address->size = (uint32_t)found->ai_addrlen;
    memcpy(address->room, found->ai_addr, found->ai_addrlen);
}

uint32_t platen_os_resolve(const char *host, uint16_t port, bool numeric,
                           struct platen_os_address *addresses, size_t room, size_t *count)
{
    struct addrinfo wanted = {
        .ai_family = AF_UNSPEC,
        .ai_socktype = SOCK_STREAM,
        .ai_flags = AI_NUMERICSERV | (numeric ? AI_NUMERICHOST : 0),
    };
    struct addrinfo *found = NULL;
    char service[8];
    int code;

    *count = 0;
    snprintf(service, sizeof service, "%u", (unsigned)port);
    code = getaddrinfo(host, service, &wanted, &found);
    if (code)
        return explain(code);
    for (const struct addrinfo *one = found; one && *count < room; one = one->ai_next)
        if (one->ai_addrlen <= sizeof addresses->room)
            take(one, &addresses[(*count)++]);
    freeaddrinfo(found);
    return *count ? 0 : PLATEN_HOST_NOT_FOUND;
}

void platen_os_address_text(const struct platen_os_address *address, char *text, size_t size)
{
    char host[NI_MAXHOST] = "?", service[NI_MAXSERV] = "?";
    struct sockaddr_storage plain = {0};
    memcpy(&plain, address->room, sizeof address->room);
    getnameinfo((const struct sockaddr *)&plain, address->size, host, sizeof host, service,
                sizeof service, NI_NUMERICHOST | NI_NUMERICSERV);
    snprintf(text, size, "%s port %s", host, service);
}

void platen_os_host_name(char *name, size_t size)
{
    if (gethostname(name, size) || !memchr(name, 0, size) || !*name || *name == '.')
        snprintf(name, size, "localhost");
    name[strcspn(name, ".")] = '\0';
}
