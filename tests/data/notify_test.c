/* SPDX-License-Identifier: MIT
 *
 * NotifyUsedPorts, NotifyUnusedPorts and PowerEvent: taken note of.
 */
#include "talker.h"

#include <string.h>

static void ports(void **state)
{
    PCWSTR names[] = {u"LPT7:", NULL, u"evil\x1b[2J\n%n%s"};
    char odd[sizeof(names) + 1];
    (void)state;
    assert_int_equal(table->pfnNotifyUsedPorts(monitor, 3, names), 0);
    assert_non_null(strstr(fake.log, "LPT7:: a queue uses it"));
    assert_null(strchr(fake.log, '\x1b'));
    assert_int_equal(table->pfnNotifyUnusedPorts(monitor, 1, names), 0);
    assert_non_null(strstr(fake.log, "LPT7:: no queue uses it any more"));
    assert_int_equal(table->pfnNotifyUsedPorts(monitor, 0, NULL), 0);
    assert_int_equal(table->pfnNotifyUsedPorts(monitor, 1, NULL), 87);
    assert_int_equal(table->pfnNotifyUnusedPorts(port, 1, names), 6);
    assert_int_equal(table->pfnNotifyUsedPorts(NULL, 1, names), 6);
    memcpy(odd + 1, names, sizeof(names)); /* an array at an odd address */
    assert_int_equal(table->pfnNotifyUsedPorts(monitor, 3, (PCWSTR *)(void *)(odd + 1)), 0);
}

static void very_many(void **state)
{
    static PCWSTR names[100000];
    (void)state;
    for (size_t i = 0; i < 100000; i++)
        names[i] = u"p";
    assert_int_equal(table->pfnNotifyUsedPorts(monitor, 100000, names), 0);
}

static void power(void **state)
{
    static const uint32_t events[] = {0, 4, 7, 10, 18, 0x8013, 0xFFFFFFFF};
    (void)state;
    for (size_t i = 0; i < sizeof(events) / sizeof(events[0]); i++)
        assert_int_equal(table->pfnPowerEvent(monitor, events[i], NULL), 0);
    assert_non_null(strstr(fake.log, "the machine goes to sleep"));
    assert_non_null(strstr(fake.log, "power: event 4294967295"));
    assert_int_equal(table->pfnPowerEvent(port, 4, NULL), 6);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, talker_open, talker_close)
    const struct CMUnitTest tests[] = {TEST(ports), TEST(power), TEST(very_many)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
