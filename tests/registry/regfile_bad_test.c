/* SPDX-License-Identifier: MIT
 *
 * Reading regedit's text format: what it may look like, and what is said about a file that is
 * wrong.
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
#include "registry/regfile.h"

#define V5   "Windows Registry Editor Version 5.00\n"
#define KEY  V5 "\n[HKEY_LOCAL_MACHINE\\k]\n"
#define KLEN (sizeof KEY - 1)

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

static void before_is_there(void)
{
    char data[4];
    uint32_t size = sizeof data;
    assert_int_equal(platen_registry_get(registry, "HKLM\\before", "v", NULL, data, &size), 0);
    assert_int_equal(size, 1);
    assert_int_equal(data[0], '1');
    assert_int_equal(platen_registry_get(registry, "HKLM\\k", "first", NULL, NULL, NULL),
                     PLATEN_FILE_NOT_FOUND);
}

/* The file is refused with exactly this complaint behind its path, and the tree is as it was. */
static void refuses_bytes(const void *bytes, size_t size, const char *expected)
{
    char *complaint = NULL;
    const char *path = files_write("bad.reg", bytes, size);
    assert_int_equal(platen_registry_set(registry, "HKLM\\before", "v", 3, "1", 1), 0);
    assert_int_equal(platen_registry_load(registry, path, NULL), PLATEN_INVALID_DATA);
    assert_int_equal(platen_registry_load(registry, path, &complaint), PLATEN_INVALID_DATA);
    assert_non_null(complaint);
    assert_memory_equal(complaint, path, strlen(path));
    assert_string_equal(complaint + strlen(path), expected);
    free(complaint);
    assert_true(platen_registry_changed(registry));
    before_is_there();
}

static void refuses(const char *text, const char *expected)
{
    refuses_bytes(text, strlen(text), expected);
}

#define VERSIONS "expected Windows Registry Editor Version 5.00 or REGEDIT4, found "

static void wrong_headers(void **state)
{
    (void)state;
    static const char wide[] = "W\0i\0n\0";
    refuses("", ":1:1: " VERSIONS "the end of the file");
    refuses("\n" V5, ":1:1: " VERSIONS "the end of the line");
    refuses("[HKLM\\k]\n", ":1:1: " VERSIONS "'[HKLM\\k]'");
    refuses("REGEDIT5\n", ":1:1: " VERSIONS "'REGEDIT5'");
    refuses("Windows Registry Editor Version 5.000\n",
            ":1:37: expected the end of the line or a ; comment after the version, found '0'");
    refuses_bytes(wide, sizeof wide - 1, ":1:1: " VERSIONS "'W\\x00i\\x00n\\x00'");
    refuses_bytes("\xff\xfeW\0i", 5, ":1:2: the file ends within a character of UTF-16");
    refuses_bytes("\xff\xfe", 2, ":1:1: " VERSIONS "the end of the file");
    refuses_bytes("\xff", 1, ":1:1: the byte 0xff is no UTF-8; save the file as UTF-8 or UTF-16");
}

#define FIRST  KEY "\"first\"=\"1\"\n"
#define A_LINE "expected [KEY], \"name\"=, @= or a ; comment, found "

static void wrong_lines(void **state)
{
    (void)state;
    refuses(FIRST "what is this? A line that goes on and on\n",
            ":5:1: " A_LINE "'what is this? A line tha'");
    refuses(FIRST "  \x1b[2J\xe2\x80\xae\n", ":5:3: " A_LINE "'\\x1b[2J\\u202e'");
    refuses(FIRST "\xc3\xa4\xff\n",
            ":5:2: the byte 0xff is no UTF-8; save the file as UTF-8 or UTF-16");
    refuses(FIRST "; \xf0\x9f\x96\xa8 \xef\xbf\xbd \xc3(\n",
            ":5:8: the byte 0xc3 is no UTF-8; save the file as UTF-8 or UTF-16");
    refuses_bytes(KEY "\0", KLEN + 1, ":4:1: " A_LINE "'\\x00'");
}

