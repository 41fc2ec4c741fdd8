/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "os/error.h"

static void test_every_row_is_found_by_number_and_by_both_names(void **state)
{
    static const struct {
        const char *name, *text;
        uint32_t code;
    } rows[] = {
#define PLATEN_ERROR(name, value, text) {"ERROR_" #name, text, value},
#include <platen/errors.def>
#undef PLATEN_ERROR
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_string_equal(platen_error_name(rows[i].code), rows[i].name);
        assert_string_equal(platen_error_text(rows[i].code), rows[i].text);
        assert_int_equal(platen_error_number(rows[i].name), rows[i].code);
        assert_int_equal(platen_error_number(rows[i].name + strlen("ERROR_")), rows[i].code);
    }
}

static void test_what_is_no_row_has_no_name(void **state)
{
    static const char *const names[] = {"", "ERROR_", "error_busy", "BUS", "BUSYNESS", "170"};

    (void)state;
    assert_null(platen_error_name(4000000));
    assert_null(platen_error_text(UINT32_MAX));
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_int_equal(platen_error_number(names[i]), UINT32_MAX);
}

static void test_success_is_no_error(void **state)
{
    (void)state;
    assert_int_equal(platen_os_error_from(0), 0);
    assert_int_not_equal(platen_os_last_error(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_row_is_found_by_number_and_by_both_names),
        cmocka_unit_test(test_what_is_no_row_has_no_name),
        cmocka_unit_test(test_success_is_no_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
