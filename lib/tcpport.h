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

/* The longest URI: every unit of the host as three bytes, every unit of the queue as nine, and what
 * stands around them. */
#define TCP_URI_BYTES 800

struct tcp_settings {
#define PLATEN_TCP_NUMBER(name, member, needed)      uint32_t member;
#define PLATEN_TCP_TEXT(name, member, units, needed) char16_t member[units];
#include "tcpport.def"
#undef PLATEN_TCP_NUMBER
#undef PLATEN_TCP_TEXT
};

/* "socket://host:9100", or "lpd://host:515/queue" for LPR. The host is `host`, without one
 * `address`: a name or an address of either family, brackets or not; port 0 is the protocol's own.
 * INVALID_PARAMETER for another protocol, LPR without a queue, a port above 65535, and what is no
 * host. An LPR port without double spooling has "?mode=stream" behind it, as its bytes are
 * not counted before they go out. */
uint32_t tcp_uri(const struct tcp_settings *settings, char uri[TCP_URI_BYTES]);

/* The same the other way, as far as a URI goes: protocol, host, port, queue and byte counting of a
 * text that may have been written by hand. INVALID_PARAMETER if it cannot be said in settings. */
uint32_t tcp_from_uri(const char *uri, struct tcp_settings *settings);

/* The address in numbers, if there is one; else "". No name is resolved. */
const char16_t *tcp_address(const struct tcp_settings *settings);

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

/* Reads all. What is missing is 0 or "", but without a protocol it is no TCP/IP port:
 * FILE_NOT_FOUND. INVALID_DATA if a value cannot be used that says where the bytes go; others then
 * count as missing (R9). */
uint32_t tcp_load(const struct tcp_key *key, struct tcp_settings *settings);
/* Writes all. Until the last value is there the key says that it is no port yet, so that one that
 * was left half-written is never taken for a port (R64). */
uint32_t tcp_store(const struct tcp_key *key, const struct tcp_settings *settings);
/* Writes what differs from `old`, in the same way. After an error as much as the store still takes
 * is as it was. */
uint32_t tcp_store_change(const struct tcp_key *key, const struct tcp_settings *old,
                          const struct tcp_settings *settings);

#endif
