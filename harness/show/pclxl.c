/* SPDX-License-Identifier: MIT */
/*
 * Pages of PCL XL: the operators EndPage in its stream of tags. Every tag tells how many bytes
 * follow it, so nothing that looks like an operator inside of data is taken for one.
 */
#include <stdio.h>
#include <string.h>

#include "internal.h"

enum xl_tag {
    XL_BEGIN_PAGE = 0x43,
    XL_END_PAGE = 0x44,
    XL_OPERATOR_FIRST = 0x41,
    XL_OPERATOR_LAST = 0xbf,
    XL_UBYTE = 0xc0,
    XL_UINT16 = 0xc1,
    XL_UINT32 = 0xc2,
    XL_ARRAY = 0xc8,
    XL_POINT = 0xd0,
    XL_BOX = 0xe0,
    XL_ATTRIBUTE_BYTE = 0xf8,
    XL_ATTRIBUTE_WORD = 0xf9,
    XL_DATA = 0xfa,
    XL_DATA_BYTE = 0xfb,
    XL_PAGE_COPIES = 0x31, /* an attribute */
};

struct xl {
    struct show_source *source;
    struct platen_show_document *document;
    bool big;
    bool in_page;
    uint64_t number; /* the last plain unsigned value */
    uint64_t copies;
};

enum verdict { GO_ON, AT_END, CUT_OFF, DAMAGED };

/* An unsigned number of 1, 2 or 4 bytes in the order of the stream. */
static bool read_number(struct xl *xl, size_t size, uint64_t *out)
{
    unsigned char bytes[4];
    *out = 0;
    if (show_read(xl->source, bytes, size) < size) {
        return false;
    }
    for (size_t i = 0; i < size; i++) {
        *out = *out << 8 | bytes[xl->big ? i : size - 1 - i];
    }
    return true;
}

/* Size of one element, by the low three bits of its type: ubyte, uint16, uint32, sint16, sint32,
 * real. */
static size_t element_size(int tag)
{
    static const unsigned char sizes[8] = {1, 2, 4, 2, 4, 4, 0, 0};
    return sizes[tag & 7];
}

static enum verdict skip(struct xl *xl, uint64_t count)
{
    return show_skip(xl->source, count) ? GO_ON : CUT_OFF;
}

static enum verdict value(struct xl *xl, int tag)
{
    size_t size = element_size(tag);
    if (tag <= XL_UINT32) {
        return read_number(xl, size, &xl->number) ? GO_ON : CUT_OFF;
    }
    if (tag < XL_ARRAY) {
        return skip(xl, size);
    }
    if (tag >= XL_POINT) {
        return skip(xl, size * (tag < XL_BOX ? 2 : 4));
    }
    int length_tag = show_get(xl->source);
    uint64_t length = 0;
    if (length_tag != XL_UBYTE && length_tag != XL_UINT16) {
        return length_tag < 0 ? CUT_OFF : DAMAGED;
    }
    return read_number(xl, length_tag == XL_UBYTE ? 1 : 2, &length) ? skip(xl, length * size)
                                                                    : CUT_OFF;
}

static enum verdict attribute(struct xl *xl, int tag)
{
    uint64_t name = 0;
    if (!read_number(xl, tag == XL_ATTRIBUTE_BYTE ? 1 : 2, &name)) {
        return CUT_OFF;
    }
    if (name == XL_PAGE_COPIES) {
        xl->copies = xl->number;
    }
    return GO_ON;
}

static enum verdict embedded(struct xl *xl, int tag)
{
    uint64_t length = 0;
    return read_number(xl, tag == XL_DATA ? 4 : 1, &length) ? skip(xl, length) : CUT_OFF;
}

static enum verdict operation(struct xl *xl, int tag)
{
    if (tag == XL_BEGIN_PAGE) {
        xl->in_page = true;
    } else if (tag == XL_END_PAGE) {
        xl->in_page = false;
        xl->document->pages++;
        xl->document->printed += xl->copies ? xl->copies : 1;
    }
    xl->copies = 0;
    return GO_ON;
}

static bool is_value(int tag)
{
    bool known = (tag >= XL_UBYTE && tag < XL_POINT + 8) || (tag >= XL_BOX && tag < XL_BOX + 8);
    return known && element_size(tag) > 0;
}

static enum verdict step(struct xl *xl)
{
    if (show_match(xl->source, SHOW_UEL)) {
        xl->document->body_end = show_tell(xl->source) - strlen(SHOW_UEL);
        return AT_END;
    }
    int tag = show_get(xl->source);
    if (tag < 0) {
        return AT_END;
    }
    if (tag == 0 || (tag >= 9 && tag <= 13) || tag == ' ') {
        return GO_ON;
    }
    if (tag >= XL_OPERATOR_FIRST && tag <= XL_OPERATOR_LAST) {
        return operation(xl, tag);
    }
    if (is_value(tag)) {
        return value(xl, tag);
    }
    if (tag == XL_ATTRIBUTE_BYTE || tag == XL_ATTRIBUTE_WORD) {
        return attribute(xl, tag);
    }
    return tag == XL_DATA || tag == XL_DATA_BYTE ? embedded(xl, tag) : DAMAGED;
}

static void stream(struct xl *xl)
{
    enum verdict verdict = GO_ON;
    while (verdict == GO_ON) {
        verdict = step(xl);
    }
    struct platen_show_document *document = xl->document;
    document->cut_off = verdict == CUT_OFF || xl->in_page;
    if (verdict == DAMAGED) {
        document->pages_from = PLATEN_SHOW_PAGES_UNKNOWN;
        snprintf(document->note, sizeof document->note, "damaged at byte %llu: no such tag",
                 (unsigned long long)(show_tell(xl->source) - 1));
    } else if (document->cut_off) {
        snprintf(document->note, sizeof document->note, "ends inside a page or its data");
    }
}

void show_count_pclxl(struct show_source *source, struct platen_show_document *document)
{
    struct xl xl = {.source = source, .document = document};
    document->body_end = source->limit;
    document->pages_from = PLATEN_SHOW_PAGES_COUNTED;
    int binding = show_get(source);
    xl.big = binding == '(';
    if (binding == '\'') {
        document->pages_from = PLATEN_SHOW_PAGES_UNKNOWN;
        snprintf(document->note, sizeof document->note, "PCL XL in its ASCII form is not counted");
        return;
    }
    for (int byte = binding; byte >= 0 && byte != '\n'; byte = show_get(source)) {
        /* the rest of the stream header */
    }
    stream(&xl);
}
