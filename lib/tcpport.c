/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/tcpxcv.h>

#include "tcpport.h"

#define SCHEME   "socket"
#define RAW_PORT 9100

enum { PORT_MOST = 65535, HOST_BYTES = TCP_URI_BYTES - 32 };

static const char16_t protocol_name[] = u"Protocol";

/* One row of tcpport.def: `units` is 0 for a number. */
struct value {
    const char16_t *name;
    size_t offset;
    size_t units;
    bool loaded;
};

static const struct value values[] = {
#define PLATEN_TCP_NUMBER(name, member, loaded)                                                    \
    {u"" name, offsetof(struct tcp_settings, member), 0, loaded},
#define PLATEN_TCP_TEXT(name, member, units, loaded)                                               \
    {u"" name, offsetof(struct tcp_settings, member), units, loaded},
#include "tcpport.def"
#undef PLATEN_TCP_NUMBER
#undef PLATEN_TCP_TEXT
};

enum { VALUES = sizeof(values) / sizeof(values[0]) };

bool tcp_is_kind(const struct kind *kind)
{
    return strcmp(kind->ops.name, SCHEME) == 0;
}

/* ---- the host ------------------------------------------------------------------------------ */

static bool is_digit(char16_t c)
{
    return c >= u'0' && c <= u'9';
}

static bool is_hex(char16_t c)
{
    return is_digit(c) || (c >= u'a' && c <= u'f') || (c >= u'A' && c <= u'F');
}

/* What names of hosts and of network interfaces are made of. Names of other scripts may pass: the
 * resolver knows; control characters, blanks of all sorts and surrogates may not. */
static bool is_name_unit(char16_t c)
{
    if (c >= 0xA1)
        return !(c >= 0x2000 && c < 0x2070) && c != 0x3000 && !(c >= 0xD800 && c < 0xE000);
    return is_digit(c) || (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || c == u'-' ||
           c == u'.' || c == u'_';
}

static size_t span(const char16_t *text, size_t from, size_t length, bool (*fits)(char16_t))
{
    while (from < length && fits(text[from]))
        from++;
    return from;
}

static bool is_literal_unit(char16_t c)
{
    return is_hex(c) || c == u':' || c == u'.';
}

static size_t count_colons(const char16_t *text, size_t length)
{
    size_t count = 0;
    for (size_t i = 0; i < length; i++)
        count += text[i] == u':';
    return count;
}

/* "fe80::1", "fe80::1%eth0"; whether the groups are right is for the backend to say. With a single
 * colon it would be a host and a port. */
static bool is_literal(const char16_t *host, size_t length, size_t *zone)
{
    *zone = span(host, 0, length, is_literal_unit);
    if (count_colons(host, *zone) < 2)
        return false;
    if (*zone == length)
        return true;
    return host[*zone] == u'%' && *zone + 1 < length &&
           span(host, *zone + 1, length, is_name_unit) == length;
}

/* An IPv6 literal in brackets, with the '%' before its zone escaped, as URIs have it. */
static uint32_t put_literal(const char16_t *host, size_t length, char text[HOST_BYTES])
{
    char address[HOST_BYTES], after[HOST_BYTES] = "";
    size_t zone;
    if (!is_literal(host, length, &zone))
        return PLATEN_INVALID_PARAMETER;
    platen_text_to8(host, zone, address, sizeof(address));
    if (zone < length)
        platen_text_to8(host + zone + 1, length - zone - 1, after, sizeof(after));
    int size = snprintf(text, HOST_BYTES, "[%s%s%s]", address, zone < length ? "%25" : "", after);
    return size < HOST_BYTES ? 0 : PLATEN_INVALID_PARAMETER;
}

static uint32_t put_host(const char16_t *host, char text[HOST_BYTES])
{
    size_t length = platen_text_length16(host, SIZE_MAX);
    if (length >= 2 && host[0] == u'[' && host[length - 1] == u']')
        return put_literal(host + 1, length - 2, text);
    if (count_colons(host, length))
        return put_literal(host, length, text);
    if (length == 0 || span(host, 0, length, is_name_unit) != length)
        return PLATEN_INVALID_PARAMETER;
    platen_text_to8(host, length, text, HOST_BYTES);
    return 0;
}

static uint32_t check_protocol(uint32_t protocol)
{
    if (protocol == PROTOCOL_LPR_TYPE)
        return PLATEN_NOT_SUPPORTED;
    return protocol == PROTOCOL_RAWTCP_TYPE ? 0 : PLATEN_INVALID_PARAMETER;
}

uint32_t tcp_uri(const struct tcp_settings *settings, char uri[TCP_URI_BYTES])
{
    char host[HOST_BYTES];
    uint32_t error = check_protocol(settings->protocol);
    *uri = '\0';
    if (!error && settings->number > PORT_MOST)
        error = PLATEN_INVALID_PARAMETER;
    if (!error)
        error = put_host(*settings->host ? settings->host : settings->address, host);
    if (error)
        return error;
    snprintf(uri, TCP_URI_BYTES, SCHEME "://%s:%u", host,
             (unsigned)(settings->number ? settings->number : RAW_PORT));
    return 0;
}

void tcp_describe(const char *uri, char16_t text[TCP_URI_BYTES])
{
    char line[TCP_URI_BYTES];
    snprintf(line, sizeof(line), "TCP/IP printer at %s", uri + strlen(SCHEME "://"));
    char *zone = strchr(line, '%'); /* "%25", the only escape that tcp_uri makes */
    if (zone)
        memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
    platen_text_to16(line, SIZE_MAX, text, TCP_URI_BYTES);
}

/* ---- the store ----------------------------------------------------------------------------- */

static uint32_t load_value(const struct tcp_key *key, const struct value *value, void *member)
{
    return value->units ? key->get_text(key, value->name, member, value->units)
                        : key->get_number(key, value->name, member);
}

uint32_t tcp_load(const struct tcp_key *key, struct tcp_settings *settings)
{
    *settings = (struct tcp_settings){0};
    uint32_t error = key->get_number(key, protocol_name, &settings->protocol);
    for (size_t i = 0; !error && i < VALUES; i++) {
        if (!values[i].loaded)
            continue;
        error = load_value(key, &values[i], (char *)settings + values[i].offset);
        if (error == PLATEN_FILE_NOT_FOUND)
            error = 0;
    }
    return error;
}

static uint32_t store_value(const struct tcp_key *key, const struct value *value,
                            const void *member)
{
    uint32_t number;
    if (value->units)
        return key->set_text(key, value->name, member);
    memcpy(&number, member, sizeof(number));
    return key->set_number(key, value->name, number);
}

uint32_t tcp_store(const struct tcp_key *key, const struct tcp_settings *settings)
{
    uint32_t error = key->set_number(key, protocol_name, PROTOCOL_UNKNOWN_TYPE);
    for (size_t i = 1; !error && i < VALUES; i++)
        error = store_value(key, &values[i], (const char *)settings + values[i].offset);
    return error ? error : store_value(key, &values[0], &settings->protocol);
}
