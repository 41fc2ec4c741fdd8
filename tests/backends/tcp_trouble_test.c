/* SPDX-License-Identifier: MIT
 *
 * The tcp backend with printers that do not behave, names that do not resolve, and cancel.
 */
#include "tcp_bench.h"

#include <stdatomic.h>
#include <stdio.h>

#include "os/clock.h"

static struct bench bench;

static bool is_loss(uint32_t error)
{
    return error == PLATEN_NETNAME_DELETED || error == PLATEN_BROKEN_PIPE ||
           error == PLATEN_CONNECTION_ABORTED;
}

static void print_a_job(void)
{
    bench_connect(&bench);
    bench_write_text(&bench, "fine");
    assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
    bench_expect(&bench, "fine");
    bench_expect_end(&bench);
    bench_hang_up(&bench);
    assert_int_equal(bench_end(&bench, false, soon()), 0);
}

/* ---- no connection --------------------------------------------------------------------------- */

static void nobody_listens(void **state)
{
    (void)state;
    bench_open(&bench, "");
    bare_close(bench.listener);
    assert_int_equal(bench_start(&bench, soon()), PLATEN_CONNECTION_REFUSED);
    assert_int_equal(bench_start(&bench, soon()), PLATEN_CONNECTION_REFUSED);
    bench.listener = NO_SOCKET;
    bench_close(&bench);
}

enum { KNOCKS = 8 };

/* A listener whose queue is full lets nobody in and sends nobody away. */
struct closed_door {
    bare_socket listener;
    bare_socket knocks[KNOCKS];
    uint16_t number;
};

static void shut_door(struct closed_door *door)
{
    door->listener = bare_listen(4, 0, 0, &door->number);
    for (int i = 0; i < KNOCKS; i++)
        door->knocks[i] = bare_knock(door->number);
}

static void open_at_door(struct closed_door *door, const char *options)
{
    char target[100];
    shut_door(door);
    snprintf(target, sizeof target, "//127.0.0.1:%u%s", (unsigned)door->number, options);
    bench_open_at(&bench, target);
}

static void remove_door(struct closed_door *door)
{
    for (int i = 0; i < KNOCKS; i++)
        bare_close(door->knocks[i]);
    bare_close(door->listener);
}

static void nobody_answers(void **state)
{
    struct closed_door door;
    uint64_t since = platen_os_now();
    (void)state;
    open_at_door(&door, "?contimeout=1");
    assert_int_equal(bench_start(&bench, in(SECOND / 10)), PLATEN_TIMEOUT);
    assert_int_equal(bench_start(&bench, 0), PLATEN_TIMEOUT);
    assert_true(platen_os_now() - since < AT_ONCE);
    assert_int_equal(bench_start(&bench, PLATEN_FOREVER), PLATEN_TIMEOUT);
    assert_in_range(platen_os_now() - since, SECOND, SECOND + AT_ONCE);
    bench_close(&bench);
    remove_door(&door);
}

/* ---- names ----------------------------------------------------------------------------------- */

static uint16_t numbers[3];
static size_t number_count;
static _Atomic uint32_t asked;
static _Atomic uint32_t let_go;

/* "printer" is at 127.0.0.1 with these ports, one after the other. */
static uint32_t resolve(const char *host, uint16_t port, struct platen_os_address *addresses,
                        size_t room, size_t *count)
{
    (void)host, (void)port, (void)room;
    for (size_t i = 0; i < number_count; i++) {
        platen_os_lookup *lookup;
        size_t found;
        if (platen_os_lookup_start("127.0.0.1", numbers[i], &lookup) == 0)
            platen_os_lookup_wait(lookup, PLATEN_OS_NO_BELL, 0, &addresses[i], 1, &found);
        platen_os_lookup_end(lookup);
    }
    *count = number_count;
    return number_count ? 0 : PLATEN_HOST_NOT_FOUND;
}

static uint32_t resolve_never(const char *host, uint16_t port, struct platen_os_address *addresses,
                              size_t room, size_t *count)
{
    (void)host, (void)port, (void)addresses, (void)room;
    atomic_fetch_add(&asked, 1);
    while (!atomic_load(&let_go))
        platen_os_wait((const uint32_t *)(uintptr_t)&let_go, 0, soon());
    *count = 0;
    return PLATEN_HOST_NOT_FOUND;
}

