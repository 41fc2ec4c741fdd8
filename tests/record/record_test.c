/* SPDX-License-Identifier: MIT
 *
 * The recorder between a spooler and a monitor: neither of them notices, whatever becomes of the
 * trace.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>
#include <platen/winsplp.h>

#include "os/file.h"
#include "os/module.h"
#include "os/process.h"
#include "os/text.h"
#include "os/thread.h"

#define ROOT    ((HANDLE)(uintptr_t)0x70)
#define SPOOLER ((HANDLE)(uintptr_t)0x51)
#define THREADS 4
#define ROUNDS  100
#define MANY    12 /* monitors, more than the recorder has places for */

typedef LPMONITOR2(WINAPI *initialise)(PMONITORINIT init, PHANDLE monitor);

static struct {
    platen_os_module *module;
    initialise begin;
    char folder[512];
    char trace[600];
    unsigned traces;
} trial;

/* ---- a registry of texts --------------------------------------------------------------------- */

static struct {
    const char16_t *name;
    const char *text; /* NULL: there is none */
} values[] = {{u"RecordDriver", NULL}, {u"RecordFolder", NULL}, {u"RecordName", "a shy one"}};

static void set(size_t value, const char *text)
{
    values[value].text = text;
}

static LONG WINAPI query_value(HANDLE key, LPCWSTR name, PDWORD type, PBYTE data, PDWORD size,
                               HANDLE spooler)
{
    char16_t text[1024];
    if (key != ROOT || spooler != SPOOLER) {
        return ERROR_INVALID_HANDLE;
    }
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        if (values[i].text == NULL ||
            !platen_text_equal_folded((const char16_t *)(const void *)name, values[i].name)) {
            continue;
        }
        DWORD needed = (DWORD)(2 * (platen_text_to16(values[i].text, SIZE_MAX, text, 1024) + 1));
        bool fits = data == NULL || *size >= needed;
        if (data != NULL && fits) {
            memcpy(data, text, needed);
        }
        if (type != NULL) {
            *type = REG_SZ;
        }
        *size = needed;
        return fits ? 0 : ERROR_MORE_DATA;
    }
    return ERROR_FILE_NOT_FOUND;
}

static LONG WINAPI open_key(HANDLE key, LPCWSTR name, REGSAM access, PHANDLE opened, HANDLE spooler)
{
    (void)key, (void)name, (void)access, (void)spooler;
    *opened = NULL;
    return ERROR_FILE_NOT_FOUND;
}

static LONG WINAPI close_key(HANDLE key, HANDLE spooler)
{
    (void)key, (void)spooler;
    return ERROR_INVALID_HANDLE;
}

static LONG WINAPI enum_key(HANDLE key, DWORD index, LPWSTR name, PDWORD size, PFILETIME time,
                            HANDLE spooler)
{
    (void)key, (void)index, (void)name, (void)size, (void)time, (void)spooler;
    return ERROR_NO_MORE_ITEMS;
}

/* One value that no script could have without escapes. */
static LONG WINAPI enum_value(HANDLE key, DWORD index, LPWSTR name, PDWORD size, PDWORD type,
                              PBYTE data, PDWORD data_size, HANDLE spooler)
{
    static const char16_t odd[] = u"$\"\\\n\xd800";
    (void)key, (void)spooler;
    if (index > 0) {
        return ERROR_NO_MORE_ITEMS;
    }
    memcpy(name, odd, sizeof odd);
    *size = sizeof odd / sizeof *odd - 1;
    *type = REG_BINARY;
    memcpy(data, "\0a\xff", 3);
    *data_size = 3;
    return 0;
}

static MONITORREG registry = {
    .cbSize = sizeof registry,
    .fpOpenKey = open_key,
    .fpCloseKey = close_key,
    .fpEnumKey = enum_key,
    .fpEnumValue = enum_value,
    .fpQueryValue = query_value,
};

/* ---- a spooler ------------------------------------------------------------------------------- */

