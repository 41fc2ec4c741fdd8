/* SPDX-License-Identifier: MIT
 *
 * A recording made in Wine's spooler: platen-record.dll in front of platen.dll, and a client of
 * winspool. It holds a handle all the while, for Wine would load and unload the monitor, and make a
 * trace, for each use. The folder of the trace is in PLATEN_TEST_TRACES.
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define NAME   L"Platen Port"
#define ROUNDS 40

static WCHAR folder[MAX_PATH];

/* A file beside the tests' folder. */
static void whole_path(const WCHAR *name, WCHAR *path)
{
    WCHAR beside[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, beside, MAX_PATH);
    assert_true(length > 0 && length < MAX_PATH - 32);
    wcscpy(wcsrchr(beside, L'\\'), L"\\..\\");
    wcscat(beside, name);
    assert_true(GetFullPathNameW(beside, MAX_PATH, path, NULL) > 0);
}

static void stand_before(void)
{
    WCHAR path[MAX_PATH];
    assert_true(GetEnvironmentVariableW(L"PLATEN_TEST_TRACES", folder, MAX_PATH) > 0);
    whole_path(L"platen-record.dll", path);
    client_set_text(MONITORS_KEY NAME, L"Driver", path);
    whole_path(L"platen.dll", path);
    client_set_text(MONITORS_KEY NAME, L"RecordDriver", path);
    client_set_text(MONITORS_KEY NAME, L"RecordFolder", folder);
    client_set_text(MONITORS_KEY NAME, L"RecordName", NAME);
    client_set_text(MONITORS_KEY NAME L"\\Ports\\NUL:", L"URI", L""); /* where Wine looks */
}

/* ---- what is recorded ------------------------------------------------------------------------ */

static PORT_DATA_1 tcp_data(unsigned round)
{
    PORT_DATA_1 data = {.dwVersion = 1,
                        .dwProtocol = PROTOCOL_RAWTCP_TYPE,
                        .cbSize = sizeof data,
                        .dwPortNumber = 9100 + round,
                        .dwSNMPDevIndex = 1,
                        .sztHostAddress = L"127.0.0.1"};
    _snwprintf(data.sztPortName, MAX_PORTNAME_LEN, L"IP_%u", round);
    return data;
}

/* Ports come and go, and are asked about, and some questions are wrong. */
static void manage(unsigned round)
{
    static const WCHAR monitor[] = L",XcvMonitor " NAME;
    PORT_DATA_1 data = tcp_data(round);
    DELETE_PORT_DATA_1 gone = {.dwVersion = 1};
    WCHAR port[64];
    BYTE answer[2048];

    assert_int_equal(client_xcv(monitor, L"AddPort", &data, sizeof data), 0);
    assert_int_equal(client_xcv(monitor, L"AddPort", &data, sizeof data), ERROR_ALREADY_EXISTS);
    assert_int_equal(client_xcv(monitor, L"AddPort", &data, 17), ERROR_INVALID_PARAMETER);
    _snwprintf(port, 64, L",XcvPort IP_%u", round);
    assert_int_equal(client_ask(port, L"MonitorUI", NULL, 0, answer, sizeof answer), 0);
    client_ask(port, L"GetConfigInfo", &data, 4, answer, sizeof answer);
    client_ask(port, L"NoSuchName", NULL, 0, answer, sizeof answer);
    if (round % 2 != 0) {
        wcscpy(gone.psztPortName, data.sztPortName);
        assert_int_equal(client_xcv(monitor, L"DeletePort", &gone, sizeof gone), 0);
        client_xcv(monitor, L"DeletePort", &gone, sizeof gone);
    }
}

static void a_recording(void **state)
{
    (void)state;
    stand_before();
    HANDLE held = client_open(L",XcvMonitor " NAME, SERVER_ACCESS_ADMINISTER);
    assert_non_null(held);
    for (unsigned i = 0; i < ROUNDS; i++) {
        manage(i);
        assert_true(client_print(L"NUL:, Port", (uint8_t)(i + 1), i * 8, 40));
    }
    assert_true(ClosePrinter(held));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_recording),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
