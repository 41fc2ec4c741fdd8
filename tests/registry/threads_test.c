/* SPDX-License-Identifier: MIT
 *
 * Many threads on one tree: for the thread sanitizer, and for the counts at the end.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdio.h>

#include "os/thread.h"
#include "registry/registry.h"

#define THREADS 6
#define ROUNDS  400

/* WCHAR is char16_t off Windows and wchar_t on it. */
#define W(text) ((LPCWSTR)(const void *)u##text)

static platen_registry *registry;
static platen_registry_view *shared;
static atomic_int failures;

static void expect(bool right)
{
    if (!right) {
        atomic_fetch_add(&failures, 1); /* cmocka's asserts are for the main thread */
    }
}

static void one_round(platen_registry_view *view, unsigned number)
{
    const MONITORREG *reg = platen_registry_table();
    HANDLE spooler = platen_registry_view_spooler(view), key = NULL;
    HANDLE root = platen_registry_view_root(view);
    WCHAR name[32];
    DWORD count = 32, size = sizeof number, values = 0;
    expect(reg->fpCreateKey(root, W("Ports"), 0, 0, NULL, &key, NULL, spooler) == 0);
    expect(reg->fpSetValue(key, W("v"), REG_DWORD, (const BYTE *)&number, size, spooler) == 0);
    expect(reg->fpQueryValue(key, W("v"), NULL, (PBYTE)&number, &size, spooler) == 0);
    expect(reg->fpEnumValue(key, 0, name, &count, NULL, NULL, NULL, spooler) == 0);
    expect(reg->fpQueryInfoKey(root, NULL, NULL, &values, NULL, NULL, NULL, NULL, spooler) == 0);
    expect(reg->fpCloseKey(key, spooler) == 0);
    expect(reg->fpCloseKey(key, spooler) == PLATEN_INVALID_HANDLE);
}

/* On the view that all share, and on one of its own that comes and goes. */
static void work(void *argument)
{
    unsigned number = *(unsigned *)argument;
    for (unsigned i = 0; i < ROUNDS; i++) {
        platen_registry_view *own = NULL;
        one_round(shared, number);
        expect(platen_registry_view_create(registry, "HKLM\\m", &own) == 0);
        one_round(own, number);
        expect(platen_registry_view_misuses(own) == 1);
        platen_registry_view_destroy(own);
        (void)platen_registry_changed(registry);
    }
}

static void threads_share_a_tree(void **state)
{
    (void)state;
    platen_os_thread *threads[THREADS];
    unsigned numbers[THREADS];
    assert_int_equal(platen_registry_create(&registry), 0);
    assert_int_equal(platen_registry_view_create(registry, "HKLM\\m", &shared), 0);
    for (unsigned i = 0; i < THREADS; i++) {
        numbers[i] = i;
        assert_int_equal(platen_os_thread_start(&threads[i], "worker", 0, work, &numbers[i]), 0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        platen_os_thread_join(threads[i]);
    }
    assert_int_equal(failures, 0);
    assert_int_equal(platen_registry_view_open_keys(shared), 0);
    assert_int_equal(platen_registry_view_misuses(shared), THREADS * ROUNDS);
    platen_registry_view_destroy(shared);
    platen_registry_destroy(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(threads_share_a_tree),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
