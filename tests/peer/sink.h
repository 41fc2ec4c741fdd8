/* SPDX-License-Identifier: MIT
 *
 * A well-behaved printer on loopback: takes one connection after the other, reads each to its end,
 * keeps what the last one brought, and closes. As an LPR server it keeps the last connection's job
 * as far as it came, and refuses what RFC 1179 does not have.
 */
#ifndef SINK_H
#define SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct sink sink;

/* NULL when there is no memory or no thread. */
sink *sink_create(void);
sink *sink_create_lpr(void);
uint16_t sink_port(const sink *one);
/* Waits until every connection that was made has been read to its end and closed. */
void sink_settle(sink *one);
/* After sink_settle: are these the bytes of the last connection? *count: how many they are. */
bool sink_has(sink *one, const void *data, size_t size, size_t *count);
void sink_destroy(sink *one);

#endif
