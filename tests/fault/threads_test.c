/* SPDX-License-Identifier: MIT
 *
 * Rules that come and go while calls run, and calls that hang until somebody lets them go.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdlib.h>

#include "clock/virtual.h"
#include "fault/fault.h"
#include "os/console.h"
#include "os/lasterror.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

static platen_faults *faults;
static struct platen_clock *clock;
static bool slow; /* under valgrind */

static int make(void **state)
{
    (void)state;
    char *value = platen_os_environment("PLATEN_SLOW");
    slow = value != NULL;
    free(value);
    clock = platen_virtual_clock_create();
    faults = platen_faults_create(clock);
    return clock == NULL || faults == NULL;
}

static int unmake(void **state)
{
    (void)state;
    platen_faults_destroy(faults);
    platen_virtual_clock_destroy(clock);
    return 0;
}

static platen_fault *add(struct platen_fault_rule rule)
{
    platen_fault *fault;

    assert_int_equal(platen_fault_add(faults, &rule, &fault, NULL), 0);
    return fault;
}

static BOOL WINAPI set_timeouts(HANDLE port, LPCOMMTIMEOUTS timeouts, DWORD reserved)
{
    (void)port;
    (void)timeouts;
    (void)reserved;
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE doc)
{
    (void)port;
    (void)printer;
    (void)job;
    (void)level;
    (void)doc;
    return TRUE;
}

static const MONITOR2 monitor = {
    .cbSize = sizeof(MONITOR2), .pfnStartDocPort = start_doc, .pfnSetPortTimeOuts = set_timeouts};

struct caller {
    platen_os_thread *thread;
    struct platen_lane lane;
    atomic_uint made;
    atomic_uint failed;
    atomic_bool enough;
    uint32_t error;
    uint64_t at;
};

static void start(struct caller *caller, void (*body)(void *))
{
    caller->lane =
        (struct platen_lane){.name = "lane", .observers = platen_faults_observer(faults)};
    assert_int_equal(platen_os_thread_start(&caller->thread, "caller", 0, body, caller), 0);
}

static BOOL call(struct caller *caller)
{
    return platen_call_StartDocPort(&caller->lane, &monitor, (HANDLE)(void *)caller, NULL, 1, 1,
                                    NULL);
}

static void call_once(void *argument)
{
    struct caller *caller = argument;

    platen_virtual_clock_enter(clock);
    atomic_store(call(caller) ? &caller->made : &caller->failed, 1);
    caller->error = platen_os_get_last_error();
    caller->at = platen_virtual_clock_now(clock);
}

static void await_held(platen_fault *fault, uint32_t held)
{
    while (platen_fault_counts(faults, fault).held < held)
        platen_os_thread_yield();
}

static const struct platen_fault_rule hang = {
    .calls = "StartDocPort", .count = 0, .delay = PLATEN_FOREVER};

/* ---- hanging --------------------------------------------------------------------------------- */

static void a_hang_lasts_until_it_is_released(void **state)
{
    struct caller callers[2] = {{.error = 9}, {.error = 9}};
    (void)state;
    platen_fault *fault = add(hang);
    platen_virtual_clock_enter(clock);
    start(&callers[0], call_once);
    start(&callers[1], call_once);
    await_held(fault, 2);
    platen_virtual_clock_advance(clock, 3600 * SECOND); /* time goes on over their heads */
    assert_int_equal(platen_fault_counts(faults, fault).held, 2);
    assert_true(platen_fault_reached(faults, fault));
    platen_fault_release(faults, fault);
    for (size_t i = 0; i < 2; i++) {
        platen_os_thread_join(callers[i].thread);
        assert_int_equal(callers[i].made, 1);
        assert_int_equal(callers[i].error, 0);
        assert_true(callers[i].at == PLATEN_VIRTUAL_START + 3600 * SECOND);
    }
    assert_int_equal(platen_fault_counts(faults, fault).held, 0);
}

