/* SPDX-License-Identifier: MIT
 *
 * Views: which keys are whose, and what is held against a monitor (R6).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "viewed.h"

static void each_is_refused(HANDLE key, HANDLE whose, LONG error)
{
    WCHAR name[8];
    DWORD count = 8;
    HANDLE out = root;
    assert_int_equal(reg->fpCreateKey(key, W("x"), 0, 0, NULL, &out, NULL, whose), error);
    assert_null(out);
    assert_int_equal(reg->fpOpenKey(key, W("x"), 0, &out, whose), error);
    assert_int_equal(reg->fpCloseKey(key, whose), error);
    assert_int_equal(reg->fpDeleteKey(key, W("x"), whose), error);
    assert_int_equal(reg->fpEnumKey(key, 0, name, &count, NULL, whose), error);
    assert_int_equal(reg->fpQueryInfoKey(key, NULL, NULL, NULL, NULL, NULL, NULL, NULL, whose),
                     error);
    assert_int_equal(reg->fpSetValue(key, W("v"), 0, NULL, 0, whose), error);
    assert_int_equal(reg->fpDeleteValue(key, W("v"), whose), error);
    assert_int_equal(reg->fpEnumValue(key, 0, name, &count, NULL, NULL, NULL, whose), error);
    assert_int_equal(reg->fpQueryValue(key, W("v"), NULL, NULL, NULL, whose), error);
}

static void closed_keys_are_refused(void **state)
{
    (void)state;
    HANDLE key = create(root, W("k"));
    assert_int_equal(close_key(key), 0);
    each_is_refused(key, spooler, 6);
    HANDLE next = create(root, W("k")); /* may have the closed one's place */
    each_is_refused(key, spooler, 6);
    assert_int_equal(platen_registry_view_misuses(view), 20);
    assert_int_equal(platen_registry_view_open_keys(view), 1);
    assert_int_equal(close_key(next), 0);
}

static void closing_the_root_is_refused(void **state)
{
    (void)state;
    assert_int_equal(close_key(root), 6);
    assert_int_equal(platen_registry_view_misuses(view), 1);
    assert_int_equal(put(root, W("v"), "1"), 0);
}

static void wild_tokens_are_refused(void **state)
{
    (void)state;
    static char here;
    const HANDLE wild[] = {NULL,    INVALID_HANDLE_VALUE, &here,
                           spooler, (char *)root + 1,     (char *)root - 1};
    for (size_t i = 0; i < sizeof wild / sizeof *wild; i++) {
        each_is_refused(wild[i], spooler, 6);
        assert_int_equal(platen_registry_view_misuses(view), 10 * (i + 1));
    }
    for (uint64_t bit = 1; bit != 0 && bit <= UINTPTR_MAX; bit <<= 1) {
        HANDLE bent = (HANDLE)((uintptr_t)root ^ (uintptr_t)bit);
        assert_int_equal(put(bent, W("v"), "1"), 6);
    }
}

static void wrong_spoolers_are_refused(void **state)
{
    (void)state;
    const HANDLE wrong[] = {NULL, INVALID_HANDLE_VALUE, root, (char *)spooler + 1};
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        each_is_refused(root, wrong[i], 6);
        assert_int_equal(platen_registry_view_misuses(view), 10 * (i + 1));
    }
    for (uint64_t bit = 1; bit != 0 && bit <= UINTPTR_MAX; bit <<= 1) {
        HANDLE bent = (HANDLE)((uintptr_t)spooler ^ (uintptr_t)bit);
        assert_int_equal(reg->fpQueryValue(root, W("v"), NULL, NULL, NULL, bent), 6);
    }
    each_is_refused(NULL, NULL, 6); /* nobody's */
}

