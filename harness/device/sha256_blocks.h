/* SPDX-License-Identifier: MIT
 *
 * Inside of SHA-256: the two ways through whole blocks of 64 bytes.
 */
#ifndef DEVICE_SHA256_BLOCKS_H
#define DEVICE_SHA256_BLOCKS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The constants of the 64 rounds. */
extern const uint32_t device_sha256_rounds[64];

void device_sha256_plain(uint32_t state[8], const uint8_t *blocks, size_t count);

/* By the processor's own instructions, where it has them: about eight times as fast. */
bool device_sha256_can_fast(void);
void device_sha256_fast(uint32_t state[8], const uint8_t *blocks, size_t count);

#endif
