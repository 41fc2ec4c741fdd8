/* SPDX-License-Identifier: MIT
 *
 * The virtual clock under many threads: no wake is lost, nobody sees another moment than his own,
 * and what takes hours takes as long as its steps do.
 */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

#include "clock/virtual.h"
#include "os/console.h"
#include "os/thread.h"

#define MILLISECOND UINT64_C(1000000)
#define SECOND      UINT64_C(1000000000)
#define START       PLATEN_VIRTUAL_START

static struct platen_clock *clock;
static bool slow; /* under valgrind */

static const uint32_t *plain(const void *at)
{
    return at;
}

static int make(void **state)
{
    (void)state;
    char *value = platen_os_environment("PLATEN_SLOW");
    slow = value != NULL;
    free(value);
    clock = platen_virtual_clock_create();
    return clock == NULL;
}

static int unmake(void **state)
{
    (void)state;
    platen_virtual_clock_destroy(clock);
    return 0;
}

struct worker {
    platen_os_thread *thread;
    unsigned number;
    unsigned rounds;
    uint64_t period;
    uint64_t seed;
    unsigned wrong; /* times that it woke at another moment than its own */
    unsigned timeouts;
    unsigned news;
};

static void begin(struct worker *worker, void (*body)(void *))
{
    platen_virtual_clock_hold(clock);
    assert_int_equal(platen_os_thread_start(&worker->thread, "worker", 128 << 10, body, worker), 0);
}

/* What a thread does that was started under a hold. */
static void take_part(void)
{
    platen_virtual_clock_enter(clock);
    platen_virtual_clock_release(clock);
}

/* ---- a thousand that sleep ------------------------------------------------------------------- */

static void tick(void *argument)
{
    struct worker *worker = argument;
    uint32_t never = 0;
    uint64_t due = START;

    take_part();
    for (unsigned i = 0; i < worker->rounds; i++) {
        due += worker->period;
        clock->wait(clock, &never, 0, due);
        worker->wrong += clock->now(clock) != due;
    }
}

static void a_thousand_tick(void **state)
{
    const unsigned count = slow ? 50 : 1000;
    struct worker *workers = calloc(count, sizeof *workers);
    unsigned wrong = 0;

    (void)state;
    assert_non_null(workers);
    platen_virtual_clock_enter(clock);
    for (unsigned i = 0; i < count; i++) {
        workers[i] = (struct worker){.rounds = 20, .period = (1 + i % 7) * 100 * MILLISECOND};
        begin(&workers[i], tick);
    }
    assert_true(clock->now(clock) == START); /* nobody has been passed by */
    platen_virtual_clock_leave(clock);
    for (unsigned i = 0; i < count; i++) {
        platen_os_thread_join(workers[i].thread);
        wrong += workers[i].wrong;
    }
    assert_int_equal(wrong, 0);
    assert_true(clock->now(clock) == START + 20 * 700 * MILLISECOND);
    free(workers);
}

/* ---- two that wake each other ---------------------------------------------------------------- */

static _Atomic uint32_t ball;

/* Waits until the ball has the number that is its own, and passes it on. A lost wake would be seen:
 * the wait has an end, an hour later. */
static void play(void *argument)
{
    struct worker *worker = argument;

    take_part();
    for (unsigned i = 0; i < worker->rounds; i++) {
        uint32_t mine = i * 2 + worker->number, seen;
        while ((seen = atomic_load(&ball)) != mine)
            clock->wait(clock, plain(&ball), seen, START + 3600 * SECOND);
        atomic_store(&ball, mine + 1);
        clock->wake(clock, plain(&ball));
    }
}

static void no_wake_is_lost(void **state)
{
    struct worker workers[2] = {{.number = 0}, {.number = 1}};

    (void)state;
    atomic_store(&ball, 0);
    platen_virtual_clock_enter(clock); /* an hour must not pass before both are there */
    for (unsigned i = 0; i < 2; i++) {
        workers[i].rounds = slow ? 500 : 20000;
        begin(&workers[i], play);
    }
    platen_virtual_clock_leave(clock);
    for (unsigned i = 0; i < 2; i++)
        platen_os_thread_join(workers[i].thread);
    assert_int_equal(atomic_load(&ball), workers[0].rounds * 2);
    assert_true(clock->now(clock) == START); /* it took no time */
}

