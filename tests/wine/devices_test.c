/* SPDX-License-Identifier: MIT
 *
 * platen.dll in Wine's spooler, with ports of other kinds than spooler_test.c has: a serial line
 * and a parallel port, which are COM1 and LPT1 of Wine's, a file, and the queue of an LPR server.
 * They are added, configured, deleted and listed again by a program that knows winspool alone. Run
 * by with-lines, once for each phase, with Wine ended in between.
 */
#include "client.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/thread.h"
#include "printed.h"
#include "sink.h"
#include "watched.h"

#define MONITOR     L"Platen Port"
#define TCP_MONITOR L"Platen TCP/IP Port"
#define JOBS        24

enum target { LINE, PARALLEL, A_FILE, QUEUE, TARGETS };

/* `file` is below the folder PLATEN_PRINTED, and holds what came there. */
static const struct {
    const WCHAR *port;
    const WCHAR *direct; /* as OpenPrinter knows the port itself */
    const WCHAR *printer;
    const char *file; /* NULL: the sink */
} targets[TARGETS] = {
    {L"COM1:", L"COM1:, Port", L"Serial", "on_com1"},
    {L"LPT1:", L"LPT1:, Port", L"Parallel", "on_lpt1"},
    {L"page.prn", L"page.prn, Port", L"Filed", "files/page.prn"},
    {L"LPR_queue", L"LPR_queue, Port", L"Queued", NULL},
};

static uint16_t sink_port;

/* ---- what was printed ------------------------------------------------------------------------ */

static void forget(enum target target)
{
    sink_forget();
    if (targets[target].file != NULL) {
        printed_forget(targets[target].file);
    }
}

static bool has(enum target target, uint8_t seed, uint64_t size)
{
    return targets[target].file != NULL ? printed_has(targets[target].file, seed, size)
                                        : sink_wait(1) && sink_has(seed, size);
}

/* ---- ports ----------------------------------------------------------------------------------- */

static PORT_DATA_1 queue_data(const WCHAR *name, const WCHAR *queue)
{
    PORT_DATA_1 data = {.dwVersion = 1,
                        .dwProtocol = PROTOCOL_LPR_TYPE,
                        .cbSize = sizeof data,
                        .dwDoubleSpool = 1,
                        .dwPortNumber = sink_port,
                        .dwSNMPDevIndex = 1,
                        .sztHostAddress = L"127.0.0.1"};
    wcscpy(data.sztPortName, name);
    wcscpy(data.sztQueue, queue);
    return data;
}

static DWORD add_queue(const WCHAR *monitor, const WCHAR *name)
{
    PORT_DATA_1 data = queue_data(name, L"raw");
    return client_xcv(monitor, L"AddPort", &data, sizeof data);
}

static DWORD with_name(const WCHAR *command, const WCHAR *name)
{
    return client_xcv(L",XcvMonitor " MONITOR, command, name,
                      (DWORD)((wcslen(name) + 1) * sizeof *name));
}

/* Wine gives COM1: to LPT3: and FILE: to a monitor of its own. */
static void take_ports_from_wine(void)
{
    HKEY key;
    assert_int_equal(RegOpenKeyExW(HKEY_LOCAL_MACHINE,
                                   L"Software\\Microsoft\\Windows NT\\CurrentVersion\\Ports", 0,
                                   KEY_SET_VALUE, &key),
                     0);
    RegDeleteValueW(key, L"COM1:");
    RegDeleteValueW(key, L"LPT1:");
    RegCloseKey(key);
}

static int begin(void **state)
{
    (void)state;
    sink_port = sink_start(true);
    return sink_port != 0 ? 0 : -1;
}

static int end(void **state)
{
    (void)state;
    sink_stop();
    return 0;
}

/* ---- phase `add` ----------------------------------------------------------------------------- */

