/* SPDX-License-Identifier: MIT
 *
 * What may stand in a line as it is, for those who write and those who read lines.
 */
#ifndef CALL_ESCAPE_H
#define CALL_ESCAPE_H

#include <stdbool.h>
#include <stdint.h>

/* C1 controls, line separators, direction marks and the byte order mark do things to a terminal or
 * to who reads: they are always escaped. */
static inline bool call_is_mark(uint32_t c)
{
    return (c >= 0x80 && c < 0xa0) || c == 0x61c || (c >= 0x200e && c <= 0x200f) ||
           (c >= 0x2028 && c <= 0x202e) || (c >= 0x2066 && c <= 0x2069) || c == 0xfeff;
}

static inline bool call_is_name_begin(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

static inline bool call_is_name(unsigned char c)
{
    return call_is_name_begin(c) || (c >= '0' && c <= '9');
}

/* The value of a hexadecimal digit; 16 for another byte. */
static inline unsigned call_hex_digit(unsigned char c)
{
    unsigned decimal = c - (unsigned)'0', letter = (c | 0x20u) - 'a';
    return decimal < 10 ? decimal : letter < 6 ? letter + 10 : 16;
}

#endif
