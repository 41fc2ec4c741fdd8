/* SPDX-License-Identifier: MIT
 *
 * Modules as only the POSIX linker gets them wrong.
 */
#include "help.h"

#include <stdlib.h>
#include <string.h>
#include <elf.h>
#include <sys/stat.h>

#include "os/module.h"

static void assert_refused(const char *path, uint32_t error, const char *words)
{
    platen_os_module *module;
    char *complaint;

    assert_int_equal(platen_os_module_load(path, &module, &complaint), error);
    assert_null(module);
    if (words)
        assert_non_null(strstr(complaint, words));
    free(complaint);
}

static void test_a_function_that_nobody_has(void **state)
{
    (void)state;
    assert_refused(SEAM_MODULES "/lacks" SEAM_SUFFIX, PLATEN_MOD_NOT_FOUND, "seam_nowhere");
}

static void test_a_module_for_another_machine(void **state)
{
    char *data;
    size_t size;

    assert_int_equal(platen_os_file_load(SEAM_MODULES "/good" SEAM_SUFFIX, 1 << 24, &data, &size),
                     0);
    data[EI_CLASS] = data[EI_CLASS] == ELFCLASS32 ? ELFCLASS64 : ELFCLASS32;
    assert_int_equal(platen_os_file_replace(in_scratch(state, "class"), data, size), 0);
    assert_refused(in_scratch(state, "class"), PLATEN_BAD_EXE_FORMAT, NULL);
    data[EI_CLASS] = data[EI_CLASS] == ELFCLASS32 ? ELFCLASS64 : ELFCLASS32;
    data[18] = (char)(data[18] ^ 0x55); /* e_machine */
    assert_int_equal(platen_os_file_replace(in_scratch(state, "machine"), data, size), 0);
    assert_refused(in_scratch(state, "machine"), PLATEN_BAD_EXE_FORMAT, NULL);
    free(data);
}

static void test_a_program_is_no_module(void **state)
{
    (void)state;
    assert_refused("/proc/self/exe", PLATEN_BAD_EXE_FORMAT, NULL);
}

/* The linker would wait for somebody to write. */
static void test_a_pipe_is_no_module(void **state)
{
    assert_int_equal(mkfifo(in_scratch(state, "fifo"), 0600), 0);
    assert_refused(in_scratch(state, "fifo"), PLATEN_BAD_EXE_FORMAT, NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_function_that_nobody_has),
        scratch_test(test_a_module_for_another_machine),
        cmocka_unit_test(test_a_program_is_no_module),
        scratch_test(test_a_pipe_is_no_module),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
