/* SPDX-License-Identifier: MIT
 *
 * Errands: tasks on a thread of their own, and those that are stuck.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>

#include "os/clock.h"
#include "os/errand.h"
#include "os/error.h"

#define MS     UINT64_C(1000000)
#define SECOND UINT64_C(1000000000)

static struct {
    _Atomic uint32_t runs, lasts;
    _Atomic uint32_t stuck; /* tasks wait while it is 1 */
} seen;

static uint64_t in(uint64_t nanoseconds)
{
    return platen_os_now() + nanoseconds;
}

static void task(void *argument)
{
    while (atomic_load(&seen.stuck))
        platen_os_wait((const uint32_t *)(uintptr_t)&seen.stuck, 1, in(SECOND));
    atomic_fetch_add((_Atomic uint32_t *)argument, 1);
}

static void release(void)
{
    atomic_store(&seen.stuck, 0);
    platen_os_wake((const uint32_t *)(uintptr_t)&seen.stuck);
}

static void expect_no_strays(void)
{
    uint64_t until = in(20 * SECOND);
    uint32_t word = 0;
    while (platen_os_errands_stuck() && platen_os_now() < until)
        platen_os_wait(&word, 0, in(MS));
    assert_int_equal(platen_os_errands_stuck(), 0);
}

static platen_os_errand *begin(void)
{
    platen_os_errand *errand;
    atomic_store(&seen.runs, 0);
    atomic_store(&seen.lasts, 0);
    atomic_store(&seen.stuck, 0);
    assert_int_equal(platen_os_errand_create("errand", &errand), 0);
    return errand;
}

static void end(platen_os_errand *errand)
{
    assert_true(platen_os_errand_end(errand, task, &seen.lasts, in(20 * SECOND)));
    assert_int_equal(seen.lasts, 1);
    expect_no_strays();
}

static void run(platen_os_errand *errand)
{
    assert_int_equal(platen_os_errand_begin(errand, task, &seen.runs), 0);
    assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, in(20 * SECOND)), 0);
    assert_false(platen_os_errand_is_busy(errand));
}

static void tasks_are_run_one_by_one(void **state)
{
    platen_os_errand *errand = begin();
    (void)state;
    assert_false(platen_os_errand_is_busy(errand));
    assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, 0), 0);
    for (int i = 0; i < 1000; i++)
        run(errand);
    assert_int_equal(seen.runs, 1000);
    end(errand);
    end(begin());
}

static void nobody_waits_longer_than_he_wants(void **state)
{
    platen_os_errand *errand = begin();
    platen_os_bell bell;
    uint64_t begun = platen_os_now();
    (void)state;
    assert_int_equal(platen_os_bell_create(&bell), 0);
    seen.stuck = 1;
    assert_int_equal(platen_os_errand_begin(errand, task, &seen.runs), 0);
    assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, in(20 * MS)), PLATEN_TIMEOUT);
    assert_true(platen_os_now() - begun >= 20 * MS);
    platen_os_bell_ring(bell);
    assert_int_equal(platen_os_errand_wait(errand, bell, in(20 * SECOND)),
                     PLATEN_OPERATION_ABORTED);
    assert_true(platen_os_errand_is_busy(errand));
    release();
    assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, in(20 * SECOND)), 0);
    platen_os_bell_destroy(bell);
    end(errand);
}

static void what_is_stuck_is_left_behind(void **state)
{
    (void)state;
    for (int i = 0; i < 2; i++) {
        platen_os_errand *errand = begin();
        run(errand);
        seen.stuck = 1;
        assert_int_equal(platen_os_errand_begin(errand, task, &seen.runs), 0);
        assert_false(platen_os_errand_end(errand, task, &seen.lasts, in(20 * MS)));
        assert_int_equal(platen_os_errands_stuck(), 1);
        assert_int_equal(seen.lasts, 0);
        release();
        expect_no_strays();
        assert_int_equal(seen.runs, 2);
        assert_int_equal(seen.lasts, 1);
    }
}

/* An interrupt that comes too late harms nothing. */
static void an_idle_errand_is_not_interrupted(void **state)
{
    platen_os_errand *errand = begin();
    (void)state;
    platen_os_errand_interrupt(errand);
    run(errand);
    platen_os_errand_interrupt(errand);
    run(errand);
    assert_int_equal(seen.runs, 2);
    end(errand);
}

static void without_an_errand_the_last_task_is_run_at_once(void **state)
{
    (void)state;
    atomic_store(&seen.lasts, 0);
    assert_true(platen_os_errand_end(NULL, task, &seen.lasts, 0));
    assert_int_equal(seen.lasts, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_are_run_one_by_one),
        cmocka_unit_test(nobody_waits_longer_than_he_wants),
        cmocka_unit_test(what_is_stuck_is_left_behind),
        cmocka_unit_test(an_idle_errand_is_not_interrupted),
        cmocka_unit_test(without_an_errand_the_last_task_is_run_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
