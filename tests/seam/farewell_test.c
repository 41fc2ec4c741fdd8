/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <platen/errors.h>

#include "os/farewell.h"
#include "os/lasterror.h"
#include "os/thread.h"

struct mine {
    struct platen_os_farewell farewell;
    unsigned said;
    uint64_t by;
};

static platen_os_farewells place, other;

static void say(struct platen_os_farewell *farewell)
{
    struct mine *mine = (struct mine *)farewell;
    mine->said++;
    mine->by = platen_os_thread_id();
}

static void run(void (*body)(void *), struct mine *mine)
{
    platen_os_thread *thread;
    assert_int_equal(platen_os_thread_start(&thread, "guest", 0, body, mine), 0);
    platen_os_thread_join(thread);
}

static int make(void **state)
{
    (void)state;
    return platen_os_farewells_make(&place) != 0 || platen_os_farewells_make(&other) != 0;
}

static int unmake(void **state)
{
    (void)state;
    platen_os_farewells_end(&place);
    platen_os_farewells_end(&other);
    return 0;
}

static void leave_something(void *argument)
{
    struct mine *mine = argument;
    assert_null(platen_os_farewell_get(&place));
    assert_true(platen_os_farewell_set(&place, &mine->farewell));
    assert_ptr_equal(platen_os_farewell_get(&place), &mine->farewell);
    assert_null(platen_os_farewell_get(&other));
    mine->by = 0;
}

static void change_your_mind(void *argument)
{
    leave_something(argument);
    assert_true(platen_os_farewell_set(&place, NULL));
    assert_null(platen_os_farewell_get(&place));
}

static void leave_twice(void *argument)
{
    struct mine *mine = argument;
    leave_something(&mine[0]);
    assert_true(platen_os_farewell_set(&other, &mine[1].farewell));
}

static void test_it_is_said_when_the_thread_ends(void **state)
{
    struct mine mine = {{say}, 0, 0};
    (void)state;
    run(leave_something, &mine);
    assert_int_equal(mine.said, 1);
    assert_true(mine.by != 0 && mine.by != platen_os_thread_id());
}

static void test_nothing_is_said_when_nothing_is_left(void **state)
{
    struct mine mine = {{say}, 0, 0};
    (void)state;
    run(change_your_mind, &mine);
    assert_int_equal(mine.said, 0);
}

static void test_each_thread_and_place_has_its_own(void **state)
{
    struct mine own = {{say}, 0, 0}, both[2] = {{{say}, 0, 0}, {{say}, 0, 0}};
    (void)state;
    assert_true(platen_os_farewell_set(&place, &own.farewell));
    run(leave_twice, both);
    assert_int_equal(both[0].said, 1);
    assert_int_equal(both[1].said, 1);
    assert_ptr_equal(platen_os_farewell_get(&place), &own.farewell);
    assert_true(platen_os_farewell_set(&place, NULL));
    assert_int_equal(own.said, 0);
}

static void test_looking_leaves_last_error_alone(void **state)
{
    (void)state;
    platen_os_set_last_error(77);
    assert_null(platen_os_farewell_get(&place));
    assert_int_equal(platen_os_get_last_error(), 77);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_it_is_said_when_the_thread_ends, make, unmake),
        cmocka_unit_test_setup_teardown(test_nothing_is_said_when_nothing_is_left, make, unmake),
        cmocka_unit_test_setup_teardown(test_each_thread_and_place_has_its_own, make, unmake),
        cmocka_unit_test_setup_teardown(test_looking_leaves_last_error_alone, make, unmake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
