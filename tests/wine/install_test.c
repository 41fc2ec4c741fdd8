/* SPDX-License-Identifier: MIT
 *
 * `platen install` and `uninstall` with Wine's spooler, in a prefix of their own (in-clone): what
 * they change is there, what they refuse changes nothing, and at the end all is as it was.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/winsplp.h>

#define PRINT    L"System\\CurrentControlSet\\Control\\Print"
#define MONITORS PRINT L"\\Monitors\\"

enum { TEXT = 1 << 18, OUTPUT = 8192 };

/* ---- the program ----------------------------------------------------------------------------- */

static char said[OUTPUT];

/* A program beside this one, from its folder; what it said stands in `said`. */
static void run_program(const WCHAR *program, int status, const WCHAR *words)
{
    WCHAR line[2000];
    WCHAR path[MAX_PATH];
    WCHAR log[MAX_PATH];
    SECURITY_ATTRIBUTES inherited = {.nLength = sizeof inherited, .bInheritHandle = TRUE};
    PROCESS_INFORMATION process;
    DWORD code = 0;
    DWORD size = 0;
    GetModuleFileNameW(NULL, path, MAX_PATH);
    *wcsrchr(path, L'\\') = 0;
    GetTempPathW(MAX_PATH, log);
    wcscat(log, L"said.txt");
    HANDLE out = CreateFileW(log, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE,
                             &inherited, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    assert_true(out != INVALID_HANDLE_VALUE);
    STARTUPINFOW start = {
        .cb = sizeof start, .dwFlags = STARTF_USESTDHANDLES, .hStdOutput = out, .hStdError = out};
    swprintf(line, 2000, L"\"%ls\\%ls\" %ls", path, program, words);
    assert_true(CreateProcessW(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &start, &process));
    assert_int_equal(WaitForSingleObject(process.hProcess, 240000), WAIT_OBJECT_0);
    GetExitCodeProcess(process.hProcess, &code);
    CloseHandle(process.hProcess);
    CloseHandle(process.hThread);
    SetFilePointer(out, 0, NULL, FILE_BEGIN);
    assert_true(ReadFile(out, said, OUTPUT - 1, &size, NULL));
    said[size] = 0;
    CloseHandle(out);
    if ((int)code != status) {
        fail_msg("%ls %ls: %lu, not %d: %s", program, words, (unsigned long)code, status, said);
    }
}

static void run(int status, const WCHAR *words)
{
    run_program(L"..\\platen.exe", status, words);
}

static void assert_said(const char *text)
{
    if (strstr(said, text) == NULL) {
        fail_msg("no '%s' in: %s", text, said);
    }
}

/* `format` with the path of a DLL that is built for these tests. */
static const WCHAR *with_dll(const WCHAR *format, const WCHAR *name)
{
    static WCHAR words[2000];
    WCHAR whole[MAX_PATH + 64];
    swprintf(whole, MAX_PATH + 64, L"Z:%ls/%ls", _wgetenv(L"PLATEN_TEST_MONITORS"), name);
    swprintf(words, 2000, format, whole);
    return words;
}

/* ---- all that may change --------------------------------------------------------------------- */

struct state {
    WCHAR *text;
    size_t used;
};

static void add(struct state *state, const WCHAR *line)
{
    size_t length = wcslen(line);
    assert_true(state->used + length + 2 < TEXT);
    wcscpy(state->text + state->used, line);
    wcscpy(state->text + state->used + length, L"\n");
    state->used += length + 1;
}

/* Folders of a registry are never deep. */
static void add_key(struct state *state, HKEY key, const WCHAR *path)
{
    WCHAR name[256];
    WCHAR line[2048];
    BYTE data[512];
    for (DWORD i = 0, size = 256, bytes = 510;
         size = 256, bytes = 510, memset(data, 0, sizeof data),
               RegEnumValueW(key, i, name, &size, NULL, NULL, data, &bytes) == 0;
         i++) {
        swprintf(line, 2048, L"%ls: %ls = %ls", path, name, (const WCHAR *)(const void *)data);
        add(state, line);
    }
    for (DWORD i = 0; RegEnumKeyW(key, i, name, 256) == 0; i++) {
        HKEY below;
        swprintf(line, 2048, L"%ls\\%ls", path, name);
        add(state, line);
        assert_int_equal(RegOpenKeyExW(key, name, 0, KEY_READ, &below), 0);
        WCHAR *copy = _wcsdup(line);
        add_key(state, below, copy);
        free(copy);
        RegCloseKey(below);
    }
}

static void add_folder(struct state *state, const WCHAR *pattern)
{
    WIN32_FIND_DATAW found;
    WCHAR line[2048];
    HANDLE search = FindFirstFileW(pattern, &found);
    assert_true(search != INVALID_HANDLE_VALUE);
    do {
        swprintf(line, 2048, L"%ls: %lu", found.cFileName, (unsigned long)found.nFileSizeLow);
        add(state, line);
    } while (FindNextFileW(search, &found));
    FindClose(search);
}

/* What the spooler keeps in the registry, and the files of the system folder. */
static WCHAR *state_now(void)
{
    struct state state = {calloc(TEXT, sizeof(WCHAR)), 0};
    HKEY key;
    assert_non_null(state.text);
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE, PRINT, 0, KEY_READ, &key), 0);
    add_key(&state, key, L"Print");
    RegCloseKey(key);
    add_folder(&state, L"C:\\windows\\system32\\*");
    return state.text;
}

