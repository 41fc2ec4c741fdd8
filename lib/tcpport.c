/* SPDX-License-Identifier: MIT */
#include <stdio.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/tcpxcv.h>

#include "tcpport.h"
#include "uri.h"

enum { PORT_MOST = 65535, HOST_BYTES = 416, QUEUE_BYTES = 320 };

static const char16_t protocol_name[] = u"Protocol";

/* The ways to speak to a printer on a network: which backend speaks it, and on which port. */
static const struct protocol {
    const char *scheme;
    const char *words; /* in the port list */
    uint32_t number;
    bool queue;            /* is there one? */
    const char *uncounted; /* the option for jobs whose bytes are not counted before they go out */
} protocols[] = {
    [PROTOCOL_RAWTCP_TYPE] = {"socket", "TCP/IP printer at ", 9100, false, ""},
    [PROTOCOL_LPR_TYPE] = {"lpd", "LPR printer at ", 515, true, "?mode=stream"},
};

static const struct protocol *protocol_of(uint32_t number)
{
    bool known = number < sizeof(protocols) / sizeof(protocols[0]) && protocols[number].scheme;
    return known ? &protocols[number] : NULL;
}

/* One row of tcpport.def: `units` is 0 for a number. */
struct value {
    const char16_t *name;
    size_t offset;
    size_t units;
    bool needed;
};

static const struct value values[] = {
#define PLATEN_TCP_NUMBER(name, member, needed)                                                    \
    {u"" name, offsetof(struct tcp_settings, member), 0, needed},
#define PLATEN_TCP_TEXT(name, member, units, needed)                                               \
    {u"" name, offsetof(struct tcp_settings, member), units, needed},
#include "tcpport.def"
#undef PLATEN_TCP_NUMBER
#undef PLATEN_TCP_TEXT
};

enum { VALUES = sizeof(values) / sizeof(values[0]) };

/* By a scheme of that length; 0: none. */
static uint32_t find_protocol(const char *scheme, size_t length)
{
    for (uint32_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++)
        if (protocols[i].scheme && strlen(protocols[i].scheme) == length &&
            memcmp(protocols[i].scheme, scheme, length) == 0)
            return i;
    return PROTOCOL_UNKNOWN_TYPE;
}

