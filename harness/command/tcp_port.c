/* SPDX-License-Identifier: MIT */
#include "command/tcp_port.h"

#include <string.h>

#include "command/command.h"
#include "os/text.h"

#define FORMS "socket://HOST[:PORT] or lpd://HOST[:PORT]/QUEUE"

static const struct protocol {
    const char *scheme;
    uint32_t type;
    uint32_t number; /* of the port, unless another is given */
} protocols[] = {
    {"socket://", PROTOCOL_RAWTCP_TYPE, 9100},
    {"lpd://", PROTOCOL_LPR_TYPE, 515},
};

/* The parts of a URI, in it. */
struct address {
    const char *host; /* without brackets */
    size_t length;
    bool literal; /* it had brackets */
    uint32_t number;
    const char *queue; /* "": none */
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

/* What stands behind the host: ":PORT", "/" or "/QUEUE", both or neither. */
static bool take_rest(struct address *address, const struct protocol *protocol, const char *rest)
{
    uint32_t number = 0;
    address->number = protocol->number;
    if (*rest == ':') {
        for (rest++; *rest >= '0' && *rest <= '9' && number <= 65535; rest++) {
            number = number * 10 + (uint32_t)(*rest - '0');
        }
        if (number == 0 || number > 65535) {
            return false;
        }
        address->number = number;
    }
    address->queue = rest + (*rest == '/');
    if (*rest != '\0' && *rest != '/') {
        return false;
    }
    bool queue = *address->queue != '\0' && strchr(address->queue, '%') == NULL;
    return protocol->type == PROTOCOL_LPR_TYPE ? queue : *address->queue == '\0';
}

static bool take_apart(const char *uri, const struct protocol *protocol, struct address *address)
{
    const char *begin = uri + strlen(protocol->scheme);
    address->literal = *begin == '[';
    address->host = begin + address->literal;
    address->length = strcspn(address->host, address->literal ? "]" : ":/");
    const char *end = address->host + address->length;
    if (address->literal && *end++ != ']') {
        return false;
    }
    return is_host(address) && take_rest(address, protocol, end);
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

/* Both versions begin alike, as far as here. An LPR port counts its jobs' bytes, as the URI's port
 * does. */
static void fill(struct tcp_port *port, const struct protocol *protocol,
                 const struct address *address, const char16_t *host, size_t length)
{
    const uint32_t counts = protocol->type == PROTOCOL_LPR_TYPE;
    size_t bytes = (length + 1) * sizeof *host;
    *port = (struct tcp_port){0};
    port->data.one.dwProtocol = protocol->type;
    if (length < MAX_NETWORKNAME_LEN) {
        port->size = sizeof port->data.one;
        port->data.one.dwVersion = 1;
        port->data.one.dwPortNumber = address->number;
        port->data.one.dwSNMPDevIndex = 1;
        port->data.one.dwDoubleSpool = counts;
        platen_text_to16(address->queue, SIZE_MAX, (char16_t *)port->data.one.sztQueue,
                         MAX_QUEUENAME_LEN);
        memcpy(port->data.one.sztHostAddress, host, bytes);
    } else {
        port->size = sizeof port->data.two;
        port->data.two.dwVersion = 2;
        port->data.two.dwPortNumber = address->number;
        port->data.two.dwSNMPDevIndex = 1;
        port->data.two.dwDoubleSpool = counts;
        platen_text_to16(address->queue, SIZE_MAX, (char16_t *)port->data.two.sztQueue,
                         MAX_QUEUENAME_LEN);
        memcpy(port->data.two.sztHostAddress, host, bytes);
    }
    port->data.one.cbSize = port->size;
}

static const struct protocol *protocol_of(const char *uri)
{
    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        if (strncmp(uri, protocols[i].scheme, strlen(protocols[i].scheme)) == 0) {
            return &protocols[i];
        }
    }
    complain("ports: --to takes " FORMS "; the name of any other port says where it goes");
    return NULL;
}

static bool fits(const char *uri, const struct address *address, size_t length)
{
    if (length >= MAX_NETWORKNAME2_LEN) {
        complain("ports: --to %s: the host has more than %d characters", printable(uri),
                 MAX_NETWORKNAME2_LEN - 1);
        return false;
    }
    if (platen_text_to16(address->queue, SIZE_MAX, NULL, 0) >= MAX_QUEUENAME_LEN) {
        complain("ports: --to %s: the queue has more than %d characters", printable(uri),
                 MAX_QUEUENAME_LEN - 1);
        return false;
    }
    return true;
}

bool tcp_port_take_uri(struct tcp_port *port, const char *uri)
{
    const struct protocol *protocol = protocol_of(uri);
    char16_t host[MAX_NETWORKNAME2_LEN + 2]; /* "%25" is shortened in it */
    struct address address;
    if (protocol == NULL) {
        return false;
    }
    if (strchr(uri, '?') != NULL) {
        complain("ports: --to %s: options are not kept with a TCP/IP port", printable(uri));
        return false;
    }
    if (!take_apart(uri, protocol, &address)) {
        complain("ports: --to %s: not " FORMS, printable(uri));
        return false;
    }
    size_t length = host_to16(&address, host, sizeof host / sizeof *host);
    if (!fits(uri, &address, length)) {
        return false;
    }
    fill(port, protocol, &address, host, length);
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
