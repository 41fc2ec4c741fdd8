/* SPDX-License-Identifier: MIT */
#include "ber.h"

#include <stdlib.h>
#include <string.h>

int ber_compare(const struct ber_oid *a, const struct ber_oid *b)
{
    for (size_t i = 0; i < a->count && i < b->count; i++)
        if (a->arcs[i] != b->arcs[i])
            return a->arcs[i] < b->arcs[i] ? -1 : 1;
    return a->count < b->count ? -1 : a->count > b->count;
}

const char *ber_read_oid(const char *text, struct ber_oid *oid)
{
    oid->count = 0;
    while (*text == '.' && oid->count < BER_MOST_ARCS) {
        char *end;
        oid->arcs[oid->count++] = (uint32_t)strtoul(text + 1, &end, 10);
        text = end;
    }
    return text;
}

/* ---- reading ------------------------------------------------------------------------------- */

static bool take_length(struct ber_in *in, size_t *length)
{
    size_t bytes;
    if (in->at == in->end)
        return false;
    *length = *in->at++;
    if (*length < 0x80)
        return *length <= (size_t)(in->end - in->at);
    bytes = *length & 0x7f;
    *length = 0;
    if (bytes > 3 || bytes > (size_t)(in->end - in->at))
        return false;
    while (bytes-- > 0)
        *length = *length << 8 | *in->at++;
    return *length <= (size_t)(in->end - in->at);
}

bool ber_take(struct ber_in *in, unsigned *tag, struct ber_in *content)
{
    size_t length;
    if (in->at == in->end)
        return false;
    *tag = *in->at++;
    if (!take_length(in, &length))
        return false;
    content->at = in->at;
    content->end = in->at += length;
    return true;
}

bool ber_take_number(struct ber_in *in, int64_t *number)
{
    struct ber_in content;
    unsigned tag;
    if (!ber_take(in, &tag, &content) || tag != BER_INTEGER || content.at == content.end)
        return false;
    *number = *content.at & 0x80 ? -1 : 0;
    while (content.at < content.end)
        *number = (int64_t)((uint64_t)*number << 8 | *content.at++);
    return true;
}

bool ber_take_oid(struct ber_in *in, struct ber_oid *oid)
{
    struct ber_in content;
    uint32_t arc = 0;
    unsigned tag;

    oid->count = 0;
    if (!ber_take(in, &tag, &content) || tag != BER_OID || content.at == content.end)
        return false;
    oid->arcs[oid->count++] = *content.at / 40;
    oid->arcs[oid->count++] = *content.at++ % 40;
    while (content.at < content.end && oid->count < BER_MOST_ARCS) {
        arc = arc << 7 | (*content.at & 0x7f);
        if (*content.at++ & 0x80)
            continue;
        oid->arcs[oid->count++] = arc;
        arc = 0;
    }
    return true;
}

/* ---- writing ------------------------------------------------------------------------------- */

static void put(struct ber_out *out, unsigned byte)
{
    if (out->begin == 0)
        abort();
    out->bytes[--out->begin] = (unsigned char)byte;
}

void ber_head(struct ber_out *out, unsigned tag, size_t end)
{
    size_t length = end - out->begin;
    if (length < 0x80) {
        put(out, (unsigned)length);
    } else {
        put(out, length & 0xff);
        put(out, (unsigned)(length >> 8));
        put(out, 0x82);
    }
    put(out, tag);
}

void ber_number(struct ber_out *out, unsigned tag, int64_t number)
{
    size_t end = out->begin;
    unsigned last;
    do {
        last = (unsigned)(number & 0xff);
        put(out, last);
        number >>= 8;
    } while (number != (last & 0x80 ? -1 : 0));
    ber_head(out, tag, end);
}

void ber_text(struct ber_out *out, const void *bytes, size_t size)
{
    size_t end = out->begin;
    if (size > out->begin)
        abort();
    out->begin -= size;
    memcpy(out->bytes + out->begin, bytes, size);
    ber_head(out, BER_TEXT, end);
}

void ber_oid(struct ber_out *out, const struct ber_oid *oid)
{
    size_t end = out->begin;
    for (size_t i = oid->count; i-- > 2;) {
        uint32_t arc = oid->arcs[i];
        put(out, arc & 0x7f);
        while (arc >>= 7)
            put(out, (arc & 0x7f) | 0x80);
    }
    put(out, oid->arcs[0] * 40 + oid->arcs[1]);
    ber_head(out, BER_OID, end);
}
