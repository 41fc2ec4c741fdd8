/* SPDX-License-Identifier: MIT
 *
 * A TCP/IP port's settings as TCPMON's clients send them and its registry keeps them, and the URI
 * that they come to. The SNMP community goes into the store and nowhere else: no log, no list and
 * no answer ever shows it.
 */
#ifndef PLATEN_LIB_TCPPORT_H
#define PLATEN_LIB_TCPPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "kinds.h"

/* The longest URI: every unit of the host as three bytes, and what stands around it. */
#define TCP_URI_BYTES 448

struct tcp_settings {
#define PLATEN_TCP_NUMBER(name, member, loaded)      uint32_t member;
#define PLATEN_TCP_TEXT(name, member, units, loaded) char16_t member[units];
#include "tcpport.def"
#undef PLATEN_TCP_NUMBER
#undef PLATEN_TCP_TEXT
};

/* "socket://host:9100". The host is `host`, without one `address`: a name or an address of either
 * family, brackets or not; port 0 is 9100. NOT_SUPPORTED for LPR; INVALID_PARAMETER for another
 * protocol, a port above 65535, and what is no host. */
uint32_t tcp_uri(const struct tcp_settings *settings, char uri[TCP_URI_BYTES]);

/* What the port list says of a port with that URI. */
void tcp_describe(const char *uri, char16_t text[TCP_URI_BYTES]);

/* Are the kind's ports TCP/IP ports, which speak TCPMON's vocabulary? */
bool tcp_is_kind(const struct kind *kind);

/* The values of one key, as a road of the store reaches them; a road's own follows this struct. The
 * get functions answer FILE_NOT_FOUND, INVALID_DATA (another type, too long), or what went wrong.
 */
struct tcp_key {
    uint32_t (*get_number)(const struct tcp_key *key, const char16_t *name, uint32_t *number);
    uint32_t (*get_text)(const struct tcp_key *key, const char16_t *name, char16_t *text,
                         size_t units);
    uint32_t (*set_number)(const struct tcp_key *key, const char16_t *name, uint32_t number);
    uint32_t (*set_text)(const struct tcp_key *key, const char16_t *name, const char16_t *text);
};

/* Reads what says where the bytes go; other members are 0. What is missing is 0 or "", but without
 * a protocol it is no TCP/IP port: FILE_NOT_FOUND. INVALID_DATA if a value cannot be used. */
uint32_t tcp_load(const struct tcp_key *key, struct tcp_settings *settings);
/* Writes all. Until the last value is there the key says that it is no port yet, so that one that
 * was left half-written is never taken for a port (R64). */
uint32_t tcp_store(const struct tcp_key *key, const struct tcp_settings *settings);

#endif
