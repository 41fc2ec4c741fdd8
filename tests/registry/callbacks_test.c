/* SPDX-License-Identifier: MIT
 *
 * The ten functions of MONITORREG (contract 1.5, R85, R6): what a monitor may leave out, and what
 * it is told.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "os/text.h"
#include "viewed.h"

static void the_table_is_whole(void **state)
{
    (void)state;
    assert_int_equal(reg->cbSize, sizeof(MONITORREG));
    const char *bytes = (const char *)reg;
    for (size_t at = offsetof(MONITORREG, fpCreateKey); at < sizeof *reg; at += sizeof(void *)) {
        void *function;
        memcpy(&function, bytes + at, sizeof function);
        assert_non_null(function);
    }
}

static void creating_and_opening(void **state)
{
    (void)state;
    DWORD disposition = 77;
    HANDLE key = NULL, again = NULL, missing = root;
    assert_int_equal(reg->fpCreateKey(root, W("Ports\\a"), REG_OPTION_NON_VOLATILE, KEY_WRITE, NULL,
                                      &key, &disposition, spooler),
                     0);
    assert_int_equal(disposition, REG_CREATED_NEW_KEY);
    assert_int_equal(
        reg->fpCreateKey(root, W("PORTS\\A"), 0, KEY_READ, NULL, &again, &disposition, spooler), 0);
    assert_int_equal(disposition, REG_OPENED_EXISTING_KEY);
    assert_ptr_not_equal(key, again);
    assert_int_equal(platen_registry_view_open_keys(view), 2);
    assert_int_equal(close_key(key), 0);
    assert_int_equal(close_key(again), 0);
    assert_int_equal(reg->fpOpenKey(root, W("ports"), KEY_READ, &key, spooler), 0);
    assert_int_equal(reg->fpOpenKey(root, W("none"), KEY_READ, &missing, spooler), 2);
    assert_null(missing);
    assert_int_equal(reg->fpOpenKey(key, W("a"), KEY_READ, &again, spooler), 0);
    assert_int_equal(close_key(key), 0);
    assert_int_equal(close_key(again), 0);
    assert_int_equal(platen_registry_view_open_keys(view), 0);
    assert_int_equal(platen_registry_view_misuses(view), 0);
}

static void no_name_is_the_key_itself(void **state)
{
    (void)state;
    HANDLE key = NULL;
    uint32_t size = 0;
    assert_int_equal(reg->fpOpenKey(root, NULL, KEY_ALL_ACCESS, &key, spooler), 0);
    assert_int_equal(put(key, NULL, "x"), 0);
    assert_int_equal(close_key(key), 0);
    assert_int_equal(reg->fpCreateKey(root, W(""), 0, 0, NULL, &key, NULL, spooler), 0);
    assert_int_equal(put(key, W(""), "xyz"), 0);
    assert_int_equal(close_key(key), 0);
    assert_int_equal(platen_registry_get(registry, ROOT, "", NULL, NULL, &size), 0);
    assert_int_equal(size, 3);
    assert_int_equal(reg->fpDeleteKey(root, NULL, spooler), PLATEN_ACCESS_DENIED);
    assert_int_equal(reg->fpDeleteValue(root, NULL, spooler), 0);
    assert_int_equal(reg->fpDeleteValue(root, NULL, spooler), 2);
}

static void needed_outputs(void **state)
{
    (void)state;
    WCHAR name[8];
    DWORD count = 8, size = 0;
    BYTE data[4];
    assert_int_equal(put(root, W("v"), "1"), 0);
    assert_int_equal(reg->fpCreateKey(root, W("a"), 0, 0, NULL, NULL, NULL, spooler), 87);
    assert_int_equal(reg->fpOpenKey(root, W("a"), 0, NULL, spooler), 87);
    assert_int_equal(reg->fpEnumKey(root, 0, NULL, &count, NULL, spooler), 87);
    assert_int_equal(reg->fpEnumKey(root, 0, name, NULL, NULL, spooler), 87);
    assert_int_equal(reg->fpEnumValue(root, 0, NULL, &count, NULL, NULL, NULL, spooler), 87);
    assert_int_equal(reg->fpEnumValue(root, 0, name, NULL, NULL, NULL, NULL, spooler), 87);
    assert_int_equal(reg->fpEnumValue(root, 0, name, &count, NULL, data, NULL, spooler), 87);
    assert_int_equal(reg->fpQueryValue(root, W("v"), NULL, data, NULL, spooler), 87);
    assert_int_equal(reg->fpSetValue(root, W("v"), REG_SZ, NULL, 2, spooler), 87);
    assert_int_equal(reg->fpQueryValue(root, W("v"), NULL, NULL, &size, spooler), 0);
    assert_int_equal(size, 1);
}

/* Every output that the contract calls optional, left out alone and all at once. */
static void optional_outputs(void **state)
{
    (void)state;
    WCHAR name[8];
    DWORD out[6], count = 8;
    FILETIME time;
    (void)close_key(create(root, W("sub")));
    assert_int_equal(put(root, W("v"), "data"), 0);
    for (unsigned given = 0; given < 128; given++) {
        memset(out, 0xee, sizeof out);
        assert_int_equal(
            reg->fpQueryInfoKey(root, given & 1 ? &out[0] : NULL, given & 2 ? &out[1] : NULL,
                                given & 4 ? &out[2] : NULL, given & 8 ? &out[3] : NULL,
                                given & 16 ? &out[4] : NULL, given & 32 ? &out[5] : NULL,
                                given & 64 ? &time : NULL, spooler),
            0);
        static const DWORD expected[6] = {1, 3, 1, 1, 4, 0};
        for (unsigned i = 0; i < 6; i++) {
            assert_int_equal(out[i], given >> i & 1 ? expected[i] : 0xeeeeeeee);
        }
    }
    assert_int_equal(reg->fpEnumKey(root, 0, name, &count, NULL, spooler), 0);
    assert_int_equal(count, 3);
    count = 8;
    assert_int_equal(reg->fpEnumValue(root, 0, name, &count, NULL, NULL, NULL, spooler), 0);
    assert_int_equal(count, 1);
    assert_int_equal(reg->fpQueryValue(root, W("v"), NULL, NULL, NULL, spooler), 0);
    assert_int_equal(reg->fpQueryValue(root, W("none"), NULL, NULL, NULL, spooler), 2);
}

