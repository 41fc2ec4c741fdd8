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
#include "os/text.h"
#include "registry/regfile.h"

#define V5  "Windows Registry Editor Version 5.00\n"
#define KEY V5 "\n[HKEY_LOCAL_MACHINE\\k]\n"

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

/* ---- good files ------------------------------------------------------------------------------ */

static void load_bytes(const void *bytes, size_t size)
{
    char *complaint = NULL;
    uint32_t error =
        platen_registry_load(registry, files_write("good.reg", bytes, size), &complaint);
    if (complaint != NULL) {
        print_error("%s\n", complaint);
    }
    assert_int_equal(error, 0);
    assert_null(complaint);
    assert_false(platen_registry_changed(registry));
}

static void load(const char *text)
{
    load_bytes(text, strlen(text));
}

static void holds(const char *key, const char *value, uint32_t type, const void *bytes, size_t size)
{
    unsigned char data[256];
    uint32_t found = ~type, room = sizeof data;
    assert_int_equal(platen_registry_get(registry, key, value, &found, data, &room), 0);
    assert_int_equal(found, type);
    assert_int_equal(room, size);
    assert_memory_equal(data, bytes, size);
}

static void holds_text(const char *key, const char *value, const char16_t *text)
{
    holds(key, value, REG_SZ, text, 2 * platen_text_length16(text, SIZE_MAX) + 2);
}

static void misses(const char *key, const char *value)
{
    assert_int_equal(platen_registry_get(registry, key, value, NULL, NULL, NULL),
                     PLATEN_FILE_NOT_FOUND);
}

static const char sample[] = "Windows Registry Editor Version 5.00\r\n"
                             "\r\n"
                             "; a comment\r\n"
                             "[HKEY_LOCAL_MACHINE\\Über]\r\n"
                             "@=\"default\"\r\n"
                             "\"näme 🖨\"=\"t\\\\e\\\"xt\"\r\n";

static void check_sample(void)
{
    holds_text("HKEY_LOCAL_MACHINE\\über", "", u"default");
    holds_text("HKEY_LOCAL_MACHINE\\über", "näme 🖨", u"t\\e\"xt");
}

static void each_encoding(void **state)
{
    (void)state;
    size_t size;
    for (int big = 0; big < 2; big++) {
        unsigned char *bytes = files_utf16(sample, big, &size);
        load_bytes(bytes, size);
        free(bytes);
        check_sample();
        assert_int_equal(platen_registry_delete(registry, "HKLM", NULL), 0);
    }
    load(sample);
    check_sample();
    assert_int_equal(platen_registry_delete(registry, "HKLM", NULL), 0);
    char marked[sizeof sample + 3] = "\xef\xbb\xbf";
    memcpy(marked + 3, sample, sizeof sample);
    load(marked);
    check_sample();
}

static void each_line_break(void **state)
{
    (void)state;
    static const char *const files[] = {
        V5 "[HKLM\\k]\n\"a\"=\"1\"\n\n\"b\"=\"2\"",
        "Windows Registry Editor Version 5.00\r\n[HKLM\\k]\r\n\"a\"=\"1\"\r\n\r\n\"b\"=\"2\"\r\n",
        "Windows Registry Editor Version 5.00\r[HKLM\\k]\r\"a\"=\"1\"\r\r\"b\"=\"2\"\r",
    };
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        load(files[i]);
        holds_text("HKLM\\k", "a", u"1");
        holds_text("HKLM\\k", "b", u"2");
        assert_int_equal(platen_registry_delete(registry, "HKLM", NULL), 0);
    }
}

