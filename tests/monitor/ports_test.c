/* SPDX-License-Identifier: MIT
 *
 * The port list and the layout of EnumPorts' answer.
 */
#include "fake.h"
#include "fake_device.h"
#include "ports.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct kinds kinds;
static struct ports ports;

static int set_up(void **state)
{
    const struct platen_backend *const backends[] = {&device_backend, NULL};
    (void)state;
    ports_init(&ports);
    return (int)kinds_create(&kinds, backends);
}

static int tear_down(void **state)
{
    (void)state;
    ports_destroy(&ports);
    kinds_destroy(&kinds);
    return 0;
}

static struct port_entry *reserve(const char16_t *name)
{
    struct port_facts facts = {.name = name, .kind = &kinds.table[0]};
    struct port_entry *entry;
    assert_int_equal(ports_reserve(&ports, &facts, &entry), 0);
    return entry;
}

static void add(const char16_t *name)
{
    ports_commit(&ports, reserve(name));
}

static void names_are_unique_without_case(void **state)
{
    struct port_facts facts = {.name = u"tÄ:", .kind = &kinds.table[0]};
    struct port_entry *entry;
    (void)state;
    add(u"Tä:");
    assert_int_equal(ports_reserve(&ports, &facts, &entry), PLATEN_ALREADY_EXISTS);
    assert_null(entry);
    assert_true(ports_has(&ports, u"TÄ:"));
    assert_false(ports_has(&ports, u"TÄ"));
    assert_false(ports_has(&ports, u""));
}