static void wrong_keys(void **state)
{
    (void)state;
    static char deep[8000] = FIRST "[HKLM", wide[600] = FIRST "[HKLM\\";
    refuses(FIRST "[HKLM\\k\n", ":5:8: expected ] after the key's path, found the end of the line");
    refuses(FIRST "[HKLM\\k", ":5:8: expected ] after the key's path, found the end of the file");
    refuses(FIRST "[HKLM\\k] x\n",
            ":5:10: expected the end of the line or a ; comment after the key, found 'x'");
    refuses(FIRST "[HKXX\\k]\n",
            ":5:2: expected HKEY_LOCAL_MACHINE or another root key, found 'HKXX\\k]'");
    refuses(FIRST "[]\n", ":5:2: a part of the key's path is empty");
    refuses(FIRST "[-]\n", ":5:3: a part of the key's path is empty");
    refuses(FIRST "[HKLM\\a\\]\n", ":5:9: a part of the key's path is empty");
    refuses(FIRST "[HKLM\\\\a]\n", ":5:7: a part of the key's path is empty");
    refuses(FIRST "[-HKLM]\n", ":5:3: a root key cannot be deleted");
    refuses_bytes(KEY "[HKLM\0\\a]", KLEN + 9,
                  ":4:2: expected HKEY_LOCAL_MACHINE or another root key, found 'HKLM\\x00\\a]'");
    refuses_bytes(KEY "[HKLM\\a\0b]", KLEN + 10, ":4:8: a key's name cannot hold a NUL");
    memset(wide + strlen(wide), 'k', REGISTRY_MAX_NAME + 1);
    refuses(strcat(wide, "]\n"), ":5:7: a key's name of 256 characters; at most 255 are allowed");
    for (int i = 0; i < REGISTRY_MAX_DEPTH; i++) {
        strcat(deep, "\\d");
    }
    refuses(strcat(deep, "]\n"), ":5:1029: a key below 512 others is too deep");
}

static void wrong_values(void **state)
{
    (void)state;
    static char name[REGISTRY_MAX_VALUE + 200] = FIRST "\"";
    refuses(V5 "\"a\"=\"1\"\n",
            ":2:1: expected a [KEY] before the first value, found '\"a\"=\"1\"'");
    refuses(V5 "[-HKLM\\k]\n@=\"1\"\n",
            ":3:1: expected a [KEY] before the first value, found '@=\"1\"'");
    refuses(FIRST "\"a\n", ":5:1: the text that begins here has no closing quote");
    refuses(FIRST "\"a\\\"", ":5:1: the text that begins here has no closing quote");
    refuses(FIRST "\"a\\", ":5:1: the text that begins here has no closing quote");
    refuses(FIRST "\"a\":\"1\"\n", ":5:4: expected = after the value's name, found ':\"1\"'");
    refuses(FIRST "@\n", ":5:2: expected = after the value's name, found the end of the line");
    refuses(FIRST "\"C:\\temp\"=\"1\"\n",
            ":5:5: expected \\ or \" after the \\ before it, found 'temp\"=\"1\"'");
    refuses_bytes(KEY "\"a\0b\"=\"1\"", KLEN + 9, ":4:3: a text in quotes cannot hold a NUL");
    memset(name + strlen(name), 'v', REGISTRY_MAX_VALUE + 1);
    refuses(strcat(name, "\"=-\n"),
            ":5:1: a value's name of 16384 characters; at most 16383 are allowed");
}

#define FORMS "expected \"text\", dword:, hex:, hex(type): or -, found "

static void wrong_data(void **state)
{
    (void)state;
    static const char bytes[] = "expected a byte of 1 or 2 hexadecimal digits, found ";
    char expected[120];
    refuses(FIRST "@=\n", ":5:3: " FORMS "the end of the line");
    refuses(FIRST "@=", ":5:3: " FORMS "the end of the file");
    refuses(FIRST "@=dwrod:1\n", ":5:3: " FORMS "'dwrod:1'");
    refuses(FIRST "@=dword:\n",
            ":5:9: expected 1 to 8 hexadecimal digits, found the end of the line");
    refuses(FIRST "@=dword:123456789\n",
            ":5:9: expected 1 to 8 hexadecimal digits, found '123456789'");
    refuses(FIRST "@=dword:12g\n",
            ":5:11: expected the end of the line or a ; comment after the value, found 'g'");
    refuses(FIRST "@=\"1\" 2\n",
            ":5:7: expected the end of the line or a ; comment after the value, found '2'");
    refuses(FIRST "@=-1\n",
            ":5:4: expected the end of the line or a ; comment after the value, found '1'");
    refuses(FIRST "@=hex()\n", ":5:7: expected a type of 1 to 8 hexadecimal digits, found ')'");
    refuses(FIRST "@=hex(7:00\n", ":5:8: expected ): after the type, found ':00'");
    snprintf(expected, sizeof expected, ":5:7: %s'zz'", bytes);
    refuses(FIRST "@=hex:zz\n", expected);
    snprintf(expected, sizeof expected, ":5:10: %s'100'", bytes);
    refuses(FIRST "@=hex:01,100\n", expected);
    snprintf(expected, sizeof expected, ":5:10: %sthe end of the line", bytes);
    refuses(FIRST "@=hex:01,\n", expected);
    snprintf(expected, sizeof expected, ":6:1: %sthe end of the file", bytes);
    refuses(FIRST "@=hex:01,\\\n", expected);
    refuses(FIRST "@=hex:01,\\02\n", ":5:11: expected the end of the line after \\, found '02'");
    refuses(FIRST "@=hex:01 02\n",
            ":5:10: expected the end of the line or a ; comment after the value, found '02'");
    refuses("REGEDIT4\n[HKLM\\k]\n\"v\"=hex(2):41,e4,00\n",
            ":3:12: the byte 0xe4 is no ASCII, and REGEDIT4 does not say which code page it is in; "
            "export the file as version 5");
    refuses("REGEDIT4\n[HKLM\\k]\n\"v\"=\"\xe4\"\n",
            ":3:6: the byte 0xe4 is no UTF-8; save the file as UTF-8 or UTF-16");
}

