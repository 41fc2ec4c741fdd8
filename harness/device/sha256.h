/* SPDX-License-Identifier: MIT
 *
 * SHA-256 (FIPS 180-4), so that a job that was not kept can still be compared.
 */
#ifndef DEVICE_SHA256_H
#define DEVICE_SHA256_H

#include <stddef.h>
#include <stdint.h>

struct device_sha256 {
    uint32_t state[8];
    uint64_t length; /* bytes taken so far */
    uint8_t block[64];
};

void device_sha256_begin(struct device_sha256 *digest);
void device_sha256_take(struct device_sha256 *digest, const void *data, size_t size);
/* In hexadecimal, small letters. */
void device_sha256_end(struct device_sha256 *digest, char text[65]);

#endif