static void no_such_host(void **state)
{
    (void)state;
    number_count = 0;
    platen_os_replace_resolver(resolve);
    bench_open_at(&bench, "//printer");
    for (int i = 0; i < 2; i++)
        assert_int_equal(bench_start(&bench, soon()), PLATEN_HOST_NOT_FOUND);
    bench_close(&bench);
    platen_os_replace_resolver(NULL);
}

/* When the resolver has been reached: otherwise the system's would be asked. */
static void allow_answers(void)
{
    for (uint64_t until = soon(); !atomic_load(&asked) && platen_os_now() < until;)
        platen_os_thread_yield();
    assert_int_equal(atomic_load(&asked), 1);
    atomic_store(&let_go, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&let_go);
    platen_os_replace_resolver(NULL);
    for (uint64_t until = soon(); platen_os_lookups_stuck() && platen_os_now() < until;)
        platen_os_thread_yield();
    assert_int_equal(platen_os_lookups_stuck(), 0);
}

static void hang_resolver(void)
{
    atomic_store(&let_go, 0);
    atomic_store(&asked, 0);
    platen_os_replace_resolver(resolve_never);
}

/* However often the job is tried, there is one lookup. */
static void a_name_that_resolves_for_ever(void **state)
{
    uint64_t since = platen_os_now();
    (void)state;
    hang_resolver();
    bench_open_at(&bench, "//printer");
    for (int i = 0; i < 5; i++)
        assert_int_equal(bench_start(&bench, in(SECOND / 20)), PLATEN_TIMEOUT);
    assert_true(platen_os_now() - since < AT_ONCE);
    bench_close(&bench); /* while it still hangs */
    assert_int_equal(platen_os_lookups_stuck(), 1);
    allow_answers();
}

static void answers_come_late(void **state)
{
    (void)state;
    hang_resolver();
    bench_open_at(&bench, "//printer");
    assert_int_equal(bench_start(&bench, in(SECOND / 20)), PLATEN_TIMEOUT);
    allow_answers();
    assert_int_equal(bench_start(&bench, soon()), PLATEN_HOST_NOT_FOUND);
    bench_close(&bench);
}

static void the_next_address_is_tried(void **state)
{
    struct closed_door door;
    (void)state;
    shut_door(&door);
    bench_open_at(&bench, "//printer?contimeout=2");
    bench.listener = bare_listen(4, 5, 0, &bench.number);
    bare_close(bare_listen(4, 5, 0, &numbers[0]));
    numbers[1] = door.number;
    numbers[2] = bench.number;
    number_count = 3;
    platen_os_replace_resolver(resolve);
    print_a_job();
    number_count = 2;
    assert_int_equal(bench_start(&bench, in(SECOND / 10)), PLATEN_TIMEOUT);
    number_count = 1;
    assert_int_equal(bench_start(&bench, soon()), PLATEN_CONNECTION_REFUSED);
    platen_os_replace_resolver(NULL);
    bench_close(&bench);
    remove_door(&door);
}

/* ---- a lost connection ----------------------------------------------------------------------- */

static void expect_lost_job(void)
{
    uint32_t moved, error = bench_write_to_failure(&bench);
    assert_true(is_loss(error));
    for (int i = 0; i < 10; i++) {
        assert_int_equal(bench_write(&bench, "x", 1, soon(), &moved), error);
        assert_int_equal(moved, 0);
    }
    assert_int_equal(bench_drain(&bench, soon()), error);
    assert_int_equal(bench_end(&bench, false, soon()), error);
}

static void a_reset_in_mid_job(void **state)
{
    (void)state;
    bench_open(&bench, "");
    for (int i = 0; i < 3; i++) {
        bench_connect(&bench);
        bench_write_text(&bench, "half");
        bench_expect(&bench, "half");
        bench_reset(&bench);
        expect_lost_job();
        print_a_job();
    }
    bench_close(&bench);
}

static void a_printer_that_closes_early(void **state)
{
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    bench_write_text(&bench, "half");
    bench_expect(&bench, "half");
    bench_hang_up(&bench);
    expect_lost_job();
    print_a_job();
    bench_close(&bench);
}

