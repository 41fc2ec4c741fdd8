/* SPDX-License-Identifier: MIT
 *
 * Names of values: what is one, which row of the table it fits, and what lies under a path.
 */
#include "trial.h"

#include <string.h>

#include "bidi/schema.h"

static void shapes(void **state)
{
    static const struct {
        const char *text;
        enum bidi_shape shape;
    } cases[] = {
        {"\\Printer", BIDI_PATH},
        {"\\Printer.Status", BIDI_PATH},
        {"\\Printer.Status.Summary:State", BIDI_NAME},
        {"\\a:b", BIDI_NAME},
        {"\\a_1.B2:c3", BIDI_NAME},
        {"", BIDI_NO_NAME},
        {"\\", BIDI_NO_NAME},
        {"\\.a", BIDI_NO_NAME},
        {"\\a.", BIDI_NO_NAME},
        {"\\a..b", BIDI_NO_NAME},
        {"\\a:", BIDI_NO_NAME},
        {"\\:a", BIDI_NO_NAME},
        {"\\a:b:c", BIDI_NO_NAME},
        {"\\a:b.c", BIDI_NO_NAME},
        {"\\a b:c", BIDI_NO_NAME},
        {"\\a:b ", BIDI_NO_NAME},
        {"Printer:a", BIDI_NO_NAME},
        {"/Printer:a", BIDI_NO_NAME},
        {"\\Pr\xc3\xa4nter:a", BIDI_NO_NAME},
        {"\\a*:b", BIDI_NO_NAME},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
        assert_int_equal(bidi_shape_of(cases[i].text), cases[i].shape);
}

static void rows(void **state)
{
    static const struct {
        const char *name, *row;
    } cases[] = {
        {"\\Printer.Status.Summary:State", "\\Printer.Status.Summary:State"},
        {"\\PRINTER.status.SUMMARY:sTATE", "\\Printer.Status.Summary:State"},
        {"\\Printer.Status.Summary:StateReason", "\\Printer.Status.Summary:StateReason"},
        {"\\Printer.Consumables.Black_1:Level", "\\Printer.Consumables.*:Level"},
        {"\\Printer.Status.Detailed.Event001:Name", "\\Printer.Status.Detailed.Event*:Name"},
        {"\\Printer.Status.Detailed.Event001.Component:Group",
         "\\Printer.Status.Detailed.Event*.Component:Group"},
        {"\\Printer.Layout.InputBins.Tray1:MediaSize", "\\Printer.Layout.InputBins.*:MediaSize"},
        {"\\Printer.Status.Summary:States", NULL},
        {"\\Printer.Status.Summary", NULL},
        {"\\Printer.Consumables.:Level", NULL},
        {"\\Printer.Consumables.a.b:Level", NULL},
        {"\\Printer.Status.Detailed.Event:Name", NULL},
        {"\\Printer.Nothing:Here", NULL},
        {"", NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        const struct bidi_schema *row = bidi_schema_find(cases[i].name);
        assert_int_equal(row != NULL, cases[i].row != NULL);
        if (row)
            assert_string_equal(row->name, cases[i].row);
    }
}

/* A row that nothing could reach, or that says two things, would be a slip of the pen. */
static void the_table(void **state)
{
    size_t count = 0;
    const struct bidi_schema *row;
    (void)state;
    for (; (row = bidi_schema_at(count)) != NULL; count++) {
        assert_true(bidi_is_open(row) || bidi_schema_find(row->name) == row);
        assert_true(bidi_is_open(row) || bidi_shape_of(row->name) == BIDI_NAME);
        assert_true(row->type == BIDI_STRING || row->type == BIDI_INT || row->type == BIDI_BOOL);
        assert_int_equal(row->learned == BIDI_KEY, row->keys != NULL);
        if (row->learned != BIDI_ELSEWHERE)
            assert_false(bidi_is_open(row) || row->settable);
    }
    assert_in_range(count, 50, 100);
    assert_null(bidi_schema_at(count + 1));
}

static void paths(void **state)
{
    static const struct {
        const char *path, *name;
        bool here, below;
    } cases[] = {
        {"\\Printer", "\\Printer.A:b", false, true},
        {"\\Printer", "\\Printer:b", true, true},
        {"\\printer.a", "\\Printer.A:b", true, true},
        {"\\Printer.A", "\\Printer.AB:c", false, false},
        {"\\Printer.A.B", "\\Printer.A:b", false, false},
        {"\\Printer.A", "\\Printer.A.B.C:d", false, true},
        {"\\Printer.A:b", "\\Printer.A:b", false, false},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        assert_int_equal(bidi_is_under(cases[i].path, cases[i].name, false), cases[i].here);
        assert_int_equal(bidi_is_under(cases[i].path, cases[i].name, true), cases[i].below);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(shapes),
        cmocka_unit_test(rows),
        cmocka_unit_test(the_table),
        cmocka_unit_test(paths),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
