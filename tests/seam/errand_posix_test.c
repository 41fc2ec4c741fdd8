/* SPDX-License-Identifier: MIT
 *
 * Errands that wait in the system are interrupted where POSIX can.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <unistd.h>

#include "os/clock.h"
#include "os/errand.h"

#define SECOND UINT64_C(1000000000)

static int pipes[2];
static int lasts;
static ssize_t result;

static uint64_t soon(void)
{
    return platen_os_now() + 20 * SECOND;
}

static void read_task(void *argument)
{
    result = read(pipes[0], argument, 1);
}

static void last_task(void *argument)
{
    lasts += *(char *)argument == 'x';
}

static void begin(platen_os_errand **errand)
{
    lasts = 0;
    result = -2;
    assert_int_equal(pipe(pipes), 0);
    assert_int_equal(platen_os_errand_create("errand", errand), 0);
}

static void finish(void)
{
    close(pipes[0]);
    close(pipes[1]);
    assert_int_equal(lasts, 1);
    assert_int_equal(platen_os_errands_stuck(), 0);
}

static void a_read_is_interrupted_and_another_made(void **state)
{
    static char byte;
    platen_os_errand *errand;
    (void)state;
    begin(&errand);
    for (int i = 0; i < 50; i++) {
        assert_int_equal(platen_os_errand_begin(errand, read_task, &byte), 0);
        platen_os_errand_interrupt(errand);
        assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, soon()), 0);
        assert_int_equal(result, -2);
    }
    assert_int_equal(platen_os_errand_begin(errand, read_task, &byte), 0);
    assert_int_equal(write(pipes[1], "x", 1), 1);
    assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, soon()), 0);
    assert_int_equal(result, 1);
    assert_true(platen_os_errand_end(errand, last_task, &byte, soon()));
    finish();
}

static void the_last_task_comes_after_an_interrupt(void **state)
{
    static char byte = 'x';
    platen_os_errand *errand;
    (void)state;
    for (int waits = 0; waits < 2; waits++) {
        begin(&errand);
        assert_int_equal(platen_os_errand_begin(errand, read_task, &byte), 0);
        platen_os_errand_interrupt(errand);
        if (waits)
            assert_int_equal(platen_os_errand_wait(errand, PLATEN_OS_NO_BELL, soon()), 0);
        assert_true(platen_os_errand_end(errand, last_task, &byte, soon()));
        finish();
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_read_is_interrupted_and_another_made),
        cmocka_unit_test(the_last_task_comes_after_an_interrupt),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
