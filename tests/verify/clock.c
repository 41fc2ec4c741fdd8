/* SPDX-License-Identifier: MIT
 *
 * The stage's time.
 */
#include "stage.h"

#define REAL_PATIENCE (20 * SECOND) /* for what takes no time */

/* One thread that sleeps; it lies on that thread's stack. */
struct stage_sleeper {
    struct stage_sleeper *next;
    const uint32_t *word;
    uint64_t until;
    _Atomic uint32_t awake;
};

static const uint32_t *plain(const void *at)
{
    return at;
}

static struct stage_clock *of(struct platen_clock *clock)
{
    return (struct stage_clock *)clock;
}

static uint64_t clock_now(struct platen_clock *clock)
{
    platen_os_mutex_lock(&of(clock)->lock);
    uint64_t now = of(clock)->now;
    platen_os_mutex_unlock(&of(clock)->lock);
    return now;
}

/* With the lock held: takes the sleepers of that word off the list, or those whose time has come.
 */
static void rouse(struct stage_clock *clock, const uint32_t *word)
{
    struct stage_sleeper **at = &clock->sleepers;

    while (*at != NULL) {
        struct stage_sleeper *sleeper = *at;
        if (sleeper->word != word && sleeper->until > clock->now) {
            at = &sleeper->next;
            continue;
        }
        *at = sleeper->next;
        atomic_store(&sleeper->awake, 1);
        platen_os_wake(plain(&sleeper->awake));
    }
}

/* Where nobody lets time pass and nothing happens either, somebody waits in vain: then its moment
 * comes all the same, so that what is wrong gets a name and no test hangs. */
static void give_up(struct stage_clock *clock, const struct stage_sleeper *sleeper)
{
    platen_os_mutex_lock(&clock->lock);
    if (clock->now < sleeper->until)
        clock->now = sleeper->until;
    clock->jumps = true; /* once is enough */
    rouse(clock, NULL);
    platen_os_mutex_unlock(&clock->lock);
}

static void sleep_until_roused(struct stage_clock *clock, struct stage_sleeper *sleeper)
{
    bool for_ever = sleeper->until == PLATEN_FOREVER;
    uint64_t limit = for_ever ? PLATEN_OS_FOREVER : platen_os_now() + REAL_PATIENCE;

    while (!atomic_load(&sleeper->awake)) {
        platen_os_wait(plain(&sleeper->awake), 0, limit);
        if (!for_ever && !atomic_load(&sleeper->awake) && platen_os_now() >= limit)
            give_up(clock, sleeper);
    }
}

static void clock_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                       uint64_t until)
{
    struct stage_clock *mine = of(clock);
    struct stage_sleeper sleeper = {.word = word, .until = until};

    platen_os_mutex_lock(&mine->lock);
    bool sleeps = atomic_load((const _Atomic uint32_t *)word) == seen && until > mine->now;
    if (sleeps && mine->jumps && until != PLATEN_FOREVER) {
        mine->now = until;
        rouse(mine, NULL);
        sleeps = false;
    }
    if (sleeps) {
        sleeper.next = mine->sleepers;
        mine->sleepers = &sleeper;
    }
    platen_os_mutex_unlock(&mine->lock);
    if (sleeps)
        sleep_until_roused(mine, &sleeper);
    /* Who roused it may still be in platen_os_wake; he has the lock until then. */
    platen_os_mutex_lock(&mine->lock);
    platen_os_mutex_unlock(&mine->lock);
}

static void clock_wake(struct platen_clock *clock, const uint32_t *word)
{
    platen_os_mutex_lock(&of(clock)->lock);
    rouse(of(clock), word);
    platen_os_mutex_unlock(&of(clock)->lock);
}

void stage_clock_prepare(struct stage_clock *clock)
{
    *clock = (struct stage_clock){.clock = {clock_now, clock_wait, clock_wake}, .now = SECOND};
    platen_os_mutex_init(&clock->lock);
}

void stage_clock_pass(struct stage_clock *clock, uint64_t nanoseconds)
{
    platen_os_mutex_lock(&clock->lock);
    clock->now += nanoseconds;
    rouse(clock, NULL);
    platen_os_mutex_unlock(&clock->lock);
}

void stage_clock_run(struct stage_clock *clock)
{
    platen_os_mutex_lock(&clock->lock);
    clock->jumps = true;
    clock->now += 48 * 3600 * SECOND;
    rouse(clock, NULL);
    platen_os_mutex_unlock(&clock->lock);
}

static unsigned count_sleepers(struct stage_clock *clock)
{
    unsigned count = 0;

    platen_os_mutex_lock(&clock->lock);
    for (const struct stage_sleeper *at = clock->sleepers; at != NULL; at = at->next)
        count++;
    platen_os_mutex_unlock(&clock->lock);
    return count;
}

void stage_clock_until_asleep(struct stage_clock *clock, unsigned sleepers)
{
    while (count_sleepers(clock) < sleepers)
        platen_os_thread_yield();
}