/* Times move when something is changed, and look like this century. */
static void times(void **state)
{
    (void)state;
    FILETIME info = {0, 0}, enumerated = {0, 0};
    WCHAR name[8];
    DWORD count = 8;
    HANDLE key = create(root, W("sub"));
    assert_int_equal(reg->fpEnumKey(root, 0, name, &count, &enumerated, spooler), 0);
    assert_int_equal(reg->fpQueryInfoKey(key, NULL, NULL, NULL, NULL, NULL, NULL, &info, spooler),
                     0);
    assert_int_equal(info.dwLowDateTime, enumerated.dwLowDateTime);
    assert_int_equal(info.dwHighDateTime, enumerated.dwHighDateTime);
    assert_true(info.dwHighDateTime > 0x01d00000); /* 2014 */
    assert_true(info.dwHighDateTime < 0x02400000); /* 2115 */
    assert_int_equal(close_key(key), 0);
}

/* Names are counted in characters, with the NUL going in and without it coming out (D16). */
static void name_counts(void **state)
{
    (void)state;
    WCHAR name[8];
    DWORD count, size;
    (void)close_key(create(root, W("abc")));
    assert_int_equal(put(root, W("wxyz"), "1"), 0);
    memset(name, 0xee, sizeof name);
    for (count = 0; count < 4; count++) {
        DWORD room = count;
        assert_int_equal(reg->fpEnumKey(root, 0, name, &room, NULL, spooler), 234);
        assert_int_equal(name[0], 0xeeee);
    }
    assert_int_equal(reg->fpEnumKey(root, 0, name, &count, NULL, spooler), 0);
    assert_int_equal(count, 3);
    assert_memory_equal(name, u"abc", 8);
    assert_int_equal(name[4], 0xeeee);
    count = 4;
    size = 0;
    assert_int_equal(reg->fpEnumValue(root, 0, name, &count, NULL, NULL, &size, spooler), 234);
    assert_int_equal(size, 1);
    count = 5;
    assert_int_equal(reg->fpEnumValue(root, 0, name, &count, NULL, NULL, NULL, spooler), 0);
    assert_int_equal(count, 4);
    assert_memory_equal(name, u"wxyz", 10);
    assert_int_equal(name[5], 0xeeee);
}

static void data_counts(void **state)
{
    (void)state;
    WCHAR name[8];
    DWORD type = 0, size, count = 8;
    BYTE data[5];
    assert_int_equal(put(root, W("v"), "1234"), 0);
    for (size = 0; size < 4; size++) {
        DWORD room = size;
        memset(data, 0xee, sizeof data);
        assert_int_equal(reg->fpQueryValue(root, W("v"), &type, data, &room, spooler), 234);
        assert_int_equal(room, 4);
        assert_int_equal(type, REG_BINARY);
        assert_int_equal(data[0], 0xee);
        room = size;
        count = 8;
        assert_int_equal(reg->fpEnumValue(root, 0, name, &count, &type, data, &room, spooler), 234);
        assert_int_equal(room, 4);
        assert_int_equal(data[0], 0xee);
    }
    assert_int_equal(reg->fpQueryValue(root, W("v"), &type, data, &size, spooler), 0);
    assert_memory_equal(data, "1234\xee", 5);
    memset(data, 0xee, sizeof data);
    size = 5;
    count = 8;
    assert_int_equal(reg->fpEnumValue(root, 0, name, &count, &type, data, &size, spooler), 0);
    assert_int_equal(size, 4);
    assert_memory_equal(data, "1234\xee", 5);
}

