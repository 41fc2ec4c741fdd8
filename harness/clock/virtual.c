/* SPDX-License-Identifier: MIT
 *
 * The virtual clock. One lock guards all of it and is held for a few steps at a time; every sleeper
 * has a condition of its own, so that nobody wakes in vain.
 *
 * `holding` counts what keeps time from moving: threads that take part and do not sleep, holds, and
 * sleepers that have been woken, from the moment they are, not from when the system lets them run.
 * Whenever it comes down to 0 the first of the sleepers with a deadline is woken and the time is
 * his.
 */
#include "clock/virtual.h"

#include <stdatomic.h>
#include <stdlib.h>

#include "clock/heap.h"
#include "os/farewell.h"
#include "os/thread.h"

#define ROWS 1024 /* of words that are slept on, by their address */

/* Of the same moment, `advance` comes last. */
#define LATE (UINT64_C(1) << 63)

/* A thread that takes part; what stands in its place of farewells. */
struct member {
    struct platen_os_farewell farewell; /* first */
    struct virtual_clock *clock;
    struct member *next;
    struct member **link;
};

/* A thread that sleeps; on its stack. */
struct sleeper {
    struct clock_node node; /* first; in the heap if `timed` */
    const uint32_t *word;
    struct sleeper *next; /* on words of the same row */
    struct sleeper **link;
    bool timed;
    bool woken;
    platen_os_cond cond;
};

struct virtual_clock {
    struct platen_clock clock; /* first */
    platen_os_farewells members_of_threads;
    _Atomic uint64_t now; /* written with the lock held */
    platen_os_mutex lock; /* everything below */
    uint32_t holding;
    uint32_t sleeping;
    uint32_t timed;
    uint64_t order;
    struct clock_node *heap;
    struct member *members;
    struct sleeper *rows[ROWS];
};

static struct sleeper **row_of(struct virtual_clock *clock, const uint32_t *word)
{
    uint64_t bits = (uint64_t)(uintptr_t)word >> 2;
    return &clock->rows[bits * UINT64_C(0x9e3779b97f4a7c15) >> 54];
}

/* ---- sleepers, with the lock held ------------------------------------------------------------ */

static void lie_down(struct virtual_clock *clock, struct sleeper *sleeper)
{
    struct sleeper **row = row_of(clock, sleeper->word);

    sleeper->next = *row;
    sleeper->link = row;
    if (sleeper->next != NULL)
        sleeper->next->link = &sleeper->next;
    *row = sleeper;
    clock->sleeping++;
    if (!sleeper->timed)
        return;
    clock->timed++;
    clock_heap_add(&clock->heap, &sleeper->node);
}

/* From here on the sleeper holds time. */
static void rouse(struct virtual_clock *clock, struct sleeper *sleeper)
{
    *sleeper->link = sleeper->next;
    if (sleeper->next != NULL)
        sleeper->next->link = sleeper->link;
    clock->sleeping--;
    if (sleeper->timed) {
        clock->timed--;
        clock_heap_remove(&clock->heap, &sleeper->node);
    }
    clock->holding++;
    sleeper->woken = true;
    platen_os_cond_signal(&sleeper->cond);
}

/* Something that held time does so no more. */
static void let_go(struct virtual_clock *clock)
{
    if (--clock->holding != 0 || clock->heap == NULL)
        return;
    if (clock->heap->until > atomic_load(&clock->now))
        atomic_store(&clock->now, clock->heap->until);
    rouse(clock, (struct sleeper *)clock->heap);
}

/* ---- who takes part -------------------------------------------------------------------------- */

static void take_out(struct member *member)
{
    *member->link = member->next;
    if (member->next != NULL)
        member->next->link = member->link;
    free(member);
}

/* A thread ends: it has nothing to do any more and holds no time. */
static void say_farewell(struct platen_os_farewell *farewell)
{
    struct member *member = (struct member *)farewell;
    struct virtual_clock *clock = member->clock;

    platen_os_mutex_lock(&clock->lock);
    take_out(member);
    let_go(clock);
    platen_os_mutex_unlock(&clock->lock);
}

static struct member *member_here(const struct virtual_clock *clock)
{
    return (struct member *)platen_os_farewell_get(&clock->members_of_threads);
}

/* The calling thread is a member from now on; it is for the caller to count it. False if memory is
 * out. With the lock held. */
static bool join(struct virtual_clock *clock)
{
    struct member *member = malloc(sizeof *member);

    if (member == NULL)
        return false;
    *member = (struct member){.farewell = {say_farewell},
                              .clock = clock,
                              .next = clock->members,
                              .link = &clock->members};
    if (!platen_os_farewell_set(&clock->members_of_threads, &member->farewell)) {
        free(member);
        return false;
    }
    if (member->next != NULL)
        member->next->link = &member->next;
    clock->members = member;
    return true;
}

/* ---- the clock ------------------------------------------------------------------------------- */

static uint64_t show(struct platen_clock *clock)
{
    return atomic_load(&((struct virtual_clock *)clock)->now);
}

/* With the lock held, which is given up meanwhile. */
static void sleep_here(struct virtual_clock *clock, struct sleeper *sleeper)
{
    bool stays = true;

    platen_os_cond_init(&sleeper->cond);
    lie_down(clock, sleeper);
    if (member_here(clock) != NULL) {
        let_go(clock);
    } else {
        clock->holding++; /* until it is known whether it can become one */
        stays = join(clock);
        let_go(clock);
    }
    while (!sleeper->woken)
        platen_os_cond_wait(&sleeper->cond, &clock->lock);
    if (!stays)
        let_go(clock);
    platen_os_cond_destroy(&sleeper->cond);
}

