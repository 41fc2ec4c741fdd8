/* SPDX-License-Identifier: MIT
 *
 * Patterns by themselves, and what can be expected of which slot.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include "call/match.h"

static struct platen_words *words;
static struct platen_line line;

static int setup(void **state)
{
    (void)state;
    words = platen_words_new();
    return words == NULL;
}

static int teardown(void **state)
{
    (void)state;
    platen_words_free(words);
    return 0;
}

static void globs(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool fits;
    } cases[] = {{"", "", true},
                 {"*", "", true},
                 {"*", "abc", true},
                 {"a*", "abc", true},
                 {"*c", "abc", true},
                 {"*b*", "abc", true},
                 {"a?c", "abc", true},
                 {"a?", "abc", false},
                 {"", "a", false},
                 {"?", "", false},
                 {"[a-c]x", "bx", true},
                 {"[!a-c]x", "bx", false},
                 {"[!a-c]x", "dx", true},
                 {"[]]", "]", true},
                 {"[", "[", true},
                 {"[a", "[a", true},
                 {"[a-]", "-", true},
                 {"*a*b", "aab", true},
                 {"*a*b", "aaba", false},
                 {"a**b", "axb", true},
                 {"[*]", "*", true},
                 {"[*]", "x", false},
                 {"a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaac", false}};
    char text[100];
    struct platen_text_error error;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        snprintf(text, sizeof text, "~\"%s\"", cases[i].pattern);
        assert_true(platen_words_read(words, text, strlen(text), 1, &line, &error));
        if (platen_match_text(line.left, cases[i].text) != cases[i].fits ||
            platen_match_bytes(line.left, cases[i].text, strlen(cases[i].text), NULL) !=
                cases[i].fits) {
            fail_msg("~\"%s\" and \"%s\"", cases[i].pattern, cases[i].text);
        }
    }
}

static void single_values(void **state)
{
    (void)state;
    struct platen_text_error error;
    assert_true(platen_words_read(words, "1..5|9 printed|\"x y\"", 20, 1, &line, &error));
    assert_true(platen_match_number(line.left, 3));
    assert_true(platen_match_number(line.left, 9));
    assert_false(platen_match_number(line.left, 6));
    assert_true(platen_match_text(line.left->next, "printed"));
    assert_true(platen_match_text(line.left->next, "x y"));
    assert_false(platen_match_text(line.left->next, "printe"));
    assert_false(platen_match_text(line.left->next, ""));
}

static void checks(void **state)
{
    (void)state;
    static const struct {
        enum platen_slot slot;
        const char *right;
        const char *wrong; /* NULL: fine */
    } cases[] = {
        {PLATEN_SLOT_WritePort, "-> TRUE pcbWritten=1..", NULL},
        {PLATEN_SLOT_WritePort, "-> FALSE ERROR_BUSY|TIMEOUT|99|1..5|any", NULL},
        {PLATEN_SLOT_WritePort, "-> TRUE at=1.5 took=0.1", NULL},
        {PLATEN_SLOT_WritePort, "-> ?", NULL},
        {PLATEN_SLOT_WritePort, "-> TRU", "WritePort answers TRUE or FALSE, not TRU"},
        {PLATEN_SLOT_WritePort, "-> done", "not done"},
        {PLATEN_SLOT_WritePort, "-> TRUE pcbWriten=1", "no argument pcbWriten; pcbWritten?"},
        {PLATEN_SLOT_WritePort, "-> TRUE cbBuf=1", "cbBuf does not come back"},
        {PLATEN_SLOT_WritePort, "-> FALSE ERROR_BSY", "no error ERROR_BSY; ERROR_BUSY?"},
        {PLATEN_SLOT_WritePort, "-> FALSE 1 2", "one result and one error"},
        {PLATEN_SLOT_WritePort, "-> TRUE at=x", "no argument at"},
        {PLATEN_SLOT_XcvDataPort, "-> ERROR_BUSY|0|1..9", NULL},
        {PLATEN_SLOT_XcvDataPort, "-> TRUE", "no error TRUE"},
        {PLATEN_SLOT_XcvDataPort, "-> 0 ERROR_BUSY", "no error besides"},
        {PLATEN_SLOT_Shutdown, "-> done", NULL},
        {PLATEN_SLOT_InitializePrintMonitor2, "-> table phMonitor=$monitor1", NULL},
        {PLATEN_SLOT_InitializePrintMonitor2, "-> TRUE", "table or NULL"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct platen_text_error error = {.line = 0};
        assert_true(
            platen_words_read(words, cases[i].right, strlen(cases[i].right), 5, &line, &error));
        bool fine = platen_match_check(cases[i].slot, line.right, &error);
        if (fine != (cases[i].wrong == NULL) ||
            (!fine && (strstr(error.what, cases[i].wrong) == NULL || error.line != 5 ||
                       error.column == 0))) {
            fail_msg("%s: %s", cases[i].right, fine ? "fine" : error.what);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(globs),
        cmocka_unit_test(single_values),
        cmocka_unit_test(checks),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