static void an_arriving_port_is_not_seen(void **state)
{
    struct port_facts facts = {.name = u"t1", .kind = &kinds.table[0]};
    struct port_entry *entry = reserve(u"T1");
    struct port_entry *other;
    uint32_t needed, returned;
    PORT_INFO_1W info[4];
    (void)state;
    assert_false(ports_has(&ports, u"T1"));
    assert_int_equal(ports_take(&ports, u"T1", &other), PLATEN_UNKNOWN_PORT);
    assert_int_equal(ports_leave(&ports, u"T1", &other), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(ports_reserve(&ports, &facts, &other), PLATEN_ALREADY_EXISTS);
    assert_int_equal(ports_pack(&ports, 1, NULL, 0, &needed, &returned), 0);
    assert_int_equal(needed, 0);
    add(u"T2");
    assert_int_equal(ports_pack(&ports, 1, info, sizeof(info), &needed, &returned), 0);
    assert_int_equal(returned, 1);
    assert_int_equal(needed, sizeof(PORT_INFO_1W) + 6);
    assert_true(platen_text_equal_folded(info->pName, u"T2"));
    ports_drop(&ports, entry);
    add(u"t1");
    assert_true(ports_has(&ports, u"T1"));
}

static void a_port_leaves_only_when_it_may(void **state)
{
    struct port_entry *open, *entry, *other;
    uint32_t needed, returned;
    (void)state;
    add(u"T1");
    assert_int_equal(ports_take(&ports, u"t1", &open), 0);
    assert_int_equal(ports_leave(&ports, u"T1", &entry), PLATEN_BUSY);
    ports_give(&ports, open);
    assert_int_equal(ports_leave(&ports, u"T1", &entry), 0);
    assert_int_equal(ports_leave(&ports, u"T1", &other), PLATEN_BUSY);
    assert_int_equal(ports_take(&ports, u"T1", &other), PLATEN_BUSY);
    assert_true(ports_has(&ports, u"T1"));
    ports_restore(&ports, entry);
    assert_int_equal(ports_take(&ports, u"T1", &open), 0);
    ports_give(&ports, open);
    assert_int_equal(ports_leave(&ports, u"T1", &entry), 0);
    ports_drop(&ports, entry);
    assert_int_equal(ports_leave(&ports, u"T1", &entry), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(ports_pack(&ports, 2, NULL, 0, &needed, &returned), 0);
    assert_int_equal(needed, 0);
}

/* ---- packing ------------------------------------------------------------------------------- */

static void fill(void)
{
    add(u"T1");
    add(u"T-a longer one");
    add(u"T\xD800\x2028");
}

static uint32_t size_of(uint32_t level)
{
    uint32_t needed, returned;
    assert_int_equal(ports_pack(&ports, level, NULL, 0, &needed, &returned),
                     PLATEN_INSUFFICIENT_BUFFER);
    assert_int_equal(returned, 0);
    return needed;
}

static LPWSTR pointer_at(const char *at)
{
    LPWSTR text;
    memcpy(&text, at, sizeof(text));
    return text;
}

/* The texts of one level, where they lie and what they say. */
static void check_texts(const char *buffer, uint32_t size, uint32_t level)
{
    static const char16_t *const names[] = {u"T1", u"T-a longer one", u"T\xD800\x2028"};
    size_t step = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    uintptr_t end = 0;
    for (size_t i = 0; i < 3; i++) {
        for (size_t member = 0; member < (level == 1 ? 1u : 3u); member++) {
            LPWSTR text = pointer_at(buffer + i * step + member * sizeof(LPWSTR));
            uintptr_t bytes = (platen_text_length16(text, 100) + 1) * sizeof(WCHAR);
            assert_true((uintptr_t)text >= (uintptr_t)buffer + 3 * step);
            assert_true((uintptr_t)text + bytes <= (uintptr_t)buffer + size);
            end = (uintptr_t)text + bytes > end ? (uintptr_t)text + bytes : end;
        }
        assert_true(platen_text_equal_folded(pointer_at(buffer + i * step), names[i]));
    }
    assert_int_equal(end, ((uintptr_t)buffer + size) & ~(uintptr_t)1); /* R15 */
}

static void every_size(uint32_t level)
{
    uint32_t needed = size_of(level);
    for (uint32_t size = 0; size <= needed + 70; size++) {
        uint32_t again, returned;
        char *buffer = malloc(size + 8);
        memset(buffer, 0xA5, size + 8);
        uint32_t error = ports_pack(&ports, level, buffer, size, &again, &returned);
        assert_int_equal(again, needed);
        assert_int_equal(error, size < needed ? PLATEN_INSUFFICIENT_BUFFER : 0);
        assert_int_equal(returned, error ? 0 : 3);
        for (uint32_t i = error ? 0 : size; i < size + 8; i++)
            assert_int_equal((uint8_t)buffer[i], 0xA5); /* R12 */
        if (!error)
            check_texts(buffer, size, level);
        free(buffer);
    }
}

static void every_buffer_size(void **state)
{
    (void)state;
    fill();
    every_size(1);
    every_size(2);
    assert_int_equal(ports_size(&ports), size_of(1));
}

static void at_an_odd_address(void **state)
{
    uint32_t needed, returned;
    char buffer[400];
    (void)state;
    fill();
    assert_int_equal(ports_pack(&ports, 1, buffer + 1, size_of(1), &needed, &returned), 0);
    assert_int_equal(ports_pack(&ports, 2, buffer + 1, 399, &needed, &returned), 0);
    check_texts(buffer + 1, 399, 2);
}

static void level_2(void **state)
{
    PORT_INFO_2W info[16];
    uint32_t needed, returned;
    (void)state;
    add(u"T1");
    assert_int_equal(ports_pack(&ports, 2, info, sizeof(info), &needed, &returned), 0);
    assert_true(platen_text_equal_folded(info->pMonitorName, u"Platen Port Monitor"));
    assert_true(platen_text_equal_folded(info->pDescription, u"does as it is told"));
    assert_int_equal(info->fPortType, PORT_TYPE_WRITE | PORT_TYPE_READ);
    assert_int_equal(info->Reserved, 0);
}

static void levels_and_nothing(void **state)
{
    const uint32_t levels[] = {0, 3, 4, 0xFFFFFFFF};
    uint32_t needed, returned;
    char buffer[8];
    (void)state;
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(ports_pack(&ports, levels[i], buffer, 8, &needed, &returned), 124);
        assert_int_equal(ports_pack(&ports, levels[i], NULL, 0, &needed, &returned), 124);
    }
    for (uint32_t level = 1; level <= 2; level++) { /* R19 */
        assert_int_equal(ports_pack(&ports, level, NULL, 0, &needed, &returned), 0);
        assert_int_equal(ports_pack(&ports, level, buffer, 8, &needed, &returned), 0);
        assert_int_equal(needed + returned, 0);
    }
    add(u"T1");
    assert_int_equal(ports_pack(&ports, 1, NULL, 100, &needed, &returned), 87);
}

/* Adding, finding and deleting take a time that does not depend on how many there are: with a
 * search through all of them this would not end. */
static void a_hundred_thousand(void **state)
{
    enum { COUNT = 100000 };
    char text[16];
    char16_t name[16];
    struct port_entry *entry;
    (void)state;
    for (int i = 0; i < COUNT; i++) {
        snprintf(text, sizeof(text), "T%d", i);
        platen_text_to16(text, SIZE_MAX, name, 16);
        add(name);
    }
    assert_int_equal(ports.count, COUNT);
    assert_true(ports_has(&ports, u"t99999"));
    for (int i = 0; i < COUNT; i += 2) {
        snprintf(text, sizeof(text), "t%d", i);
        platen_text_to16(text, SIZE_MAX, name, 16);
        assert_int_equal(ports_leave(&ports, name, &entry), 0);
        ports_drop(&ports, entry);
    }
    assert_int_equal(ports.count, COUNT / 2);
    assert_false(ports_has(&ports, u"T0"));
    assert_true(ports_has(&ports, u"T1"));
}

static uint32_t count_listed(const MONITOR2 *table, HANDLE monitor)
{
    uint64_t buffer[256];
    DWORD needed, returned;
    assert_true(
        table->pfnEnumPorts(monitor, NULL, 1, (LPBYTE)buffer, sizeof buffer, &needed, &returned));
    return returned;
}

/* A device that is plugged in is a port; unplugged, it stays one. Others are asked once. */
static void what_is_plugged_in_is_listed(void **state)
{
    static const unsigned capabilities[] = {PLATEN_PLUGGED, 0};
    (void)state;
    for (int i = 0; i < 2; i++) {
        struct platen_backend backend = device_backend;
        const struct platen_backend *const backends[] = {&backend, NULL};
        struct platen_monitor_options options;
        HANDLE monitor;
        backend.capabilities = capabilities[i];
        fake_reset();
        device_reset();
        options = fake_options();
        options.backends = backends;
        const MONITOR2 *table = fake_monitor(&monitor, &options);
        assert_int_equal(count_listed(table, monitor), 1);
        device.plugged = "T7:";
        assert_int_equal(count_listed(table, monitor), i ? 1 : 2);
        device.plugged = NULL;
        assert_int_equal(count_listed(table, monitor), i ? 1 : 2);
        table->pfnShutdown(monitor);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(names_are_unique_without_case),
        TEST(an_arriving_port_is_not_seen),
        TEST(a_port_leaves_only_when_it_may),
        TEST(every_buffer_size),
        TEST(at_an_odd_address),
        TEST(level_2),
        TEST(levels_and_nothing),
        TEST(a_hundred_thousand),
        TEST(what_is_plugged_in_is_listed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
