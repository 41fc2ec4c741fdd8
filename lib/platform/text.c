/* SPDX-License-Identifier: MIT
 *
 * UTF-16, UTF-8 and folding. Most text is ASCII, and names are hashed at every OpenPort: ASCII runs
 * through the conversions eight bytes or four units at a time, and folding never branches.
 */
#include "os/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "fold_table.h"

#define REPLACEMENT 0xFFFDu
#define NO_UTF8     UINT32_MAX

/* A buffer that is filled as far as whole characters fit; `needed` goes on counting. */
struct sink8 {
    char *to;
    size_t room; /* without the NUL */
    size_t used;
    size_t needed;
};

static struct sink8 sink8(char *to, size_t size)
{
    return (struct sink8){.to = to, .room = size ? size - 1 : 0};
}

static void put(struct sink8 *sink, const char *bytes, size_t count)
{
    sink->needed += count;
    if (!sink->to || count > sink->room - sink->used) {
        sink->room = sink->used; /* nothing that comes later may take its place */
        return;
    }
    memcpy(sink->to + sink->used, bytes, count);
    sink->used += count;
}

static size_t finish(const struct sink8 *sink, size_t size)
{
    if (size)
        sink->to[sink->used] = 0;
    return sink->needed;
}

static bool is_high(uint32_t c)
{
    return c >> 10 == 0xD800 >> 10;
}

static bool is_low(uint32_t c)
{
    return c >> 10 == 0xDC00 >> 10;
}

static bool is_surrogate(uint32_t c)
{
    return c >> 11 == 0xD800 >> 11;
}

