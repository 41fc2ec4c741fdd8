/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdlib.h>
#include <string.h>

#include "os/error.h"

static void test_every_row_is_found_by_number_and_by_both_names(void **state)
{
    (void)state;
#define PLATEN_ERROR(name, value, text)                                                            \
    assert_string_equal(platen_error_name(value), "ERROR_" #name);                                 \
    assert_string_equal(platen_error_text(value), text);                                           \
    assert_int_equal(platen_error_number("ERROR_" #name), value);                                  \
    assert_int_equal(platen_error_number(#name), value);
#include <platen/errors.def>
#undef PLATEN_ERROR
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