static void assert_unchanged(const WCHAR *before)
{
    WCHAR *now = state_now();
    if (wcscmp(before, now) != 0) {
        size_t at = 0;
        while (before[at] == now[at]) {
            at++;
        }
        while (at > 0 && before[at - 1] != L'\n') {
            at--;
        }
        fail_msg("before '%.80ls', now '%.80ls'", before + at, now + at);
    }
    free(now);
}

static bool has_value(const WCHAR *monitor, const WCHAR *value, const WCHAR *text)
{
    WCHAR path[512] = MONITORS;
    WCHAR data[512];
    DWORD size = sizeof data;
    wcscat(path, monitor);
    return RegGetValueW(HKEY_LOCAL_MACHINE, path, value, RRF_RT_REG_SZ, NULL, data, &size) == 0 &&
           wcscmp(data, text) == 0;
}

static bool is_listed(const WCHAR *monitors_name)
{
    static BYTE list[65536];
    DWORD needed = 0;
    DWORD count = 0;
    assert_true(EnumPortsW(NULL, 2, list, sizeof list, &needed, &count));
    const PORT_INFO_2W *ports = (const void *)list;
    for (DWORD i = 0; i < count; i++) {
        if (ports[i].pMonitorName != NULL && wcscmp(ports[i].pMonitorName, monitors_name) == 0) {
            return true;
        }
    }
    return false;
}

static void make_key(const WCHAR *path, const WCHAR *value, const WCHAR *text)
{
    HKEY key;
    assert_int_equal(RegCreateKeyW(HKEY_LOCAL_MACHINE, path, &key), 0);
    if (value != NULL) {
        DWORD size = (DWORD)((wcslen(text) + 1) * sizeof *text);
        assert_int_equal(RegSetValueExW(key, value, 0, REG_SZ, (const BYTE *)text, size), 0);
    }
    RegCloseKey(key);
}

/* ---- tests, each with the state that the one before it has left --------------------------------
 */

static WCHAR *at_first;
static WCHAR *installed;

static void what_is_refused_changes_nothing(void **state)
{
    (void)state;
    at_first = state_now();
    run(0, L"install --dry-run");
    assert_said("platen.dll to C:\\windows\\system32\\platen.dll");
    assert_said("AddMonitor \"Platen Port\"");
    assert_said("InstalledFile");
    run(1, with_dll(L"install --dll \"%ls\"", L"refuses.dll"));
    assert_said("refuses.dll to C:\\windows\\system32\\refuses.dll");
    assert_said("nothing is changed");
    run(3, L"install --dll C:\\windows\\system32\\kernel32.dll");
    run(2, L"install --name a\\b");
    run(2, L"install --record \"No Such Port\" --output C:\\traces");
    run(2, L"uninstall");
    run(1, L"uninstall --name \"Local Port\"");
    assert_said("has not added");
    assert_unchanged(at_first);
}

