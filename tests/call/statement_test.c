/* SPDX-License-Identifier: MIT
 *
 * Which word of a line is what, and which word was meant.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "call/build.h"

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

static bool is_verb(const char *name, size_t length)
{
    return (length == 3 && memcmp(name, "job", 3) == 0) ||
           (length == 6 && memcmp(name, "repeat", 6) == 0);
}

static void statement_is(const char *text, const char *lane, const char *head, bool slot,
                         uint32_t depth)
{
    struct platen_statement statement;
    struct platen_text_error error;
    assert_true(platen_words_read(words, text, strlen(text), 1, &line, &error));
    platen_statement_find(&line, is_verb, &statement);
    assert_int_equal(statement.lane != NULL, lane != NULL);
    assert_int_equal(statement.head != NULL, head != NULL);
    if (lane != NULL) {
        assert_memory_equal(statement.lane->at, lane, strlen(lane));
    }
    if (head != NULL) {
        assert_memory_equal(statement.head->at, head, strlen(head));
        assert_ptr_equal(statement.arguments, statement.head->next);
    }
    assert_int_equal(statement.slot != PLATEN_SLOT_COUNT, slot);
    assert_int_equal(statement.depth, depth);
}

static void statements(void **state)
{
    (void)state;
    statement_is("", NULL, NULL, false, 0);
    statement_is("WritePort hPort=NULL", NULL, "WritePort", true, 0);
    statement_is("    WritePort hPort=NULL", NULL, "WritePort", true, 0);
    statement_is("LPT1: WritePort hPort=NULL", "LPT1:", "WritePort", true, 0);
    statement_is("t1     SetJobW Command=5", "t1", "SetJobW", true, 2);
    statement_is("main EndDocPort", "main", "EndDocPort", true, 0);
    statement_is("\"job\" EndDocPort", "job", "EndDocPort", true, 0);
    statement_is("\"a b\"", "a b", NULL, false, 0);
    statement_is("job \"LPT1:\" file x", NULL, "job", false, 0);
    statement_is("job EndDocPort", NULL, "job", false, 0);
    statement_is("LPT1: job x", "LPT1:", "job", false, 0);
    statement_is("main job x", "main", "job", false, 0);
    statement_is("LPT1: WritPort hPort=NULL", "LPT1:", "WritPort", false, 0);
    statement_is("jbo doc.ps", NULL, "jbo", false, 0); /* a slip, no lane */
    statement_is("jbo \"LPT1:\"", NULL, "jbo", false, 0);
    statement_is("WritPort hPort=NULL", NULL, "WritPort", false, 0);
}

static void near_words(void **state)
{
    (void)state;
    static const char *const names[] = {"printer", "monitor", NULL, "job", "pBuffer", "cbBuf"};
    const struct {
        const char *word, *near_;
    } cases[] = {{"pritner", "printer"},
                 {"PRINTER", "printer"},
                 {"monitr", "monitor"},
                 {"jbo", "job"},
                 {"pBufer", "pBuffer"},
                 {"cbBuff", "cbBuf"},
                 {"zzzzzzz", NULL},
                 {"", NULL},
                 {"x", NULL}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *found =
            platen_nearest(cases[i].word, strlen(cases[i].word), names, sizeof *names, 6);
        assert_int_equal(found != NULL, cases[i].near_ != NULL);
        assert_true(found == NULL || strcmp(found, cases[i].near_) == 0);
    }
    char longest[1000];
    memset(longest, 'a', sizeof longest);
    assert_null(platen_nearest(longest, sizeof longest, names, sizeof *names, 6));
    assert_string_equal(platen_slot_nearest("WritPort", 8), "WritePort");
    assert_string_equal(platen_hint("jb", 2, names, sizeof *names, 6).text, "; job?");
    assert_string_equal(platen_hint("zzz", 3, names, sizeof *names, 6).text, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements),
        cmocka_unit_test(near_words),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
