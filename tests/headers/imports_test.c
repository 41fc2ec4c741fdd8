/* SPDX-License-Identifier: MIT
 *
 * One import table for each module, and nobody else's. The arguments are builds of the monitor in
 * four files, by several compilers; this program exports a table of its own, and every module is
 * loaded with RTLD_GLOBAL, so that a name that is looked up finds the wrong one first.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <platen/winsplp.h>

#include <dlfcn.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>

enum { FILES = 4, MODULES_MAX = 16 };

struct module {
    const char *path;
    void *handle;
    PLATEN_IMPORTS *table;
    const void *(*seen[FILES])(void);
    DWORD (*error[FILES])(void);
    MONITOR2 *monitor;
};

static struct module modules[MODULES_MAX];
static size_t count;

#define FOR_EACH(module) for (struct module *module = modules; module < modules + count; module++)

/* What a loader would fill in. */
static __thread DWORD program_error;
static DWORD closed, job_seen, command_seen;

static DWORD WINAPI program_get(void)
{
    return program_error;
}

static VOID WINAPI program_set(DWORD error)
{
    program_error = error;
}

static BOOL WINAPI program_open(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    (void)name, (void)defaults;
    *printer = &job_seen;
    return TRUE;
}

static BOOL WINAPI program_set_job(HANDLE printer, DWORD job, DWORD level, LPBYTE info,
                                   DWORD command)
{
    assert_ptr_equal(printer, &job_seen);
    assert_int_equal(level, 0);
    assert_null(info);
    job_seen = job;
    command_seen = command;
    return TRUE;
}

static BOOL WINAPI program_close(HANDLE printer)
{
    assert_ptr_equal(printer, &job_seen);
    closed++;
    return TRUE;
}

static const PLATEN_IMPORTS program_imports = {
    .cbSize = sizeof(PLATEN_IMPORTS),
    .GetLastError = program_get,
    .SetLastError = program_set,
    .OpenPrinterW = program_open,
    .ClosePrinter = program_close,
    .SetJobW = program_set_job,
};

static void fill(PLATEN_IMPORTS *table, const PLATEN_IMPORTS *from)
{
    PLATEN_IMPORTS filled = *from;

    filled.cbSize = table->cbSize;
    memcpy(table, &filled, table->cbSize < sizeof(filled) ? table->cbSize : sizeof(filled));
}

static void empty(PLATEN_IMPORTS *table)
{
    fill(table, &(PLATEN_IMPORTS){.cbSize = 0});
}

static void *found(const struct module *module, const char *name)
{
    void *symbol = dlsym(module->handle, name);

    if (!symbol)
        fail_msg("%s: %s is not exported", module->path, name);
    return symbol;
}

static int load(void **state)
{
    static const char *const names[FILES] = {"init", "port", "job", "xcv"};
    char name[32];

    (void)state;
    FOR_EACH(module)
    {
        module->handle = dlopen(module->path, RTLD_NOW | RTLD_GLOBAL);
        if (!module->handle)
            fail_msg("%s", dlerror());
        module->table = found(module, "platen_imports");
        for (int i = 0; i < FILES; i++) {
            snprintf(name, sizeof(name), "four_table_%s", names[i]);
            *(void **)&module->seen[i] = found(module, name);
            snprintf(name, sizeof(name), "four_error_%s", names[i]);
            *(void **)&module->error[i] = found(module, name);
        }
    }
    return 0;
}

static int unload(void **state)
{
    (void)state;
    FOR_EACH(module)
    dlclose(module->handle);
    return 0;
}

/* Else nothing below proves anything. */
static void the_program_has_a_table_in_the_way(void **state)
{
    (void)state;
    assert_true(count >= 2);
    assert_ptr_equal(dlsym(RTLD_DEFAULT, "platen_imports"), &platen_imports);
    assert_ptr_equal(&platen_imports, &platen_module_imports);
}

static void all_files_of_a_module_see_its_table(void **state)
{
    Dl_info where;

    (void)state;
    FOR_EACH(module)
    {
        for (int i = 0; i < FILES; i++)
            assert_ptr_equal(module->seen[i](), module->table);
        assert_int_not_equal(dladdr(module->table, &where), 0);
        assert_string_equal(where.dli_fname, module->path);
        assert_int_equal(module->table->cbSize, sizeof(PLATEN_IMPORTS));
    }
}

static void entry_points_are_exported_and_nothing_else(void **state)
{
    LPMONITOR2(WINAPI * init)(PMONITORINIT, PHANDLE);
    MONITORINIT how = {.cbSize = sizeof(how)};
    HANDLE instance;

    (void)state;
    FOR_EACH(module)
    {
        found(module, "DllMain");
        assert_null(dlsym(module->handle, "four_open_port"));
        assert_null(dlsym(module->handle, "platen_module_imports"));
        *(void **)&init = found(module, "InitializePrintMonitor2");
        module->monitor = init(&how, &instance);
        assert_int_equal(module->monitor->cbSize, sizeof(MONITOR2));
    }
}

static DWORD read_nothing(const struct module *module)
{
    DWORD got;

    assert_false(module->monitor->pfnReadPort(NULL, NULL, 0, &got));
    return got;
}

