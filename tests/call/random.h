/* SPDX-License-Identifier: MIT
 *
 * Chance that can be had again: the seed of a run is printed when something fails, and
 * PLATEN_TEST_SEED takes it back.
 */
#ifndef TESTS_CALL_RANDOM_H
#define TESTS_CALL_RANDOM_H

#include <stdint.h>
#include <stdlib.h>

static inline uint64_t test_seed(void)
{
    const char *given = getenv("PLATEN_TEST_SEED");
    return given != NULL ? strtoull(given, NULL, 0) : 20260131;
}

/* Under valgrind fewer. */
static inline unsigned test_rounds(unsigned rounds)
{
    return getenv("PLATEN_SLOW") != NULL ? rounds / 20 : rounds;
}

static inline uint32_t test_random(uint64_t *state)
{
    *state += 0x9e3779b97f4a7c15u;
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return (uint32_t)(z >> 32);
}

#endif