static void sleep_on(struct virtual_clock *clock, const uint32_t *word, uint64_t until,
                     uint64_t rank)
{
    struct sleeper sleeper = {.node = {.until = until, .order = clock->order++ | rank},
                              .word = word,
                              .timed = until != PLATEN_FOREVER};
    sleep_here(clock, &sleeper);
}

static void wait_on(struct platen_clock *clock, const uint32_t *word, uint32_t seen, uint64_t until)
{
    struct virtual_clock *virtual = (struct virtual_clock *)clock;

    platen_os_mutex_lock(&virtual->lock);
    if (atomic_load((const _Atomic uint32_t *)word) == seen && until > atomic_load(&virtual->now))
        sleep_on(virtual, word, until, 0);
    platen_os_mutex_unlock(&virtual->lock);
}

/* No wake can be lost: who is about to sleep looks at the word with the lock held, and the word was
 * changed before the lock is taken here. */
static void wake(struct platen_clock *clock, const uint32_t *word)
{
    struct virtual_clock *virtual = (struct virtual_clock *)clock;

    platen_os_mutex_lock(&virtual->lock);
    for (struct sleeper *at = *row_of(virtual, word), *next; at != NULL; at = next) {
        next = at->next;
        if (at->word == word)
            rouse(virtual, at);
    }
    platen_os_mutex_unlock(&virtual->lock);
}

/* ---- life ------------------------------------------------------------------------------------ */

struct platen_clock *platen_virtual_clock_create(void)
{
    struct virtual_clock *clock = calloc(1, sizeof *clock);

    if (clock == NULL)
        return NULL;
    if (platen_os_farewells_make(&clock->members_of_threads) != 0) {
        free(clock);
        return NULL;
    }
    clock->clock = (struct platen_clock){show, wait_on, wake};
    atomic_init(&clock->now, PLATEN_VIRTUAL_START);
    platen_os_mutex_init(&clock->lock);
    return &clock->clock;
}

void platen_virtual_clock_destroy(struct platen_clock *clock)
{
    struct virtual_clock *virtual = (struct virtual_clock *)clock;

    if (clock == NULL)
        return;
    platen_os_farewells_end(&virtual->members_of_threads);
    for (struct member *at = virtual->members, *next; at != NULL; at = next) {
        next = at->next;
        free(at);
    }
    platen_os_mutex_destroy(&virtual->lock);
    free(virtual);
}

/* ---- by hand --------------------------------------------------------------------------------- */

bool platen_virtual_clock_is(const struct platen_clock *clock)
{
    return clock != NULL && clock->now == show;
}

static struct virtual_clock *ours(struct platen_clock *clock)
{
    return platen_virtual_clock_is(clock) ? (struct virtual_clock *)clock : NULL;
}

uint64_t platen_virtual_clock_now(struct platen_clock *clock)
{
    return platen_virtual_clock_is(clock) ? show(clock) : 0;
}

void platen_virtual_clock_advance(struct platen_clock *clock, uint64_t nanoseconds)
{
    struct virtual_clock *virtual = ours(clock);
    static const uint32_t nothing;

    if (virtual == NULL)
        return;
    platen_os_mutex_lock(&virtual->lock);
    uint64_t now = atomic_load(&virtual->now);
    sleep_on(virtual, &nothing,
             nanoseconds < PLATEN_FOREVER - now ? now + nanoseconds : PLATEN_FOREVER - 1, LATE);
    platen_os_mutex_unlock(&virtual->lock);
}

bool platen_virtual_clock_enter(struct platen_clock *clock)
{
    struct virtual_clock *virtual = ours(clock);

    if (virtual == NULL)
        return false;
    if (member_here(virtual) != NULL)
        return true;
    platen_os_mutex_lock(&virtual->lock);
    if (join(virtual))
        virtual->holding++;
    platen_os_mutex_unlock(&virtual->lock);
    return false;
}

bool platen_virtual_clock_leave(struct platen_clock *clock)
{
    struct virtual_clock *virtual = ours(clock);
    struct member *member = virtual != NULL ? member_here(virtual) : NULL;

    if (member == NULL)
        return false;
    platen_os_farewell_set(&virtual->members_of_threads, NULL);
    say_farewell(&member->farewell);
    return true;
}

void platen_virtual_clock_hold(struct platen_clock *clock)
{
    struct virtual_clock *virtual = ours(clock);

    if (virtual == NULL)
        return;
    platen_os_mutex_lock(&virtual->lock);
    virtual->holding++;
    platen_os_mutex_unlock(&virtual->lock);
}

void platen_virtual_clock_release(struct platen_clock *clock)
{
    struct virtual_clock *virtual = ours(clock);

    if (virtual == NULL)
        return;
    platen_os_mutex_lock(&virtual->lock);
    let_go(virtual);
    platen_os_mutex_unlock(&virtual->lock);
}

struct platen_virtual_clock_counts platen_virtual_clock_counts(struct platen_clock *clock)
{
    struct virtual_clock *virtual = ours(clock);
    struct platen_virtual_clock_counts counts = {.holding = 0};

    if (virtual == NULL)
        return counts;
    platen_os_mutex_lock(&virtual->lock);
    counts.holding = virtual->holding;
    counts.sleeping = virtual->sleeping;
    counts.timed = virtual->timed;
    platen_os_mutex_unlock(&virtual->lock);
    return counts;
}
