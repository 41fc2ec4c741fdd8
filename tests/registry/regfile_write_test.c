/* SPDX-License-Identifier: MIT
 *
 * Writing regedit's text format: what regedit would write, and that everything comes back.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "files.h"
#include "os/file.h"
#include "random.h"
#include "registry/registry.h"
#include "registry/regfile.h"

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

static void set(const char *key, const char *value, uint32_t type, const void *data, size_t size)
{
    assert_int_equal(platen_registry_set(registry, key, value, type, data, (uint32_t)size), 0);
}

/* What is saved is exactly this, in UTF-16LE, behind the version and its line break. */
static void saves(const char *expected)
{
    static char text[20000];
    size_t size, saved_size;
    snprintf(text, sizeof text, REGFILE_VERSION "\r\n%s\r\n", expected);
    unsigned char *bytes = files_utf16(text, 0, &size);
    assert_int_equal(platen_registry_save(registry, files_path("saved.reg")), 0);
    unsigned char *saved = files_read(files_path("saved.reg"), &saved_size);
    char *got = platen_text_new8((const char16_t *)(const void *)(saved + 2), saved_size / 2 - 1);
    assert_string_equal(got, text);
    assert_int_equal(saved_size, size);
    assert_memory_equal(saved, bytes, size);
    free(got);
    free(saved);
    free(bytes);
}

#define SET_TEXT(name, text) set("HKLM\\k", name, REG_SZ, text, sizeof text)

static void each_form(void **state)
{
    (void)state;
    saves("");
    SET_TEXT("text", u"a \"b\" C:\\d ; ä 🖨");
    SET_TEXT("", u"default");
    SET_TEXT("@", u"");
    SET_TEXT("a\"b\\c", u"x");
    set("HKLM\\k", "dword", REG_DWORD, "\xcd\xab\0\0", 4);
    set("HKLM\\k", "bytes", REG_BINARY, "\0\xff", 2);
    set("HKLM\\k", "none", REG_NONE, NULL, 0);
    set("HKLM\\k", "expand", REG_EXPAND_SZ, "%\0\0", 4);
    set("HKLM\\k", "odd", 0xfedcba98, "\1", 1);
    saves("\r\n[HKEY_LOCAL_MACHINE]\r\n"
          "\r\n[HKEY_LOCAL_MACHINE\\k]\r\n"
          "\"text\"=\"a \\\"b\\\" C:\\\\d ; ä 🖨\"\r\n"
          "@=\"default\"\r\n"
          "\"@\"=\"\"\r\n"
          "\"a\\\"b\\\\c\"=\"x\"\r\n"
          "\"dword\"=dword:0000abcd\r\n"
          "\"bytes\"=hex:00,ff\r\n"
          "\"none\"=hex(0):\r\n"
          "\"expand\"=hex(2):25,00,00,00\r\n"
          "\"odd\"=hex(fedcba98):01\r\n");
}

/* Text that would not come back from quotes. */
static void text_that_needs_hex(void **state)
{
    (void)state;
    set("HKLM\\k", "empty", REG_SZ, NULL, 0);
    set("HKLM\\k", "odd", REG_SZ, "A\0\0", 3);
    set("HKLM\\k", "open", REG_SZ, "A", 2);
    set("HKLM\\k", "twice", REG_SZ, "A\0\0\0\0", 6);
    set("HKLM\\k", "inner", REG_SZ, "\0\0A\0\0", 6);
    set("HKLM\\k", "cr", REG_SZ, "\r\0\0", 4);
    set("HKLM\\k", "lf", REG_SZ, "\n\0\0", 4);
    set("HKLM\\k", "dword5", REG_DWORD, "\1\2\3\4\5", 5);
    saves("\r\n[HKEY_LOCAL_MACHINE]\r\n"
          "\r\n[HKEY_LOCAL_MACHINE\\k]\r\n"
          "\"empty\"=hex(1):\r\n"
          "\"odd\"=hex(1):41,00,00\r\n"
          "\"open\"=hex(1):41,00\r\n"
          "\"twice\"=hex(1):41,00,00,00,00,00\r\n"
          "\"inner\"=hex(1):00,00,41,00,00,00\r\n"
          "\"cr\"=hex(1):0d,00,00,00\r\n"
          "\"lf\"=hex(1):0a,00,00,00\r\n"
          "\"dword5\"=hex(4):01,02,03,04,05\r\n");
}

