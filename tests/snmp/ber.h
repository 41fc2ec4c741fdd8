/* SPDX-License-Identifier: MIT
 *
 * SNMP messages by hand, so that net-snmp does not check itself: BER as RFC 3416 needs it.
 */
#ifndef BER_H
#define BER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    BER_INTEGER = 0x02,
    BER_TEXT = 0x04,
    BER_NULL = 0x05,
    BER_OID = 0x06,
    BER_SEQUENCE = 0x30,
    BER_COUNTER = 0x41,
    BER_GAUGE = 0x42,
    BER_NO_SUCH_OBJECT = 0x80,
    BER_END_OF_MIB = 0x82,
    BER_GET = 0xa0,
    BER_GET_NEXT = 0xa1,
    BER_RESPONSE = 0xa2,
    BER_GET_BULK = 0xa5,
    BER_REPORT = 0xa8
};

enum { BER_MOST_ARCS = 64, BER_MOST_BYTES = 60000 };

struct ber_oid {
    uint32_t arcs[BER_MOST_ARCS];
    size_t count;
};

/* -1, 0, 1 */
int ber_compare(const struct ber_oid *a, const struct ber_oid *b);
/* ".1.3.6.1": where the text goes on. */
const char *ber_read_oid(const char *text, struct ber_oid *oid);

/* ---- reading: false, and the rest is not to be used, if it is not there -------------------- */

struct ber_in {
    const unsigned char *at;
    const unsigned char *end;
};

bool ber_take(struct ber_in *in, unsigned *tag, struct ber_in *content);
bool ber_take_number(struct ber_in *in, int64_t *number);
bool ber_take_oid(struct ber_in *in, struct ber_oid *oid);

/* ---- writing, from the end to the beginning ------------------------------------------------ */

struct ber_out {
    unsigned char bytes[BER_MOST_BYTES];
    size_t begin; /* BER_MOST_BYTES: nothing yet */
};

/* The head of what was written since `end` was `begin`. */
void ber_head(struct ber_out *out, unsigned tag, size_t end);
void ber_number(struct ber_out *out, unsigned tag, int64_t number);
void ber_text(struct ber_out *out, const void *bytes, size_t size);
void ber_oid(struct ber_out *out, const struct ber_oid *oid);

#endif
