/* SPDX-License-Identifier: MIT
 *
 * The reader of TAP finds what is wrong.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <string.h>

#include "tap_reader.h"

static json_t *read_text(const char *text)
{
    char wrong[300];
    return tap_read(text, strlen(text), wrong, sizeof wrong);
}

static void what_is_right_is_read(void **state)
{
    (void)state;
    json_t *read = read_text("TAP version 14\n"
                             "# Subtest: a \\# b\n"
                             "    # comment\n"
                             "    not ok 1 - one # \124ODO some day\n"
                             "      ---\n"
                             "      seconds: 0.5\n"
                             "      list:\n"
                             "        - name: \"x \\u0041 \\\" y\"\n"
                             "          line: 3\n"
                             "        - name: \"z\"\n"
                             "      ...\n"
                             "    1..1\n"
                             "ok 1 - a \\# b\n"
                             "1..1\n");
    json_t *expected = json_pack(
        "{s:[{s:b, s:i, s:s, s:{s:[{s:b, s:i, s:s, s:s, s:s, s:{s:f, s:[{s:s, s:i}, {s:s}]}}],"
        " s:[s], s:i}}], s:[], s:i}",
        "points", "ok", 1, "number", 1, "description", "a # b", "subtest", "points", "ok", 0,
        "number", 1, "description", "one", "directive", "\124ODO", "reason", "some day", "yaml",
        "seconds", 0.5, "list", "name", "x A \" y", "line", 3, "name", "z", "comments", "comment",
        "plan", 1, "comments", "plan", 1);
    assert_non_null(expected);
    assert_true(json_equal(read, expected));
    json_decref(read);
    json_decref(expected);
}

static void what_is_wrong_is_found(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "1..0 # SKIP\n",
        "TAP version 13\n1..0 # SKIP\n",
        "TAP version 14\n",
        "TAP version 14\nok 1 - a\n",
        "TAP version 14\nok 1 - a\n1..2\n",
        "TAP version 14\nok 2 - a\n1..1\n",
        "TAP version 14\nok 1 - a\n1..1",
        "TAP version 14\nok 1 a\n1..1\n",
        "TAP version 14\n1..1\nok 1 - a\n",
        "TAP version 14\nok 1 - a\n1..1\n1..1\n",
        "TAP version 14\nok 1 - a # b\n1..1\n",
        "TAP version 14\nok 1 - a # SKIP b # c\n1..1\n",
        "TAP version 14\nok 1 - a # SKIPPED\n1..1\n",
        "TAP version 14\nok 1 - a \\b\n1..1\n",
        "TAP version 14\nok 1 - a \x1b\n1..1\n",
        "TAP version 14\nok 1 - a \xff\n1..1\n",
        "TAP version 14\nnonsense\n1..0 # SKIP\n",
        "TAP version 14\n1..0\n",
        "TAP version 14\nok 1 - a\n  ---\n  b: 1\n1..1\n",
        "TAP version 14\nok 1 - a\n  ---\n  b: c\n  ...\n1..1\n",
        "TAP version 14\nok 1 - a\n  ---\n  b: 1\n  b: 1\n  ...\n1..1\n",
        "TAP version 14\nok 1 - a\n  ---\n    b: 1\n  ...\n1..1\n",
        "TAP version 14\n# Subtest: a\n    ok 1 - x\n    1..1\nok 1 - b\n1..1\n",
        "TAP version 14\n# Subtest: a\n    ok 1 - x\nok 1 - a\n1..1\n",
        "TAP version 14\n# Subtest: a\n    ok 1 - x\n    1..1\n1..0 # SKIP\n",
        "TAP version 14\nBail out! x\n1..0 # SKIP\n",
    };
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        json_t *read = read_text(wrong[i]);
        if (read != NULL) {
            print_error("taken for right: %s\n", wrong[i]);
        }
        assert_null(read);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_right_is_read),
        cmocka_unit_test(what_is_wrong_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