static void files_wait_for_an_administrator(void **state)
{
    WCHAR root[600];
    (void)state;
    take_ports_from_wine();
    client_add_monitor(MONITOR);
    assert_int_equal(with_name(L"AddPort", targets[A_FILE].port), ERROR_ACCESS_DENIED);
    swprintf(root, 600, L"Z:%hs/files", getenv("PLATEN_PRINTED"));
    client_set_text(MONITORS_KEY MONITOR, L"FileRoot", root);
}

/* ---- phase `print` --------------------------------------------------------------------------- */

static void ports_of_every_kind_are_added(void **state)
{
    (void)state;
    for (int i = LINE; i < QUEUE; i++) {
        assert_int_equal(with_name(L"AddPort", targets[i].port), 0);
    }
    assert_int_equal(add_queue(L",XcvMonitor " MONITOR, targets[QUEUE].port), 0);
    for (int i = 0; i < TARGETS; i++) {
        assert_true(client_lists(targets[i].port));
        client_add_printer(targets[i].printer, targets[i].port);
    }
}

static const uint32_t sizes[] = {0, 1, 4095, 4096, 4097, 1 << 20, 100 << 20};

#define SIZES (sizeof sizes / sizeof *sizes)

static bool in_big_pieces(const WCHAR *name, uint8_t seed, uint32_t size)
{
    return client_print(name, seed, size, 65536);
}

static void some_sizes(enum target target, const WCHAR *name, size_t count,
                       bool (*print)(const WCHAR *, uint8_t, uint32_t))
{
    for (size_t i = 0; i < count; i++) {
        uint8_t seed = sizes[i] == 0 ? 0 : (uint8_t)(i + 10);
        forget(target);
        assert_true(print(name, seed, sizes[i]));
        assert_true(has(target, seed, sizes[i]));
    }
}

static void by_every_way(enum target target, size_t count)
{
    some_sizes(target, targets[target].direct, count, in_big_pieces);
    some_sizes(target, targets[target].printer, count, in_big_pieces);
    some_sizes(target, targets[target].printer, count, client_print_by_file);
}

/* The greatest takes minutes there if the machine is busy: phase `lines` has it. */
static void to_a_serial_line(void **state)
{
    const uint32_t many = 10000000;
    (void)state;
    by_every_way(LINE, SIZES - 1);
    forget(LINE);
    assert_true(in_big_pieces(targets[LINE].printer, 99, many));
    assert_true(has(LINE, 99, many));
}

static void the_greatest_to_a_serial_line(void **state)
{
    (void)state;
    by_every_way(LINE, SIZES);
}

static void to_a_parallel_port(void **state)
{
    (void)state;
    some_sizes(PARALLEL, targets[PARALLEL].printer, SIZES - 1, in_big_pieces);
}

static void to_a_file(void **state)
{
    (void)state;
    by_every_way(A_FILE, SIZES);
}

static void to_a_queue(void **state)
{
    (void)state;
    by_every_way(QUEUE, SIZES);
}

/* ---- many at once ---------------------------------------------------------------------------- */

struct client {
    platen_os_thread *thread;
    unsigned number;
    bool printed;
};

static uint32_t size_of_job(unsigned number)
{
    return 20000 + number * 1111;
}

static void client_body(void *argument)
{
    struct client *client = argument;
    const WCHAR *names[] = {targets[LINE].printer, targets[QUEUE].printer};
    client->printed = client_print(names[client->number % 2], (uint8_t)(client->number + 40),
                                   size_of_job(client->number), 3000);
}

/* Every second job, whole, one behind the other, in whatever order. */
static void expect_on_the_line(void)
{
    uint64_t size = 0;
    bool seen[JOBS] = {false};
    for (unsigned i = 0; i < JOBS; i += 2) {
        size += size_of_job(i);
    }
    FILE *file = printed_open(targets[LINE].file, size);
    assert_non_null(file);
    for (unsigned i = 0; i < JOBS; i += 2) {
        int first = fgetc(file);
        unsigned number = (unsigned)first - 40;
        assert_int_equal(ungetc(first, file), first);
        assert_true(number < JOBS && number % 2 == 0 && !seen[number]);
        assert_true(printed_document(file, (uint8_t)first, size_of_job(number)));
        seen[number] = true;
    }
    fclose(file);
}

