/* SPDX-License-Identifier: MIT */
/* Which language the first bytes of a document are in. The first row of the table that says yes
 * wins. */
#include <ctype.h>
#include <string.h>

#include "internal.h"

struct sniffed {
    size_t skip;
    uint64_t length;
};

static bool begins(const struct show_head *head, size_t at, const char *literal)
{
    size_t length = strlen(literal);
    return at <= head->count && head->count - at >= length &&
           memcmp(head->bytes + at, literal, length) == 0;
}

static size_t find(const struct show_head *head, size_t within, const char *literal)
{
    for (size_t i = 0; i < within && i < head->count; i++) {
        if (begins(head, i, literal)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* Control-D, blanks and a byte order mark stand before many a document. */
static size_t blanks(const struct show_head *head)
{
    size_t at = begins(head, 0, "\xef\xbb\xbf") ? 3 : 0;
    while (at < head->count && (head->bytes[at] == 0x04 || isspace(head->bytes[at]))) {
        at++;
    }
    return at;
}

static uint32_t little(const unsigned char *bytes)
{
    return bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

static bool is_postscript(const struct show_head *head, struct sniffed *out)
{
    /* EPS in its binary envelope: magic, offset and length of the PostScript. */
    if (begins(head, 0, "\xc5\xd0\xd3\xc6") && head->count >= 30) {
        out->skip = little(head->bytes + 4);
        out->length = little(head->bytes + 8);
        return out->skip >= 30;
    }
    out->skip = blanks(head);
    return begins(head, out->skip, "%!");
}

static bool is_pdf(const struct show_head *head, struct sniffed *out)
{
    (void)out; /* what stands before the header counts in the offsets of the file */
    return find(head, 1024, "%PDF-") != SIZE_MAX;
}

static bool is_pclxl(const struct show_head *head, struct sniffed *out)
{
    out->skip = blanks(head);
    return begins(head, out->skip, ") HP-PCL XL;") || begins(head, out->skip, "( HP-PCL XL;") ||
           begins(head, out->skip, "' HP-PCL XL;");
}

static int byte_at(const struct show_head *head, size_t at)
{
    return at < head->count ? head->bytes[at] : -1;
}

/* ESC E and ESC @ mean different things in PCL 5 and ESC/POS; the byte behind them tells. */
static bool is_escpos(const struct show_head *head, struct sniffed *out)
{
    (void)out;
    int first = byte_at(head, 0);
    int second = byte_at(head, 1);
    int third = byte_at(head, 2);
    if (first == 0x1d) {
        return second > ' ';
    }
    if (first == 0x10) {
        return second == 0x04 || second == 0x05 || second == 0x14;
    }
    if (first != 0x1b || second < 0) {
        return false;
    }
    if (second == 'E') {
        return third == 0 || third == 1;
    }
    return strchr("@!adtRrMJGc3p{-\\$", second) != NULL;
}

static bool is_pcl5(const struct show_head *head, struct sniffed *out)
{
    (void)out;
    if (byte_at(head, 0) != 0x1b) {
        return false;
    }
    int second = byte_at(head, 1);
    if (second == 'E' || second == '9' || second == 'Y') {
        return true;
    }
    int third = byte_at(head, 2);
    return second > 0 && strchr("%&()*", second) && third > ' ' && third < 0x7f;
}

/* A label begins with ^XA; drivers set up the prefixes (CT~~CD,~CC^~CT~) or other things before. */
static bool is_zpl(const struct show_head *head, struct sniffed *out)
{
    (void)out;
    size_t at = blanks(head);
    if (begins(head, at, "^XA") || begins(head, at, "^xa") || begins(head, at, "CT~~CD")) {
        return true;
    }
    return (byte_at(head, at) == '^' || byte_at(head, at) == '~') &&
           isupper(byte_at(head, at + 1)) && find(head, head->count, "^XA") != SIZE_MAX;
}

/* Length of the UTF-8 sequence at `at`, 0 for none; one that the head cuts off is taken as whole.
 */
static size_t sequence(const struct show_head *head, size_t at)
{
    unsigned char lead = head->bytes[at];
    size_t length = lead < 0xc2 ? 0 : lead < 0xe0 ? 2 : lead < 0xf0 ? 3 : lead < 0xf5 ? 4 : 0;
    for (size_t i = 1; i < length && at + i < head->count; i++) {
        if ((head->bytes[at + i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    return at + length > head->count && head->whole ? 0 : length;
}

static bool has_controls(const struct show_head *head)
{
    for (size_t i = 0; i < head->count; i++) {
        unsigned char byte = head->bytes[i];
        bool end_of_file = byte == 0x1a && head->whole && i + 1 == head->count;
        if ((byte < 0x20 && !(byte >= 8 && byte <= 13) && !end_of_file) || byte == 0x7f) {
            return true;
        }
    }
    return false;
}

static bool is_utf8(const struct show_head *head)
{
    size_t i = 0;
    while (i < head->count) {
        size_t length = head->bytes[i] < 0x80 ? 1 : sequence(head, i);
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

static bool is_latin1(const struct show_head *head)
{
    for (size_t i = 0; i < head->count; i++) {
        if (head->bytes[i] >= 0x80 && head->bytes[i] < 0xa0) {
            return false;
        }
    }
    return true;
}

static bool is_text(const struct show_head *head, struct sniffed *out)
{
    (void)out;
    return !has_controls(head) && (is_utf8(head) || is_latin1(head));
}

static const struct {
    enum platen_show_language language;
    bool (*is)(const struct show_head *head, struct sniffed *out);
} sniffers[] = {
    {PLATEN_SHOW_POSTSCRIPT, is_postscript},
    {PLATEN_SHOW_PDF, is_pdf},
    {PLATEN_SHOW_PCLXL, is_pclxl},
    {PLATEN_SHOW_ESCPOS, is_escpos},
    {PLATEN_SHOW_PCL5, is_pcl5},
    {PLATEN_SHOW_ZPL, is_zpl},
    {PLATEN_SHOW_TEXT, is_text},
};

enum platen_show_language show_sniff(const struct show_head *head, size_t *skip, uint64_t *length)
{
    *skip = 0;
    *length = 0;
    if (head->count == 0) {
        return PLATEN_SHOW_EMPTY;
    }
    for (size_t i = 0; i < COUNT_OF(sniffers); i++) {
        struct sniffed sniffed = {0, 0};
        if (sniffers[i].is(head, &sniffed)) {
            *skip = sniffed.skip;
            *length = sniffed.length;
            return sniffers[i].language;
        }
    }
    return PLATEN_SHOW_UNKNOWN;
}

enum platen_show_language show_declared(const char *pjl_language)
{
    static const struct {
        const char *name;
        enum platen_show_language language;
    } names[] = {
        {"POSTSCRIPT", PLATEN_SHOW_POSTSCRIPT},
        {"PDF", PLATEN_SHOW_PDF},
        {"PCL", PLATEN_SHOW_PCL5},
        {"PCL5", PLATEN_SHOW_PCL5},
        {"PCL5C", PLATEN_SHOW_PCL5},
        {"PCLXL", PLATEN_SHOW_PCLXL},
        {"ZPL", PLATEN_SHOW_ZPL},
        {"ESCPOS", PLATEN_SHOW_ESCPOS},
    };
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        const char *a = names[i].name;
        const char *b = pjl_language;
        while (*a && toupper((unsigned char)*b) == *a) {
            a++;
            b++;
        }
        if (*a == 0 && *b == 0) {
            return names[i].language;
        }
    }
    return PLATEN_SHOW_UNKNOWN;
}
