/* SPDX-License-Identifier: MIT
 *
 * Numbers that look random and are the same in every run (xorshift).
 */
#ifndef TESTS_REGISTRY_RANDOM_H
#define TESTS_REGISTRY_RANDOM_H

#include <stdint.h>

struct dice {
    uint64_t state; /* not 0 */
};

static inline uint32_t roll(struct dice *dice, uint32_t sides)
{
    dice->state ^= dice->state << 13;
    dice->state ^= dice->state >> 7;
    dice->state ^= dice->state << 17;
    return (uint32_t)((dice->state >> 16) % sides);
}

#endif