/* The column at which regedit folds: 25 bytes on each line but the first. */
static void hex_is_folded(void **state)
{
    (void)state;
    unsigned char data[60];
    char name[81];
    for (size_t i = 0; i < sizeof data; i++) {
        data[i] = (unsigned char)i;
    }
    memset(name, 'n', sizeof name - 1);
    name[80] = '\0';
    set("HKLM\\k", "blob", REG_BINARY, data, sizeof data);
    set("HKLM\\k", name, REG_BINARY, data, 2);
    saves("\r\n[HKEY_LOCAL_MACHINE]\r\n"
          "\r\n[HKEY_LOCAL_MACHINE\\k]\r\n"
          "\"blob\"=hex:00,01,02,03,04,05,06,07,08,09,0a,0b,0c,0d,0e,0f,10,11,12,13,14,15,\\\r\n"
          "  16,17,18,19,1a,1b,1c,1d,1e,1f,20,21,22,23,24,25,26,27,28,29,2a,2b,2c,2d,2e,\\\r\n"
          "  2f,30,31,32,33,34,35,36,37,38,39,3a,3b\r\n"
          "\"nnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnnn\""
          "=hex:00,\\\r\n"
          "  01\r\n");
}

static void keys_come_in_the_order_of_the_tree(void **state)
{
    (void)state;
    set("HKCU\\z\\b", "v", REG_DWORD, "\1\0\0\0", 4);
    set("HKLM\\m", "v", REG_DWORD, "\2\0\0\0", 4);
    set("HKCU\\a", "v", REG_DWORD, "\3\0\0\0", 4);
    set("HKCU\\z\\a\\]x[", "v", REG_DWORD, "\4\0\0\0", 4);
    saves("\r\n[HKEY_CURRENT_USER]\r\n"
          "\r\n[HKEY_CURRENT_USER\\z]\r\n"
          "\r\n[HKEY_CURRENT_USER\\z\\b]\r\n\"v\"=dword:00000001\r\n"
          "\r\n[HKEY_CURRENT_USER\\z\\a]\r\n"
          "\r\n[HKEY_CURRENT_USER\\z\\a\\]x[]\r\n\"v\"=dword:00000004\r\n"
          "\r\n[HKEY_CURRENT_USER\\a]\r\n\"v\"=dword:00000003\r\n"
          "\r\n[HKEY_LOCAL_MACHINE]\r\n"
          "\r\n[HKEY_LOCAL_MACHINE\\m]\r\n\"v\"=dword:00000002\r\n");
}

/* ---- there and back -------------------------------------------------------------------------- */

static void same_value(const struct reg_value *a, const struct reg_value *b)
{
    assert_int_equal(platen_text_length16(a->named.name, SIZE_MAX),
                     platen_text_length16(b->named.name, SIZE_MAX));
    assert_memory_equal(a->named.name, b->named.name,
                        2 * platen_text_length16(a->named.name, SIZE_MAX));
    assert_int_equal(a->type, b->type);
    assert_int_equal(a->size, b->size);
    assert_memory_equal(a->data, b->data, a->size);
}

static void same_key(const struct reg_key *a, const struct reg_key *b)
{
    assert_int_equal(a->values.count, b->values.count);
    for (uint32_t i = 0; i < a->values.count; i++) {
        same_value((struct reg_value *)a->values.items[i], (struct reg_value *)b->values.items[i]);
    }
    assert_int_equal(a->subkeys.count, b->subkeys.count);
    for (uint32_t i = 0; i < a->subkeys.count; i++) {
        const char16_t *name = a->subkeys.items[i]->name, *other = b->subkeys.items[i]->name;
        assert_memory_equal(name, other, 2 * platen_text_length16(name, SIZE_MAX) + 2);
        same_key((struct reg_key *)a->subkeys.items[i], (struct reg_key *)b->subkeys.items[i]);
    }
}

