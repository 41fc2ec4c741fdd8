/* SPDX-License-Identifier: MIT
 *
 * Loading modules: a real one, several times, and what is none. The module's path is the argument.
 */
#include "stub.h"

#include <stdio.h>

#include "os/file.h"
#include "os/module.h"

static const char *module;

static void a_module_prints(void **state)
{
    struct listener listener;
    platen_registry *registry;
    uint32_t attached = 0, size = sizeof attached;
    char *complaint;

    (void)state;
    assert_int_equal(platen_registry_create(&registry), 0);
    for (int turn = 0; turn < 3; turn++) {
        struct platen_spooler_options options = {.size = sizeof options,
                                                 .registry = registry,
                                                 .on_event = note_event,
                                                 .event_context = &listener};
        platen_spooler *spooler;
        listener_prepare(&listener);
        assert_int_equal(platen_spooler_create(&options, &spooler), 0);
        assert_int_equal(platen_spooler_load(spooler, "Module", module, &complaint), 0);
        assert_null(complaint);
        assert_int_equal(platen_registry_get(registry,
                                             "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\"
                                             "Control\\Print\\Monitors\\Module",
                                             "Attached", NULL, &attached, &size),
                         0);
        assert_int_equal(attached, TRUE);
        assert_int_equal(platen_printer_add(spooler, "Printer", "m1:"), 0);
        struct platen_job_info info = print_bytes(spooler, "hello", 5);
        assert_int_equal(info.state, PLATEN_JOB_PRINTED);
        if (!platen_os_module_runs_dllmain()) /* there it calls the system's own spooler */
            assert_int_equal(info.completions, 1);
        info = print_bytes(spooler, "hello, world!", 13);
        assert_int_equal(info.state, PLATEN_JOB_FAILED);
        assert_int_equal(info.error, PLATEN_CRC);
        assert_int_equal(listener.count[PLATEN_EVENT_FINDING], 0);
        platen_spooler_destroy(spooler);
    }
    platen_registry_destroy(registry);
}

static void what_is_no_module(void **state)
{
    char folder[260], path[300];
    char *complaint;

    (void)state;
    assert_int_equal(platen_os_make_temporary_folder(folder, sizeof folder), 0);
    snprintf(path, sizeof path, "%s/none.bin", folder);
    platen_spooler *spooler = new_spooler(NULL);
    assert_int_equal(platen_spooler_load(spooler, "None", path, &complaint), PLATEN_FILE_NOT_FOUND);
    assert_non_null(strstr(complaint, "none.bin"));
    platen_free(complaint);
    assert_int_equal(platen_os_file_replace(path, "text", 4), 0);
    assert_int_equal(platen_spooler_load(spooler, "None", path, NULL), PLATEN_BAD_EXE_FORMAT);
    /* the names are free, and the module still loads, and a second time under another name */
    assert_int_equal(platen_spooler_load(spooler, "None", module, NULL), 0);
    assert_int_equal(platen_spooler_load(spooler, "none", module, NULL), PLATEN_ALREADY_EXISTS);
    assert_int_equal(platen_spooler_load(spooler, "Other", module, NULL), 0);
    platen_spooler_destroy(spooler);
    assert_int_equal(platen_os_remove_folder(folder), 0);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_module_prints),
        cmocka_unit_test(what_is_no_module),
    };

    if (argc != 2)
        return 2;
    module = argv[1];
    return cmocka_run_group_tests(tests, NULL, NULL);
}
