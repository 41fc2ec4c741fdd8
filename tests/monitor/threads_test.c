/* SPDX-License-Identifier: MIT
 *
 * Everything at once, for a race detector: ports print, are read from, listed, added and deleted,
 * handles are closed under calls, and the instance goes down in the middle of it.
 */
#include "fake.h"
#include "handle.h"

#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "os/thread.h"

enum { LANES = 16, JOBS = 200, CHANGES = 300, ROUNDS = 20 };

static const MONITOR2 *table;
static HANDLE monitor;
static atomic_bool stop;
static atomic_int printed;

static struct platen_monitor_options null_options(void)
{
    static const struct platen_backend *backends[2];
    for (const struct platen_backend *const *at = platen_backends(); *at; at++)
        if (strcmp((*at)->name, "null") == 0)
            backends[0] = *at;
    return (struct platen_monitor_options){.size = sizeof(struct platen_monitor_options),
                                           .backends = backends};
}

static void make_monitor(void)
{
    MONITORINIT init = {.cbSize = sizeof(init)};
    struct platen_monitor_options options = null_options();
    table = platen_monitor_create(&init, &options, &monitor);
    assert_non_null(table);
}

static void port_name(char16_t name[16], unsigned number)
{
    char text[16];
    snprintf(text, sizeof(text), "P%u", number);
    platen_text_to16(text, SIZE_MAX, name, 16);
}

static void add_port(unsigned number)
{
    char text[16];
    snprintf(text, sizeof(text), "P%u", number);
    platen_monitor_add_port(monitor, text, "null:");
}

static bool print_one(HANDLE port)
{
    BYTE data[64] = {0};
    DWORD written = 0;
    bool done = table->pfnStartDocPort(port, NULL, 1, 1, NULL) &&
                table->pfnWritePort(port, data, sizeof(data), &written) && written == 64;
    return table->pfnEndDocPort(port) && done;
}

static void print_jobs(void *argument)
{
    char16_t name[16];
    HANDLE port;
    port_name(name, (unsigned)(uintptr_t)argument);
    if (!table->pfnOpenPort(monitor, name, &port))
        return;
    for (int i = 0; i < JOBS; i++)
        printed += print_one(port);
    table->pfnClosePort(port);
}

static void list_ports(void *argument)
{
    static _Thread_local PORT_INFO_2W room[1000];
    DWORD needed, count;
    (void)argument;
    while (!stop) {
        table->pfnEnumPorts(monitor, NULL, 2, (LPBYTE)room, sizeof(room), &needed, &count);
        table->pfnEnumPorts(monitor, NULL, 1, NULL, 0, &needed, &count);
    }
}

static void change_ports(void *argument)
{
    unsigned first = (unsigned)(uintptr_t)argument;
    char16_t name[16];
    HANDLE xcv;
    table->pfnXcvOpenPort(monitor, NULL, SERVER_ACCESS_ADMINISTER, &xcv);
    for (unsigned i = 0; i < CHANGES; i++) {
        add_port(first + i % 10);
        port_name(name, first + (i + 5) % 10);
        table->pfnXcvDataPort(xcv, u"DeletePort", (PBYTE)name,
                              (DWORD)((platen_text_length16(name, 16) + 1) * 2), NULL, 0, NULL);
    }
    table->pfnXcvClosePort(xcv);
}

static void run(platen_os_thread **thread, void (*body)(void *), unsigned argument)
{
    assert_int_equal(platen_os_thread_start(thread, "test", 0, body, (void *)(uintptr_t)argument),
                     0);
}

static void all_at_once(void **state)
{
    platen_os_thread *lanes[LANES], *lister, *changers[2];
    (void)state;
    make_monitor();
    stop = false;
    printed = 0;
    for (unsigned i = 0; i < LANES; i++)
        add_port(i);
    run(&lister, list_ports, 0);
    run(&changers[0], change_ports, 100);
    run(&changers[1], change_ports, 105); /* half of the names are both threads' */
    for (unsigned i = 0; i < LANES; i++)
        run(&lanes[i], print_jobs, i);
    for (unsigned i = 0; i < LANES; i++)
        platen_os_thread_join(lanes[i]);
    platen_os_thread_join(changers[0]);
    platen_os_thread_join(changers[1]);
    stop = true;
    platen_os_thread_join(lister);
    assert_int_equal(printed, LANES * JOBS);
    table->pfnShutdown(monitor);
    assert_int_equal(handle_count(), 0);
}

static HANDLE shared;

/* Until the handle is dead, and then it is dead for good. */
static void use_shared(void *argument)
{
    DWORD count;
    BYTE byte = 0;
    (void)argument;
    while (table->pfnWritePort(shared, &byte, 0, &count)) {
        table->pfnStartDocPort(shared, NULL, 1, 1, NULL);
        table->pfnWritePort(shared, &byte, 1, &count);
        table->pfnEndDocPort(shared);
    }
}

static void end_under_use(bool shutdown)
{
    platen_os_thread *users[4];
    make_monitor();
    assert_true(table->pfnOpenPort(monitor, WIDE("NUL:"), &shared));
    for (int i = 0; i < 4; i++)
        run(&users[i], use_shared, 0);
    if (shutdown)
        table->pfnShutdown(monitor);
    else
        assert_true(table->pfnClosePort(shared));
    for (int i = 0; i < 4; i++)
        platen_os_thread_join(users[i]);
    if (!shutdown)
        table->pfnShutdown(monitor);
    assert_int_equal(handle_count(), 0);
}

static void closed_under_use(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++)
        end_under_use(false);
}

static void shut_down_under_use(void **state)
{
    (void)state;
    for (int i = 0; i < ROUNDS; i++)
        end_under_use(true);
}

static atomic_int closed;

static void close_shared(void *argument)
{
    (void)argument;
    closed += table->pfnClosePort(shared) ? 1 : 0;
}

static void one_of_two_closes(void **state)
{
    (void)state;
    make_monitor();
    for (int i = 0; i < ROUNDS; i++) {
        platen_os_thread *users[2];
        closed = 0;
        assert_true(table->pfnOpenPort(monitor, WIDE("NUL:"), &shared));
        run(&users[0], close_shared, 0);
        run(&users[1], close_shared, 0);
        platen_os_thread_join(users[0]);
        platen_os_thread_join(users[1]);
        assert_int_equal(closed, 1);
    }
    table->pfnShutdown(monitor);
    assert_int_equal(handle_count(), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_at_once),
        cmocka_unit_test(closed_under_use),
        cmocka_unit_test(shut_down_under_use),
        cmocka_unit_test(one_of_two_closes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
