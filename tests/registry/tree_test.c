/* SPDX-License-Identifier: MIT
 *
 * The tree as programs use it: set, get, delete, and what they refuse.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "registry/edits.h"
#include "registry/tree.h"

static platen_registry *registry;

static int setup(void **state)
{
    (void)state;
    return (int)platen_registry_create(&registry);
}

static int teardown(void **state)
{
    (void)state;
    platen_registry_destroy(registry);
    return 0;
}

static uint32_t set(const char *key, const char *value, const char *text)
{
    return platen_registry_set(registry, key, value, REG_BINARY, text, (uint32_t)strlen(text));
}

static void holds(const char *key, const char *value, const char *text)
{
    char data[100];
    uint32_t type = 0, size = sizeof data;
    assert_int_equal(platen_registry_get(registry, key, value, &type, data, &size), 0);
    assert_int_equal(type, REG_BINARY);
    assert_int_equal(size, strlen(text));
    assert_memory_equal(data, text, size);
}

static void misses(const char *key, const char *value)
{
    uint32_t type = 7, size = 100;
    char data[100];
    assert_int_equal(platen_registry_get(registry, key, value, &type, data, &size),
                     PLATEN_FILE_NOT_FOUND);
    assert_int_equal(size, 0);
}

static void values_come_back(void **state)
{
    (void)state;
    assert_int_equal(set("HKEY_LOCAL_MACHINE\\Software\\A", "one", "1"), 0);
    assert_int_equal(set("HKEY_LOCAL_MACHINE\\software\\a", "ONE", "2"), 0);
    assert_int_equal(set("HKLM\\Software\\A", "", "default"), 0);
    assert_int_equal(set("HKEY_LOCAL_MACHINE", "at the root", "r"), 0);
    holds("hkey_local_machine\\SOFTWARE\\A", "One", "2");
    holds("HKEY_LOCAL_MACHINE\\Software\\A", NULL, "default");
    holds("hklm", "at the root", "r");
    misses("HKEY_LOCAL_MACHINE\\Software\\A", "two");
    misses("HKEY_LOCAL_MACHINE\\Software\\B", "one");
    misses("HKEY_CURRENT_USER\\Software\\A", "one");
}

static void a_slash_divides_nothing(void **state)
{
    (void)state;
    assert_int_equal(set("HKLM\\a/b", "v", "1"), 0);
    holds("HKLM\\a/b", "v", "1");
    misses("HKLM\\a\\b", "v");
    misses("HKLM\\a", "v");
}

static void sizes_are_told(void **state)
{
    (void)state;
    char data[4] = "zzz";
    uint32_t type = 0, size = 0;
    assert_int_equal(set("HKU\\k", "v", "four"), 0);
    assert_int_equal(platen_registry_get(registry, "HKU\\k", "v", NULL, NULL, &size), 0);
    assert_int_equal(size, 4);
    size = 3;
    assert_int_equal(platen_registry_get(registry, "HKU\\k", "v", &type, data, &size),
                     PLATEN_MORE_DATA);
    assert_int_equal(size, 4);
    assert_int_equal(type, REG_BINARY);
    assert_string_equal(data, "zzz");
    assert_int_equal(platen_registry_get(registry, "HKU\\k", "v", &type, data, NULL),
                     PLATEN_MORE_DATA);
    assert_int_equal(platen_registry_get(registry, "HKU\\k", "v", NULL, NULL, NULL), 0);
    assert_int_equal(platen_registry_set(registry, "HKU\\k", "nothing", 77, NULL, 0), 0);
    size = sizeof data;
    assert_int_equal(platen_registry_get(registry, "HKU\\k", "nothing", &type, data, &size), 0);
    assert_int_equal(size, 0);
    assert_int_equal(type, 77);
}

static void deleting(void **state)
{
    (void)state;
    assert_int_equal(set("HKLM\\a\\b\\c", "v", "1"), 0);
    assert_int_equal(set("HKLM\\a", "v", "2"), 0);
    assert_int_equal(set("HKLM\\a", "", "3"), 0);
    assert_int_equal(platen_registry_delete(registry, "HKLM\\a", "V"), 0);
    assert_int_equal(platen_registry_delete(registry, "HKLM\\a", "V"), PLATEN_FILE_NOT_FOUND);
    holds("HKLM\\a", "", "3");
    assert_int_equal(platen_registry_delete(registry, "HKLM\\a", ""), 0);
    misses("HKLM\\a", "");
    assert_int_equal(platen_registry_delete(registry, "HKLM\\a", NULL), 0);
    misses("HKLM\\a\\b\\c", "v");
    assert_int_equal(platen_registry_delete(registry, "HKLM\\a", NULL), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_registry_delete(registry, "HKLM", NULL), 0);
    assert_int_equal(set("HKLM\\a", "v", "again"), 0);
    holds("HKLM\\a", "v", "again");
}

static void bad_names_are_refused(void **state)
{
    (void)state;
    char longest[REGISTRY_MAX_NAME + 7] = "HKLM\\";
    memset(longest + 5, 'k', REGISTRY_MAX_NAME);
    assert_int_equal(set(longest, "v", "1"), 0);
    holds(longest, "v", "1");
    longest[REGISTRY_MAX_NAME + 5] = 'k';
    static const char *const bad[] = {
        "",          "NOROOT\\a",  "\\HKLM\\a",  "HKLM\\",   "HKLM\\a\\", "HKLM\\a\\\\b",
        "HKLM\\\\a", "HKLM\\a\nb", "HKLM\\a\rb", "HKLMX\\a", "HKL\\a",
    };
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_int_equal(set(bad[i], "v", "1"), PLATEN_INVALID_NAME);
    }
    assert_int_equal(set(longest, "v", "1"), PLATEN_INVALID_NAME);
    misses("HKLM\\a", "v"); /* nothing was left of the path that broke off at its end */
    assert_int_equal(registry->top.subkeys.count, 1);
}

