/* SPDX-License-Identifier: MIT
 *
 * The names of jobs in an LPR server's control file: data, whatever they are.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

#include "lpr_bench.h"

/* Every line of a control file is a letter and a text: a name makes no line of its own. */
static void assert_lines(const char *control, const char *letters)
{
    for (; *letters; letters++) {
        size_t length = strcspn(control, "\n");
        assert_int_equal(*control, *letters);
        assert_int_equal(control[length], '\n');
        for (size_t i = 0; i < length; i++)
            assert_true((unsigned char)control[i] >= 0x20 && control[i] != 0x7F);
        control += length + 1;
    }
    assert_string_equal(control, "");
}

static void keeps_names_in_their_lines(void **state)
{
    static const char *const names[] = {
        "$(id)",
        "`id`; id | id & id",
        "\"'\\\"",
        "a\nN/etc/passwd\nUx",
        "%n%s%n",
        "\x1b]0;x\x07",
        "\r\n\t\x7f\xC2\x9B[31m",
        "\xED\xA0\x80\xFF\xC3",
        "..\\..\\x /../x",
    };
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct platen_doc doc = lpr_document();
        struct lpr_bench bench;
        doc.name = doc.user = doc.machine = names[i];
        lpr_begin(&bench, "/raw?banner=on", 1);
        assert_int_equal(lpr_print(&bench, &doc, "hello", 5), 0);
        lpr_assert_printed(&bench, "hello", 5);
        assert_lines(bench.said.control, "HPJCLlUN");
        assert_int_equal(strspn(bench.said.data_name + 6, "abcdefghijklmnopqrstuvwxyz"
                                                          "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."),
                         strlen(bench.said.data_name + 6));
        lpr_end(&bench);
    }
}

static void hands_names_on_as_data(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    (void)state;
    doc.name = "$(id) \xC3\xA9 \"%n\"";
    doc.user = "DOM\\ann";
    lpr_begin(&bench, "/raw", 1);
    assert_int_equal(lpr_print(&bench, &doc, "x", 1), 0);
    assert_non_null(strstr(bench.said.control, "\nPDOM\\ann\nJ$(id) \xC3\xA9 \"%n\"\n"));
    lpr_end(&bench);
    lpr_begin(&bench, "/raw?sanitize_title=yes", 1);
    assert_int_equal(lpr_print(&bench, &doc, "x", 1), 0);
    assert_non_null(strstr(bench.said.control, "\nPDOM_ann\nJ__id_ _ __n_\n"));
    lpr_end(&bench);
}

static void cuts_long_names_at_characters(void **state)
{
    struct platen_doc doc = lpr_document();
    struct lpr_bench bench;
    char *name = malloc(32769);
    (void)state;
    assert_non_null(name);
    for (size_t i = 0; i < 32768; i += 2)
        memcpy(name + i, "\xC3\xA9", 2);
    name[32768] = '\0';
    doc.name = doc.user = name;
    lpr_begin(&bench, "/raw", 1);
    assert_int_equal(lpr_print(&bench, &doc, "x", 1), 0);
    assert_lines(bench.said.control, "HPJlUN");
    assert_int_equal(strcspn(strstr(bench.said.control, "\nP") + 1, "\n"), 1 + 30);
    assert_int_equal(strcspn(strstr(bench.said.control, "\nJ") + 1, "\n"), 1 + 98);
    assert_int_equal(strcspn(strstr(bench.said.control, "\nN") + 1, "\n"), 1 + 130);
    lpr_end(&bench);
    free(name);
}

static void needs_no_names(void **state)
{
    struct platen_doc doc = {.size = sizeof doc, .printer = ""};
    struct lpr_bench bench;
    (void)state;
    lpr_begin(&bench, "/raw", 1);
    assert_int_equal(lpr_print(&bench, &doc, "x", 1), 0);
    assert_lines(bench.said.control, "HPlU");
    assert_non_null(strstr(bench.said.control, "\nPanonymous\n"));
    lpr_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keeps_names_in_their_lines),
        cmocka_unit_test(hands_names_on_as_data),
        cmocka_unit_test(cuts_long_names_at_characters),
        cmocka_unit_test(needs_no_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