static size_t encode(uint32_t c, char bytes[4])
{
    static const unsigned char leads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t count = c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;

    for (size_t i = count - 1; i > 0; i--) {
        bytes[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    bytes[0] = (char)(leads[count] | c);
    return count;
}

/* How many bytes follow a lead byte, and which the first of them may be; surrogates are let pass.
 */
static unsigned following(unsigned char lead, unsigned char *least, unsigned char *most)
{
    *least = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
    *most = lead == 0xF4 ? 0x8F : 0xBF;
    if (lead >= 0xC2 && lead <= 0xDF)
        return 1;
    if (lead >= 0xE0 && lead <= 0xEF)
        return 2;
    return lead >= 0xF0 && lead <= 0xF4 ? 3 : 0;
}

/* One character of `left` > 0 bytes; returns the bytes it takes. What is no UTF-8 is NO_UTF8, and
 * takes as many bytes as a character could have begun with: one U+FFFD for each such piece. */
static size_t decode(const char *text, size_t left, uint32_t *c)
{
    unsigned char lead = (unsigned char)text[0], least, most;
    unsigned more;
    size_t i;

    *c = lead;
    if (lead < 0x80)
        return 1;
    more = following(lead, &least, &most);
    *c = lead & (0x3Fu >> more);
    for (i = 1; i <= more && i < left; i++) {
        unsigned char next = (unsigned char)text[i];
        if (next < least || next > most)
            break;
        least = 0x80;
        most = 0xBF;
        *c = *c << 6 | (next & 0x3F);
    }
    if (more == 0 || i <= more)
        *c = NO_UTF8;
    return i;
}

size_t platen_text_length16(const char16_t *text, size_t limit)
{
    size_t length = 0;
    while (length < limit && text[length])
        length++;
    return length;
}

/* How many units from here are ASCII; looks at four at once. */
static size_t ascii_run16(const char16_t *from, size_t length)
{
    size_t i = 0;
    uint64_t four;

    for (; i + 4 <= length; i += 4) {
        memcpy(&four, from + i, sizeof four);
        if (four & UINT64_C(0xFF80FF80FF80FF80))
            break;
    }
    while (i < length && from[i] < 0x80)
        i++;
    return i;
}

static size_t ascii_run8(const char *from, size_t length)
{
    size_t i = 0;
    uint64_t eight;

    for (; i + 8 <= length; i += 8) {
        memcpy(&eight, from + i, sizeof eight);
        if (eight & UINT64_C(0x8080808080808080))
            break;
    }
    while (i < length && (unsigned char)from[i] < 0x80)
        i++;
    return i;
}

static void put_ascii(struct sink8 *sink, const char16_t *from, size_t count)
{
    size_t fits = sink->room - sink->used;

    if (fits > count)
        fits = count;
    for (size_t i = 0; i < fits; i++)
        sink->to[sink->used + i] = (char)from[i];
    sink->used += fits;
    sink->needed += count;
    if (fits < count)
        sink->room = sink->used;
}

size_t platen_text_to8(const char16_t *from, size_t length, char *to, size_t size)
{
    struct sink8 sink = sink8(to, size);
    size_t i = 0;

    if (length == SIZE_MAX)
        length = platen_text_length16(from, SIZE_MAX);
    while (i < length) {
        char bytes[4];
        uint32_t c;
        size_t run = ascii_run16(from + i, length - i);
        put_ascii(&sink, from + i, run);
        i += run;
        if (i == length)
            break;
        c = from[i++];
        if (is_high(c) && i < length && is_low(from[i]))
            c = 0x10000 + ((c & 0x3FF) << 10 | (from[i++] & 0x3FFu));
        put(&sink, bytes, encode(c, bytes));
    }
    return finish(&sink, size);
}

/* The UTF-16 of one character: one or two units. */
static size_t units_of(uint32_t c, char16_t units[2])
{
    if (c == NO_UTF8)
        c = REPLACEMENT;
    if (c < 0x10000) {
        units[0] = (char16_t)c;
        return 1;
    }
    units[0] = (char16_t)(0xD800 + ((c - 0x10000) >> 10));
    units[1] = (char16_t)(0xDC00 + (c & 0x3FF));
    return 2;
}

struct sink16 {
    char16_t *to;
    size_t room;
    size_t used;
    size_t needed;
};

static void put16(struct sink16 *sink, const char16_t *units, size_t count)
{
    sink->needed += count;
    if (count > sink->room - sink->used) {
        sink->room = sink->used;
        return;
    }
    memcpy(sink->to + sink->used, units, count * sizeof *units);
    sink->used += count;
}

static void put_ascii16(struct sink16 *sink, const char *from, size_t count)
{
    size_t fits = sink->room - sink->used;

    if (fits > count)
        fits = count;
    for (size_t i = 0; i < fits; i++)
        sink->to[sink->used + i] = (unsigned char)from[i];
    sink->used += fits;
    sink->needed += count;
    if (fits < count)
        sink->room = sink->used;
}

size_t platen_text_to16(const char *from, size_t length, char16_t *to, size_t size)
{
    struct sink16 sink = {.to = to, .room = size ? size - 1 : 0};
    size_t i = 0;

    if (length == SIZE_MAX)
        length = strlen(from);
    while (i < length) {
        char16_t units[2];
        uint32_t c;
        size_t run = ascii_run8(from + i, length - i);
        put_ascii16(&sink, from + i, run);
        i += run;
        if (i == length)
            break;
        i += decode(from + i, length - i, &c);
        put16(&sink, units, units_of(c, units));
    }
    if (size)
        to[sink.used] = 0;
    return sink.needed;
}

char *platen_text_new8(const char16_t *from, size_t length)
{
    size_t size;
    char *text;

    if (!from)
        return NULL;
    size = platen_text_to8(from, length, NULL, 0) + 1;
    text = malloc(size);
    if (text)
        platen_text_to8(from, length, text, size);
    return text;
}

char16_t *platen_text_new16(const char *from, size_t length)
{
    size_t size;
    char16_t *text;

    if (!from)
        return NULL;
    size = platen_text_to16(from, length, NULL, 0) + 1;
    text = malloc(size * sizeof *text);
    if (text)
        platen_text_to16(from, length, text, size);
    return text;
}

char16_t *platen_text_copy16(const char16_t *from, size_t length)
{
    char16_t *text;

    if (!from)
        return NULL;
    if (length == SIZE_MAX)
        length = platen_text_length16(from, SIZE_MAX);
    text = malloc((length + 1) * sizeof *text);
    if (!text)
        return NULL;
    memcpy(text, from, length * sizeof *text);
    text[length] = 0;
    return text;
}

char16_t platen_text_fold(char16_t unit)
{
    return (char16_t)(unit + fold_deltas[fold_blocks[unit / FOLD_BLOCK]][unit % FOLD_BLOCK]);
}

int platen_text_compare_folded(const char16_t *a, const char16_t *b)
{
    for (size_t i = 0;; i++) {
        int difference = platen_text_fold(a[i]) - platen_text_fold(b[i]);
        if (difference || !a[i])
            return difference;
    }
}

bool platen_text_equal_folded(const char16_t *a, const char16_t *b)
{
    return platen_text_compare_folded(a, b) == 0;
}

/* A UTF-8 text as the UTF-16 units that it would become. */
struct reader {
    const char *next;
    size_t left;
    char16_t kept; /* the second of two units; 0: none */
};

static char16_t next_unit(struct reader *reader)
{
    char16_t units[2] = {reader->kept, 0};
    size_t bytes;
    uint32_t c;

    reader->kept = 0;
    if (units[0] || reader->left == 0)
        return units[0];
    bytes = decode(reader->next, reader->left, &c);
    reader->next += bytes;
    reader->left -= bytes;
    if (units_of(c, units) == 2)
        reader->kept = units[1];
    return units[0];
}

bool platen_text_equal_folded8(const char *a, const char *b)
{
    struct reader left = {.next = a, .left = strlen(a)}, right = {.next = b, .left = strlen(b)};

    for (;;) {
        char16_t one = next_unit(&left), other = next_unit(&right);
        if (platen_text_fold(one) != platen_text_fold(other))
            return false;
        if (!one)
            return true;
    }
}

/* FNV-1a by units; the last lines spread it over all bits, for tables that use a few of them. */
uint64_t platen_text_hash_folded(const char16_t *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);

    for (; *text; text++)
        hash = (hash ^ platen_text_fold(*text)) * UINT64_C(0x100000001b3);
    hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

bool platen_text_is_utf8(const char *text, size_t length)
{
    size_t i = ascii_run8(text, length);

    while (i < length) {
        uint32_t c;
        i += decode(text + i, length - i, &c);
        if (c == NO_UTF8 || is_surrogate(c))
            return false;
        i += ascii_run8(text + i, length - i);
    }
    return true;
}

/* Would a terminal or a reader of lines take it for more than a character? */
static bool is_active(uint32_t c)
{
    static const struct {
        uint16_t first, last;
    } ranges[] = {
        {0x00, 0x1F},     {0x7F, 0x9F},     {0x061C, 0x061C}, {0x200E, 0x200F},
        {0x2028, 0x202E}, {0x2066, 0x2069}, {0xD800, 0xDFFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (c >= ranges[i].first && c <= ranges[i].last)
            return true;
    return false;
}

static size_t escape(uint32_t c, char to[8])
{
    static const char letters[] = "abtnvfr"; /* 7 to 13 */
    if (c == '\t' || c == '\n' || c == '\r')
        return (size_t)snprintf(to, 8, "\\%c", letters[c - 7]);
    return (size_t)snprintf(to, 8, c < 0x80 ? "\\x%02x" : "\\u%04x", (unsigned)c);
}

static void put_printable(struct sink8 *sink, const char *from, size_t bytes, uint32_t c)
{
    char text[8];

    if (c != NO_UTF8 && !is_active(c)) {
        put(sink, from, bytes);
        return;
    }
    if (c != NO_UTF8) {
        put(sink, text, escape(c, text));
        return;
    }
    for (size_t i = 0; i < bytes; i++)
        put(sink, text, (size_t)snprintf(text, sizeof text, "\\x%02x", (unsigned char)from[i]));
}

size_t platen_text_printable(const char *from, size_t length, char *to, size_t size)
{
    struct sink8 sink = sink8(to, size);

    if (length == SIZE_MAX)
        length = strlen(from);
    for (size_t i = 0; i < length;) {
        uint32_t c;
        size_t bytes = decode(from + i, length - i, &c);
        put_printable(&sink, from + i, bytes, c);
        i += bytes;
    }
    return finish(&sink, size);
}