static LPMONITOR2 begin(PHANDLE monitor)
{
    MONITORINIT init = {.cbSize = sizeof init,
                        .hSpooler = SPOOLER,
                        .hckRegistryRoot = ROOT,
                        .pMonitorReg = &registry,
                        .bLocal = TRUE};
    *monitor = NULL;
    LPMONITOR2 table = trial.begin(&init, monitor);
    memset(&init, 0xdd, sizeof init); /* it was ours (R8) */
    return table;
}

/* The trace of the monitors that have ended by now; to be freed. */
static char *trace(void)
{
    char *text;
    size_t size;
    snprintf(trial.trace, sizeof trial.trace, "%s/a shy one-%llu-%u.trace", trial.folder,
             (unsigned long long)platen_os_process_id(), ++trial.traces);
    assert_int_equal(platen_os_file_load(trial.trace, 1u << 30, &text, &size), 0);
    return text;
}

static size_t count(const char *text, const char *what)
{
    size_t found = 0;
    for (const char *at = text; (at = strstr(at, what)) != NULL; at++) {
        found++;
    }
    return found;
}

static int group_begin(void **state)
{
    (void)state;
    if (platen_os_make_temporary_folder(trial.folder, sizeof trial.folder) != 0 ||
        platen_os_module_load(RECORD_FILE, &trial.module, NULL) != 0) {
        return -1;
    }
    platen_os_function function =
        platen_os_module_function(trial.module, "InitializePrintMonitor2");
    memcpy(&trial.begin, &function, sizeof function);
    PLATEN_IMPORTS *imports = platen_os_module_data(trial.module, "platen_imports");
    if (imports != NULL) {
        imports->GetLastError = GetLastError;
        imports->SetLastError = SetLastError;
    }
    return trial.begin != NULL ? 0 : -1;
}

static int group_end(void **state)
{
    (void)state;
    platen_os_module_unload(trial.module);
    platen_os_remove_folder(trial.folder);
    return 0;
}

static int test_begin(void **state)
{
    (void)state;
    set(0, SHY_FILE);
    set(1, trial.folder);
    return 0;
}

/* ---- what is the same with it and without ---------------------------------------------------- */

static void use(const MONITOR2 *table, HANDLE monitor)
{
    WCHAR good[] = TEXT("GOOD:");
    WCHAR silent[] = TEXT("SILENT:");
    WCHAR wrong[] = TEXT("WRONG:");
    BYTE data[300] = {1};
    HANDLE port = ROOT;
    HANDLE xcv = NULL;
    DWORD written = 0;
    DWORD needed = 0;

    SetLastError(1111);
    assert_false(table->pfnOpenPort(monitor, silent, &port));
    assert_int_equal(GetLastError(), 1111); /* nobody has said anything */
    assert_null(port);
    assert_false(table->pfnOpenPort(monitor, wrong, &port));
    assert_int_equal(GetLastError(), 4321);
    assert_int_equal(table->pfnOpenPort(monitor, good, &port), TRUE);
    assert_ptr_equal(port, (HANDLE)(uintptr_t)0x1235);
    assert_int_equal(table->pfnWritePort(port, data, sizeof data, &written), TRUE);
    assert_int_equal(written, sizeof data - 1);
    assert_int_equal(table->pfnClosePort(port), TRUE);
    assert_int_equal(table->pfnXcvOpenPort(monitor, good, 1, &xcv), TRUE);
    assert_int_equal(table->pfnXcvDataPort(xcv, TEXT("none"), NULL, 0, data, 4, &needed),
                     ERROR_FILE_NOT_FOUND);
    assert_int_equal(table->pfnXcvDataPort(xcv, TEXT("RecordName"), NULL, 0, data, 4, &needed),
                     ERROR_MORE_DATA);
    assert_int_equal(needed, 20);
    assert_int_equal(table->pfnXcvClosePort(xcv), TRUE);
}

