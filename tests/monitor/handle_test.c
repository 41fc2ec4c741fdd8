/* SPDX-License-Identifier: MIT */
#include "fake.h"
#include "handle.h"

#include <stdlib.h>

static int destroyed;

static void destroy(void *object)
{
    (void)object;
    destroyed++;
}

static uintptr_t issue(enum handle_kind kind, void *object)
{
    uintptr_t handle;
    assert_int_equal(handle_issue(kind, object, destroy, &handle), 0);
    assert_int_not_equal(handle, 0);
    assert_int_not_equal(handle, UINTPTR_MAX);
    return handle;
}

static void close_handle(uintptr_t handle, enum handle_kind kind)
{
    assert_non_null(handle_retire(handle, kind));
    handle_release(handle);
}

static void leads_to_its_object(void **state)
{
    int object;
    (void)state;
    uintptr_t handle = issue(HANDLE_PORT, &object);
    assert_ptr_equal(handle_acquire(handle, HANDLE_PORT), &object);
    handle_release(handle);
    assert_null(handle_acquire(handle, HANDLE_XCV));
    assert_null(handle_retire(handle, HANDLE_INSTANCE));
    destroyed = 0;
    close_handle(handle, HANDLE_PORT);
    assert_int_equal(destroyed, 1);
}

static void nothing_else_does(void **state)
{
    int object;
    (void)state;
    uintptr_t handle = issue(HANDLE_PORT, &object);
    const uintptr_t odd[] = {0,
                             1,
                             2,
                             3,
                             4,
                             0x10,
                             UINTPTR_MAX,
                             UINTPTR_MAX - 1,
                             handle + 4,
                             handle - 4,
                             handle ^ ((uintptr_t)1 << 30),
                             (uintptr_t)&object,
                             (uintptr_t)state};
    for (size_t i = 0; i < sizeof(odd) / sizeof(odd[0]); i++)
        for (enum handle_kind kind = HANDLE_INSTANCE; kind <= HANDLE_XCV; kind++)
            assert_null(handle_acquire(odd[i], kind));
    close_handle(handle, HANDLE_PORT);
}

static void stale_handles_stay_stale(void **state)
{
    int object;
    uintptr_t old[100];
    (void)state;
    for (int i = 0; i < 100; i++) {
        old[i] = issue(HANDLE_XCV, &object);
        for (int k = 0; k < i; k++)
            assert_null(handle_acquire(old[k], HANDLE_XCV));
        close_handle(old[i], HANDLE_XCV);
    }
    assert_null(handle_retire(old[99], HANDLE_XCV));
}

static void the_last_user_destroys(void **state)
{
    int object;
    (void)state;
    uintptr_t handle = issue(HANDLE_PORT, &object);
    destroyed = 0;
    assert_non_null(handle_acquire(handle, HANDLE_PORT));
    assert_non_null(handle_retire(handle, HANDLE_PORT));
    assert_null(handle_acquire(handle, HANDLE_PORT));
    assert_ptr_equal(handle_hold(handle), &object);
    assert_false(handle_wait_alone(handle, 0));
    handle_release(handle);
    handle_release(handle);
    assert_true(handle_wait_alone(handle, 0));
    assert_int_equal(destroyed, 0);
    handle_release(handle);
    assert_int_equal(destroyed, 1);
    assert_null(handle_hold(handle));
}

/* More than one chunk, and the slots are used again. */
static void many(void **state)
{
    enum { COUNT = 5000 };
    static int objects[COUNT];
    static uintptr_t handles[COUNT];
    uint32_t before = handle_count();
    (void)state;
    for (int round = 0; round < 3; round++) {
        for (int i = 0; i < COUNT; i++)
            handles[i] = issue(HANDLE_PORT, &objects[i]);
        assert_int_equal(handle_count(), before + COUNT);
        for (int i = 0; i < COUNT; i++) {
            assert_ptr_equal(handle_acquire(handles[i], HANDLE_PORT), &objects[i]);
            handle_release(handles[i]);
        }
        for (int i = 0; i < COUNT; i++)
            close_handle(handles[i], HANDLE_PORT);
    }
    assert_int_equal(handle_count(), before);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(leads_to_its_object),
        cmocka_unit_test(nothing_else_does),
        cmocka_unit_test(stale_handles_stay_stale),
        cmocka_unit_test(the_last_user_destroys),
        cmocka_unit_test(many),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
