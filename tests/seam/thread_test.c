/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdatomic.h>
#include <stdint.h>

#include "os/clock.h"
#include "os/thread.h"

#define MILLISECOND UINT64_C(1000000)
#define WORKERS     4
#define ROUNDS      5000

struct shared {
    platen_os_mutex mutex;
    platen_os_cond cond;
    unsigned count; /* kept by the mutex */
    uint64_t ids[WORKERS];
};

static void start(platen_os_thread **thread, void (*body)(void *), void *argument)
{
    assert_int_equal(
        platen_os_thread_start(thread, "a name of more than 15 bytes", 0, body, argument), 0);
    assert_non_null(*thread);
}

static void make(struct shared *shared)
{
    *shared = (struct shared){.count = 0};
    platen_os_mutex_init(&shared->mutex);
    platen_os_cond_init(&shared->cond);
}

static void unmake(struct shared *shared)
{
    platen_os_cond_destroy(&shared->cond);
    platen_os_mutex_destroy(&shared->mutex);
}

static void count_up(void *argument)
{
    struct shared *shared = argument;

    for (int i = 0; i < ROUNDS; i++) {
        platen_os_mutex_lock(&shared->mutex);
        shared->count++;
        platen_os_mutex_unlock(&shared->mutex);
        if (i % 100 == 0)
            platen_os_thread_yield();
    }
}

static void test_a_mutex_lets_one_in(void **state)
{
    platen_os_thread *threads[WORKERS];
    struct shared shared;

    (void)state;
    make(&shared);
    for (int i = 0; i < WORKERS; i++)
        start(&threads[i], count_up, &shared);
    for (int i = 0; i < WORKERS; i++)
        platen_os_thread_join(threads[i]);
    assert_int_equal(shared.count, WORKERS * ROUNDS);
    unmake(&shared);
}

/* Each waits for the number before its own; all sleep on one condition. */
static void wait_for_all(void *argument)
{
    struct shared *shared = argument;
    unsigned mine;

    platen_os_mutex_lock(&shared->mutex);
    mine = shared->count++;
    shared->ids[mine] = platen_os_thread_id();
    platen_os_cond_broadcast(&shared->cond);
    while (shared->count < WORKERS)
        platen_os_cond_wait(&shared->cond, &shared->mutex);
    platen_os_mutex_unlock(&shared->mutex);
}

static void test_living_threads_have_numbers_of_their_own(void **state)
{
    platen_os_thread *threads[WORKERS];
    struct shared shared;

    (void)state;
    make(&shared);
    for (int i = 0; i < WORKERS; i++)
        start(&threads[i], wait_for_all, &shared);
    for (int i = 0; i < WORKERS; i++)
        platen_os_thread_join(threads[i]);
    for (int i = 0; i < WORKERS; i++) {
        assert_int_not_equal(shared.ids[i], platen_os_thread_id());
        for (int j = 0; j < i; j++)
            assert_int_not_equal(shared.ids[i], shared.ids[j]);
    }
    unmake(&shared);
}

static void signal_once(void *argument)
{
    struct shared *shared = argument;

    platen_os_mutex_lock(&shared->mutex);
    shared->count = 1;
    platen_os_cond_signal(&shared->cond);
    platen_os_mutex_unlock(&shared->mutex);
}

static void test_a_signal_ends_a_wait_without_end(void **state)
{
    platen_os_thread *thread;
    struct shared shared;

    (void)state;
    make(&shared);
    platen_os_mutex_lock(&shared.mutex);
    start(&thread, signal_once, &shared);
    while (shared.count == 0)
        assert_true(platen_os_cond_wait_until(&shared.cond, &shared.mutex, PLATEN_OS_FOREVER));
    platen_os_mutex_unlock(&shared.mutex);
    platen_os_thread_join(thread);
    unmake(&shared);
}

static void test_a_wait_ends_at_its_moment_on_the_clock_of_now(void **state)
{
    uint64_t until = platen_os_now() + 20 * MILLISECOND;
    struct shared shared;

    (void)state;
    make(&shared);
    platen_os_mutex_lock(&shared.mutex);
    assert_false(platen_os_cond_wait_until(&shared.cond, &shared.mutex, 0));
    while (platen_os_cond_wait_until(&shared.cond, &shared.mutex, until))
        continue;
    assert_true(platen_os_now() >= until);
    platen_os_mutex_unlock(&shared.mutex);
    unmake(&shared);
}

/* The mutex is given back in the sleep: else the other could never signal. */
static void test_a_wait_gives_the_mutex_back(void **state)
{
    platen_os_thread *thread;
    struct shared shared;

    (void)state;
    make(&shared);
    platen_os_mutex_lock(&shared.mutex);
    start(&thread, signal_once, &shared);
    while (shared.count == 0)
        platen_os_cond_wait(&shared.cond, &shared.mutex);
    platen_os_mutex_unlock(&shared.mutex);
    platen_os_thread_join(thread);
    unmake(&shared);
}

/* It may still be giving the mutex back when the test is over, so nothing of it ever goes. */
static void test_who_is_let_go_goes_on(void **state)
{
    static struct shared shared;
    platen_os_thread *thread;

    (void)state;
    make(&shared);
    start(&thread, signal_once, &shared);
    platen_os_thread_let_go(thread);
    platen_os_mutex_lock(&shared.mutex);
    while (shared.count == 0)
        platen_os_cond_wait(&shared.cond, &shared.mutex);
    platen_os_mutex_unlock(&shared.mutex);
}

static void use_stack(void *argument)
{
    volatile unsigned char room[64 * 1024];
    for (size_t i = 0; i < sizeof room; i += 512)
        room[i] = 1;
    *(int *)argument = room[512];
}

static void test_the_stack_can_be_chosen(void **state)
{
    platen_os_thread *thread;
    int done = 0;

    (void)state;
    assert_int_equal(platen_os_thread_start(&thread, "small", 1 << 20, use_stack, &done), 0);
    platen_os_thread_join(thread);
    assert_int_equal(done, 1);
}

static void test_a_stack_beyond_all_memory_is_refused(void **state)
{
    platen_os_thread *thread = (platen_os_thread *)state;
    int done = 0;

    assert_int_not_equal(
        platen_os_thread_start(&thread, "giant", SIZE_MAX / 4 + 1, use_stack, &done), 0);
    assert_null(thread);
    assert_int_equal(done, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_who_is_let_go_goes_on),
        cmocka_unit_test(test_a_mutex_lets_one_in),
        cmocka_unit_test(test_living_threads_have_numbers_of_their_own),
        cmocka_unit_test(test_a_signal_ends_a_wait_without_end),
        cmocka_unit_test(test_a_wait_ends_at_its_moment_on_the_clock_of_now),
        cmocka_unit_test(test_a_wait_gives_the_mutex_back),
        cmocka_unit_test(test_the_stack_can_be_chosen),
        cmocka_unit_test(test_a_stack_beyond_all_memory_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