static void the_spooler_has_the_monitor(void **state)
{
    (void)state;
    assert_false(is_listed(L"Platen Port Monitor"));
    run(0, L"install");
    assert_said("done");
    assert_true(has_value(L"Platen Port", L"Driver", L"platen.dll"));
    assert_true(is_listed(L"Platen Port Monitor"));
    installed = state_now();
    run(1, L"install");
    assert_said("ERROR_PRINT_MONITOR_ALREADY_INSTALLED");
    assert_unchanged(installed);
}

static void two_monitors_of_one_file(void **state)
{
    (void)state;
    run(0, L"install --name Second");
    assert_null(strstr(said, "copy"));
    assert_true(has_value(L"Second", L"Driver", L"platen.dll"));
    run(0, L"uninstall --name Second");
    assert_null(strstr(said, "delete"));
    assert_unchanged(installed);
}

static bool has_file(const WCHAR *pattern)
{
    WIN32_FIND_DATAW found;
    HANDLE search = FindFirstFileW(pattern, &found);
    return search != INVALID_HANDLE_VALUE && FindClose(search);
}

/* Whoever lists ports meanwhile leaves a trace, and nothing else of it is seen. That is another
 * process: a recorder stays loaded, and its file could not be deleted. */
static void a_recorder_comes_and_goes(void **state)
{
    (void)state;
    run(0, L"install --record \"Platen Port\" --output C:\\traces");
    assert_said("platen-record.dll to C:\\windows\\system32\\platen-record.dll");
    assert_true(has_value(L"Platen Port", L"Driver", L"platen-record.dll"));
    assert_true(has_value(L"Platen Port", L"RecordDriver", L"platen.dll"));
    assert_true(has_value(L"Platen Port", L"RecordFolder", L"C:\\traces"));
    assert_true(has_value(L"Platen Port", L"RecordName", L"Platen Port"));
    run(1, L"install --record \"Platen Port\" --output C:\\traces");
    assert_said("recorded already");
    assert_false(has_file(L"C:\\traces\\Platen Port-*.trace"));
    run_program(L"test-wine.install.exe", 0, L"list");
    assert_true(has_file(L"C:\\traces\\Platen Port-*.trace"));
    run(0, L"uninstall");
    assert_unchanged(installed);
    run_program(L"test-wine.install.exe", 0, L"list");
}

static void ports_and_printers_hold_it(void **state)
{
    (void)state;
    make_key(MONITORS L"Platen Port\\Ports\\IP_1", NULL, NULL);
    make_key(PRINT L"\\Printers\\P1", L"Port", L"LPT1:,IP_1");
    WCHAR *before = state_now();
    run(1, L"uninstall --purge");
    assert_said("ERROR_PRINT_MONITOR_IN_USE");
    assert_unchanged(before);
    free(before);
    assert_int_equal(RegDeleteTreeW(HKEY_LOCAL_MACHINE, PRINT L"\\Printers\\P1"), 0);
    before = state_now();
    run(1, L"uninstall");
    assert_said("--purge");
    run(0, L"uninstall --purge --dry-run");
    assert_said("port IP_1");
    assert_unchanged(before);
    free(before);
}

static void nothing_is_left_behind(void **state)
{
    (void)state;
    run(0, L"uninstall --purge");
    assert_false(is_listed(L"Platen Port Monitor"));
    assert_unchanged(at_first);
    free(at_first);
    free(installed);
}

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "list") == 0) {
        return is_listed(L"Platen Port Monitor") ? 0 : 1;
    }
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_refused_changes_nothing),
        cmocka_unit_test(the_spooler_has_the_monitor),
        cmocka_unit_test(two_monitors_of_one_file),
        cmocka_unit_test(a_recorder_comes_and_goes),
        cmocka_unit_test(ports_and_printers_hold_it),
        cmocka_unit_test(nothing_is_left_behind),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
