/* SPDX-License-Identifier: MIT
 *
 * platen.dll in a real spooler: Wine's. It is added by AddMonitor, its ports by XcvData, and jobs
 * go to a simulated printer by each of the three ways that lead there. Run by in-clone, once for
 * each phase, with Wine ended in between.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/tcpxcv.h>
#include <platen/winsplp.h>

#include "os/thread.h"
#include "sink.h"

#define MONITOR  L"Platen Port"
#define TCP_PORT L"IP_printer"
#define PRINTERS 2
#define JOBS     24

static uint16_t sink_port;

/* ---- the spooler's side ---------------------------------------------------------------------- */

static HANDLE open_with(const WCHAR *name, ACCESS_MASK access)
{
    PRINTER_DEFAULTSW defaults = {.DesiredAccess = access};
    HANDLE handle = NULL;
    WCHAR copy[128];
    wcscpy(copy, name);
    if (!OpenPrinterW(copy, &handle, access != 0 ? &defaults : NULL)) {
        print_message("OpenPrinter(%ls): %lu\n", name, GetLastError());
        return NULL;
    }
    return handle;
}

static DWORD xcv(const WCHAR *object, const WCHAR *name, void *input, DWORD size)
{
    DWORD needed = 0;
    DWORD status = 0xffffffff;
    BYTE output[64];
    HANDLE handle = open_with(object, SERVER_ACCESS_ADMINISTER);
    assert_non_null(handle);
    assert_true(XcvDataW(handle, name, input, size, output, sizeof output, &needed, &status));
    assert_true(ClosePrinter(handle));
    return status;
}

static bool is_listed(const WCHAR *port)
{
    static BYTE list[65536];
    DWORD needed = 0;
    DWORD count = 0;
    assert_true(EnumPortsW(NULL, 2, list, sizeof list, &needed, &count));
    const PORT_INFO_2W *ports = (const void *)list;
    for (DWORD i = 0; i < count; i++) {
        if (wcscmp(ports[i].pPortName, port) == 0) {
            return true;
        }
    }
    return false;
}

/* One document, in pieces of `chunk`, to whatever OpenPrinter knows by that name. */
static bool print_to(const WCHAR *name, uint8_t seed, uint32_t size, uint32_t chunk)
{
    WCHAR title[] = L"a document";
    WCHAR datatype[] = L"RAW";
    DOC_INFO_1W doc = {.pDocName = title, .pDatatype = datatype};
    uint8_t *piece = malloc(chunk);
    HANDLE printer = open_with(name, 0);
    bool good = piece != NULL && printer != NULL && StartDocPrinterW(printer, 1, (LPBYTE)&doc) != 0;
    for (uint32_t at = 0; good && at < size;) {
        DWORD written = 0;
        uint32_t length = size - at < chunk ? size - at : chunk;
        sink_fill(seed, at, piece, length);
        good = WritePrinter(printer, piece, length, &written) && written == length;
        at += length;
    }
    good = good && EndDocPrinter(printer);
    if (!good) {
        print_message("%ls: %lu bytes not printed: %lu\n", name, (unsigned long)size,
                      GetLastError());
    }
    ClosePrinter(printer);
    free(piece);
    return good;
}

/* The third way: a file that the spooler names, filled by us. */
static bool print_by_file(const WCHAR *name, uint8_t seed, uint32_t size)
{
    uint8_t room[1024];
    uint8_t piece[4096];
    ADDJOB_INFO_1W *info = (void *)room;
    DWORD needed = 0;
    HANDLE printer = open_with(name, 0);
    bool good = printer != NULL && AddJobW(printer, 1, room, sizeof room, &needed);
    FILE *file = good ? _wfopen(info->Path, L"wb") : NULL;
    good = file != NULL;
    for (uint32_t at = 0; good && at < size; at += sizeof piece) {
        uint32_t length = size - at < sizeof piece ? size - at : sizeof piece;
        sink_fill(seed, at, piece, length);
        good = fwrite(piece, 1, length, file) == length;
    }
    good = file != NULL && fclose(file) == 0 && good;
    good = good && ScheduleJob(printer, info->JobId);
    ClosePrinter(printer);
    return good;
}

/* ---- what the tests need --------------------------------------------------------------------- */

