/* SPDX-License-Identifier: MIT
 *
 * DLLs that platen_add_monitor made load, export their entry point undecorated (R1) and hand over a
 * whole table. The arguments are their paths.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/winsplp.h>

static char **paths;

static void each_loads_and_answers(void **state)
{
    MONITORINIT how = {.cbSize = sizeof(how)};
    DWORD needed;
    DWORD returned;

    (void)state;
    assert_non_null(paths[0]);
    for (char **path = paths; *path; path++) {
        LPMONITOR2(WINAPI * init)(PMONITORINIT, PHANDLE);
        HMODULE dll = LoadLibraryA(*path);
        HANDLE instance = NULL;
        LPMONITOR2 table;

        if (!dll)
            fail_msg("%s: error %lu", *path, GetLastError());
        init = (LPMONITOR2(WINAPI *)(PMONITORINIT, PHANDLE))(void (*)(void))GetProcAddress(
            dll, "InitializePrintMonitor2");
        assert_non_null(init);
        table = init(&how, &instance);
        assert_non_null(table);
        assert_int_equal(table->cbSize, sizeof(MONITOR2));
        assert_null(table->pfnPowerEvent);
        assert_false(table->pfnEnumPorts(instance, NULL, 1, NULL, 0, &needed, &returned));
        assert_int_equal(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
        table->pfnShutdown(instance);
        assert_true(FreeLibrary(dll));
    }
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_loads_and_answers),
    };

    (void)argc;
    paths = argv + 1;
    return cmocka_run_group_tests_name("dll", tests, NULL, NULL);
}
