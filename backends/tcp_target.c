/* SPDX-License-Identifier: MIT
 *
 * "//host", "//host:9100", "//192.0.2.7", "//[2001:db8::7]:9100", each perhaps with a '/' behind.
 */
#include <stdlib.h>
#include <string.h>

#include "tcp_port.h"

enum { DEFAULT_NUMBER = 9100, LONGEST_HOST = 255 };

/* Letters and digits of any language; not what separates, quotes or controls. */
static bool is_host(const char *text, size_t length, const char *also)
{
    static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._";
    for (size_t i = 0; i < length; i++)
        if (!strchr(plain, text[i]) && !strchr(also, text[i]) && !((unsigned char)text[i] & 0x80))
            return false;
    return length > 0 && length <= LONGEST_HOST && text[0] != '-';
}

/* ":9100" and what comes behind it; false if that is no port. */
static bool read_number(const char **text, uint16_t *number)
{
    unsigned value = 0;
    if (**text != ':')
        return true;
    for (++*text; **text >= '0' && **text <= '9' && value <= UINT16_MAX; ++*text)
        value = value * 10 + (unsigned)(**text - '0');
    *number = (uint16_t)value;
    return value > 0 && value <= UINT16_MAX;
}

uint32_t tcp_target_divide(const char *target, char **host, uint16_t *number, const char **behind)
{
    bool has_slashes = strncmp(target, "//", 2) == 0;
    bool literal = has_slashes && target[2] == '[';
    const char *begin = target + (literal ? 3 : 2);
    size_t length = has_slashes ? strcspn(begin, literal ? "]" : ":/") : 0;

    *host = NULL;
    *behind = "";
    if (!is_host(begin, length, literal ? ":%" : "") || (literal && begin[length] != ']'))
        return PLATEN_INVALID_NAME;
    *behind = begin + length + literal;
    if (!read_number(behind, number) || (**behind && **behind != '/'))
        return PLATEN_INVALID_NAME;
    *host = malloc(length + 1);
    if (!*host)
        return PLATEN_OUTOFMEMORY;
    memcpy(*host, begin, length);
    (*host)[length] = '\0';
    return 0;
}

uint32_t tcp_target_parse(const char *target, char **host, uint16_t *number)
{
    const char *behind;
    *number = DEFAULT_NUMBER;
    uint32_t error = tcp_target_divide(target, host, number, &behind);
    if (!error && (strcmp(behind, "") == 0 || strcmp(behind, "/") == 0))
        return 0;
    free(*host);
    *host = NULL;
    *number = 0;
    return error ? error : PLATEN_INVALID_NAME;
}
