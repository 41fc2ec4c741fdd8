/* SPDX-License-Identifier: MIT */
/* Text from documents and file names, made fit for a terminal. */
#include <stdio.h>
#include <string.h>

#include "internal.h"

/* Length of the UTF-8 sequence at `text`, its code point in *point; 0 if it is none. Reading stops
 * at the terminator, which is no continuation byte. */
static size_t decode(const unsigned char *text, uint32_t *point)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    size_t length = text[0] < 0x80   ? 1
                    : text[0] < 0xc2 ? 0
                    : text[0] < 0xe0 ? 2
                    : text[0] < 0xf0 ? 3
                    : text[0] < 0xf5 ? 4
                                     : 0;
    *point = length == 1 ? text[0] : text[0] & (0x7fu >> length);
    for (size_t i = 1; i < length; i++) {
        if ((text[i] & 0xc0) != 0x80) {
            return 0;
        }
        *point = *point << 6 | (text[i] & 0x3fu);
    }
    if (length == 0 || *point < least[length] || *point > 0x10ffff ||
        (*point >= 0xd800 && *point < 0xe000)) {
        return 0;
    }
    return length;
}

/* Characters that nobody sees, or that turn the direction of what is around them. */
static bool is_invisible(uint32_t point)
{
    return point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0xad || point == 0x61c ||
           (point >= 0x200b && point <= 0x200f) || (point >= 0x2028 && point <= 0x202e) ||
           (point >= 0x2060 && point <= 0x206f) || point == 0xfeff ||
           (point >= 0xe0000 && point < 0xe0080);
}

char *platen_show_escape(char *out, size_t size, const char *text)
{
    size_t at = 0;
    for (const unsigned char *in = (const unsigned char *)text; *in != 0;) {
        char piece[16];
        uint32_t point = 0;
        size_t length = decode(in, &point);
        if (length == 0) {
            snprintf(piece, sizeof piece, "\\x%02X", *in);
        } else if (point == '\\') {
            snprintf(piece, sizeof piece, "\\\\");
        } else if (is_invisible(point)) {
            snprintf(piece, sizeof piece, point < 0x80 ? "\\x%02X" : "\\u{%X}", (unsigned)point);
        } else {
            snprintf(piece, sizeof piece, "%.*s", (int)length, (const char *)in);
        }
        size_t needed = strlen(piece);
        if (at + needed >= size) {
            break;
        }
        memcpy(out + at, piece, needed);
        at += needed;
        in += length ? length : 1;
    }
    out[at] = 0;
    return out;
}
