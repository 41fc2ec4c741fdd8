/* SPDX-License-Identifier: MIT
 *
 * The functions that a spooler gets for a monitor in a host. They know by their number which.
 */
#include "hosted/inside.h"

#include <uv.h>

#define HOSTS 64u

static _Atomic(struct hosted *) hosts[HOSTS];
static platen_os_mutex going; /* held while hosts are looked at, and while one goes */
static uv_once_t once = UV_ONCE_INIT;

static void numbered_call(unsigned number, struct platen_call *call)
{
    hosted_call(atomic_load(&hosts[number]), call);
}

#define PLATEN_NUMBERED_ENTRIES
#include "call/numbered.h"

static const MONITOR2 tables[HOSTS] = {
#define PLATEN_NUMBERED_ROWS
#include "call/numbered.h"
};

static const struct platen_entry_table entries[HOSTS] = {
#define PLATEN_NUMBERED_ENTRY_ROWS
#include "call/numbered.h"
};

static void prepare(void)
{
    platen_os_mutex_init(&going);
    hosted_lanes_prepare();
}

bool hosted_number_take(struct hosted *hosted)
{
    static _Atomic uint64_t serial;
    uv_once(&once, prepare);
    hosted->serial = atomic_fetch_add(&serial, 1) + 1;
    for (unsigned i = 0; i < HOSTS; i++) {
        struct hosted *nobody = NULL;
        if (atomic_compare_exchange_strong(&hosts[i], &nobody, hosted)) {
            hosted->number = i;
            return true;
        }
    }
    return false;
}

void hosted_number_drop(struct hosted *hosted)
{
    platen_os_mutex_lock(&going);
    atomic_store(&hosts[hosted->number], NULL);
    platen_os_mutex_unlock(&going);
}

void hosted_each(void (*visit)(struct hosted *hosted, uint64_t thread), uint64_t thread)
{
    platen_os_mutex_lock(&going);
    for (unsigned i = 0; i < HOSTS; i++) {
        struct hosted *hosted = atomic_load(&hosts[i]);
        if (hosted != NULL) {
            visit(hosted, thread);
        }
    }
    platen_os_mutex_unlock(&going);
}

struct platen_entry_table hosted_entry(const struct hosted *hosted)
{
    return entries[hosted->number];
}

const MONITOR2 *hosted_table(const struct hosted *hosted)
{
    return &tables[hosted->number];
}