static void long_value_names(void **state)
{
    (void)state;
    char *name = calloc(1, REGISTRY_MAX_VALUE + 2);
    assert_non_null(name);
    memset(name, 'v', REGISTRY_MAX_VALUE);
    assert_int_equal(set("HKLM\\a", name, "1"), 0);
    holds("HKLM\\a", name, "1");
    name[REGISTRY_MAX_VALUE] = 'v';
    assert_int_equal(set("HKLM\\a", name, "1"), PLATEN_INVALID_NAME);
    free(name);
}

static void depth_is_bounded(void **state)
{
    (void)state;
    static char path[4 + 2 * REGISTRY_MAX_DEPTH + 1] = "HKLM";
    for (size_t i = 0; i < REGISTRY_MAX_DEPTH; i++) {
        memcpy(path + 4 + 2 * i, "\\d", 3);
    }
    assert_int_equal(set(path, "v", "1"), PLATEN_INVALID_NAME);
    assert_int_equal(registry->top.subkeys.count, 0);
    path[4 + 2 * (REGISTRY_MAX_DEPTH - 1)] = '\0';
    assert_int_equal(set(path, "v", "1"), 0);
    holds(path, "v", "1");
    assert_int_equal(platen_registry_delete(registry, "HKLM\\d", NULL), 0);
    misses(path, "v");
}

