/* SPDX-License-Identifier: MIT
 *
 * Time that nobody waits for: when it stands still, when it jumps, and who sees what.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>

#include "clock/virtual.h"
#include "os/clock.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)
#define START  PLATEN_VIRTUAL_START

static struct platen_clock *clock;
static _Atomic uint32_t word;

static const uint32_t *plain(const void *at)
{
    return at;
}

static uint64_t now(void)
{
    return clock->now(clock);
}

static void wait_until(uint64_t until)
{
    clock->wait(clock, plain(&word), atomic_load(&word), until);
}

static void change_and_wake(void)
{
    atomic_fetch_add(&word, 1);
    clock->wake(clock, plain(&word));
}

static int make(void **state)
{
    (void)state;
    atomic_store(&word, 0);
    clock = platen_virtual_clock_create();
    return clock == NULL;
}

static int unmake(void **state)
{
    (void)state;
    platen_virtual_clock_destroy(clock);
    return 0;
}

/* Lets real time pass until so many sleep. */
static void await_sleepers(uint32_t count)
{
    while (platen_virtual_clock_counts(clock).sleeping < count)
        platen_os_thread_yield();
}

/* ---- one thread ------------------------------------------------------------------------------ */

static void it_stands_still(void **state)
{
    (void)state;
    uint64_t real = platen_os_now();
    assert_true(now() == START);
    while (platen_os_now() == real) {
    }
    assert_true(now() == START);
    assert_true(platen_virtual_clock_now(clock) == START);
}

static void a_wait_takes_as_long_as_it_should(void **state)
{
    (void)state;
    wait_until(START + 1);
    assert_true(now() == START + 1);
    wait_until(START + 180 * SECOND);
    assert_true(now() == START + 180 * SECOND);
    wait_until(PLATEN_FOREVER - 1);
    assert_true(now() == PLATEN_FOREVER - 1);
}

static void what_has_come_is_not_waited_for(void **state)
{
    (void)state;
    wait_until(0);
    wait_until(START);
    clock->wait(clock, plain(&word), 7, PLATEN_FOREVER); /* it is not 7 */
    assert_true(now() == START);
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 0);
}

static void a_wake_without_sleepers_is_nothing(void **state)
{
    (void)state;
    change_and_wake();
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 0);
}

static void advancing_moves_time(void **state)
{
    (void)state;
    platen_virtual_clock_advance(clock, 45 * SECOND);
    assert_true(now() == START + 45 * SECOND);
    platen_virtual_clock_advance(clock, 0);
    assert_true(now() == START + 45 * SECOND);
    platen_virtual_clock_advance(clock, PLATEN_FOREVER);
    assert_true(now() == PLATEN_FOREVER - 1);
}

static void who_takes_part_is_counted(void **state)
{
    (void)state;
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 0);
    assert_false(platen_virtual_clock_enter(clock));
    assert_true(platen_virtual_clock_enter(clock));
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 1);
    platen_virtual_clock_hold(clock);
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 2);
    platen_virtual_clock_release(clock);
    assert_true(platen_virtual_clock_leave(clock));
    assert_false(platen_virtual_clock_leave(clock));
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 0);
    wait_until(START + 1);
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 1);
}

/* ---- several --------------------------------------------------------------------------------- */

static char diary[256];
static size_t diary_size;

/* Nobody else runs: what wakes at its moment wakes alone. */
static void note(char letter)
{
    diary[diary_size++] = letter;
    diary[diary_size] = '\0';
}

struct guest {
    platen_os_thread *thread;
    char letter;
    uint64_t until;
    uint64_t woke_at;
    unsigned naps; /* more of a second each */
};

static void sleep_and_note(void *argument)
{
    struct guest *guest = argument;

    wait_until(guest->until);
    guest->woke_at = now();
    note(guest->letter);
    for (unsigned i = 0; i < guest->naps; i++) {
        wait_until(now() + SECOND);
        note(guest->letter);
    }
}

static void start(struct guest *guest, void (*body)(void *))
{
    uint32_t sleeping = platen_virtual_clock_counts(clock).sleeping;

    assert_int_equal(platen_os_thread_start(&guest->thread, "guest", 0, body, guest), 0);
    await_sleepers(sleeping + 1);
}

static int make_with_diary(void **state)
{
    diary_size = 0;
    diary[0] = '\0';
    return make(state);
}

