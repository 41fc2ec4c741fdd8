/* SPDX-License-Identifier: MIT
 *
 * How late a job comes back from a name that resolves for ever: after its deadline, and after a
 * cancel. The program tells; only an answer that is wrong fails, not a late one. `platen bench` has
 * the other delays, but there is no such resolver outside of tests.
 */
#include "tcp_bench.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "os/clock.h"

#define RUNS     15
#define PATIENCE (SECOND / 20)

static struct bench bench;
static _Atomic uint32_t let_go;

static uint32_t resolve_never(const char *host, uint16_t port, struct platen_os_address *addresses,
                              size_t room, size_t *count)
{
    (void)host, (void)port, (void)addresses, (void)room;
    while (!atomic_load(&let_go))
        platen_os_wait((const uint32_t *)(uintptr_t)&let_go, 0, PLATEN_OS_FOREVER);
    *count = 0;
    return PLATEN_HOST_NOT_FOUND;
}

static int set_up(void **state)
{
    (void)state;
    atomic_store(&let_go, 0);
    platen_os_replace_resolver(resolve_never);
    bench_open_at(&bench, "//printer");
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    bench_close(&bench);
    atomic_store(&let_go, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&let_go);
    platen_os_replace_resolver(NULL);
    while (platen_os_lookups_stuck())
        platen_os_thread_yield();
    return 0;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

static void tell(const char *what, double *late)
{
    qsort(late, RUNS, sizeof *late, by_size);
    print_message("%s: %.4g ms late, at most %.4g\n", what, late[RUNS / 2], late[RUNS - 1]);
}

static double milliseconds(uint64_t from, uint64_t to)
{
    return ((double)to - (double)from) / 1e6;
}

static void deadlines(void **state)
{
    double late[RUNS];
    (void)state;
    for (int i = 0; i < RUNS; i++) {
        uint64_t due = in(PATIENCE);
        assert_int_equal(bench_start(&bench, due), PLATEN_TIMEOUT);
        late[i] = milliseconds(due, platen_os_now());
    }
    tell("deadline-lookup", late);
}

static _Atomic uint64_t cancelled;
static atomic_bool back;

/* Most likely the job waits by then; if not, the next cancel reaches it. */
static void cancel(void *argument)
{
    (void)argument;
    while (!atomic_load(&back)) {
        platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL,
                              in(PATIENCE));
        if (atomic_load(&back))
            break;
        atomic_store(&cancelled, platen_os_now());
        bench.trial.backend.cancel(bench.port.state);
    }
}

static double cancel_once(void)
{
    platen_os_thread *thread;
    atomic_store(&back, false);
    assert_int_equal(platen_os_thread_start(&thread, "cancel", 0, cancel, NULL), 0);
    uint32_t error = bench_start(&bench, soon());
    uint64_t now = platen_os_now();
    atomic_store(&back, true);
    platen_os_thread_join(thread);
    assert_int_equal(error, PLATEN_OPERATION_ABORTED);
    return milliseconds(atomic_load(&cancelled), now);
}

static void cancels(void **state)
{
    double late[RUNS];
    (void)state;
    for (int i = 0; i < RUNS; i++)
        late[i] = cancel_once();
    tell("cancel-lookup", late);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(deadlines, set_up, tear_down),
        cmocka_unit_test_setup_teardown(cancels, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