static void unfilled_last_error_is_the_modules_own(void **state)
{
    HANDLE port;

    (void)state;
    SetLastError(1);
    FOR_EACH(module)
    {
        assert_false(module->monitor->pfnOpenPort(NULL, (WCHAR[]){'?', 0}, &port));
        for (int i = 0; i < FILES; i++)
            assert_int_equal(module->error[i](), ERROR_UNKNOWN_PORT);
    }
    for (size_t i = 0; i < count; i++) {
        read_nothing(&modules[i]);
        for (size_t j = 0; j < count; j++)
            assert_int_equal(modules[j].error[0](),
                             j <= i ? ERROR_INVALID_HANDLE : ERROR_UNKNOWN_PORT);
    }
    assert_int_equal(GetLastError(), 1);
}

static void *other_thread(void *argument)
{
    const struct module *module = argument;
    DWORD before = module->error[1]();

    read_nothing(module);
    return (void *)(uintptr_t)(before == 0 && module->error[2]() == ERROR_INVALID_HANDLE);
}

static void unfilled_last_error_is_the_threads_own(void **state)
{
    DWORD needed;
    DWORD returned;
    pthread_t thread;
    void *fine;

    (void)state;
    FOR_EACH(module)
    {
        assert_false(module->monitor->pfnEnumPorts(NULL, NULL, 9, NULL, 0, &needed, &returned));
        assert_int_equal(pthread_create(&thread, NULL, other_thread, module), 0);
        assert_int_equal(pthread_join(thread, &fine), 0);
        assert_non_null(fine);
        assert_int_equal(module->error[0](), ERROR_INVALID_LEVEL);
    }
}

static void unfilled_winspool_calls_answer_120(void **state)
{
    DOC_INFO_1W doc = {.pDocName = NULL};
    HANDLE port;

    (void)state;
    FOR_EACH(module)
    {
        assert_true(
            module->monitor->pfnOpenPort(NULL, (WCHAR[]){'f', 'O', 'u', 'R', ':', 0}, &port));
        assert_false(module->monitor->pfnStartDocPort(port, NULL, 7, 1, (LPBYTE)&doc));
        assert_int_equal(module->error[3](), ERROR_CALL_NOT_IMPLEMENTED);
        assert_true(module->monitor->pfnClosePort(port));
    }
}

static void filled_one_by_one_the_others_stay_as_they_are(void **state)
{
    (void)state;
    FOR_EACH(module)
    {
        program_error = 4711;
        fill(module->table, &program_imports);
        for (int i = 0; i < FILES; i++)
            assert_int_equal(module->error[i](), 4711);
        read_nothing(module);
        assert_int_equal(program_error, ERROR_INVALID_HANDLE);
        empty(module->table);
        program_error = 4712;
        assert_int_not_equal(module->error[0](), 4712);
    }
}

static void filled_together_all_lead_to_the_program(void **state)
{
    DOC_INFO_1W doc = {.pDocName = NULL};
    HANDLE port;
    DWORD job = 100;

    (void)state;
    FOR_EACH(module)
    fill(module->table, &program_imports);
    FOR_EACH(module)
    {
        closed = 0;
        assert_true(
            module->monitor->pfnOpenPort(NULL, (WCHAR[]){'F', 'O', 'U', 'R', ':', 0}, &port));
        assert_true(module->monitor->pfnStartDocPort(port, NULL, ++job, 1, (LPBYTE)&doc));
        assert_true(module->monitor->pfnEndDocPort(port));
        assert_int_equal(job_seen, job);
        assert_int_equal(command_seen, JOB_CONTROL_SENT_TO_PRINTER);
        assert_int_equal(closed, 1);
        assert_true(module->monitor->pfnClosePort(port));
        assert_false(module->monitor->pfnStartDocPort(port, NULL, 1, 2, NULL));
        assert_int_equal(program_error, ERROR_INVALID_LEVEL);
    }
    FOR_EACH(module)
    empty(module->table);
}

/* A loader that knows fewer functions than the module fills what it knows. */
static void a_short_fill_leaves_the_rest(void **state)
{
    PLATEN_IMPORTS *table = modules[0].table;
    const size_t known = offsetof(PLATEN_IMPORTS, OpenPrinterW);

    (void)state;
    memcpy((char *)table + sizeof(table->cbSize),
           (const char *)&program_imports + sizeof(table->cbSize), known - sizeof(table->cbSize));
    unfilled_winspool_calls_answer_120(state);
    read_nothing(&modules[0]);
    assert_int_equal(program_error, ERROR_INVALID_HANDLE);
    empty(table);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_program_has_a_table_in_the_way),
        cmocka_unit_test(all_files_of_a_module_see_its_table),
        cmocka_unit_test(entry_points_are_exported_and_nothing_else),
        cmocka_unit_test(unfilled_last_error_is_the_modules_own),
        cmocka_unit_test(unfilled_last_error_is_the_threads_own),
        cmocka_unit_test(unfilled_winspool_calls_answer_120),
        cmocka_unit_test(filled_one_by_one_the_others_stay_as_they_are),
        cmocka_unit_test(filled_together_all_lead_to_the_program),
        cmocka_unit_test(a_short_fill_leaves_the_rest),
    };

    for (int i = 1; i < argc && count < MODULES_MAX; i++)
        modules[count++].path = argv[i];
    return cmocka_run_group_tests_name("imports", tests, load, unload);
}
