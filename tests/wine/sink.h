/* SPDX-License-Identifier: MIT
 *
 * Documents that can be told apart, and a printer that knows them again: a simulated one in this
 * process. The first byte of a document says which it is, all others follow from it.
 */
#ifndef WINE_SINK_H
#define WINE_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Starts listening, for raw data or as an LPR server; returns the TCP port, 0 on failure. */
uint16_t sink_start(bool lpr);
void sink_stop(void);

void sink_fill(uint8_t seed, uint64_t offset, void *to, size_t size);

/* Waits until so many connections have ended since the last sink_forget. */
bool sink_wait(uint64_t jobs);
/* Was this document received, whole and byte for byte, exactly once? A document of no bytes is that
 * of seed 0. */
bool sink_has(uint8_t seed, uint64_t size);
void sink_forget(void);

#endif