/* Saves, loads into an empty tree, compares, and saves that: the bytes are the same. */
static void goes_round(void)
{
    platen_registry *copy;
    size_t size, copy_size;
    char *complaint = NULL;
    registry->changed = true;
    assert_int_equal(platen_registry_create(&copy), 0);
    assert_int_equal(platen_registry_save(registry, files_path("one.reg")), 0);
    assert_false(platen_registry_changed(registry));
    uint32_t error = platen_registry_load(copy, files_path("one.reg"), &complaint);
    if (complaint != NULL) {
        print_error("%s\n", complaint);
    }
    assert_int_equal(error, 0);
    same_key(&registry->top, &copy->top);
    assert_int_equal(platen_registry_save(copy, files_path("two.reg")), 0);
    unsigned char *bytes = files_read(files_path("one.reg"), &size);
    unsigned char *copy_bytes = files_read(files_path("two.reg"), &copy_size);
    assert_int_equal(size, copy_size);
    assert_memory_equal(bytes, copy_bytes, size);
    free(bytes);
    free(copy_bytes);
    platen_registry_destroy(copy);
}

/* A name of what is hard for the format; line breaks only where the tree allows them. */
static void random_name(struct dice *dice, char16_t *name, uint32_t most, int of_key)
{
    static const char16_t hard[] = u"\"\\[]=;@-, \t#x\u00e4\u2028\ufeff\ufffe\uffff\x01\x1b"
                                   u"\r\n";
    uint32_t length = roll(dice, most) + (uint32_t)of_key;
    for (uint32_t i = 0; i < length; i++) {
        uint32_t kind = roll(dice, 4);
        char16_t unit = hard[roll(dice, sizeof hard / sizeof *hard - 1)];
        bool barred = of_key && (unit == u'\\' || unit == u'\r' || unit == u'\n');
        if (kind == 0 || barred) {
            unit = (char16_t)(u'a' + roll(dice, 26));
        } else if (kind == 1) {
            unit = (char16_t)(0xd800 + roll(dice, 0x800)); /* lone surrogates and pairs */
        }
        name[i] = unit;
    }
    name[length] = 0;
}

static void add_random_value(struct dice *dice, struct reg_key *key)
{
    static const uint32_t types[] = {REG_NONE,      REG_SZ,     REG_SZ,    REG_SZ,
                                     REG_EXPAND_SZ, REG_BINARY, REG_DWORD, REG_DWORD,
                                     REG_MULTI_SZ,  REG_QWORD,  0xffffffff};
    char16_t name[40];
    union {
        char16_t text[64];
        unsigned char bytes[128];
    } data;
    uint32_t type = types[roll(dice, sizeof types / sizeof *types)];
    uint32_t size = roll(dice, 3) == 0 ? 4 : roll(dice, sizeof data);
    random_name(dice, name, 39, 0);
    for (uint32_t i = 0; i < sizeof data; i++) {
        data.bytes[i] = (unsigned char)(roll(dice, 5) == 0 ? 0 : roll(dice, 256));
    }
    if (type == REG_SZ && roll(dice, 4) != 0) { /* as it should be */
        random_name(dice, data.text, 63, 0);
        size = (uint32_t)(2 * platen_text_length16(data.text, 64) + 2);
    }
    assert_int_equal(tree_set(registry, key, name, type, data.bytes, size), 0);
}

static void add_random_key(struct dice *dice, struct reg_key **from)
{
    char16_t name[20];
    random_name(dice, name, 18, 1);
    assert_int_equal(tree_make(registry, *from, tree_path(name), from, NULL), 0);
}

static void random_trees(void **state)
{
    (void)state;
    static const char16_t *const roots[] = {u"HKLM", u"HKCU", u"HKU"};
    for (uint64_t seed = 1; seed <= 40; seed++) {
        struct dice dice = {seed * 0x9e3779b97f4a7c15u};
        struct reg_key *key = NULL;
        for (uint32_t i = roll(&dice, 60); i > 0; i--) {
            uint32_t what = roll(&dice, 6);
            if (what == 0 || key == NULL) {
                struct reg_path root = tree_path(roots[roll(&dice, 3)]);
                assert_int_equal(tree_make(registry, &registry->top, root, &key, NULL), 0);
            } else if (what == 1) {
                add_random_key(&dice, &key);
            } else {
                add_random_value(&dice, key);
            }
        }
        goes_round();
        tree_delete(registry, &registry->top);
    }
}