/* The last byte is on its way when the printer is no longer there. */
static void the_tail_is_lost(void **state)
{
    (void)state;
    bench_open(&bench, "");
    for (int i = 0; i < 2; i++) {
        bench_connect(&bench);
        bench_write_text(&bench, "half");
        bench_expect(&bench, "half");
        bench_hang_up(&bench);
        uint32_t moved, error = bench_write(&bench, "tail", 4, soon(), &moved);
        if (!error)
            error = bench_drain(&bench, soon());
        assert_true(is_loss(error));
        assert_true(is_loss(bench_end(&bench, false, soon())));
    }
    print_a_job();
    bench_close(&bench);
}

static void what_was_not_read_is_lost(void **state)
{
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    bench_write_text(&bench, "never read");
    assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
    assert_true(bare_wait(bench.peer, 10000));
    if (bare_can_reset()) { /* elsewhere the system says that it was read */
        bench_hang_up(&bench);
        assert_true(is_loss(bench_drain(&bench, soon())));
    }
    bench_end(&bench, true, 0);
    print_a_job();
    bench_close(&bench);
}

static void reset_soon(void *argument)
{
    (void)argument;
    platen_os_socket_wait(PLATEN_OS_NO_SOCKET, PLATEN_OS_READABLE, PLATEN_OS_NO_BELL,
                          in(SECOND / 500)); /* both are likely to wait then */
    bench_reset(&bench);
}

static void expect_reset_while_draining(void)
{
    platen_os_thread *thread;
    assert_int_equal(platen_os_thread_start(&thread, "reset", 0, reset_soon, NULL), 0);
    assert_int_equal(bench_drain(&bench, soon()), PLATEN_NETNAME_DELETED);
    platen_os_thread_join(thread);
}

static void read_on(void *argument)
{
    uint32_t *error = argument, moved;
    char byte;
    do /* now before the drain in the system's queue, now behind it */
        *error = bench.trial.backend.read(bench.port.state, &byte, 1, in(SECOND / 1000), &moved);
    while (!*error);
}

/* The system tells of a reset once. Whoever hears of it, the job is lost. */
static void a_reset_that_the_reader_meets(void **state)
{
    platen_os_thread *thread;
    uint32_t read_error;
    (void)state;
    bench_open(&bench, "");
    for (int round = 0; round < 100 && bare_can_reset(); round++) {
        bench_connect(&bench);
        assert_int_equal(platen_os_thread_start(&thread, "reader", 0, read_on, &read_error), 0);
        bench_write_text(&bench, "job");
        assert_int_equal(bench_drain(&bench, 0), PLATEN_TIMEOUT);
        bench_expect(&bench, "job");
        bench_expect_end(&bench);
        if (round % 2)
            bench_reset(&bench);
        else
            expect_reset_while_draining();
        assert_int_equal(bench_drain(&bench, soon()), PLATEN_NETNAME_DELETED);
        platen_os_thread_join(thread);
        bench_end(&bench, true, 0);
    }
    bench_close(&bench);
}

/* ---- a printer that stops reading ------------------------------------------------------------ */

static void a_full_printer(void **state)
{
    uint64_t since;
    (void)state;
    bench_open_narrow(&bench, "");
    bench_connect(&bench);
    bench_fill(&bench);
    since = platen_os_now();
    assert_int_equal(bench_drain(&bench, since + SECOND / 10), PLATEN_TIMEOUT);
    assert_int_equal(bench_end(&bench, false, since + SECOND / 5), PLATEN_TIMEOUT);
    assert_true(platen_os_now() - since < AT_ONCE);
    bench_expect_broken(&bench);
    bench_close(&bench);
}

/* ---- cancel ---------------------------------------------------------------------------------- */

static _Atomic uint64_t called_off;
static _Atomic uint32_t back;
static unsigned unheard; /* cancels */

/* Most likely the call waits by then. A start that has not come so far hears the next one only. */
static void call_off(void *argument)
{
    (void)argument;
    for (unsigned cancels = 0; !atomic_load(&back); cancels++) {
        uint64_t until = in(cancels ? 2 * AT_ONCE : SECOND / 10);
        while (!atomic_load(&back) && platen_os_now() < until)
            platen_os_wait((const uint32_t *)(uintptr_t)&back, 0, until);
        if (atomic_load(&back))
            break;
        unheard += cancels != 0;
        atomic_store(&called_off, platen_os_now());
        bench.trial.backend.cancel(bench.port.state);
    }
}

