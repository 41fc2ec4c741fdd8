/* SPDX-License-Identifier: MIT
 *
 * Sleeping on a word of memory. Words share a small table of locks by their address; whoever sleeps
 * for another word of the same row may wake for no reason, as the header allows. Locks and
 * conditions are used rather than a futex because they exist everywhere and thread checkers
 * understand them.
 */
#include "os/clock.h"

#include <stdatomic.h>

#include "once.h"
#include "os/thread.h"

#define ROWS 64

struct row {
    atomic_uint sleepers;
    platen_os_mutex mutex;
    platen_os_cond cond;
};

static struct row rows[ROWS];
static platen_os_once rows_made = PLATEN_OS_ONCE;

static void make_rows(void)
{
    for (int i = 0; i < ROWS; i++) {
        platen_os_mutex_init(&rows[i].mutex);
        platen_os_cond_init(&rows[i].cond);
    }
}

static struct row *row_of(const uint32_t *word)
{
    uint64_t bits = (uint64_t)(uintptr_t)word >> 2;
    return &rows[bits * UINT64_C(0x9e3779b97f4a7c15) >> 58];
}

/* No wake can be lost. Both sides change `sleepers`, so one is first: if it is the waker, the
 * sleeper sees the word that was changed before; if it is the sleeper, the waker sees it and takes
 * the lock, which is free only before the sleeper looks at the word or after it has gone to sleep.
 */
void platen_os_wait(const uint32_t *word, uint32_t seen, uint64_t until)
{
    struct row *row = row_of(word);

    platen_os_call_once(&rows_made, make_rows);
    platen_os_mutex_lock(&row->mutex);
    atomic_fetch_add(&row->sleepers, 1);
    if (atomic_load((const _Atomic uint32_t *)word) == seen)
        platen_os_cond_wait_until(&row->cond, &row->mutex, until);
    atomic_fetch_sub(&row->sleepers, 1);
    platen_os_mutex_unlock(&row->mutex);
}

void platen_os_wake(const uint32_t *word)
{
    struct row *row = row_of(word);

    if (atomic_fetch_add(&row->sleepers, 0) == 0)
        return;
    platen_os_mutex_lock(&row->mutex);
    platen_os_cond_broadcast(&row->cond);
    platen_os_mutex_unlock(&row->mutex);
}
