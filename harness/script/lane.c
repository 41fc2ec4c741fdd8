/* SPDX-License-Identifier: MIT
 *
 * Lanes, the test's clock, and waiting.
 */
#include <stdlib.h>
#include <string.h>

#include "clock/virtual.h"
#include "os/clock.h"
#include "script/inside.h"

#define TICK (5 * MILLISECOND)

struct script_lane *script_lane_new(struct script_test *test, const char *name)
{
    struct script_lane *lane = calloc(1, sizeof *lane);
    if (lane == NULL) {
        return NULL;
    }
    lane->test = test;
    lane->name = malloc(strlen(name) + 1);
    lane->words = platen_words_new();
    lane->built = platen_built_new();
    lane->matcher = platen_matcher_new();
    if (lane->name == NULL || lane->words == NULL || lane->built == NULL || lane->matcher == NULL) {
        script_lane_free(lane);
        return NULL;
    }
    strcpy(lane->name, name);
    lane->lane.name = lane->name;
    return lane;
}

void script_lane_free(struct script_lane *lane)
{
    if (lane == NULL) {
        return;
    }
    script_alloc_end(lane);
    platen_words_free(lane->words);
    platen_built_free(lane->built);
    platen_matcher_free(lane->matcher);
    free(lane->line);
    free(lane->name);
    free(lane);
}

void script_lane_turn(struct script_lane *lane, struct script_spooler *spooler)
{
    lane->spooler = spooler;
    lane->lane.spooler = spooler == NULL ? NULL : spooler->spooler;
    lane->lane.observers = spooler == NULL ? NULL : lane->test->observers;
}

bool script_block_begin(struct script_lane *lane)
{
    return platen_virtual_clock_leave(lane->test->clock);
}

void script_block_end(struct script_lane *lane, bool took_part)
{
    if (took_part) {
        platen_virtual_clock_enter(lane->test->clock);
    }
}

uint64_t script_now(struct script_test *test)
{
    return test->clock == NULL ? platen_os_now() : test->clock->now(test->clock);
}

/* On the virtual clock: in pieces that cost nothing, so that the end of the test is seen. */
static bool sleep_virtual(struct script_lane *lane, uint64_t until)
{
    static const uint32_t word;
    struct platen_clock *clock = lane->test->clock;
    while (!script_is_over(lane->test) && clock->now(clock) < until) {
        clock->wait(clock, &word, 0, until);
    }
    return !script_is_over(lane->test);
}

bool script_sleep(struct script_lane *lane, uint64_t nanoseconds)
{
    struct script_test *test = lane->test;
    uint64_t until = script_now(test) + nanoseconds;

    if (test->clock != NULL) {
        return sleep_virtual(lane, until);
    }
    platen_os_mutex_lock(&test->lock);
    while (!script_is_over(test) && platen_os_now() < until) {
        platen_os_cond_wait_until(&test->changed, &test->lock, until);
    }
    platen_os_mutex_unlock(&test->lock);
    return !script_is_over(test);
}

bool script_wait_tick(struct script_lane *lane)
{
    return script_sleep(lane, TICK);
}
