/* SPDX-License-Identifier: MIT
 *
 * SHA-256 with the instructions that x86 processors have for it. They keep the state in two
 * registers, as the words ABEF and CDGH, and make four words of the schedule, or two rounds, at a
 * time.
 */
#include "device/sha256_blocks.h"

#if (defined(__x86_64__) || defined(__i386__)) && defined(__GNUC__)

#    include <cpuid.h>
#    include <immintrin.h>
#    include <stdatomic.h>

static bool ask_processor(void)
{
    unsigned a, b, c, d;
    bool sse41 = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_1) != 0;
    return sse41 && __get_cpuid_count(7, 0, &a, &b, &c, &d) && (b & 1u << 29) != 0;
}

/* Asking takes long in a virtual machine. */
bool device_sha256_can_fast(void)
{
    static atomic_int known; /* 0: not asked yet, 1 no, 2 yes */
    int answer = atomic_load_explicit(&known, memory_order_relaxed);
    if (answer == 0) {
        answer = ask_processor() ? 2 : 1;
        atomic_store_explicit(&known, answer, memory_order_relaxed);
    }
    return answer == 2;
}

#    define FAST __attribute__((target("sha,sse4.1,ssse3")))

/* The next four words of the schedule, from the sixteen before them. */
FAST static inline __m128i next_words(__m128i a, __m128i b, __m128i c, __m128i d)
{
    __m128i sum = _mm_add_epi32(_mm_sha256msg1_epu32(a, b), _mm_alignr_epi8(d, c, 4));
    return _mm_sha256msg2_epu32(sum, d);
}

FAST static inline void four_rounds(__m128i *abef, __m128i *cdgh, __m128i words, unsigned round)
{
    const __m128i *constants = (const __m128i *)(const void *)(device_sha256_rounds + round);
    __m128i sum = _mm_add_epi32(words, _mm_loadu_si128(constants));
    *cdgh = _mm_sha256rnds2_epu32(*cdgh, *abef, sum);
    *abef = _mm_sha256rnds2_epu32(*abef, *cdgh, _mm_shuffle_epi32(sum, 0x0e));
}

FAST static inline void take_block(__m128i *abef, __m128i *cdgh, const uint8_t *block)
{
    const __m128i swap = _mm_set_epi64x(0x0c0d0e0f08090a0b, 0x0405060700010203);
    const __m128i *at = (const __m128i *)(const void *)block;
    __m128i a = _mm_shuffle_epi8(_mm_loadu_si128(at), swap);
    __m128i b = _mm_shuffle_epi8(_mm_loadu_si128(at + 1), swap);
    __m128i c = _mm_shuffle_epi8(_mm_loadu_si128(at + 2), swap);
    __m128i d = _mm_shuffle_epi8(_mm_loadu_si128(at + 3), swap);
    for (unsigned round = 0;; round += 16) {
        four_rounds(abef, cdgh, a, round);
        four_rounds(abef, cdgh, b, round + 4);
        four_rounds(abef, cdgh, c, round + 8);
        four_rounds(abef, cdgh, d, round + 12);
        if (round == 48) {
            return;
        }
        a = next_words(a, b, c, d);
        b = next_words(b, c, d, a);
        c = next_words(c, d, a, b);
        d = next_words(d, a, b, c);
    }
}

FAST void device_sha256_fast(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    __m128i abef = _mm_set_epi32((int)state[0], (int)state[1], (int)state[4], (int)state[5]);
    __m128i cdgh = _mm_set_epi32((int)state[2], (int)state[3], (int)state[6], (int)state[7]);
    for (; count > 0; count--, blocks += 64) {
        __m128i abef_before = abef;
        __m128i cdgh_before = cdgh;
        take_block(&abef, &cdgh, blocks);
        abef = _mm_add_epi32(abef, abef_before);
        cdgh = _mm_add_epi32(cdgh, cdgh_before);
    }
    uint32_t words[8];
    _mm_storeu_si128((__m128i *)(void *)words, abef);
    _mm_storeu_si128((__m128i *)(void *)(words + 4), cdgh);
    static const uint8_t places[8] = {5, 4, 1, 0, 7, 6, 3, 2};
    for (unsigned i = 0; i < 8; i++) {
        state[places[i]] = words[i];
    }
}

#else

bool device_sha256_can_fast(void)
{
    return false;
}

void device_sha256_fast(uint32_t state[8], const uint8_t *blocks, size_t count)
{
    device_sha256_plain(state, blocks, count);
}

#endif
