/* SPDX-License-Identifier: MIT
 *
 * SEAM_MODULES is the folder with the modules that are made for this test: good; user, which needs
 * good; orphan, which needs a module that is not there.
 */
#include "help.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/module.h"

typedef int (*number_function)(void);

static const char *module_path(const char *name)
{
    static char path[600];
    snprintf(path, sizeof path, "%s/%s%s", SEAM_MODULES, name, SEAM_SUFFIX);
    return path;
}

static platen_os_module *load(const char *name)
{
    platen_os_module *module;
    char *complaint = (char *)(uintptr_t)name;

    assert_int_equal(platen_os_module_load(module_path(name), &module, &complaint), 0);
    assert_null(complaint);
    assert_non_null(module);
    assert_non_null(platen_os_module_handle(module));
    return module;
}

static int call(platen_os_module *module, const char *name)
{
    number_function function = (number_function)platen_os_module_function(module, name);
    assert_non_null(function);
    return function();
}

static void test_functions_and_data_are_found(void **state)
{
    platen_os_module *module = load("good");
    int *number = platen_os_module_data(module, "seam_number");

    (void)state;
    assert_non_null(number);
    *number = 6;
    assert_int_equal(call(module, "seam_answer"), 7);
    assert_null(platen_os_module_function(module, "seam_nothing"));
    assert_null(platen_os_module_data(module, ""));
    platen_os_module_unload(module);
    platen_os_module_unload(NULL);
}

static void test_what_it_needs_is_not_its_own(void **state)
{
    platen_os_module *module = load("user");

    (void)state;
    assert_true(call(module, "seam_user") > 1000);
    assert_null(platen_os_module_function(module, "seam_answer"));
    assert_null(platen_os_module_function(module, "malloc"));
    platen_os_module_unload(module);
}

static void assert_refused(const char *path, uint32_t error)
{
    platen_os_module *module = (platen_os_module *)(uintptr_t)path;

    assert_int_equal(platen_os_module_load(path, &module, NULL), error);
    assert_null(module);
}

static void test_missing_files(void **state)
{
    char *complaint;
    platen_os_module *module;

    assert_refused(in_scratch(state, "none"), PLATEN_FILE_NOT_FOUND);
    assert_refused(in_scratch(state, "none/none"), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_os_module_load(in_scratch(state, "none"), &module, &complaint),
                     PLATEN_FILE_NOT_FOUND);
    assert_non_null(complaint);
    assert_true(strlen(complaint) > 0);
    free(complaint);
}

/* The system knows files of these names, and is not asked. */
static void test_nothing_is_searched(void **state)
{
    (void)state;
    assert_refused("libc.so.6", PLATEN_FILE_NOT_FOUND);
    assert_refused("winhttp.dll", PLATEN_FILE_NOT_FOUND);
}

static void test_files_that_are_no_modules(void **state)
{
    char *data;
    size_t size;

    write_text(in_scratch(state, "text"), "this is no module, and it is longer than any header");
    assert_refused(in_scratch(state, "text"), PLATEN_BAD_EXE_FORMAT);
    write_text(in_scratch(state, "empty"), "");
    assert_refused(in_scratch(state, "empty"), PLATEN_BAD_EXE_FORMAT);
    assert_refused(*state, PLATEN_BAD_EXE_FORMAT);
    assert_int_equal(platen_os_file_load(module_path("good"), 1 << 24, &data, &size), 0);
    assert_int_equal(platen_os_file_replace(in_scratch(state, "cut"), data, 40), 0);
    assert_refused(in_scratch(state, "cut"), PLATEN_BAD_EXE_FORMAT);
    assert_int_equal(platen_os_file_replace(in_scratch(state, "header"), data, 64), 0);
    assert_refused(in_scratch(state, "header"), PLATEN_BAD_EXE_FORMAT);
    free(data);
}

/* A module needs no ending in its name, and gets none. */
static void test_the_name_is_taken_as_it_is(void **state)
{
    platen_os_module *module;
    char *data;
    size_t size;

    assert_int_equal(platen_os_file_load(module_path("good"), 1 << 24, &data, &size), 0);
    assert_int_equal(platen_os_file_replace(in_scratch(state, "plain"), data, size), 0);
    assert_int_equal(platen_os_file_replace(in_scratch(state, "other.dll"), data, size), 0);
    free(data);
    assert_refused(in_scratch(state, "other"), PLATEN_FILE_NOT_FOUND);
    assert_int_equal(platen_os_module_load(in_scratch(state, "plain"), &module, NULL), 0);
    assert_int_equal(call(module, "seam_answer"), 42);
    platen_os_module_unload(module);
}

static void test_something_that_it_needs_is_missing(void **state)
{
    platen_os_module *module;
    char *complaint;

    (void)state;
    assert_int_equal(platen_os_module_load(module_path("orphan"), &module, &complaint),
                     PLATEN_MOD_NOT_FOUND);
    assert_null(module);
    assert_non_null(complaint);
    free(complaint);
}

static void test_a_pinned_module_stays(void **state)
{
    platen_os_module *module = load("good");
    number_function function = (number_function)platen_os_module_function(module, "seam_answer");
    int *number = platen_os_module_data(module, "seam_number");

    (void)state;
    *number = 99;
    platen_os_module_pin(number);
    platen_os_module_unload(module);
    assert_int_equal(function(), 100);
    module = load("good");
    assert_int_equal(call(module, "seam_answer"), 101);
    platen_os_module_unload(module);
    platen_os_module_pin(&module);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_functions_and_data_are_found),
        cmocka_unit_test(test_what_it_needs_is_not_its_own),
        scratch_test(test_missing_files),
        cmocka_unit_test(test_nothing_is_searched),
        scratch_test(test_files_that_are_no_modules),
        scratch_test(test_the_name_is_taken_as_it_is),
        cmocka_unit_test(test_something_that_it_needs_is_missing),
        cmocka_unit_test(test_a_pinned_module_stays),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