static void calls_are_passed_on_and_told(void **state)
{
    HANDLE monitor;
    (void)state;
    LPMONITOR2 table = begin(&monitor);
    assert_non_null(table);
    assert_int_equal(GetLastError(), 77); /* the monitor's */
    use(table, monitor);
    SetLastError(22);
    table->pfnShutdown(monitor);
    assert_int_equal(GetLastError(), 22);

    char *text = trace();
    assert_memory_equal(text, "platen-trace 1 outside\n", 23);
    assert_int_equal(count(text, "\nregistry set "), 1);
    assert_int_equal(count(text, "\" \"\\x24\\x22\\x5c\\x0a\\u{d800}\" \"\\x00a\\xff\" type=3\n"),
                     1);
    assert_int_equal(count(text, "\nmonitor "), 1);
    assert_int_equal(count(text, " OpenPort "), 3);
    assert_int_equal(count(text, "-> FALSE 4321 at="), 1);
    assert_int_equal(count(text, " pBuffer=@blobs[0+300] cbBuf=300 -> TRUE pcbWritten=299 "), 1);
    assert_int_equal(count(text, "   QueryValue "), 2);
    assert_int_equal(count(text, " Shutdown hMonitor=$monitor1 -> done "), 1);
    free(text);
}

static void what_is_not_there_is_not_shown(void **state)
{
    HANDLE monitor;
    (void)state;
    LPMONITOR2 table = begin(&monitor);
    assert_non_null(table);
    assert_int_equal(table->cbSize, offsetof(MONITOR2, pfnSendRecvBidiDataFromPort));
    assert_null(table->pfnOpenPortEx);
    assert_null(table->pfnStartDocPort);
    assert_null(table->pfnReadPort);
    assert_null(table->pfnAddPort);
    assert_null(table->pfnSetPortTimeOuts);
    assert_non_null(table->pfnShutdown);
    table->pfnShutdown(monitor);
    free(trace());
}

/* Below a file there are no folders. */
static void a_trace_that_cannot_be_written_changes_nothing(void **state)
{
    char path[700];
    HANDLE monitor;
    (void)state;
    snprintf(path, sizeof path, "%s/file", trial.folder);
    assert_int_equal(platen_os_file_replace(path, "x", 1), 0);
    strcat(path, "/below");
    const char *const folders[] = {path, NULL, ""};
    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        set(1, folders[i]);
        LPMONITOR2 table = begin(&monitor);
        assert_non_null(table);
        use(table, monitor);
        table->pfnShutdown(monitor);
    }
}