static void many_threads_on_two_printers(void **state)
{
    struct client clients[JOBS] = {{0}};
    (void)state;
    forget(LINE);
    for (unsigned i = 0; i < JOBS; i++) {
        clients[i].number = i;
        assert_int_equal(
            platen_os_thread_start(&clients[i].thread, "client", 0, client_body, &clients[i]), 0);
    }
    for (unsigned i = 0; i < JOBS; i++) {
        platen_os_thread_join(clients[i].thread);
        assert_true(clients[i].printed);
    }
    assert_true(sink_wait(JOBS / 2));
    for (unsigned i = 1; i < JOBS; i += 2) {
        assert_true(sink_has((uint8_t)(i + 40), size_of_job(i)));
    }
    expect_on_the_line();
}

/* ---- whose thread calls winspool ------------------------------------------------------------- */

/* A thread of the monitor's that calls winspool waits there for a job that waits for it (Wine's
 * spooler holds a lock while it prints). The host has a name, which a thread of the monitor's looks
 * up. */
static void winspool_is_called_by_the_callers_thread_alone(void **state)
{
    PORT_DATA_1 data = queue_data(L"LPR_named", L"raw");
    struct watched watched;
    (void)state;
    wcscpy(data.sztHostAddress, L"localhost");
    forget(QUEUE);
    watched_begin(&watched);
    watched_print(&watched, &data, targets[QUEUE].printer, 77, 300000);
    watched_end(&watched);
    assert_true(sink_wait(1));
    assert_true(sink_has(77, 300000));
    assert_in_range(watched.calls, 4, 1000000); /* OpenPrinter, GetJob, SetJob, ClosePrinter */
    assert_int_equal(watched.others, 0);
}

/* ---- phase `manage` -------------------------------------------------------------------------- */

static void they_are_listed_again(void **state)
{
    (void)state;
    for (int i = 0; i < TARGETS; i++) {
        assert_true(client_lists(targets[i].port));
    }
}

static void the_local_vocabulary_answers(void **state)
{
    static const WCHAR none[] = L"COM77:";
    static const WCHAR bad[] = L"no such:";
    DWORD number = 77;
    (void)state;
    assert_int_equal(client_ask(L",XcvMonitor " MONITOR, L"PortExists", L"COM1:", 12, &number, 4),
                     0);
    assert_int_equal(number, 1);
    assert_int_equal(
        client_ask(L",XcvMonitor " MONITOR, L"PortExists", none, sizeof none, &number, 4), 0);
    assert_int_equal(number, 0);
    assert_int_equal(with_name(L"PortIsValid", none), 0);
    assert_int_not_equal(with_name(L"PortIsValid", bad), 0);
    assert_int_equal(with_name(L"AddPort", targets[LINE].port), ERROR_ALREADY_EXISTS);
    assert_int_equal(with_name(L"ConfigureLPTPortCommandOK", L"33"), 0);
    assert_int_equal(
        client_ask(L",XcvMonitor " MONITOR, L"GetTransmissionRetryTimeout", NULL, 0, &number, 4),
        0);
    assert_int_equal(number, 33);
}

static void get_line(COMMCONFIG *config)
{
    memset(config, 0, sizeof *config);
    assert_int_equal(
        client_ask(L",XcvPort COM1:", L"GetDefaultCommConfig", L"COM1", 10, config, sizeof *config),
        0);
}