static void changes_are_noticed(void **state)
{
    (void)state;
    assert_false(platen_registry_changed(registry));
    misses("HKLM\\a", "v");
    assert_int_equal(platen_registry_delete(registry, "HKLM\\a", "v"), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(set("NOROOT\\a", "v", "1"), PLATEN_INVALID_NAME);
    assert_false(platen_registry_changed(registry));
    assert_int_equal(set("HKLM\\a", "v", "1"), 0);
    assert_true(platen_registry_changed(registry));
    platen_registry_destroy(NULL);
}

/* ---- edits: all or nothing ------------------------------------------------------------------- */

static void add_edit(struct edits *edits, enum edit_kind kind, const char *name, const char *text)
{
    struct edit edit = {
        .kind = kind, .type = REG_BINARY, .name = platen_text_new16(name, SIZE_MAX)};
    assert_non_null(edit.name);
    if (kind == EDIT_VALUE) {
        edit.size = (uint32_t)strlen(text);
        edit.data = malloc(edit.size + 1);
        assert_non_null(edit.data);
        memcpy(edit.data, text, edit.size);
    }
    assert_true(edits_add(edits, edit));
}

static void add_every_edit(struct edits *edits)
{
    add_edit(edits, EDIT_KEY, "HKLM\\a", NULL);
    add_edit(edits, EDIT_VALUE, "one", "changed");
    add_edit(edits, EDIT_VALUE, "fresh", "f");
    add_edit(edits, EDIT_DELETE_VALUE, "two", NULL);
    add_edit(edits, EDIT_DELETE_VALUE, "none", NULL);
    add_edit(edits, EDIT_VALUE, "one", "changed twice");
    add_edit(edits, EDIT_KEY, "HKLM\\new\\below", NULL);
    add_edit(edits, EDIT_VALUE, "v", "n");
    add_edit(edits, EDIT_DELETE_KEY, "HKLM\\new", NULL);
    add_edit(edits, EDIT_DELETE_KEY, "HKLM\\b", NULL);
    add_edit(edits, EDIT_DELETE_KEY, "HKLM\\b\\c", NULL);
    add_edit(edits, EDIT_KEY, "HKLM\\b", NULL);
    add_edit(edits, EDIT_VALUE, "v", "another b");
}

static void fill(void)
{
    assert_int_equal(set("HKLM\\a", "one", "1"), 0);
    assert_int_equal(set("HKLM\\a", "two", "2"), 0);
    assert_int_equal(set("HKLM\\a", "three", "3"), 0);
    assert_int_equal(set("HKLM\\b\\c", "v", "c"), 0);
    assert_int_equal(set("HKLM\\d", "v", "d"), 0);
    registry->changed = false;
}

static void edits_are_made(void **state)
{
    (void)state;
    struct edits edits = {0};
    fill();
    add_every_edit(&edits);
    assert_int_equal(edits_apply(registry, &edits), 0);
    edits_free(&edits);
    assert_true(registry->changed);
    holds("HKLM\\a", "one", "changed twice");
    holds("HKLM\\a", "fresh", "f");
    misses("HKLM\\a", "two");
    misses("HKLM\\new", "v");
    misses("HKLM\\b\\c", "v");
    holds("HKLM\\b", "v", "another b");
}

static void is_named(const struct named *named, const char16_t *name)
{
    assert_true(platen_text_equal_folded(named->name, name));
}

/* The last edit cannot be made: what came before is taken back, down to the order of things. */
static void edits_are_taken_back(void **state)
{
    (void)state;
    struct edits edits = {0};
    fill();
    add_every_edit(&edits);
    add_edit(&edits, EDIT_KEY, "NOROOT\\a", NULL);
    assert_int_equal(edits_apply(registry, &edits), PLATEN_INVALID_NAME);
    edits_free(&edits);
    assert_false(registry->changed);
    holds("HKLM\\a", "one", "1");
    holds("HKLM\\a", "two", "2");
    holds("HKLM\\b\\c", "v", "c");
    misses("HKLM\\a", "fresh");
    misses("HKLM\\b", "v");
    struct reg_key *root = (struct reg_key *)registry->top.subkeys.items[0];
    assert_int_equal(root->subkeys.count, 3);
    is_named(root->subkeys.items[0], u"a");
    is_named(root->subkeys.items[1], u"b");
    is_named(root->subkeys.items[2], u"d");
    struct reg_key *a = (struct reg_key *)root->subkeys.items[0];
    assert_int_equal(a->values.count, 3);
    is_named(a->values.items[0], u"one");
    is_named(a->values.items[1], u"two");
    is_named(a->values.items[2], u"three");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(values_come_back),      TEST(a_slash_divides_nothing),
        TEST(sizes_are_told),        TEST(deleting),
        TEST(bad_names_are_refused), TEST(long_value_names),
        TEST(depth_is_bounded),      TEST(changes_are_noticed),
        TEST(edits_are_made),        TEST(edits_are_taken_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
