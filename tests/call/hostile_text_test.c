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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hostile_text),
        cmocka_unit_test(text_with_a_nul),
        cmocka_unit_test(hostile_lanes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