static void views_of_one_tree(void **state)
{
    (void)state;
    platen_registry_view *other;
    DWORD size = 0;
    HANDLE key = create(root, W("k")), same = NULL;
    assert_int_equal(platen_registry_view_create(registry, ROOT, &other), 0);
    HANDLE other_root = platen_registry_view_root(other);
    HANDLE other_spooler = platen_registry_view_spooler(other);
    assert_ptr_not_equal(other_root, root);
    assert_ptr_not_equal(other_spooler, spooler);
    each_is_refused(key, other_spooler, 6);
    each_is_refused(other_root, spooler, 6);
    assert_int_equal(platen_registry_view_misuses(other), 10);
    assert_int_equal(platen_registry_view_misuses(view), 10);
    assert_int_equal(reg->fpOpenKey(other_root, W("k"), 0, &same, other_spooler), 0);
    assert_int_equal(put(key, W("v"), "12"), 0);
    assert_int_equal(reg->fpQueryValue(same, W("v"), NULL, NULL, &size, other_spooler), 0);
    assert_int_equal(size, 2);
    assert_int_equal(platen_registry_view_open_keys(other), 1);
    platen_registry_view_destroy(other); /* with a key open */
    each_is_refused(other_root, other_spooler, 6);
    assert_int_equal(close_key(key), 0);
}

static void a_view_that_is_gone(void **state)
{
    (void)state;
    platen_registry_view *other;
    assert_int_equal(platen_registry_view_create(registry, ROOT, &other), 0);
    HANDLE old_root = platen_registry_view_root(other);
    HANDLE old_spooler = platen_registry_view_spooler(other);
    platen_registry_view_destroy(other);
    assert_int_equal(platen_registry_view_create(registry, ROOT, &other), 0);
    each_is_refused(old_root, old_spooler, 6);
    assert_int_equal(platen_registry_view_misuses(other), 0);
    platen_registry_view_destroy(other);
}

static void two_registries(void **state)
{
    (void)state;
    platen_registry *apart;
    platen_registry_view *other;
    assert_int_equal(platen_registry_create(&apart), 0);
    assert_int_equal(platen_registry_view_create(apart, ROOT, &other), 0);
    HANDLE other_root = platen_registry_view_root(other);
    HANDLE other_spooler = platen_registry_view_spooler(other);
    assert_int_equal(put(root, W("v"), "1"), 0);
    assert_int_equal(reg->fpQueryValue(other_root, W("v"), NULL, NULL, NULL, other_spooler), 2);
    each_is_refused(root, other_spooler, 6);
    platen_registry_view_destroy(other);
    platen_registry_destroy(apart);
}

static void many_keys_are_open(void **state)
{
    (void)state;
    enum { MANY = 5000 };
    static HANDLE keys[MANY];
    for (size_t i = 0; i < MANY; i++) {
        keys[i] = create(root, W("k"));
        assert_int_equal((uintptr_t)keys[i] & 3, 1); /* no pointer to anything */
    }
    assert_int_equal(platen_registry_view_open_keys(view), MANY);
    for (size_t i = 0; i < MANY; i++) {
        assert_int_equal(close_key(keys[i]), 0);
        assert_int_equal(close_key(keys[i]), 6);
    }
    assert_int_equal(platen_registry_view_open_keys(view), 0);
    assert_int_equal(platen_registry_view_misuses(view), MANY);
}

static void bad_roots_make_no_view(void **state)
{
    (void)state;
    platen_registry_view *none = view;
    assert_int_equal(platen_registry_view_create(registry, "NOROOT\\a", &none),
                     PLATEN_INVALID_NAME);
    assert_null(none);
    assert_int_equal(platen_registry_view_create(registry, "HKLM\\a\\", &none),
                     PLATEN_INVALID_NAME);
    assert_null(none);
}

static void views_run_out(void **state)
{
    (void)state;
    platen_registry_view *views[200];
    size_t count = 0;
    uint32_t error = 0;
    while (count < 200 && error == 0) {
        error = platen_registry_view_create(registry, ROOT, &views[count]);
        count += error == 0;
    }
    assert_int_equal(error, PLATEN_TOO_MANY_OPEN_FILES);
    assert_int_equal(count, 126);
    while (count-- > 0) {
        platen_registry_view_destroy(views[count]);
    }
    assert_int_equal(platen_registry_view_create(registry, ROOT, &views[0]), 0);
    platen_registry_view_destroy(views[0]);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(closed_keys_are_refused), TEST(closing_the_root_is_refused),
        TEST(wild_tokens_are_refused), TEST(wrong_spoolers_are_refused),
        TEST(views_of_one_tree),       TEST(a_view_that_is_gone),
        TEST(two_registries),          TEST(many_keys_are_open),
        TEST(bad_roots_make_no_view),  TEST(views_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
