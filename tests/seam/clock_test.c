/* SPDX-License-Identifier: MIT */
#include "help.h"

#include <stdatomic.h>
#include <time.h>

#include "os/clock.h"
#include "os/thread.h"

#define SECOND      UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)
#define ROUNDS      2000

static uint32_t load(uint32_t *word)
{
    return atomic_load((_Atomic uint32_t *)word);
}

static void store(uint32_t *word, uint32_t value)
{
    atomic_store((_Atomic uint32_t *)word, value);
}

static void test_now_never_goes_back_and_moves_on(void **state)
{
    uint64_t first = platen_os_now(), last = first, now;

    (void)state;
    for (int i = 0; i < 100000 || last == first; i++) {
        now = platen_os_now();
        assert_true(now >= last);
        last = now;
    }
}

/* time() may lag behind by a tick, on either side. */
static void test_wall_time_is_that_of_the_c_library(void **state)
{
    int64_t before = time(NULL);
    int64_t wall = (int64_t)(platen_os_wall_time() / SECOND);
    int64_t after = time(NULL);

    (void)state;
    assert_true(wall >= before - 1);
    assert_true(wall <= after + 1);
}

static void test_work_costs_processor_time(void **state)
{
    uint64_t before = platen_os_cpu_time(), limit = platen_os_now() + 30 * SECOND;

    (void)state;
    while (platen_os_cpu_time() == before)
        assert_true(platen_os_now() < limit);
}

static void test_wait_returns_at_once_if_the_word_has_changed(void **state)
{
    uint32_t word = 7;

    (void)state;
    platen_os_wait(&word, 6, PLATEN_OS_FOREVER);
}

static void test_wait_ends_at_its_moment(void **state)
{
    uint32_t word = 7;
    uint64_t until = platen_os_now() + 20 * MILLISECOND;

    (void)state;
    platen_os_wait(&word, 7, 0);
    while (platen_os_now() < until)
        platen_os_wait(&word, 7, until);
}

struct game {
    uint32_t turn;
    uint32_t mine;
    uint32_t players;
    struct game *board;
};

/* Whoever loses a wake waits for ever, and the test with it. */
static void play(void *argument)
{
    struct game *player = argument, *board = player->board;

    for (uint32_t round = 0; round < ROUNDS; round++) {
        uint32_t turn;
        while ((turn = load(&board->turn)) % player->players != player->mine)
            platen_os_wait(&board->turn, turn, PLATEN_OS_FOREVER);
        store(&board->turn, turn + 1);
        platen_os_wake(&board->turn);
    }
}

static void test_no_wake_is_lost(void **state)
{
    struct game players[3], board = {.turn = 0};
    platen_os_thread *threads[3];

    (void)state;
    for (uint32_t i = 0; i < 3; i++) {
        players[i] = (struct game){.mine = i, .players = 3, .board = &board};
        assert_int_equal(platen_os_thread_start(&threads[i], "player", 0, play, &players[i]), 0);
    }
    for (uint32_t i = 0; i < 3; i++)
        platen_os_thread_join(threads[i]);
    assert_int_equal(board.turn, 3 * ROUNDS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_now_never_goes_back_and_moves_on),
        cmocka_unit_test(test_wall_time_is_that_of_the_c_library),
        cmocka_unit_test(test_work_costs_processor_time),
        cmocka_unit_test(test_wait_returns_at_once_if_the_word_has_changed),
        cmocka_unit_test(test_wait_ends_at_its_moment),
        cmocka_unit_test(test_no_wake_is_lost),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
