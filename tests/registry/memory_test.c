/* SPDX-License-Identifier: MIT
 *
 * Memory that runs out, at every place where some is asked for: a file is loaded as a whole or not
 * at all, and nothing is lost. The linker leads malloc and its kind here (--wrap).
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "registry/registry.h"

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);

#define NO_LIMIT UINT32_MAX

static uint32_t left = NO_LIMIT; /* how many requests are still granted */

static bool granted(void)
{
    if (left == NO_LIMIT) {
        return true;
    }
    left -= left > 0;
    return left > 0;
}

void *__wrap_malloc(size_t size)
{
    return granted() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t count, size_t size)
{
    return granted() ? __real_calloc(count, size) : NULL;
}

void *__wrap_realloc(void *memory, size_t size)
{
    return granted() ? __real_realloc(memory, size) : NULL;
}

static const char before[] = "REGEDIT4\n"
                             "[HKLM\\k]\n\"a\"=\"1\"\n\"b\"=\"2\"\n\"c\"=\"3\"\n"
                             "[HKLM\\old\\sub]\n\"v\"=\"4\"\n[HKLM\\older]\n\"v\"=\"5\"\n";

static const char change[] =
    "REGEDIT4\n"
    "[HKLM\\k]\n\"a\"=\"changed\"\n\"new\"=dword:1\n\"b\"=-\n"
    "[HKLM\\x\\y]\n\"v\"=hex(2):41,00\n@=hex:01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11\n"
    "[-HKLM\\old]\n[HKLM\\old\\again]\n\"v\"=\"6\"\n[-HKLM\\x]\n"
    "[HKCU\\1\\2]\n\"1\"=\"\"\n\"2\"=\"\"\n\"3\"=\"\"\n\"4\"=\"\"\n\"5\"=\"\"\n\"6\"=\"\"\n"
    "\"7\"=\"\"\n\"8\"=\"\"\n\"9\"=\"\"\n";

static unsigned char *saved(platen_registry *registry, size_t *size)
{
    assert_int_equal(platen_registry_save(registry, files_path("saved.reg")), 0);
    return files_read(files_path("saved.reg"), size);
}

/* Loads the change with so many requests granted; false when it went through. */
static bool load_fails(uint32_t granted_requests)
{
    platen_registry *registry;
    size_t size, size_now;
    char path[1200], *complaint = NULL;
    assert_int_equal(platen_registry_create(&registry), 0);
    assert_int_equal(platen_registry_load(registry, files_path("before.reg"), NULL), 0);
    unsigned char *bytes = saved(registry, &size);
    strcpy(path, files_path("change.reg"));
    left = granted_requests;
    uint32_t error = platen_registry_load(registry, path, &complaint);
    left = NO_LIMIT;
    free(complaint);
    if (error != 0) {
        assert_true(error == PLATEN_NOT_ENOUGH_MEMORY || error == PLATEN_OUTOFMEMORY);
        assert_false(platen_registry_changed(registry));
        unsigned char *now = saved(registry, &size_now);
        assert_int_equal(size_now, size);
        assert_memory_equal(now, bytes, size);
        free(now);
    }
    free(bytes);
    platen_registry_destroy(registry);
    return error != 0;
}

static void loading_is_all_or_nothing(void **state)
{
    (void)state;
    uint32_t requests = 1;
    files_write("before.reg", before, sizeof before - 1);
    files_write("change.reg", change, sizeof change - 1);
    while (load_fails(requests)) {
        requests++;
    }
    assert_true(requests > 80);
}

static bool save_fails(platen_registry *registry, uint32_t granted_requests)
{
    static const char key[] = "HKLM\\k";
    left = NO_LIMIT;
    assert_int_equal(platen_registry_set(registry, key, "v", REG_SZ, "A\0\0", 4), 0);
    left = granted_requests;
    uint32_t error = platen_registry_save(registry, files_path("none.reg"));
    left = NO_LIMIT;
    assert_int_equal(platen_registry_changed(registry), error != 0);
    return error != 0;
}

static void saving_keeps_the_changes(void **state)
{
    (void)state;
    platen_registry *registry;
    uint32_t requests = 1;
    assert_int_equal(platen_registry_create(&registry), 0);
    while (save_fails(registry, requests)) {
        requests++;
    }
    assert_true(requests > 2);
    platen_registry_destroy(registry);
}

/* A key or value that could not be made leaves nothing of itself. */
static void setting_is_all_or_nothing(void **state)
{
    (void)state;
    for (uint32_t requests = 1, error = 1; error != 0; requests++) {
        platen_registry *registry;
        assert_int_equal(platen_registry_create(&registry), 0);
        left = requests;
        error = platen_registry_set(registry, "HKLM\\a\\b\\c", "v", REG_NONE, "1", 1);
        left = NO_LIMIT;
        assert_true(error == 0 || error == PLATEN_NOT_ENOUGH_MEMORY);
        assert_int_equal(platen_registry_get(registry, "HKLM\\a\\b\\c", "v", NULL, NULL, NULL),
                         error == 0 ? 0 : PLATEN_FILE_NOT_FOUND);
        platen_registry_destroy(registry);
    }
}

static bool view_fails(platen_registry *registry, uint32_t granted_requests)
{
    platen_registry_view *view;
    left = granted_requests;
    uint32_t error = platen_registry_view_create(registry, "HKLM\\m", &view);
    left = NO_LIMIT;
    if (error == 0) {
        platen_registry_view_destroy(view);
        return false;
    }
    assert_int_equal(error, PLATEN_NOT_ENOUGH_MEMORY);
    assert_null(view);
    return true;
}

static void views_are_made_or_not(void **state)
{
    (void)state;
    platen_registry *registry;
    uint32_t requests = 1;
    assert_int_equal(platen_registry_create(&registry), 0);
    while (view_fails(registry, requests)) {
        requests++;
    }
    assert_true(requests > 3);
    platen_registry_destroy(registry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loading_is_all_or_nothing),
        cmocka_unit_test(saving_keeps_the_changes),
        cmocka_unit_test(setting_is_all_or_nothing),
        cmocka_unit_test(views_are_made_or_not),
    };
    return cmocka_run_group_tests(tests, files_open, files_close);
}