static void each_type(void **state)
{
    (void)state;
    load(KEY "\"dword\"=dword:0000abCD\n"
             "\"short\"=dword:7\n"
             "\"none\"=hex(0):\n"
             "\"sz\"=hex(1):41,00\n"
             "\"expand\"=hex(2):25,00,00,00\n"
             "\"binary\"=hex:00,ff,7F\n"
             "\"dword3\"=hex(4):01,02,03\n"
             "\"big\"=hex(5):01,02,03,04\n"
             "\"link\"=hex(6):00\n"
             "\"multi\"=hex(7):61,00,00,00,00,00\n"
             "\"list\"=hex(8):01\n"
             "\"full\"=hex(9):02\n"
             "\"needs\"=hex(A):03\n"
             "\"qword\"=hex(b):01,02,03,04,05,06,07,08\n"
             "\"odd\"=hex(fedcba98):1,2\n");
    holds("HKLM\\k", "dword", REG_DWORD, "\xcd\xab\0\0", 4);
    holds("HKLM\\k", "short", REG_DWORD, "\7\0\0\0", 4);
    holds("HKLM\\k", "none", 0, "", 0);
    holds("HKLM\\k", "sz", 1, "A", 2);
    holds("HKLM\\k", "expand", 2, "%\0\0", 4);
    holds("HKLM\\k", "binary", 3, "\0\xff\x7f", 3);
    holds("HKLM\\k", "dword3", 4, "\1\2\3", 3);
    holds("HKLM\\k", "big", 5, "\1\2\3\4", 4);
    holds("HKLM\\k", "link", 6, "", 1);
    holds("HKLM\\k", "multi", 7, "a\0\0\0\0", 6);
    holds("HKLM\\k", "list", 8, "\1", 1);
    holds("HKLM\\k", "full", 9, "\2", 1);
    holds("HKLM\\k", "needs", 10, "\3", 1);
    holds("HKLM\\k", "qword", 11, "\1\2\3\4\5\6\7\10", 8);
    holds("HKLM\\k", "odd", 0xfedcba98, "\1\2", 2);
}

static void blanks_and_comments(void **state)
{
    (void)state;
    load("Windows Registry Editor Version 5.00 \t\n"
         "  ; indented\n"
         " \t [HKLM\\k] \t; the key\n"
         " \"a\" \t= \t\"1\" ; text\n"
         "\t@ = DWORD:1;number\n"
         "\"h\"= HEX: 01 , 02 ,\\ \n"
         "\t 03,\\\n"
         "\\\n"
         "  04 ; bytes\n"
         "\"e\"=hex:;none\n"
         "\"f\"=hex:\\\n"
         "  05\n"
         "\"semi;colon\"=\"a;b\"\n");
    holds_text("HKLM\\k", "a", u"1");
    holds("HKLM\\k", "", REG_DWORD, "\1\0\0\0", 4);
    holds("HKLM\\k", "h", REG_BINARY, "\1\2\3\4", 4);
    holds("HKLM\\k", "e", REG_BINARY, "", 0);
    holds("HKLM\\k", "f", REG_BINARY, "\5", 1);
    holds_text("HKLM\\k", "semi;colon", u"a;b");
}

static void keys_keep_what_stands_between_the_brackets(void **state)
{
    (void)state;
    load(V5 "[HKEY_CURRENT_USER\\ a ]b[\"; \\-c]\n\"v\"=\"1\"\n");
    holds_text("HKCU\\ a ]b[\"; \\-c", "v", u"1");
}

static void each_root(void **state)
{
    (void)state;
    load(V5 "[HKLM\\k]\n\"v\"=\"1\"\n[hkcu\\k]\n\"v\"=\"2\"\n[HKCR\\k]\n\"v\"=\"3\"\n"
            "[HKU\\k]\n\"v\"=\"4\"\n[HKCC\\k]\n\"v\"=\"5\"\n[HKLM]\n\"v\"=\"6\"\n");
    holds_text("HKEY_LOCAL_MACHINE\\k", "v", u"1");
    holds_text("HKEY_CURRENT_USER\\k", "v", u"2");
    holds_text("HKEY_CLASSES_ROOT\\k", "v", u"3");
    holds_text("HKEY_USERS\\k", "v", u"4");
    holds_text("HKEY_CURRENT_CONFIG\\k", "v", u"5");
    holds_text("HKEY_LOCAL_MACHINE", "v", u"6");
}

static void deletions(void **state)
{
    (void)state;
    load(KEY "\"a\"=\"1\"\n\"b\"=\"2\"\n@=\"3\"\n[HKLM\\k\\sub\\deep]\n\"v\"=\"4\"\n[HKLM\\o]\n");
    load(KEY "\"A\"=-\n@=-\n\"none\"=-\n[-HKLM\\k\\SUB]\n[-HKLM\\none\\at\\all]\n"
             "[HKLM\\k]\n\"b\"=\"5\"\n\"b\"=\"6\"\n");
    misses("HKLM\\k", "a");
    misses("HKLM\\k", "");
    misses("HKLM\\k\\sub\\deep", "v");
    misses("HKLM\\none", "");
    holds_text("HKLM\\k", "b", u"6");
}