static void what_cannot_be_loaded(void **state)
{
    static const struct {
        const char *driver;
        uint32_t error;
    } rows[] = {
        {NULL, ERROR_FILE_NOT_FOUND},
        {"", ERROR_FILE_NOT_FOUND},
        {"nosuch.module", ERROR_FILE_NOT_FOUND},
        {"/nosuch/module", ERROR_FILE_NOT_FOUND},
    };
    HANDLE monitor;
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        set(0, rows[i].driver);
        assert_null(begin(&monitor));
        assert_int_equal(GetLastError(), rows[i].error);
    }
    assert_null(trial.begin(NULL, &monitor));
    assert_int_equal(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* Monitors of the older kind have neither instances nor an end. */
static void an_older_one_begins_twice(void **state)
{
    WCHAR name[] = TEXT("OLD1:");
    HANDLE monitor;
    (void)state;
    set(0, OLDER_FILE);
    set(1, NULL);
    for (unsigned i = 0; i < MANY; i++) {
        HANDLE port = NULL;
        LPMONITOR2 table = begin(&monitor);
        assert_non_null(table);
        assert_null(table->pfnShutdown);
        assert_true(table->pfnOpenPort(monitor, name, &port));
        assert_true(table->pfnClosePort(port));
    }
}

/* A language monitor calls the one below it by way of the recorder, too. */
static void a_language_monitor_stands_above(void **state)
{
    WCHAR name[] = TEXT("STATIC1:");
    LPMONITOR2 below;
    LPMONITOR2 above;
    HANDLE monitors[2];
    HANDLE port = NULL;
    (void)state;
    set(0, WHOLE_FILE);
    below = begin(&monitors[0]);
    assert_non_null(below);
    set(0, LANGUAGE_FILE);
    above = begin(&monitors[1]);
    assert_non_null(above);
    assert_null(above->pfnOpenPort);
    assert_true(above->pfnOpenPortEx(monitors[1], monitors[0], name, NULL, &port, below));
    assert_true(above->pfnClosePort(port));
    above->pfnShutdown(monitors[1]);
    below->pfnShutdown(monitors[0]);

    char *text = trace();
    assert_int_equal(count(text, "\nlanguage "), 1);
    assert_int_equal(count(text, "\nmonitor "), 1);
    assert_int_equal(count(text, "   OpenPort hMonitor=$monitor1 "), 1);
    assert_int_equal(count(text, " OpenPortEx hMonitor=$monitor2 hMonitorPort=$monitor1 "), 1);
    free(text);
}

/* ---- several --------------------------------------------------------------------------------- */

struct worker {
    platen_os_thread *thread;
    const MONITOR2 *table;
    HANDLE monitor;
    unsigned good;
};

static void work(void *argument)
{
    struct worker *worker = argument;
    WCHAR name[] = TEXT("GOOD:");
    BYTE data[300] = {2};
    for (unsigned i = 0; i < ROUNDS; i++) {
        HANDLE port = NULL;
        DWORD written = 0;
        bool fine = worker->table->pfnOpenPort(worker->monitor, name, &port) &&
                    worker->table->pfnWritePort(port, data, sizeof data, &written) &&
                    worker->table->pfnClosePort(port);
        worker->good += fine && written == sizeof data - 1;
    }
}

/* Every thread has a lane of its own, and all are in one trace. */
static void threads_and_two_monitors(void **state)
{
    struct worker workers[THREADS] = {{0}};
    LPMONITOR2 tables[2];
    HANDLE monitors[2];
    (void)state;
    for (unsigned i = 0; i < 2; i++) {
        tables[i] = begin(&monitors[i]);
        assert_non_null(tables[i]);
    }
    assert_ptr_not_equal(tables[0], tables[1]);
    for (unsigned i = 0; i < THREADS; i++) {
        workers[i].table = tables[i % 2];
        workers[i].monitor = monitors[i % 2];
        assert_int_equal(platen_os_thread_start(&workers[i].thread, "worker", 0, work, &workers[i]),
                         0);
    }
    for (unsigned i = 0; i < THREADS; i++) {
        platen_os_thread_join(workers[i].thread);
        assert_int_equal(workers[i].good, ROUNDS);
    }
    tables[0]->pfnShutdown(monitors[0]);
    use(tables[1], monitors[1]);
    tables[1]->pfnShutdown(monitors[1]);

    char *text = trace();
    assert_int_equal(count(text, " InitializePrintMonitor2 "), 2);
    assert_int_equal(count(text, " OpenPort "), THREADS * ROUNDS + 3);
    assert_int_equal(count(text, " WritePort "), THREADS * ROUNDS + 1);
    assert_int_equal(count(text, " Shutdown "), 2);
    assert_int_equal(count(text, "\nmonitor "), 2);
    free(text);
}

static void more_than_there_is_room_for(void **state)
{
    LPMONITOR2 tables[MANY];
    HANDLE monitors[MANY];
    (void)state;
    for (unsigned i = 0; i < MANY; i++) {
        tables[i] = begin(&monitors[i]);
        assert_non_null(tables[i]);
        use(tables[i], monitors[i]);
    }
    for (unsigned i = 0; i < MANY; i++) {
        tables[i]->pfnShutdown(monitors[i]);
    }
    char *text = trace();
    assert_in_range(count(text, " Shutdown "), 1, MANY - 1);
    free(text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(calls_are_passed_on_and_told, test_begin),
        cmocka_unit_test_setup(what_is_not_there_is_not_shown, test_begin),
        cmocka_unit_test_setup(a_trace_that_cannot_be_written_changes_nothing, test_begin),
        cmocka_unit_test_setup(what_cannot_be_loaded, test_begin),
        cmocka_unit_test_setup(a_language_monitor_stands_above, test_begin),
        cmocka_unit_test_setup(threads_and_two_monitors, test_begin),
        cmocka_unit_test_setup(more_than_there_is_room_for, test_begin),
        cmocka_unit_test_setup(an_older_one_begins_twice, test_begin), /* it stays */
    };
    return cmocka_run_group_tests(tests, group_begin, group_end);
}
