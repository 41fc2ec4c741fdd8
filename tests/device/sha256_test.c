/* SPDX-License-Identifier: MIT
 *
 * SHA-256: the examples of FIPS 180-4, bytes that come in any pieces, and that the two ways through
 * a block lead to the same place.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "device/sha256.h"
#include "device/sha256_blocks.h"

static const char *sum_of(const void *data, size_t size, size_t piece)
{
    static char text[65];
    struct device_sha256 digest;
    device_sha256_begin(&digest);
    for (size_t at = 0; at < size; at += piece) {
        device_sha256_take(&digest, (const char *)data + at, piece < size - at ? piece : size - at);
    }
    device_sha256_end(&digest, text);
    return text;
}

static void known_sums(void **state)
{
    static const char two_blocks[] = "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq";
    char *million = malloc(1000000);
    (void)state;
    assert_non_null(million);
    memset(million, 'a', 1000000);
    assert_string_equal(sum_of("", 0, 1),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    assert_string_equal(sum_of("abc", 3, 3),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    for (size_t piece = 1; piece <= 56; piece++) {
        assert_string_equal(sum_of(two_blocks, 56, piece),
                            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    }
    for (size_t piece = 1; piece < 1000000; piece = piece * 7 + 1) {
        assert_string_equal(sum_of(million, 1000000, piece),
                            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
    }
    free(million);
}

static void both_ways_are_one(void **state)
{
    uint8_t blocks[64 * 7 + 1];
    uint32_t seed = 1;
    (void)state;
    for (unsigned turn = 0; turn < 200 && device_sha256_can_fast(); turn++) {
        uint32_t a[8];
        uint32_t b[8];
        for (size_t i = 0; i < sizeof blocks; i++) {
            seed = seed * 1664525u + 1013904223u;
            blocks[i] = (uint8_t)(seed >> 24);
        }
        memcpy(a, blocks, sizeof a);
        memcpy(b, blocks, sizeof b);
        device_sha256_plain(a, blocks + turn % 2, turn % 8);
        device_sha256_fast(b, blocks + turn % 2, turn % 8);
        assert_memory_equal(a, b, sizeof a);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_sums),
        cmocka_unit_test(both_ways_are_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