static void empty_data(void **state)
{
    (void)state;
    DWORD type = 0, size = 0;
    BYTE data[1] = {0xee};
    assert_int_equal(reg->fpSetValue(root, W("v"), REG_NONE, NULL, 0, spooler), 0);
    assert_int_equal(reg->fpQueryValue(root, W("v"), &type, data, &size, spooler), 0);
    assert_int_equal(type, REG_NONE);
    assert_int_equal(size, 0);
    assert_int_equal(data[0], 0xee);
}

static void enumerations_end(void **state)
{
    (void)state;
    static const char16_t *const names[] = {u"c", u"a", u"b"};
    WCHAR name[8];
    DWORD count, i;
    for (i = 0; i < 3; i++) {
        (void)close_key(create(root, (LPCWSTR)(const void *)names[i]));
        assert_int_equal(put(root, (LPCWSTR)(const void *)names[i], "1"), 0);
    }
    for (i = 0; i < 3; i++) {
        count = 8;
        assert_int_equal(reg->fpEnumKey(root, i, name, &count, NULL, spooler), 0);
        assert_int_equal(name[0], names[i][0]);
        count = 8;
        assert_int_equal(reg->fpEnumValue(root, i, name, &count, NULL, NULL, NULL, spooler), 0);
        assert_int_equal(name[0], names[i][0]);
    }
    for (i = 3; i != 1; i = i == 3 ? MAXDWORD : 1) {
        assert_int_equal(reg->fpEnumKey(root, i, name, &count, NULL, spooler), 259);
        assert_int_equal(reg->fpEnumValue(root, i, name, &count, NULL, NULL, NULL, spooler), 259);
    }
}

static void access_is_kept_to(void **state)
{
    (void)state;
    WCHAR name[8];
    DWORD count = 8;
    HANDLE reader = NULL, writer = NULL, made = NULL;
    (void)close_key(create(root, W("sub")));
    assert_int_equal(reg->fpOpenKey(root, W("sub"), GENERIC_READ, &reader, spooler), 0);
    assert_int_equal(reg->fpOpenKey(root, W("sub"), GENERIC_WRITE, &writer, spooler), 0);
    assert_int_equal(put(reader, W("v"), "1"), 5);
    assert_int_equal(reg->fpDeleteValue(reader, W("v"), spooler), 5);
    assert_int_equal(reg->fpCreateKey(reader, W("x"), 0, 0, NULL, &made, NULL, spooler), 5);
    assert_null(made);
    assert_int_equal(put(writer, W("v"), "1"), 0);
    assert_int_equal(reg->fpQueryValue(writer, W("v"), NULL, NULL, NULL, spooler), 5);
    assert_int_equal(reg->fpEnumValue(writer, 0, name, &count, NULL, NULL, NULL, spooler), 5);
    assert_int_equal(reg->fpEnumKey(writer, 0, name, &count, NULL, spooler), 5);
    assert_int_equal(reg->fpQueryInfoKey(writer, NULL, NULL, NULL, NULL, NULL, NULL, NULL, spooler),
                     5);
    assert_int_equal(reg->fpQueryValue(reader, W("v"), NULL, NULL, NULL, spooler), 0);
    assert_int_equal(close_key(reader), 0);
    assert_int_equal(close_key(writer), 0);
    assert_int_equal(platen_registry_view_misuses(view), 0);
}

static void deleted_keys(void **state)
{
    (void)state;
    HANDLE parent = create(root, W("p")), key = create(parent, W("k")), other = NULL;
    DWORD size = 0;
    assert_int_equal(reg->fpDeleteKey(root, W("p"), spooler), 5); /* it has a subkey */
    assert_int_equal(reg->fpDeleteKey(root, W("none"), spooler), 2);
    assert_int_equal(reg->fpDeleteKey(root, W("p\\k"), spooler), 0);
    assert_int_equal(put(key, W("v"), "1"), 1018);
    assert_int_equal(reg->fpQueryValue(key, W("v"), NULL, NULL, &size, spooler), 1018);
    assert_int_equal(reg->fpOpenKey(key, W("x"), 0, &other, spooler), 1018);
    assert_int_equal(reg->fpCreateKey(key, W("x"), 0, 0, NULL, &other, NULL, spooler), 1018);
    assert_int_equal(reg->fpDeleteKey(key, W("x"), spooler), 1018);
    assert_int_equal(platen_registry_view_misuses(view), 0);
    assert_int_equal(platen_registry_view_open_keys(view), 2);
    assert_int_equal(platen_registry_delete(registry, "HKEY_LOCAL_MACHINE", NULL), 0);
    assert_int_equal(put(root, W("v"), "1"), 1018);
    assert_int_equal(put(parent, W("v"), "1"), 1018);
    assert_int_equal(close_key(parent), 0);
    assert_int_equal(close_key(key), 0);
    assert_int_equal(platen_registry_view_open_keys(view), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_table_is_whole), TEST(creating_and_opening), TEST(no_name_is_the_key_itself),
        TEST(needed_outputs),     TEST(optional_outputs),     TEST(times),
        TEST(name_counts),        TEST(data_counts),          TEST(empty_data),
        TEST(enumerations_end),   TEST(access_is_kept_to),    TEST(deleted_keys),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