static void add_monitor(void)
{
    WCHAR name[] = MONITOR;
    WCHAR path[MAX_PATH];
    DWORD length = GetModuleFileNameW(NULL, path, MAX_PATH);
    assert_true(length > 0 && length < MAX_PATH - 16);
    WCHAR *last = wcsrchr(path, L'\\');
    wcscpy(last, L"\\..\\platen.dll"); /* tests lie one folder below it */
    WCHAR whole[MAX_PATH];
    assert_true(GetFullPathNameW(path, MAX_PATH, whole, NULL) > 0);
    MONITOR_INFO_2W info = {.pName = name, .pDLLName = whole};
    if (!AddMonitorW(NULL, 2, (LPBYTE)&info)) {
        fail_msg("AddMonitor(%ls): %lu", whole, GetLastError());
    }
}

static PORT_DATA_1 tcp_data(const WCHAR *name)
{
    PORT_DATA_1 data = {.dwVersion = 1,
                        .dwProtocol = PROTOCOL_RAWTCP_TYPE,
                        .cbSize = sizeof data,
                        .dwPortNumber = sink_port,
                        .dwSNMPDevIndex = 1,
                        .sztHostAddress = L"127.0.0.1"};
    wcscpy(data.sztPortName, name);
    return data;
}

static void add_tcp_port(const WCHAR *name)
{
    PORT_DATA_1 data = tcp_data(name);
    assert_int_equal(xcv(L",XcvMonitor " MONITOR, L"AddPort", &data, sizeof data), 0);
}

/* Wine needs no more of a printer than these three values (its AddPrinter wants a driver). */
static void add_printer(const WCHAR *name, const WCHAR *port)
{
    WCHAR path[256] = L"System\\CurrentControlSet\\Control\\Print\\Printers\\";
    const struct {
        const WCHAR *name;
        const WCHAR *data;
    } values[] = {{L"Port", port}, {L"Print Processor", L"winprint"}, {L"Datatype", L"RAW"}};
    HKEY key;
    wcscat(path, name);
    assert_int_equal(RegCreateKeyW(HKEY_LOCAL_MACHINE, path, &key), 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        DWORD size = (DWORD)((wcslen(values[i].data) + 1) * sizeof(WCHAR));
        assert_int_equal(
            RegSetValueExW(key, values[i].name, 0, REG_SZ, (const BYTE *)values[i].data, size), 0);
    }
    RegCloseKey(key);
}

static int begin(void **state)
{
    (void)state;
    sink_port = sink_start();
    return sink_port != 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    sink_stop();
    return 0;
}

/* ---- phase `add` ----------------------------------------------------------------------------- */

static void the_monitor_is_added_and_lists_its_ports(void **state)
{
    (void)state;
    add_monitor();
    assert_true(is_listed(L"NUL:"));
}

static void ports_are_added_by_both_vocabularies(void **state)
{
    (void)state;
    WCHAR local[] = L"SIM:wine";
    add_tcp_port(TCP_PORT);
    assert_int_equal(xcv(L",XcvMonitor " MONITOR, L"AddPort", local, sizeof local), 0);
    assert_true(is_listed(TCP_PORT));
    assert_true(is_listed(local));
    PORT_DATA_1 data = tcp_data(TCP_PORT);
    assert_int_equal(xcv(L",XcvMonitor " MONITOR, L"AddPort", &data, sizeof data),
                     ERROR_ALREADY_EXISTS);
    assert_int_equal(xcv(L",XcvPort " TCP_PORT, L"MonitorUI", NULL, 0), 0);
}

static void ports_are_deleted(void **state)
{
    (void)state;
    DELETE_PORT_DATA_1 data = {.dwVersion = 1, .psztPortName = L"IP_gone"};
    add_tcp_port(L"IP_gone");
    assert_true(is_listed(L"IP_gone"));
    assert_int_equal(xcv(L",XcvMonitor " MONITOR, L"DeletePort", &data, sizeof data), 0);
    assert_false(is_listed(L"IP_gone"));
}

static const uint32_t sizes[] = {0, 1, 4095, 4096, 4097, 1 << 20, 100 << 20};

#define SIZES (sizeof sizes / sizeof *sizes)

static uint8_t seed_of(uint32_t size, size_t i)
{
    return size == 0 ? 0 : (uint8_t)(i + 10);
}

static void all_sizes(bool (*print)(const WCHAR *, uint8_t, uint32_t), const WCHAR *name)
{
    for (size_t i = 0; i < SIZES; i++) {
        uint8_t seed = seed_of(sizes[i], i);
        sink_forget();
        assert_true(print(name, seed, sizes[i]));
        assert_true(sink_wait(1));
        assert_true(sink_has(seed, sizes[i]));
    }
}