static uint32_t start_for_ever(void)
{
    return bench_start(&bench, PLATEN_FOREVER);
}

static uint32_t write_for_ever(void)
{
    return bench_write(&bench, "x", 1, PLATEN_FOREVER, &(uint32_t){0});
}

static uint32_t drain_for_ever(void)
{
    return bench_drain(&bench, PLATEN_FOREVER);
}

static uint32_t end_for_ever(void)
{
    return bench_end(&bench, false, PLATEN_FOREVER);
}

/* The bound is 50 ms; a busy machine gets more. */
static void expect_called_off(uint32_t (*work)(void))
{
    platen_os_thread *thread;
    atomic_store(&back, 0);
    assert_int_equal(platen_os_thread_start(&thread, "cancel", 0, call_off, NULL), 0);
    uint32_t error = work();
    uint64_t now = platen_os_now();
    atomic_store(&back, 1);
    platen_os_wake((const uint32_t *)(uintptr_t)&back);
    platen_os_thread_join(thread);
    assert_int_equal(error, PLATEN_OPERATION_ABORTED);
    assert_true(now < atomic_load(&called_off) + AT_ONCE);
}

static void cancelled_while_looking_for_the_host(void **state)
{
    (void)state;
    hang_resolver();
    bench_open_at(&bench, "//printer");
    expect_called_off(start_for_ever);
    expect_called_off(start_for_ever);
    bench_close(&bench);
    allow_answers();
}

static void cancelled_while_connecting(void **state)
{
    struct closed_door door;
    (void)state;
    open_at_door(&door, "");
    expect_called_off(start_for_ever);
    expect_called_off(start_for_ever);
    bench_close(&bench);
    remove_door(&door);
}

static void cancelled_while_writing(void **state)
{
    (void)state;
    bench_open_narrow(&bench, "");
    bench_connect(&bench);
    bench_fill(&bench);
    expect_called_off(write_for_ever);
    assert_int_equal(write_for_ever(), PLATEN_OPERATION_ABORTED);
    assert_int_equal(drain_for_ever(), PLATEN_OPERATION_ABORTED);
    assert_int_equal(end_for_ever(), PLATEN_OPERATION_ABORTED);
    bench_expect_broken(&bench);
    print_a_job();
    bench_close(&bench);
}

static void cancelled_while_draining(void **state)
{
    (void)state;
    bench_open_narrow(&bench, "?waiteof=false");
    for (int i = 0; i < 2; i++) {
        bench_connect(&bench);
        bench_fill(&bench);
        expect_called_off(i ? drain_for_ever : end_for_ever);
        assert_int_equal(end_for_ever(), i ? PLATEN_OPERATION_ABORTED : 0);
        bench_expect_broken(&bench);
    }
    bench_close(&bench);
}

static void cancelled_while_the_printer_keeps_the_connection(void **state)
{
    (void)state;
    bench_open(&bench, "");
    bench_connect(&bench);
    bench_write_text(&bench, "job");
    expect_called_off(drain_for_ever);
    assert_int_equal(end_for_ever(), PLATEN_OPERATION_ABORTED);
    print_a_job();
    bench_close(&bench);
}

static void cancels_are_heard(void **state)
{
    (void)state;
    assert_in_range(unheard, 0, 1); /* one may have come too early */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nobody_listens),
        cmocka_unit_test(nobody_answers),
        cmocka_unit_test(no_such_host),
        cmocka_unit_test(a_name_that_resolves_for_ever),
        cmocka_unit_test(answers_come_late),
        cmocka_unit_test(the_next_address_is_tried),
        cmocka_unit_test(a_reset_in_mid_job),
        cmocka_unit_test(a_printer_that_closes_early),
        cmocka_unit_test(the_tail_is_lost),
        cmocka_unit_test(what_was_not_read_is_lost),
        cmocka_unit_test(a_reset_that_the_reader_meets),
        cmocka_unit_test(a_full_printer),
        cmocka_unit_test(cancelled_while_looking_for_the_host),
        cmocka_unit_test(cancelled_while_connecting),
        cmocka_unit_test(cancelled_while_writing),
        cmocka_unit_test(cancelled_while_draining),
        cmocka_unit_test(cancelled_while_the_printer_keeps_the_connection),
        cmocka_unit_test(cancels_are_heard),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