static void a_line_is_configured(void **state)
{
    COMMCONFIG config;
    (void)state;
    get_line(&config);
    assert_int_equal(config.dcb.BaudRate, 9600);
    config.dcb.BaudRate = 38400;
    assert_int_equal(client_xcv(L",XcvPort COM1:", L"SetDefaultCommConfig", &config, sizeof config),
                     0);
    get_line(&config);
    assert_int_equal(config.dcb.BaudRate, 38400);
    forget(LINE);
    assert_true(client_print(targets[LINE].printer, 5, 5000, 5000));
    assert_true(has(LINE, 5, 5000));
}

static PORT_DATA_1 get_queue(const WCHAR *port)
{
    CONFIG_INFO_DATA_1 ask = {.dwVersion = 1};
    PORT_DATA_1 data = {.dwVersion = 0};
    assert_int_equal(client_ask(port, L"GetConfigInfo", &ask, sizeof ask, &data, sizeof data), 0);
    return data;
}

/* Where the server listens has changed since. */
static void a_queue_is_configured(void **state)
{
    PORT_DATA_1 data = queue_data(targets[QUEUE].port, L"other");
    (void)state;
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"ConfigPort", &data, sizeof data), 0);
    data = get_queue(L",XcvPort LPR_queue");
    assert_true(wcscmp(data.sztQueue, L"other") == 0);
    assert_int_equal(data.dwPortNumber, sink_port);
    forget(QUEUE);
    assert_true(client_print(targets[QUEUE].printer, 6, 6000, 6000));
    assert_true(has(QUEUE, 6, 6000));
}

/* Under a name with TCP/IP in it the same DLL speaks the other vocabulary alone. */
static void the_tcpmon_vocabulary(void **state)
{
    static const WCHAR local[] = L"COM5:";
    PORT_DATA_1 data = queue_data(L"IP_one", L"raw");
    DELETE_PORT_DATA_1 gone = {.dwVersion = 1, .psztPortName = L"IP_two"};
    WCHAR host[64] = L"";
    (void)state;
    client_add_monitor(TCP_MONITOR);
    assert_int_equal(add_queue(L",XcvMonitor " TCP_MONITOR, L"IP_one"), 0);
    assert_int_equal(add_queue(L",XcvMonitor " TCP_MONITOR, L"IP_two"), 0);
    assert_int_not_equal(client_xcv(L",XcvMonitor " TCP_MONITOR, L"AddPort", local, sizeof local),
                         0);
    assert_int_equal(add_queue(L",XcvMonitor " TCP_MONITOR, L"IP_one"), ERROR_ALREADY_EXISTS);
    assert_int_equal(add_queue(L",XcvMonitor " TCP_MONITOR, targets[QUEUE].port),
                     ERROR_ALREADY_EXISTS); /* another monitor has it */
    assert_true(client_lists(L"IP_one") && client_lists(L"IP_two"));
    assert_int_equal(client_ask(L",XcvPort IP_one", L"HostAddress", NULL, 0, host, sizeof host), 0);
    assert_true(wcscmp(host, L"127.0.0.1") == 0);
    wcscpy(data.sztQueue, L"changed");
    assert_int_equal(client_xcv(L",XcvMonitor " TCP_MONITOR, L"ConfigPort", &data, sizeof data), 0);
    assert_int_equal(client_xcv(L",XcvMonitor " TCP_MONITOR, L"DeletePort", &gone, sizeof gone), 0);
    assert_false(client_lists(L"IP_two"));
    forget(QUEUE);
    assert_true(client_print(L"IP_one, Port", 8, 8000, 8000));
    assert_true(has(QUEUE, 8, 8000));
}

/* winspool's own functions: Wine asks us which DLL has the dialogs, which is its own localui.dll,
 * and that one speaks to us by XcvData. Without a display no dialog gets an answer: nothing is
 * changed, as phase `again` sees. */