static void each_wakes_at_his_moment(void **state)
{
    struct guest guests[] = {{.letter = 'a', .until = START + 30 * SECOND},
                             {.letter = 'b', .until = START + 10 * SECOND},
                             {.letter = 'c', .until = START + 20 * SECOND}};
    (void)state;
    platen_virtual_clock_enter(clock);
    for (size_t i = 0; i < 3; i++)
        start(&guests[i], sleep_and_note);
    assert_true(now() == START);
    platen_virtual_clock_leave(clock);
    for (size_t i = 0; i < 3; i++)
        platen_os_thread_join(guests[i].thread);
    assert_string_equal(diary, "bca");
    for (size_t i = 0; i < 3; i++)
        assert_true(guests[i].woke_at == guests[i].until);
}

/* Three for the same moment, each of which goes back to sleep: in turn, and the one who lets time
 * pass by hand comes last. */
static void of_one_moment_they_come_in_turn(void **state)
{
    struct guest guests[] = {{.letter = 'a', .until = START + SECOND, .naps = 2},
                             {.letter = 'b', .until = START + SECOND, .naps = 2},
                             {.letter = 'c', .until = START + SECOND, .naps = 2}};
    (void)state;
    platen_virtual_clock_enter(clock);
    for (size_t i = 0; i < 3; i++)
        start(&guests[i], sleep_and_note);
    platen_virtual_clock_advance(clock, SECOND);
    assert_string_equal(diary, "abc");
    platen_virtual_clock_advance(clock, SECOND - 1);
    assert_string_equal(diary, "abc");
    platen_virtual_clock_advance(clock, 1);
    assert_string_equal(diary, "abcabc");
    platen_virtual_clock_advance(clock, 100 * SECOND);
    assert_string_equal(diary, "abcabcabc");
    assert_true(now() == START + 102 * SECOND);
    for (size_t i = 0; i < 3; i++)
        platen_os_thread_join(guests[i].thread);
}

static void a_hold_stops_time(void **state)
{
    struct guest guest = {.letter = 'a', .until = START + SECOND};
    (void)state;
    platen_virtual_clock_hold(clock);
    start(&guest, sleep_and_note);
    assert_string_equal(diary, "");
    assert_true(now() == START);
    assert_int_equal(platen_virtual_clock_counts(clock).timed, 1);
    platen_virtual_clock_release(clock);
    platen_os_thread_join(guest.thread);
    assert_string_equal(diary, "a");
}

static _Atomic uint64_t end_seen;

static void sleep_then_end(void *argument)
{
    struct guest *guest = argument;
    wait_until(guest->until);
    atomic_store(&end_seen, now());
}

/* The first to wake holds time until it ends: nobody has to tell the clock. */
static void a_thread_that_ends_has_left(void **state)
{
    struct guest first = {.until = START + SECOND}, second = {.letter = 'b', .until = START + 2};
    (void)state;
    second.until = START + 2 * SECOND;
    platen_virtual_clock_hold(clock);
    start(&first, sleep_then_end);
    start(&second, sleep_and_note);
    platen_virtual_clock_release(clock);
    platen_os_thread_join(first.thread);
    platen_os_thread_join(second.thread);
    assert_true(atomic_load(&end_seen) == START + SECOND);
    assert_true(second.woke_at == START + 2 * SECOND);
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 0);
}

static void wait_for_word(void *argument)
{
    struct guest *guest = argument;
    wait_until(guest->until);
    guest->woke_at = now();
}

/* Who is woken holds time from then on, though it has not come to run yet. */
static void who_is_woken_is_awake(void **state)
{
    struct guest sleeper = {.until = PLATEN_FOREVER}, later = {.letter = 'x'};
    (void)state;
    later.until = START + 60 * SECOND;
    platen_virtual_clock_enter(clock);
    start(&sleeper, wait_for_word);
    platen_virtual_clock_advance(clock, 10 * SECOND);
    change_and_wake();
    assert_int_equal(platen_virtual_clock_counts(clock).sleeping, 0);
    wait_until(later.until); /* the sleeper must be through before time goes on */
    assert_true(sleeper.woke_at == START + 10 * SECOND);
    assert_true(now() == START + 60 * SECOND);
    platen_os_thread_join(sleeper.thread);
}

static void a_wake_beats_the_deadline(void **state)
{
    struct guest sleeper = {.until = START + 100 * SECOND};
    (void)state;
    platen_virtual_clock_enter(clock);
    start(&sleeper, wait_for_word);
    platen_virtual_clock_advance(clock, SECOND);
    change_and_wake();
    platen_os_thread_join(sleeper.thread);
    assert_true(sleeper.woke_at == START + SECOND);
    platen_virtual_clock_advance(clock, 200 * SECOND); /* nobody wakes a second time */
    assert_true(now() == START + 201 * SECOND);
}

