/* SPDX-License-Identifier: MIT
 *
 * The forms of the device id (R58), of ids of every length and content.
 */
#include "talker.h"

#include <stdlib.h>
#include <string.h>

static uint8_t answer[70000];

static void tell(const char *id, size_t length)
{
    talker.id = id;
    talker.id_length = (uint32_t)length;
}

static void expect_prefixed(uint32_t code, const char *id, uint32_t length)
{
    uint32_t count;
    talker_ask(code, NULL, 0, answer, sizeof(answer), 0, &count);
    assert_int_equal(count, length + 3);
    assert_int_equal(answer[0] << 8 | answer[1], length + 2);
    assert_memory_equal(answer + 2, id, length);
    assert_int_equal(answer[length + 2], 0);
    talker_ask(code, NULL, 0, answer, length + 3, 0, &count);
    talker_ask(code, NULL, 0, NULL, length + 2, 122, &count);
    assert_int_equal(count, length + 3);
}

static void expect_forms(const char *id)
{
    uint32_t length = (uint32_t)strlen(id), count, size;
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, answer, sizeof(answer), 0, &count);
    assert_int_equal(count, length + 1);
    assert_memory_equal(answer, id, length + 1);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, answer, length + 1, 0, &count);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, NULL, length, 122, &count);
    assert_int_equal(count, length + 1);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, NULL, 0, 122, &count);
    assert_int_equal(count, length + 1);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID_SIZE, NULL, 0, &size, 4, 0, &count);
    assert_int_equal(size, length + 1);
    assert_int_equal(count, 4);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID_SIZE, NULL, 0, NULL, 3, 122, &count);
    expect_prefixed(IOCTL_PAR_QUERY_RAW_DEVICE_ID, id, length);
    expect_prefixed(IOCTL_USBPRINT_GET_1284_ID, id, length);
}

static void forms(void **state)
{
    static const struct {
        const char *raw;
        size_t length;
        const char *id;
    } ids[] = {
        {"MFG:Acme;MDL:Jet;", 17, "MFG:Acme;MDL:Jet;"},
        {"MFG:Acme;MDL:Jet;\0", 18, "MFG:Acme;MDL:Jet;"},
        {"MFG:Acme;\0MDL:Jet;", 18, "MFG:Acme;"},
        {"MFG:A\x1b[2J;\r\n", 12, "MFG:A?[2J;"},
        {"MFG:\xc3\x84;", 7, "MFG:??;"},
        {"x", 1, "x"},
        {"\0", 1, ""},
        {"", 0, ""},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
        tell(ids[i].raw, ids[i].length);
        expect_forms(ids[i].id);
    }
}

static void long_ids(void **state)
{
    static const size_t lengths[] = {253, 254, 255, 256, 257, 1023, 1024, 1025, 4094, 65532, 65533};
    char *id = malloc(70000);
    uint32_t count;
    (void)state;
    assert_non_null(id);
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        memset(id, 'M', 70000);
        id[lengths[i]] = '\0';
        tell(id, lengths[i]);
        expect_forms(id);
    }
    memset(id, 'M', 70000); /* what its own length could not say */
    tell(id, 65534);
    talker_ask(IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, NULL, 69000, 122, &count);
    free(id);
}

static void without_one(void **state)
{
    static const uint32_t codes[] = {IOCTL_PAR_QUERY_DEVICE_ID, IOCTL_PAR_QUERY_DEVICE_ID_SIZE,
                                     IOCTL_PAR_QUERY_RAW_DEVICE_ID, IOCTL_USBPRINT_GET_1284_ID};
    uint32_t count;
    (void)state;
    for (int k = 0; k < 2; k++)
        for (size_t i = 0; i < 4; i++) {
            talker.error = k ? 1167 : 0;
            talker_ask(codes[i], NULL, 0, NULL, 1024, k ? 1167 : 87, &count);
            assert_int_equal(count, 0);
        }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talker_open, talker_close)
    const struct CMUnitTest tests[] = {TEST(forms), TEST(long_ids), TEST(without_one)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