static void a_hang_ends_in_its_error(void **state)
{
    struct caller caller = {.error = 0};
    (void)state;
    struct platen_fault_rule rule = hang;
    rule.kind = PLATEN_FAULT_ERROR;
    rule.code = 21;
    platen_fault *fault = add(rule);
    start(&caller, call_once);
    await_held(fault, 1);
    platen_fault_release(faults, fault);
    platen_os_thread_join(caller.thread);
    assert_int_equal(caller.failed, 1);
    assert_int_equal(caller.error, 21);
}

static void a_hang_whose_rule_goes_is_over(void **state)
{
    struct caller caller = {.error = 9};
    (void)state;
    platen_fault *fault = add(hang);
    start(&caller, call_once);
    await_held(fault, 1);
    platen_fault_remove(faults, fault);
    platen_os_thread_join(caller.thread);
    assert_int_equal(caller.made, 1);
}

static void the_end_of_the_run_ends_all_hangs(void **state)
{
    struct caller callers[2] = {{.error = 9}, {.error = 9}};
    (void)state;
    struct platen_fault_rule rule = hang;
    rule.kind = PLATEN_FAULT_ERROR;
    rule.code = 21;
    platen_fault *fault = add(rule);
    start(&callers[0], call_once);
    await_held(fault, 1);
    platen_faults_end(faults);
    start(&callers[1], call_once);
    for (size_t i = 0; i < 2; i++) {
        platen_os_thread_join(callers[i].thread);
        assert_int_equal(callers[i].made, 1);
    }
}

/* ---- coming and going ------------------------------------------------------------------------ */

static void call_until_enough(void *argument)
{
    struct caller *caller = argument;

    while (!atomic_load(&caller->enough)) {
        if (call(caller))
            atomic_fetch_add(&caller->made, 1);
        else
            atomic_fetch_add(&caller->failed, 1);
        platen_call_SetPortTimeOuts(&caller->lane, &monitor, (HANDLE)(void *)caller, NULL, 0);
    }
}

/* Of every fault that was added each call took at most one, and what they say failed is what the
 * rules say they hit. */
static void rules_come_and_go(void **state)
{
    static const struct platen_fault_rule rules[] = {
        {.calls = "StartDocPort", .nth = 2, .count = 3, .kind = PLATEN_FAULT_ERROR, .code = 28},
        {.calls = "job", .nth = 1, .count = 1, .kind = PLATEN_FAULT_ERROR, .code = 5},
        {.calls = "StartDocPort",
         .nth = 1,
         .count = 2,
         .delay = SECOND,
         .kind = PLATEN_FAULT_ERROR,
         .code = 6},
        {.calls = "SetPortTimeOuts", .nth = 1, .count = 0, .delay = 5},
    };
    enum { CALLERS = 4, RULES = sizeof rules / sizeof *rules };
    struct caller callers[CALLERS] = {{.error = 0}};
    uint64_t hits = 0, failed = 0;

    (void)state;
    for (size_t i = 0; i < CALLERS; i++)
        start(&callers[i], call_until_enough);
    for (unsigned round = 0; round < (slow ? 20 : 300); round++) {
        platen_fault *at_work[RULES];
        for (size_t i = 0; i < RULES; i++)
            at_work[i] = add(rules[i]);
        while (platen_fault_counts(faults, at_work[0]).hits < 3 ||
               platen_fault_counts(faults, at_work[1]).hits < 1 ||
               platen_fault_counts(faults, at_work[2]).hits < 2)
            platen_os_thread_yield();
        hits += 6;
        for (size_t i = 0; i < RULES; i++)
            platen_fault_remove(faults, at_work[i]);
    }
    for (size_t i = 0; i < CALLERS; i++)
        atomic_store(&callers[i].enough, true);
    for (size_t i = 0; i < CALLERS; i++) {
        platen_os_thread_join(callers[i].thread);
        failed += callers[i].failed;
    }
    assert_int_equal(failed, hits);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_hang_lasts_until_it_is_released),
        TEST(a_hang_ends_in_its_error),
        TEST(a_hang_whose_rule_goes_is_over),
        TEST(the_end_of_the_run_ends_all_hangs),
        TEST(rules_come_and_go),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