static void only_the_word_s_own_wake(void **state)
{
    struct guest sleeper = {.until = START + 5 * SECOND};
    _Atomic uint32_t other = 0;
    (void)state;
    platen_virtual_clock_enter(clock);
    start(&sleeper, wait_for_word);
    clock->wake(clock, plain(&other));
    assert_int_equal(platen_virtual_clock_counts(clock).sleeping, 1);
    platen_virtual_clock_advance(clock, 5 * SECOND);
    platen_os_thread_join(sleeper.thread);
    assert_true(sleeper.woke_at == START + 5 * SECOND);
}

/* Two sleepers without a deadline: nothing moves, and both wake when the word changes. */
static void without_deadlines_nothing_moves(void **state)
{
    struct guest guests[] = {{.until = PLATEN_FOREVER}, {.until = PLATEN_FOREVER}};
    (void)state;
    start(&guests[0], wait_for_word);
    start(&guests[1], wait_for_word);
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 0);
    assert_int_equal(platen_virtual_clock_counts(clock).timed, 0);
    assert_true(now() == START);
    change_and_wake();
    platen_os_thread_join(guests[0].thread);
    platen_os_thread_join(guests[1].thread);
    assert_true(guests[0].woke_at == START && guests[1].woke_at == START);
}

static void leave_and_wait(void *argument)
{
    struct guest *guest = argument;
    wait_until(START + 1);
    guest->woke_at = now();
    platen_virtual_clock_leave(clock);
    while (atomic_load(&word) == 0) /* elsewhere, as far as the clock knows */
        platen_os_thread_yield();
}

static void who_has_left_holds_nothing(void **state)
{
    struct guest guest = {.woke_at = 0};
    (void)state;
    platen_virtual_clock_enter(clock);
    start(&guest, leave_and_wait);
    platen_virtual_clock_advance(clock, 60 * SECOND);
    assert_true(now() == START + 60 * SECOND);
    assert_int_equal(platen_virtual_clock_counts(clock).holding, 1); /* we alone */
    atomic_store(&word, 1);
    platen_os_thread_join(guest.thread);
    assert_true(guest.woke_at == START + 1);
}

/* ---- other clocks ---------------------------------------------------------------------------- */

static uint64_t other_now(struct platen_clock *other)
{
    (void)other;
    return 5;
}

static void other_clocks_are_left_alone(void **state)
{
    struct platen_clock other = {.now = other_now};
    struct platen_clock *const given[] = {NULL, &other};
    (void)state;
    for (size_t i = 0; i < 2; i++) {
        assert_false(platen_virtual_clock_is(given[i]));
        assert_false(platen_virtual_clock_enter(given[i]));
        assert_false(platen_virtual_clock_leave(given[i]));
        platen_virtual_clock_hold(given[i]);
        platen_virtual_clock_release(given[i]);
        platen_virtual_clock_advance(given[i], SECOND);
        assert_true(platen_virtual_clock_now(given[i]) == 0);
        assert_int_equal(platen_virtual_clock_counts(given[i]).holding, 0);
    }
    assert_true(platen_virtual_clock_is(clock));
}

static void two_clocks_have_times_of_their_own(void **state)
{
    struct platen_clock *second = platen_virtual_clock_create();
    (void)state;
    assert_non_null(second);
    wait_until(START + SECOND);
    assert_true(platen_virtual_clock_now(second) == START);
    platen_virtual_clock_advance(second, 2 * SECOND);
    assert_true(now() == START + SECOND);
    assert_true(platen_virtual_clock_now(second) == START + 2 * SECOND);
    platen_virtual_clock_destroy(second);
    wait_until(START + 2 * SECOND);
    assert_true(now() == START + 2 * SECOND);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_with_diary, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_stands_still),
        TEST(a_wait_takes_as_long_as_it_should),
        TEST(what_has_come_is_not_waited_for),
        TEST(a_wake_without_sleepers_is_nothing),
        TEST(advancing_moves_time),
        TEST(who_takes_part_is_counted),
        TEST(each_wakes_at_his_moment),
        TEST(of_one_moment_they_come_in_turn),
        TEST(a_hold_stops_time),
        TEST(a_thread_that_ends_has_left),
        TEST(who_is_woken_is_awake),
        TEST(a_wake_beats_the_deadline),
        TEST(only_the_word_s_own_wake),
        TEST(without_deadlines_nothing_moves),
        TEST(who_has_left_holds_nothing),
        TEST(other_clocks_are_left_alone),
        TEST(two_clocks_have_times_of_their_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