/* regedit exports a text with line breaks as it is. */
static void text_over_several_lines(void **state)
{
    (void)state;
    load(KEY "\"v\"=\"one\r\ntwo\n[HKLM]\r\n\"\n\"w\"=\"3\"\n");
    holds_text("HKLM\\k", "v", u"one\r\ntwo\n[HKLM]\r\n");
    holds_text("HKLM\\k", "w", u"3");
}

static void version4(void **state)
{
    (void)state;
    load("REGEDIT4\n\n[HKLM\\k]\n\"e\"=hex(2):25,41,00\n\"m\"=hex(7):61,00,00\n\"b\"=hex:ff,41\n");
    holds("HKLM\\k", "e", REG_EXPAND_SZ, u"%A", 6);
    holds("HKLM\\k", "m", REG_MULTI_SZ, "a\0\0\0\0", 6);
    holds("HKLM\\k", "b", REG_BINARY,
          "\xff"
          "A",
          2);
}

static void lone_surrogates(void **state)
{
    (void)state;
    load(KEY "\"\xed\xa0\x80\"=\"\xed\xb0\x80\"\n");
    holds_text("HKLM\\k", "\xed\xa0\x80", (const char16_t[]){0xdc00, 0});
    load(KEY "\"real\"=\"\xef\xbf\xbd\"\n");
    holds_text("HKLM\\k", "real", u"\ufffd");
}

/* As Windows exports the Standard TCP/IP Port's settings. */
static const char tcpip_ports[] =
    "Windows Registry Editor Version 5.00\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Standard TCP/IP "
    "Port]\r\n"
    "\"Driver\"=\"tcpmon.dll\"\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Standard TCP/IP "
    "Port\\Ports]\r\n"
    "\"StatusUpdateInterval\"=dword:0000000a\r\n"
    "\"StatusUpdateEnabled\"=dword:00000001\r\n"
    "\"LprAckTimeout\"=dword:000000b4\r\n\r\n"
    "[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\Print\\Monitors\\Standard TCP/IP "
    "Port\\Ports\\IP_192.0.2.17]\r\n"
    "\"Protocol\"=dword:00000001\r\n"
    "\"Version\"=dword:00000001\r\n"
    "\"HostName\"=\"\"\r\n"
    "\"IPAddress\"=\"192.0.2.17\"\r\n"
    "\"HWAddress\"=\"\"\r\n"
    "\"PortNumber\"=dword:0000238c\r\n"
    "\"SNMP Community\"=\"public\"\r\n"
    "\"SNMP Enabled\"=dword:00000000\r\n"
    "\"SNMP Index\"=dword:00000001\r\n"
    "\"PortMonMibPortIndex\"=dword:00000000\r\n\r\n";

static void an_export_of_tcpip_ports(void **state)
{
    (void)state;
    static const char port[] = "HKLM\\System\\CurrentControlSet\\Control\\Print\\Monitors\\"
                               "Standard TCP/IP Port\\Ports\\IP_192.0.2.17";
    size_t size, saved_size;
    unsigned char *bytes = files_utf16(tcpip_ports, 0, &size);
    load_bytes(bytes, size);
    holds(port, "PortNumber", REG_DWORD, "\x8c\x23\0\0", 4);
    holds_text(port, "IPAddress", u"192.0.2.17");
    holds_text(port, "HWAddress", u"");
    /* The keys above come in too: leave them out, and what is saved is what Windows exported. */
    assert_int_equal(platen_registry_save(registry, files_path("tcpip.reg")), 0);
    unsigned char *saved = files_read(files_path("tcpip.reg"), &saved_size);
    static const char16_t first[] = u"\r\n[HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Control\\"
                                    u"Print\\Monitors\\Standard TCP/IP Port]";
    size_t head = 2 + 2 * 36 + 2 * 2; /* mark, version, line break */
    size_t at = saved_size - (size - head);
    assert_memory_equal(saved, bytes, head);
    assert_memory_equal(saved + at, first, sizeof first - 2);
    assert_memory_equal(saved + at, bytes + head, size - head);
    free(saved);
    free(bytes);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(each_encoding),
        TEST(each_line_break),
        TEST(each_type),
        TEST(blanks_and_comments),
        TEST(keys_keep_what_stands_between_the_brackets),
        TEST(each_root),
        TEST(deletions),
        TEST(text_over_several_lines),
        TEST(version4),
        TEST(lone_surrogates),
        TEST(an_export_of_tcpip_ports),
    };
    return cmocka_run_group_tests(tests, files_open, files_close);
}
