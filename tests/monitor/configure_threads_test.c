/* SPDX-License-Identifier: MIT
 *
 * Settings that several threads change, ask for and open ports with at once, while the ports come
 * and go: every answer is one that somebody set, never half of one and half of another (R64, R69).
 */
#include "line_trial.h"

#include <stdatomic.h>
#include <string.h>

#include "handle.h"
#include "os/thread.h"

enum { ROUNDS = 400, SETTERS = 3 };

static const MONITOR2 *table;
static HANDLE monitor;
static atomic_int changes, answers, opens;
static atomic_bool stop;

static DWORD call(HANDLE xcv, LPCWSTR name, const void *input, size_t size, void *output,
                  uint32_t room)
{
    DWORD needed;
    return table->pfnXcvDataPort(xcv, name, (PBYTE)(uintptr_t)input, (DWORD)size, output, room,
                                 &needed);
}

/* cmocka's assertions are for the main thread. */
static atomic_int wrong;

static void expect(bool good)
{
    wrong += !good;
}

/* Ports are BUSY while another thread changes them, and may be gone. */
static void expect_code(DWORD code)
{
    expect(code == 0 || code == 2 || code == 170 || code == 183);
}

/* The host's length tells the number. */
static PORT_DATA_2 port_data(unsigned number)
{
    static const char16_t *const hosts[] = {u"h", u"hh", u"hhh", u"hhhh"};
    PORT_DATA_2 data = {.dwVersion = 2, .dwProtocol = PROTOCOL_RAWTCP_TYPE};
    memcpy(data.sztPortName, u"IP_1", 10);
    memcpy(data.sztHostAddress, hosts[number], (number + 2) * 2);
    data.dwPortNumber = number + 1;
    data.dwSNMPDevIndex = number + 1;
    return data;
}

static COMMCONFIG config(unsigned number)
{
    COMMCONFIG config = {.dwSize = sizeof(config), .dwProviderSubType = PST_RS232};
    config.dcb.BaudRate = 1000 + number;
    config.dcb.ByteSize = (BYTE)(5 + number);
    config.dcb.Parity = (BYTE)number;
    return config;
}

static void set(void *argument)
{
    unsigned number = (unsigned)(uintptr_t)argument;
    PORT_DATA_2 data = port_data(number);
    COMMCONFIG line = config(number);
    HANDLE xcv, com;
    expect(table->pfnXcvOpenPort(monitor, NULL, SERVER_ACCESS_ADMINISTER, &xcv));
    expect(table->pfnXcvOpenPort(monitor, u"COM77:", SERVER_ACCESS_ADMINISTER, &com));
    for (int i = 0; i < ROUNDS; i++) {
        DWORD tcp = call(xcv, u"ConfigPort", &data, sizeof(data), NULL, 0);
        DWORD serial = call(com, u"SetDefaultCommConfig", &line, sizeof(line), NULL, 0);
        expect_code(tcp);
        expect_code(serial);
        changes += (tcp == 0) + (serial == 0);
        if (i % 8 == 0)
            expect_code(call(xcv, u"DeletePort", u"IP_1", 10, NULL, 0));
        if (i % 8 == 1)
            expect_code(call(xcv, u"AddPort", &data, sizeof(data), NULL, 0));
        expect_code(call(xcv, u"ConfigureLPTPortCommandOK", u"77", 6, NULL, 0));
    }
    table->pfnXcvClosePort(com);
    table->pfnXcvClosePort(xcv);
}

static void ask(void *argument)
{
    CONFIG_INFO_DATA_1 question = {.dwVersion = 2};
    HANDLE xcv, local;
    (void)argument;
    memcpy(question.Reserved, u"IP_1", 10);
    expect(table->pfnXcvOpenPort(monitor, u"TCP/IP", 0, &xcv));
    expect(table->pfnXcvOpenPort(monitor, u"", 0, &local));
    while (!stop) {
        PORT_DATA_2 data = {0};
        COMMCONFIG line;
        DWORD code = call(xcv, u"GetConfigInfo", &question, sizeof(question), &data, sizeof(data));
        expect_code(code);
        size_t length = platen_text_length16((const char16_t *)data.sztHostAddress, 100);
        expect(code || (length == data.dwPortNumber && length == data.dwSNMPDevIndex));
        expect(call(local, u"GetDefaultCommConfig", u"COM77", 12, &line, sizeof(line)) == 0);
        unsigned number = line.dcb.BaudRate - 1000;
        expect(line.dcb.ByteSize == 5 + number && line.dcb.Parity == number);
        answers++;
    }
    table->pfnXcvClosePort(local);
    table->pfnXcvClosePort(xcv);
}

/* One stays open, and begins jobs, for which there is no device, with what is set by then. */
static void open_ports(void *argument)
{
    HANDLE kept;
    (void)argument;
    expect(table->pfnOpenPort(monitor, WIDE("COM77:"), &kept));
    while (!stop) {
        HANDLE port;
        DOC_INFO_1W doc = {0};
        if (table->pfnStartDocPort(kept, NULL, 1, 1, (LPBYTE)&doc))
            table->pfnEndDocPort(kept);
        if (table->pfnOpenPort(monitor, WIDE("IP_1"), &port))
            opens += table->pfnClosePort(port);
        expect(table->pfnOpenPort(monitor, WIDE("COM77:"), &port));
        table->pfnClosePort(port);
    }
    table->pfnClosePort(kept);
}

static void list(void *argument)
{
    static PORT_INFO_2W room[100];
    (void)argument;
    while (!stop) {
        DWORD needed, count;
        expect(table->pfnEnumPorts(monitor, NULL, 2, (LPBYTE)room, sizeof(room), &needed, &count));
    }
}

static platen_os_thread *run(void (*body)(void *), unsigned argument)
{
    platen_os_thread *thread;
    assert_int_equal(platen_os_thread_start(&thread, "test", 0, body, (void *)(uintptr_t)argument),
                     0);
    return thread;
}

/* The library's own backends: they may be used by many threads. */
static void all_at_once(void **state)
{
    struct platen_monitor_options options = {.size = sizeof(options)};
    MONITORINIT init = {.cbSize = sizeof(init)};
    PORT_DATA_2 data = port_data(0);
    COMMCONFIG line = config(0);
    platen_os_thread *setters[SETTERS], *others[4];
    HANDLE xcv;
    (void)state;
    table = platen_monitor_create(&init, &options, &monitor);
    assert_non_null(table);
    assert_true(table->pfnXcvOpenPort(monitor, u"COM77:", 1, &xcv));
    assert_int_equal(call(xcv, u"AddPort", u"COM77:", 14, NULL, 0), 0);
    assert_int_equal(call(xcv, u"SetDefaultCommConfig", &line, sizeof(line), NULL, 0), 0);
    assert_int_equal(call(xcv, u"AddPort", &data, sizeof(data), NULL, 0), 0);
    others[0] = run(ask, 0);
    others[1] = run(ask, 0);
    others[2] = run(open_ports, 0);
    others[3] = run(list, 0);
    for (unsigned i = 0; i < SETTERS; i++)
        setters[i] = run(set, i + 1);
    for (int i = 0; i < SETTERS; i++)
        platen_os_thread_join(setters[i]);
    stop = true;
    for (int i = 0; i < 4; i++)
        platen_os_thread_join(others[i]);
    table->pfnShutdown(monitor);
    assert_int_equal(handle_count(), 0);
    assert_int_equal(wrong, 0);
    assert_true(changes > 0 && answers > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(all_at_once)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