static void winspool_configures_and_deletes_ports(void **state)
{
    WCHAR line[] = L"COM1:";
    WCHAR port[] = L"LPT7:";
    (void)state;
    ConfigurePortW(NULL, NULL, line);
    assert_int_equal(with_name(L"AddPort", port), 0);
    assert_true(client_lists(port));
    ConfigurePortW(NULL, NULL, port);
    assert_true(client_lists(port));
    assert_true(DeletePortW(NULL, NULL, port));
    assert_false(client_lists(port));
    assert_false(DeletePortW(NULL, NULL, port));
}

/* ---- phase `again` --------------------------------------------------------------------------- */

static void what_was_configured_is_kept(void **state)
{
    COMMCONFIG config;
    DWORD number = 0;
    PORT_DATA_1 data = get_queue(L",XcvPort LPR_queue");
    (void)state;
    assert_true(wcscmp(data.sztQueue, L"other") == 0);
    data = get_queue(L",XcvPort IP_one");
    assert_true(wcscmp(data.sztQueue, L"changed") == 0);
    get_line(&config);
    assert_int_equal(config.dcb.BaudRate, 38400);
    assert_int_equal(
        client_ask(L",XcvMonitor " MONITOR, L"GetTransmissionRetryTimeout", NULL, 0, &number, 4),
        0);
    assert_int_equal(number, 33);
    assert_false(client_lists(L"IP_two") || client_lists(L"LPT7:"));
}

static void all_are_deleted(void **state)
{
    DELETE_PORT_DATA_1 data = {.dwVersion = 1};
    (void)state;
    for (int i = 0; i < QUEUE; i++) {
        assert_int_equal(with_name(L"DeletePort", targets[i].port), 0);
    }
    wcscpy(data.psztPortName, targets[QUEUE].port);
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"DeletePort", &data, sizeof data), 0);
    for (int i = 0; i < TARGETS; i++) {
        assert_false(client_lists(targets[i].port));
        assert_false(client_print(targets[i].direct, 1, 10, 10));
    }
    assert_true(client_lists(L"NUL:"));
}

#define PHASE(name)                                                                                \
    {                                                                                              \
#        name, name, sizeof name / sizeof *name                                                    \
    }

int main(int argc, char **argv)
{
    const struct CMUnitTest add[] = {cmocka_unit_test(files_wait_for_an_administrator)};
    const struct CMUnitTest print[] = {
        cmocka_unit_test(ports_of_every_kind_are_added),
        cmocka_unit_test(to_a_serial_line),
        cmocka_unit_test(to_a_parallel_port),
        cmocka_unit_test(to_a_file),
        cmocka_unit_test(to_a_queue),
        cmocka_unit_test(many_threads_on_two_printers),
        cmocka_unit_test(winspool_is_called_by_the_callers_thread_alone),
    };
    const struct CMUnitTest lines[] = {
        cmocka_unit_test(ports_of_every_kind_are_added),
        cmocka_unit_test(the_greatest_to_a_serial_line),
    };
    const struct CMUnitTest manage[] = {
        cmocka_unit_test(they_are_listed_again),
        cmocka_unit_test(the_local_vocabulary_answers),
        cmocka_unit_test(a_line_is_configured),
        cmocka_unit_test(a_queue_is_configured),
        cmocka_unit_test(the_tcpmon_vocabulary),
        cmocka_unit_test(winspool_configures_and_deletes_ports),
    };
    const struct CMUnitTest again[] = {
        cmocka_unit_test(what_was_configured_is_kept),
        cmocka_unit_test(all_are_deleted),
    };
    const struct {
        const char *name;
        const struct CMUnitTest *tests;
        size_t count;
    } phases[] = {PHASE(add), PHASE(print), PHASE(lines), PHASE(manage), PHASE(again)};
    for (size_t i = 0; argc == 2 && i < sizeof phases / sizeof *phases; i++) {
        if (strcmp(argv[1], phases[i].name) == 0) {
            return _cmocka_run_group_tests(argv[1], phases[i].tests, phases[i].count, begin, end);
        }
    }
    fprintf(stderr, "usage: %s add|print|lines|manage|again\n", argv[0]);
    return 2;
}
