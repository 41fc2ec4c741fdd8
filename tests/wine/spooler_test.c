/* SPDX-License-Identifier: MIT
 *
 * platen.dll in a real spooler: Wine's. It is added by AddMonitor, its ports by XcvData, and jobs
 * go to a simulated printer by each of the three ways that lead there. Run by in-clone, once for
 * each phase, with Wine ended in between.
 */
#include "client.h"

#include <stdio.h>
#include <string.h>

#include "os/thread.h"
#include "sink.h"

#define MONITOR  L"Platen Port"
#define TCP_PORT L"IP_printer"
#define PRINTERS 2
#define JOBS     24

static uint16_t sink_port;

/* ---- what the tests need --------------------------------------------------------------------- */

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
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"AddPort", &data, sizeof data), 0);
}

static int begin(void **state)
{
    (void)state;
    sink_port = sink_start(false);
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
    client_add_monitor(MONITOR);
    assert_true(client_lists(L"NUL:"));
}

static void ports_are_added_by_both_vocabularies(void **state)
{
    (void)state;
    WCHAR local[] = L"SIM:wine";
    add_tcp_port(TCP_PORT);
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"AddPort", local, sizeof local), 0);
    assert_true(client_lists(TCP_PORT));
    assert_true(client_lists(local));
    PORT_DATA_1 data = tcp_data(TCP_PORT);
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"AddPort", &data, sizeof data),
                     ERROR_ALREADY_EXISTS);
    assert_int_equal(client_xcv(L",XcvPort " TCP_PORT, L"MonitorUI", NULL, 0), 0);
}

static void ports_are_deleted(void **state)
{
    (void)state;
    DELETE_PORT_DATA_1 data = {.dwVersion = 1, .psztPortName = L"IP_gone"};
    add_tcp_port(L"IP_gone");
    assert_true(client_lists(L"IP_gone"));
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"DeletePort", &data, sizeof data), 0);
    assert_false(client_lists(L"IP_gone"));
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
    return client_print(name, seed, size, 65536);
}

static void straight_to_the_port(void **state)
{
    (void)state;
    all_sizes(in_big_pieces, TCP_PORT L", Port");
}

static void through_a_printer(void **state)
{
    (void)state;
    client_add_printer(L"P1", TCP_PORT);
    all_sizes(in_big_pieces, L"P1");
}

static void by_a_file_of_the_spooler(void **state)
{
    (void)state;
    all_sizes(client_print_by_file, L"P1");
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
    client->printed = client_print(names[client->number % PRINTERS], (uint8_t)(client->number + 40),
                                   20000 + client->number * 1111, 3000);
}

static void many_threads_on_two_printers(void **state)
{
    struct client clients[JOBS] = {{0}};
    (void)state;
    add_tcp_port(L"IP_second");
    client_add_printer(L"P2", L"IP_second");
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
        assert_true(client_print(TCP_PORT L", Port", 7, 2000, 2000));
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
    assert_true(client_lists(TCP_PORT));
    assert_true(client_lists(L"SIM:wine"));
    assert_false(client_lists(L"IP_gone"));
}

static void and_can_be_printed_to(void **state)
{
    (void)state;
    DELETE_PORT_DATA_1 data = {.dwVersion = 1, .psztPortName = TCP_PORT};
    /* The sink listens elsewhere now. */
    assert_int_equal(client_xcv(L",XcvMonitor " MONITOR, L"DeletePort", &data, sizeof data), 0);
    add_tcp_port(TCP_PORT);
    sink_forget();
    assert_true(client_print(L"P1", 9, 5000, 5000));
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