static bool in_big_pieces(const WCHAR *name, uint8_t seed, uint32_t size)
{
    return print_to(name, seed, size, 65536);
}

static void straight_to_the_port(void **state)
{
    (void)state;
    all_sizes(in_big_pieces, TCP_PORT L", Port");
}

static void through_a_printer(void **state)
{
    (void)state;
    add_printer(L"P1", TCP_PORT);
    all_sizes(in_big_pieces, L"P1");
}

static void by_a_file_of_the_spooler(void **state)
{
    (void)state;
    all_sizes(print_by_file, L"P1");
}

/* ---- many at once ---------------------------------------------------------------------------- */

struct client {
    platen_os_thread *thread;
    unsigned number;
    bool printed;
};

static void client_body(void *argument)
{
    struct client *client = argument;
    const WCHAR *names[PRINTERS] = {L"P1", L"P2"};
    client->printed = print_to(names[client->number % PRINTERS], (uint8_t)(client->number + 40),
                               20000 + client->number * 1111, 3000);
}

static void many_threads_on_two_printers(void **state)
{
    struct client clients[JOBS] = {{0}};
    (void)state;
    add_tcp_port(L"IP_second");
    add_printer(L"P2", L"IP_second");
    sink_forget();
    for (unsigned i = 0; i < JOBS; i++) {
        clients[i].number = i;
        assert_int_equal(
            platen_os_thread_start(&clients[i].thread, "client", 0, client_body, &clients[i]), 0);
    }
    for (unsigned i = 0; i < JOBS; i++) {
        platen_os_thread_join(clients[i].thread);
        assert_true(clients[i].printed);
    }
    assert_true(sink_wait(JOBS));
    for (unsigned i = 0; i < JOBS; i++) {
        assert_true(sink_has((uint8_t)(i + 40), 20000 + i * 1111));
    }
}

/* Each job loads, initialises, shuts down and unloads the monitor. Handles are what a leak shows
 * in; a few more than before are the system's own. */
static void five_hundred_lives(void **state)
{
    DWORD before = 0;
    DWORD after = 0;
    (void)state;
    for (unsigned i = 0; i < 500; i++) {
        sink_forget();
        assert_true(print_to(TCP_PORT L", Port", 7, 2000, 2000));
        if (i == 50) {
            assert_true(GetProcessHandleCount(GetCurrentProcess(), &before));
        }
    }
    assert_true(GetProcessHandleCount(GetCurrentProcess(), &after));
    assert_true(after < before + 20);
}

/* ---- phase `again` --------------------------------------------------------------------------- */

static void ports_are_still_there(void **state)
{
    (void)state;
    assert_true(is_listed(TCP_PORT));
    assert_true(is_listed(L"SIM:wine"));
    assert_false(is_listed(L"IP_gone"));
}

static void and_can_be_printed_to(void **state)
{
    (void)state;
    DELETE_PORT_DATA_1 data = {.dwVersion = 1, .psztPortName = TCP_PORT};
    /* The sink listens elsewhere now. */
    assert_int_equal(xcv(L",XcvMonitor " MONITOR, L"DeletePort", &data, sizeof data), 0);
    add_tcp_port(TCP_PORT);
    sink_forget();
    assert_true(print_to(L"P1", 9, 5000, 5000));
    assert_true(sink_wait(1));
    assert_true(sink_has(9, 5000));
}

int main(int argc, char **argv)
{
    const struct CMUnitTest add[] = {
        cmocka_unit_test(the_monitor_is_added_and_lists_its_ports),
        cmocka_unit_test(ports_are_added_by_both_vocabularies),
        cmocka_unit_test(ports_are_deleted),
        cmocka_unit_test(straight_to_the_port),
        cmocka_unit_test(through_a_printer),
        cmocka_unit_test(by_a_file_of_the_spooler),
        cmocka_unit_test(many_threads_on_two_printers),
        cmocka_unit_test(five_hundred_lives),
    };
    const struct CMUnitTest again[] = {
        cmocka_unit_test(ports_are_still_there),
        cmocka_unit_test(and_can_be_printed_to),
    };
    if (argc != 2) {
        fprintf(stderr, "usage: %s add|again\n", argv[0]);
        return 2;
    }
    return strcmp(argv[1], "add") == 0 ? cmocka_run_group_tests(add, begin, end)
                                       : cmocka_run_group_tests(again, begin, end);
}
