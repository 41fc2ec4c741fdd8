/* SPDX-License-Identifier: MIT */
#include "command/tcp_port.h"

#include <string.h>

#include "command/command.h"
#include "os/text.h"

#define SCHEME   "socket://"
#define RAW_PORT 9100

/* The parts of a URI, in it. */
struct address {
    const char *host; /* without brackets */
    size_t length;
    bool literal; /* it had brackets */
    uint32_t number;
};

static bool is_of(const char *text, size_t length, const char *characters)
{
    for (size_t i = 0; i < length; i++) {
        bool foreign = ((unsigned char)text[i] & 0x80) != 0;
        if (!foreign && (text[i] == '\0' || strchr(characters, text[i]) == NULL)) {
            return false;
        }
    }
    return length > 0;
}

static bool is_host(const struct address *address)
{
    static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._";
    static const char literal[] = "ABCDEFabcdef0123456789:.";
    const char *zone = address->literal ? memchr(address->host, '%', address->length) : NULL;
    if (!address->literal) {
        return is_of(address->host, address->length, plain);
    }
    if (zone == NULL) {
        return is_of(address->host, address->length, literal);
    }
    size_t before = (size_t)(zone - address->host);
    return is_of(address->host, before, literal) &&
           is_of(zone + 1, address->length - before - 1, plain);
}

/* What stands behind the host: ":PORT", "/", both or neither. */
static bool take_rest(struct address *address, const char *rest)
{
    uint32_t number = 0;
    address->number = RAW_PORT;
    if (*rest == ':') {
        for (rest++; *rest >= '0' && *rest <= '9' && number <= 65535; rest++) {
            number = number * 10 + (uint32_t)(*rest - '0');
        }
        if (number == 0 || number > 65535) {
            return false;
        }
        address->number = number;
    }
    return strcmp(rest, "") == 0 || strcmp(rest, "/") == 0;
}

static bool take_apart(const char *uri, struct address *address)
{
    const char *begin = uri + strlen(SCHEME);
    address->literal = *begin == '[';
    address->host = begin + address->literal;
    address->length = strcspn(address->host, address->literal ? "]" : ":/");
    const char *end = address->host + address->length;
    if (address->literal && *end++ != ']') {
        return false;
    }
    return is_host(address) && take_rest(address, end);
}

/* "%25" before the zone of an address is the URI's way of writing '%'. */
static size_t host_to16(const struct address *address, char16_t *to, size_t units)
{
    size_t length = platen_text_to16(address->host, address->length, to, units);
    for (size_t i = 0; address->literal && length < units && i + 3 < length; i++) {
        if (to[i] == u'%' && to[i + 1] == u'2' && to[i + 2] == u'5') {
            memmove(to + i + 1, to + i + 3, (length - i - 2) * sizeof *to);
            return length - 2;
        }
    }
    return length;
}

static void fill(struct tcp_port *port, const struct address *address, const char16_t *host,
                 size_t length)
{
    size_t bytes = (length + 1) * sizeof *host;
    *port = (struct tcp_port){0};
    port->data.one.dwProtocol = PROTOCOL_RAWTCP_TYPE;
    if (length < MAX_NETWORKNAME_LEN) {
        port->size = sizeof port->data.one;
        port->data.one.dwVersion = 1;
        port->data.one.dwPortNumber = address->number;
        port->data.one.dwSNMPDevIndex = 1;
        memcpy(port->data.one.sztHostAddress, host, bytes);
    } else {
        port->size = sizeof port->data.two;
        port->data.two.dwVersion = 2;
        port->data.two.dwPortNumber = address->number;
        port->data.two.dwSNMPDevIndex = 1;
        memcpy(port->data.two.sztHostAddress, host, bytes);
    }
    port->data.one.cbSize = port->size;
}

bool tcp_port_take_uri(struct tcp_port *port, const char *uri)
{
    char16_t host[MAX_NETWORKNAME2_LEN + 2]; /* "%25" is shortened in it */
    struct address address;
    if (strncmp(uri, SCHEME, strlen(SCHEME)) != 0) {
        complain("ports: --to takes " SCHEME "HOST[:PORT]; the name of any other port says where "
                 "it goes");
        return false;
    }
    if (strchr(uri, '?') != NULL) {
        complain("ports: --to %s: options are not kept with a TCP/IP port", printable(uri));
        return false;
    }
    if (!take_apart(uri, &address)) {
        complain("ports: --to %s: not " SCHEME "HOST[:PORT]", printable(uri));
        return false;
    }
    size_t length = host_to16(&address, host, sizeof host / sizeof *host);
    if (length >= MAX_NETWORKNAME2_LEN) {
        complain("ports: --to %s: the host has more than %d characters", printable(uri),
                 MAX_NETWORKNAME2_LEN - 1);
        return false;
    }
    fill(port, &address, host, length);
    return true;
}

bool tcp_port_take_name(struct tcp_port *port, const char *name)
{
    char16_t room[MAX_PORTNAME_LEN] = {0};
    if (platen_text_to16(name, SIZE_MAX, room, MAX_PORTNAME_LEN) >= MAX_PORTNAME_LEN) {
        complain("%s: the name of a TCP/IP port has at most %d characters", printable(name),
                 MAX_PORTNAME_LEN - 1);
        return false;
    }
    memcpy(port->data.one.sztPortName, room, sizeof room);
    return true;
}
