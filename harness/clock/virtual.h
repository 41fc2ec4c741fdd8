/* SPDX-License-Identifier: MIT
 *
 * Time that nobody has to wait for: a `struct platen_clock` that stands still while anybody who
 * takes part runs, and jumps to the earliest moment that is waited for when all of them sleep. A
 * wait of 45 seconds then costs a few microseconds and is 45 seconds long to the nanosecond.
 *
 * Who takes part. A thread takes part, and while it runs it holds time, from its `enter` or from
 * its first wait on the clock, until its `leave` or its end. So
 *  - a thread that does something between two waits has all the time in the world for it;
 *  - a thread that starts another one and must not see time pass before that one's first wait calls
 *    `hold` beforehand; the new thread calls `enter` and then `release` (the lanes of a spooler
 * do);
 *  - a thread that nobody has told of and that has never waited holds nothing: time goes past it;
 *  - a thread that takes part and blocks elsewhere (a join, a socket, a lock that a sleeper has)
 *    still runs as far as the clock knows: time stands still until it is back. That is why time
 *    cannot run away silently, and why the clock is of use with backends alone that wait on the
 *    port's clock (`sim`). Who knows that he will wait elsewhere for one that sleeps here leaves
 *    before and enters after; `platen_virtual_clock_counts` tells who stands in the way.
 * Nobody takes part at the beginning, not even the thread that made the clock.
 *
 * Order. Of several sleepers whose moment has come one is woken at a time, in the order in which
 * they went to sleep; the next follows when all who take part sleep again. Who is woken by `wake`
 * runs at once, beside the one who woke him. With one thread under way at a time everything that
 * happens is therefore the same in each run; with several the times are.
 *
 * A sleeper without a deadline waits for a `wake`; if there are no others nothing moves, and the
 * threads really sleep.
 *
 * All functions from any thread, unless they say otherwise. Moments and spans are nanoseconds.
 */
#ifndef CLOCK_VIRTUAL_H
#define CLOCK_VIRTUAL_H

#include <platen/backend.h>

/* What a new virtual clock shows: not 0, because in job information 0 means "not yet". */
#define PLATEN_VIRTUAL_START UINT64_C(1000000000)

/* NULL: no memory. Give it as platen_spooler_options.clock and platen_monitor_options.clock: both
 * must have the same one. */
struct platen_clock *platen_virtual_clock_create(void);
/* Nobody sleeps on it any more, spoolers and monitors that used it are gone, and threads that took
 * part are joined or live on. NULL is fine. */
void platen_virtual_clock_destroy(struct platen_clock *clock);

/* Is it one of these? The functions below do nothing, and return 0 or false, with any other clock,
 * NULL among them: who is given a clock need not know which. */
bool platen_virtual_clock_is(const struct platen_clock *clock);

/* What it shows, from PLATEN_VIRTUAL_START on. */
uint64_t platen_virtual_clock_now(struct platen_clock *clock);

/* Lets `nanoseconds` pass for everybody and returns when all that was due until then, that moment
 * included, has been done and everybody else sleeps. The calling thread takes part from now on, as
 * after a wait. */
void platen_virtual_clock_advance(struct platen_clock *clock, uint64_t nanoseconds);

/* The calling thread takes part from now on; takes part no more. Both say whether it did before,
 * so that a function that must block elsewhere can restore what it found:
 *   bool took_part = platen_virtual_clock_leave(clock);
 *   join(thread);
 *   if (took_part) platen_virtual_clock_enter(clock);
 * A thread that sleeps cannot leave; one that ends has left. Without memory `enter` does nothing.
 */
bool platen_virtual_clock_enter(struct platen_clock *clock);
bool platen_virtual_clock_leave(struct platen_clock *clock);

/* Time stands still from now on, whoever sleeps, until as many calls of `release`, from whichever
 * thread, as there were of `hold`. */
void platen_virtual_clock_hold(struct platen_clock *clock);
void platen_virtual_clock_release(struct platen_clock *clock);

/* For whoever wonders why nothing moves. */
struct platen_virtual_clock_counts {
    uint32_t holding;  /* threads that take part and do not sleep, and holds */
    uint32_t sleeping; /* threads that sleep */
    uint32_t timed;    /* ... those of them that wait for a moment, too */
};
struct platen_virtual_clock_counts platen_virtual_clock_counts(struct platen_clock *clock);

#endif