bool tcp_is_kind(const struct kind *kind)
{
    return find_protocol(kind->ops.name, strlen(kind->ops.name)) != PROTOCOL_UNKNOWN_TYPE;
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

static bool is_digit_or_dot(char16_t c)
{
    return is_digit(c) || c == u'.';
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

uint32_t tcp_uri(const struct tcp_settings *settings, char uri[TCP_URI_BYTES])
{
    char host[HOST_BYTES], name[MAX_QUEUENAME_LEN * 3 + 1], queue[QUEUE_BYTES] = "/";
    const struct protocol *protocol = protocol_of(settings->protocol);
    *uri = '\0';
    if (!protocol || settings->number > PORT_MOST || (protocol->queue && !*settings->queue))
        return PLATEN_INVALID_PARAMETER;
    uint32_t error = put_host(*settings->host ? settings->host : settings->address, host);
    if (error)
        return error;
    platen_text_to8(settings->queue, SIZE_MAX, name, sizeof(name));
    uri_encode(name, queue + 1);
    snprintf(uri, TCP_URI_BYTES, "%s://%s:%u%s%s", protocol->scheme, host,
             (unsigned)(settings->number ? settings->number : protocol->number),
             protocol->queue ? queue : "", settings->double_spool ? "" : protocol->uncounted);
    return 0;
}

void tcp_describe(const char *uri, char16_t text[TCP_URI_BYTES])
{
    char line[TCP_URI_BYTES + 32];
    size_t scheme = strcspn(uri, ":");
    const struct protocol *protocol = protocol_of(find_protocol(uri, scheme));
    snprintf(line, sizeof(line), "%s%s", protocol ? protocol->words : "",
             uri + scheme + strlen("://"));
    line[strcspn(line, "?")] = '\0';
    char *zone = strstr(line, "%25"); /* in a literal, the only escape that tcp_uri makes */
    char *end = strchr(line, ']');
    if (zone && end && zone < end)
        memmove(zone + 1, zone + 3, strlen(zone + 3) + 1);
    platen_text_to16(line, SIZE_MAX, text, TCP_URI_BYTES);
}

const char16_t *tcp_address(const struct tcp_settings *settings)
{
    const char16_t *host = settings->host;
    size_t zone, length = platen_text_length16(host, SIZE_MAX);
    if (*settings->address)
        return settings->address;
    bool four = length && span(host, 0, length, is_digit_or_dot) == length;
    return four || is_literal(host, length, &zone) ? host : u"";
}

/* ---- from a URI ---------------------------------------------------------------------------- */

/* The text's first `length` bytes, unescaped, in a member. */
static bool take_part(char16_t *to, size_t units, const char *text, size_t length)
{
    char part[TCP_URI_BYTES];
    if (length >= sizeof(part))
        return false;
    memcpy(part, text, length);
    part[length] = '\0';
    return uri_decode(part) && platen_text_to16(part, SIZE_MAX, to, units) < units;
}

static bool take_number(const char **at, uint32_t *number)
{
    *number = 0;
    if (**at != ':')
        return true;
    for (++*at; **at >= '0' && **at <= '9' && *number <= PORT_MOST; ++*at)
        *number = *number * 10 + (uint32_t)(**at - '0');
    return *number <= PORT_MOST;
}

static bool take_queue(const char *at, struct tcp_settings *settings)
{
    at += *at == '/';
    return take_part(settings->queue, MAX_QUEUENAME_LEN, at, strcspn(at, "?"));
}

uint32_t tcp_from_uri(const char *uri, struct tcp_settings *settings)
{
    size_t scheme = strcspn(uri, ":");
    *settings = (struct tcp_settings){.protocol = find_protocol(uri, scheme), .version = 2};
    const struct protocol *protocol = protocol_of(settings->protocol);
    if (!protocol || strncmp(uri + scheme, "://", 3) != 0)
        return PLATEN_INVALID_PARAMETER;
    const char *at = uri + scheme + 3;
    bool literal = *at == '[';
    at += literal;
    size_t host = strcspn(at, literal ? "]?" : ":/?");
    bool good = take_part(settings->host, MAX_NETWORKNAME2_LEN, at, host);
    at += host;
    at += literal && *at == ']';
    good = good && take_number(&at, &settings->number) && take_queue(at, settings);
    if (!settings->number)
        settings->number = protocol->number;
    settings->double_spool = *protocol->uncounted && !strstr(at, protocol->uncounted + 1);
    return good ? 0 : PLATEN_INVALID_PARAMETER;
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
        error = load_value(key, &values[i], (char *)settings + values[i].offset);
        if (error == PLATEN_FILE_NOT_FOUND || (error == PLATEN_INVALID_DATA && !values[i].needed))
            error = 0;
    }
    return error;
}

static uint32_t store_value(const struct tcp_key *key, const struct value *value,
                            const struct tcp_settings *settings)
{
    const void *member = (const char *)settings + value->offset;
    uint32_t number;
    if (value->units)
        return key->set_text(key, value->name, member);
    memcpy(&number, member, sizeof(number));
    return key->set_number(key, value->name, number);
}

static bool is_same(const struct value *value, const struct tcp_settings *a,
                    const struct tcp_settings *b)
{
    const char *x = (const char *)a + value->offset;
    const char *y = (const char *)b + value->offset;
    if (!value->units)
        return memcmp(x, y, sizeof(uint32_t)) == 0;
    size_t length = platen_text_length16((const char16_t *)(const void *)x, value->units);
    return memcmp(x, y, (length + 1) * sizeof(char16_t)) == 0;
}

static size_t count_changes(const struct tcp_settings *old, const struct tcp_settings *settings)
{
    size_t count = 0;
    for (size_t i = 0; i < VALUES; i++)
        count += !is_same(&values[i], old, settings);
    return count;
}

/* Until the protocol is written the key is no port. `old`: what need not be written; NULL: nothing.
 */
static uint32_t store_all(const struct tcp_key *key, const struct tcp_settings *old,
                          const struct tcp_settings *settings)
{
    uint32_t error = key->set_number(key, protocol_name, PROTOCOL_UNKNOWN_TYPE);
    for (size_t i = 1; !error && i < VALUES; i++)
        if (!old || !is_same(&values[i], old, settings))
            error = store_value(key, &values[i], settings);
    return error ? error : store_value(key, &values[0], settings);
}

uint32_t tcp_store(const struct tcp_key *key, const struct tcp_settings *settings)
{
    return store_all(key, NULL, settings);
}

/* A single value is there or not; several are not there until all are. */
static uint32_t store_changes(const struct tcp_key *key, const struct tcp_settings *old,
                              const struct tcp_settings *settings)
{
    if (count_changes(old, settings) > 1)
        return store_all(key, old, settings);
    for (size_t i = 0; i < VALUES; i++)
        if (!is_same(&values[i], old, settings))
            return store_value(key, &values[i], settings);
    return 0;
}

uint32_t tcp_store_change(const struct tcp_key *key, const struct tcp_settings *old,
                          const struct tcp_settings *settings)
{
    uint32_t error = store_changes(key, old, settings);
    if (error && count_changes(old, settings) > 1)
        store_all(key, settings, old);
    return error;
}
