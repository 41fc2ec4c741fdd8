/* SPDX-License-Identifier: MIT */
#include "device/sha256.h"

#include <stdio.h>
#include <string.h>

#include "device/sha256_blocks.h"

/* The fractions of the square roots of the first 8 primes, and of the cube roots of the first 64.
 */
static const uint32_t beginning[8] = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
};
const uint32_t device_sha256_rounds[64] = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2,
};

static uint32_t turn(uint32_t word, unsigned by)
{
    return word >> by | word << (32 - by);
}

static void spread(const uint8_t *block, uint32_t words[64])
{
    for (unsigned i = 0; i < 16; i++) {
        const uint8_t *at = block + 4 * (size_t)i;
        words[i] = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    }
    for (unsigned i = 16; i < 64; i++) {
        uint32_t older = words[i - 15];
        uint32_t newer = words[i - 2];
        words[i] = words[i - 16] + words[i - 7] + (turn(older, 7) ^ turn(older, 18) ^ older >> 3) +
                   (turn(newer, 17) ^ turn(newer, 19) ^ newer >> 10);
    }
}

/* One round; what was `h` becomes the new `a`, and the caller names the words one place further. */
static inline void mix(uint32_t a, uint32_t b, uint32_t c, uint32_t *d, uint32_t e, uint32_t f,
                       uint32_t g, uint32_t *h, uint32_t added)
{
    uint32_t choice = (e & f) ^ (~e & g);
    uint32_t majority = (a & b) ^ (a & c) ^ (b & c);
    uint32_t first = *h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + choice + added;
    *d += first;
    *h = first + (turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + majority;
}

static void take_block(uint32_t state[8], const uint8_t *block)
{
    uint32_t words[64];
    uint32_t a = state[0], b = state[1], c = state[2], d = state[3];
    uint32_t e = state[4], f = state[5], g = state[6], h = state[7];
    spread(block, words);
    for (unsigned i = 0; i < 64; i += 8) {
        mix(a, b, c, &d, e, f, g, &h, device_sha256_rounds[i] + words[i]);
        mix(h, a, b, &c, d, e, f, &g, device_sha256_rounds[i + 1] + words[i + 1]);
        mix(g, h, a, &b, c, d, e, &f, device_sha256_rounds[i + 2] + words[i + 2]);
        mix(f, g, h, &a, b, c, d, &e, device_sha256_rounds[i + 3] + words[i + 3]);
        mix(e, f, g, &h, a, b, c, &d, device_sha256_rounds[i + 4] + words[i + 4]);
        mix(d, e, f, &g, h, a, b, &c, device_sha256_rounds[i + 5] + words[i + 5]);
        mix(c, d, e, &f, g, h, a, &b, device_sha256_rounds[i + 6] + words[i + 6]);
        mix(b, c, d, &e, f, g, h, &a, device_sha256_rounds[i + 7] + words[i + 7]);
    }
    const uint32_t now[8] = {a, b, c, d, e, f, g, h};
    for (unsigned i = 0; i < 8; i++) {
        state[i] += now[i];
    }
}

void device_sha256_plain(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    for (; count > 0; count--, blocks += 64) {
        take_block(state, blocks);
    }
}

static void take_blocks(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    if (device_sha256_can_fast()) {
        device_sha256_fast(state, blocks, count);
    } else {
        device_sha256_plain(state, blocks, count);
    }
}

void device_sha256_begin(struct device_sha256 *digest)
{
    memcpy(digest->state, beginning, sizeof beginning);
    digest->length = 0;
}

void device_sha256_take(struct device_sha256 *digest, const void *data, size_t size)
{
    const uint8_t *at = data;
    size_t held = (size_t)(digest->length % 64);
    digest->length += size;
    if (held > 0) {
        size_t part = size < 64 - held ? size : 64 - held;
        memcpy(digest->block + held, at, part);
        at += part;
        size -= part;
        if (held + part == 64) {
            take_blocks(digest->state, digest->block, 1);
        }
    }
    take_blocks(digest->state, at, size / 64);
    if (size % 64 > 0) {
        memcpy(digest->block, at + size / 64 * 64, size % 64);
    }
}

void device_sha256_end(struct device_sha256 *digest, char text[65])
{
    uint8_t tail[72] = {0x80};
    uint64_t bits = digest->length * 8;
    size_t held = (size_t)(digest->length % 64);
    size_t fill = (held < 56 ? 56 : 120) - held;
    for (unsigned i = 0; i < 8; i++) {
        tail[fill + i] = (uint8_t)(bits >> (56 - 8 * i));
    }
    device_sha256_take(digest, tail, fill + 8);
    for (size_t i = 0; i < 8; i++) {
        snprintf(text + 8 * i, 9, "%08x", (unsigned)digest->state[i]);
    }
}