static void files_that_are_not_there(void **state)
{
    (void)state;
    char *complaint = NULL;
    assert_int_equal(platen_registry_load(registry, files_path("no\u202efile.reg"), &complaint),
                     PLATEN_FILE_NOT_FOUND);
    assert_non_null(complaint);
    assert_non_null(strstr(complaint, "no\\u202efile.reg: not found"));
    free(complaint);
    assert_int_equal(platen_registry_load(registry, files_path("none.reg"), NULL),
                     PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_registry_load(registry, files_path(""), &complaint) == 0, 0);
    free(complaint);
    assert_false(platen_registry_changed(registry));
}

/* A file of that size, mostly holes. */
static const char *write_large(size_t size)
{
    const char *path = files_path("large.reg");
    platen_os_file file;
    size_t moved;
    assert_int_equal(platen_os_file_open_write(path, &file), 0);
    assert_int_equal(platen_os_file_write_at(file, 0, V5, sizeof V5 - 1, &moved), 0);
    assert_int_equal(platen_os_file_write_at(file, size - 1, "\n", 1, &moved), 0);
    assert_int_equal(platen_os_file_close(file), 0);
    return path;
}

static void files_that_are_too_large(void **state)
{
    (void)state;
    char *complaint = NULL;
    const char *path = write_large(REGFILE_LIMIT + 1);
    assert_int_equal(platen_registry_load(registry, path, &complaint), PLATEN_FILE_TOO_LARGE);
    assert_string_equal(complaint + strlen(path), ": the file is larger than is allowed");
    free(complaint);
    assert_int_equal(platen_registry_load(registry, write_large(REGFILE_LIMIT), NULL),
                     PLATEN_INVALID_DATA); /* it was read: there are NULs in it */
}

/* Whatever is cut out of a good file, the reader answers and stays within it. */
static void every_beginning_and_every_byte(void **state)
{
    (void)state;
    static const char file[] =
        "REGEDIT4\r\n[HKLM\\k]\r\n@=\"a\\\\\"\r\n\"n\"=hex(2):01,\\\r\n"
        "  02\r\n\"d\"=dword:1 ;c\r\n[-HKLM\\k\\x]\r\n[HKCU\\a]\r\n\"v\"=-\r\n";
    static const char bytes[] = "\0\n\"\\[]=,; 0\xff";
    char copy[sizeof file];
    for (size_t length = 0; length < sizeof file - 1; length++) {
        const char *path = files_write("cut.reg", file, length);
        uint32_t error = platen_registry_load(registry, path, NULL);
        assert_true(error == 0 || error == PLATEN_INVALID_DATA);
    }
    for (size_t at = 0; at < sizeof file - 1; at++) {
        for (size_t i = 0; i < sizeof bytes - 1; i++) {
            memcpy(copy, file, sizeof file);
            copy[at] = bytes[i];
            const char *path = files_write("bent.reg", copy, sizeof file - 1);
            uint32_t error = platen_registry_load(registry, path, NULL);
            assert_true(error == 0 || error == PLATEN_INVALID_DATA);
        }
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(wrong_headers),
        TEST(wrong_lines),
        TEST(wrong_keys),
        TEST(wrong_values),
        TEST(wrong_data),
        TEST(files_that_are_not_there),
        TEST(files_that_are_too_large),
        TEST(every_beginning_and_every_byte),
    };
    return cmocka_run_group_tests(tests, files_open, files_close);
}