static void the_deepest_and_the_longest(void **state)
{
    (void)state;
    static char path[4 + 2 * REGISTRY_MAX_DEPTH] = "HKLM", name[REGISTRY_MAX_VALUE + 1];
    for (size_t i = 0; i < REGISTRY_MAX_DEPTH - 1; i++) {
        memcpy(path + 4 + 2 * i, "\\]", 3);
    }
    memset(name, '"', REGISTRY_MAX_VALUE);
    set(path, name, REG_BINARY, name, sizeof name);
    goes_round();
}

/* Counts that a quadratic reader or writer would not survive within the test's time. */
static void many_values(void **state)
{
    (void)state;
    char name[40], key[40];
    for (unsigned i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "value %u", i);
        snprintf(key, sizeof key, "HKLM\\many\\%u", i % 4 == 0 ? i % 1000 : 0);
        set(key, name, i % 2 ? REG_DWORD : REG_BINARY, name, i % 2 ? 4 : strlen(name));
    }
    goes_round();
}

/* ---- saving as a whole ----------------------------------------------------------------------- */

static void a_tree_that_no_reader_would_take(void **state)
{
    (void)state;
    size_t size = REGFILE_LIMIT / 6;
    char *data = calloc(1, size);
    assert_non_null(data);
    set("HKLM\\k", "v", REG_BINARY, data, size);
    free(data);
    files_write("kept.reg", "kept", 4);
    assert_int_equal(platen_registry_save(registry, files_path("kept.reg")), PLATEN_FILE_TOO_LARGE);
    unsigned char *kept = files_read(files_path("kept.reg"), &size);
    assert_int_equal(size, 4);
    assert_memory_equal(kept, "kept", 4);
    free(kept);
    assert_true(platen_registry_changed(registry));
}

static void a_file_that_cannot_be_written(void **state)
{
    (void)state;
    set("HKLM\\k", "v", REG_NONE, NULL, 0);
    assert_int_not_equal(platen_registry_save(registry, files_path("none/saved.reg")), 0);
    assert_true(platen_registry_changed(registry));
    assert_int_not_equal(platen_registry_save(registry, files_path("")), 0);
    assert_true(platen_registry_changed(registry));
    assert_int_equal(platen_registry_save(registry, files_path("saved.reg")), 0);
    assert_false(platen_registry_changed(registry));
    assert_int_not_equal(platen_registry_save(registry, files_path("none/saved.reg")), 0);
    assert_false(platen_registry_changed(registry)); /* still as it was last saved */
}

/* Views stay on their keys while a file is loaded over them. */
static void loading_under_a_view(void **state)
{
    (void)state;
    static const char file[] = REGFILE_VERSION "\n[HKLM\\m]\n\"v\"=dword:5\n[-HKLM\\m\\old]\n"
                                               "[HKLM\\m\\old]\n";
    const MONITORREG *reg = platen_registry_table();
    platen_registry_view *view;
    HANDLE old = NULL;
    DWORD value = 0, size = sizeof value;
    assert_int_equal(platen_registry_view_create(registry, "HKLM\\m", &view), 0);
    HANDLE root = platen_registry_view_root(view), spooler = platen_registry_view_spooler(view);
    assert_int_equal(
        reg->fpCreateKey(root, (LPCWSTR)(const void *)u"old", 0, 0, NULL, &old, NULL, spooler), 0);
    const char *path = files_write("under.reg", file, sizeof file - 1);
    assert_int_equal(platen_registry_load(registry, path, NULL), 0);
    assert_int_equal(
        reg->fpQueryValue(root, (LPCWSTR)(const void *)u"v", NULL, (PBYTE)&value, &size, spooler),
        0);
    assert_int_equal(value, 5);
    assert_int_equal(reg->fpQueryInfoKey(old, NULL, NULL, NULL, NULL, NULL, NULL, NULL, spooler),
                     PLATEN_KEY_DELETED);
    assert_int_equal(reg->fpCloseKey(old, spooler), 0);
    platen_registry_view_destroy(view);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_form),
        TEST(text_that_needs_hex),
        TEST(hex_is_folded),
        TEST(keys_come_in_the_order_of_the_tree),
        TEST(random_trees),
        TEST(the_deepest_and_the_longest),
        TEST(many_values),
        TEST(a_tree_that_no_reader_would_take),
        TEST(a_file_that_cannot_be_written),
        TEST(loading_under_a_view),
    };
    return cmocka_run_group_tests(tests, files_open, files_close);
}