/* ---- everything at once ---------------------------------------------------------------------- */

#define WORDS   5
#define WORKERS 16

static _Atomic uint32_t words[WORDS];

static uint32_t dice(struct worker *worker, uint32_t sides)
{
    worker->seed = worker->seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
    return (uint32_t)(worker->seed >> 33) % sides;
}

/* Nobody sees a moment later than his own: time cannot move on before the sleeper has looked. (One
 * that goes to sleep between another's change and his wake returns early, as waits may.) */
static void wait_for_something(struct worker *worker)
{
    _Atomic uint32_t *word = &words[dice(worker, WORDS)];
    uint32_t seen = atomic_load(word);
    uint64_t until = clock->now(clock) + (1 + dice(worker, 50)) * MILLISECOND;

    clock->wait(clock, plain(word), seen, until);
    bool news = atomic_load(word) != seen;
    bool time = clock->now(clock) >= until;
    worker->wrong += clock->now(clock) > until;
    worker->news += news;
    worker->timeouts += time;
}

static void tell_something(struct worker *worker)
{
    _Atomic uint32_t *word = &words[dice(worker, WORDS)];

    atomic_fetch_add(word, 1);
    clock->wake(clock, plain(word));
}

static void come_and_go(struct worker *worker)
{
    bool took_part = platen_virtual_clock_leave(clock);

    worker->wrong += !took_part;
    platen_os_thread_yield();
    worker->wrong += platen_virtual_clock_enter(clock);
}

static void do_anything(void *argument)
{
    struct worker *worker = argument;

    take_part();
    for (unsigned i = 0; i < worker->rounds; i++) {
        uint32_t what = dice(worker, 100);
        if (what < 60)
            wait_for_something(worker);
        else if (what < 95)
            tell_something(worker);
        else
            come_and_go(worker);
    }
}

static void anything_goes(void **state)
{
    struct worker workers[WORKERS];
    unsigned wrong = 0, timeouts = 0, news = 0;

    (void)state;
    for (unsigned i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){.rounds = slow ? 200 : 4000, .seed = i};
        begin(&workers[i], do_anything);
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        platen_os_thread_join(workers[i].thread);
        wrong += workers[i].wrong;
        timeouts += workers[i].timeouts;
        news += workers[i].news;
    }
    assert_int_equal(wrong, 0);
    assert_true(timeouts > 0 && news > 0);
    struct platen_virtual_clock_counts counts = platen_virtual_clock_counts(clock);
    assert_int_equal(counts.holding, 0);
    assert_int_equal(counts.sleeping, 0);
    assert_int_equal(counts.timed, 0);
}

/* ---- time is passed on from outside ---------------------------------------------------------- */

static void advancing_drives_them_all(void **state)
{
    struct worker workers[WORKERS];

    (void)state;
    platen_virtual_clock_enter(clock);
    for (unsigned i = 0; i < WORKERS; i++) {
        workers[i] = (struct worker){.rounds = 100, .period = SECOND};
        begin(&workers[i], tick);
    }
    for (unsigned i = 1; i <= 10; i++) {
        platen_virtual_clock_advance(clock, 10 * SECOND);
        assert_true(clock->now(clock) == START + i * 10 * SECOND);
        struct platen_virtual_clock_counts counts = platen_virtual_clock_counts(clock);
        assert_int_equal(counts.sleeping, i < 10 ? WORKERS : 0);
        assert_int_equal(counts.holding, 1); /* we */
    }
    for (unsigned i = 0; i < WORKERS; i++) {
        platen_os_thread_join(workers[i].thread);
        assert_int_equal(workers[i].wrong, 0);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make, unmake)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_thousand_tick),
        TEST(no_wake_is_lost),
        TEST(anything_goes),
        TEST(advancing_drives_them_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
