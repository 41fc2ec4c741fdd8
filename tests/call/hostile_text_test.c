/* SPDX-License-Identifier: MIT
 *
 * Texts and names of lanes that mean ill: none breaks a line or a terminal, none is lost.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "printed.h"

static void text_prints_as(const char16_t *text, const char *quoted)
{
    char expected[300];
    struct platen_call call = CALL(OpenPort, {NULL, w(text), NULL});
    snprintf(expected, sizeof expected,
             "LPT1: OpenPort hMonitor=NULL pName=\"%s\" pHandle=NULL -> FALSE ERROR_SUCCESS",
             quoted);
    prints_as(&call, NULL, expected);
}

static void hostile_text(void **state)
{
    (void)state;
    static const char16_t lone[] = {u'a', 0xd800, u'b', 0xdc00, 0xdbff, 0};
    static const char16_t c1[] = {0x7f, 0x80, 0x9b, 0x9f, 0xa0, 0};
    text_prints_as(u"", "");
    text_prints_as(u"\"\\\r\n\t\x1b[2J", "\\\"\\\\\\r\\n\\t\\x1b[2J");
    text_prints_as(u"ä€🖨", "ä€🖨");
    text_prints_as(lone, "a\\u{d800}b\\u{dc00}\\u{dbff}");
    text_prints_as(c1, "\\x7f\\u{80}\\u{9b}\\u{9f}\u00a0");
    text_prints_as(u"\u202e\u2066\u200f\u061c\u2028\ufeff",
                   "\\u{202e}\\u{2066}\\u{200f}\\u{61c}\\u{2028}\\u{feff}");
}

/* A counted text may hold a NUL. */
static void text_with_a_nul(void **state)
{
    (void)state;
    static const char16_t text[] = {u'a', 0, u'b'};
    DWORD count = 3;
    struct platen_call call = CALL(EnumKey, {NULL, 0, w(text), &count, NULL, NULL});
    prints_as(&call, NULL,
              "LPT1: EnumKey hcKey=NULL dwIndex=0 pftLastWriteTime=NULL hSpooler=NULL "
              "-> ERROR_SUCCESS pszName=\"a\\x00b\" pcchName=3");
}

static void hostile_lanes(void **state)
{
    (void)state;
    struct platen_lane other = {.name = NULL};
    struct platen_call call = CALL(EndDocPort, {NULL});
    static const char *const names[][2] = {
        {NULL, "?"},
        {"", "\"\""},
        {"main", "main"},
        {"t1", "t1"},
        {"IP_10.0.0.7", "IP_10.0.0.7"},
        {"job", "\"job\""},             /* could be a verb */
        {"WritePort", "\"WritePort\""}, /* a slot */
        {"a=b", "\"a=b\""},
        {"->", "\"->\""},
        {"#1", "\"#1\""},
        {"$port1", "\"$port1\""},
        {"My Port", "\"My Port\""},
        {"a\nb\"\x1b", "\"a\\nb\\\"\\x1b\""},
        {"\xc3\xa4\xe2\x80\xae\xff", "\"\xc3\xa4\\u{202e}\xef\xbf\xbd\""},
    };
    char expected[100];
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        other.name = names[i][0];
        call.lane = &other;
        snprintf(expected, sizeof expected, "%s EndDocPort hPort=NULL -> FALSE ERROR_SUCCESS",
                 names[i][1]);
        prints_as(&call, NULL, expected);
    }
    call.lane = NULL;
    prints_as(&call, NULL, "? EndDocPort hPort=NULL -> FALSE ERROR_SUCCESS");
}

static void a_lane_that_was_written_before(void **state)
{
    (void)state;
    char word[40];
    struct platen_call end = CALL(EndDocPort, {NULL});
    struct platen_call_form form = {.lane = word};
    assert_int_equal(platen_lane_print("a \x1b b", word, sizeof word), strlen("\"a \\x1b b\""));
    assert_string_equal(word, "\"a \\x1b b\"");
    prints_as(&end, &form, "\"a \\x1b b\" EndDocPort hPort=NULL -> FALSE ERROR_SUCCESS");
    assert_int_equal(platen_lane_print("LPT1:", word, sizeof word), 5);
    assert_string_equal(word, "LPT1:");
    prints_as(&end, &form, "LPT1: EndDocPort hPort=NULL -> FALSE ERROR_SUCCESS");
}

static size_t quote_byte(unsigned byte, char *to)
{
    static const char short_ones[] = "\nn\rr\tt\"\"\\\\";
    for (const char *at = short_ones; *at != '\0'; at += 2) {
        if (byte == (unsigned char)*at) {
            return (size_t)snprintf(to, 5, "\\%c", at[1]);
        }
    }
    return (size_t)snprintf(to, 5, byte >= 0x20 && byte < 0x7f ? "%c" : "\\x%02x", byte);
}

/* As data, and those that are ASCII as text. */
static void every_byte_is_quoted(void **state)
{
    (void)state;
    unsigned char all[256];
    char16_t text[128] = {0};
    char expected[1200], ascii[600];
    size_t used =
        (size_t)snprintf(expected, sizeof expected, "LPT1: WritePort hPort=NULL pBuffer=\"");
    size_t written = (size_t)snprintf(
        ascii, sizeof ascii, "LPT1: AddPort hMonitor=NULL pName=NULL hWnd=NULL pMonitorName=\"");
    for (unsigned i = 0; i < 256; i++) {
        all[i] = (unsigned char)i;
        used += quote_byte(i, expected + used);
    }
    for (unsigned i = 1; i < 128; i++) {
        text[i - 1] = (char16_t)i;
        written += quote_byte(i, ascii + written);
    }
    snprintf(expected + used, sizeof expected - used,
             "\" cbBuf=256 pcbWritten=NULL -> FALSE ERROR_SUCCESS");
    snprintf(ascii + written, sizeof ascii - written, "\" -> FALSE ERROR_SUCCESS");
    struct platen_call_form form = {.inline_bytes = sizeof all};
    struct platen_call write = CALL(WritePort, {NULL, all, sizeof all, NULL});
    struct platen_call add = CALL(AddPort, {.pMonitorName = text});
    prints_as(&write, &form, expected);
    prints_as(&add, &form, ascii);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text),         cmocka_unit_test(text_with_a_nul),
        cmocka_unit_test(hostile_lanes),        cmocka_unit_test(a_lane_that_was_written_before),
        cmocka_unit_test(every_byte_is_quoted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
