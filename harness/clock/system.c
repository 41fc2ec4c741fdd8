/* SPDX-License-Identifier: MIT */
#include "clock/system.h"

#include "os/clock.h"

static uint64_t now(struct platen_clock *clock)
{
    (void)clock;
    return platen_os_now();
}

static void wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen, uint64_t until)
{
    (void)clock;
    platen_os_wait(word, seen, until);
}

static void wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    platen_os_wake(word);
}

struct platen_clock platen_system_clock = {.now = now, .wait = wait, .wake = wake};
