/* SPDX-License-Identifier: MIT
 *
 * The functions that a spooler gets for a monitor in a host. They know by their number which.
 */
#include "hosted/inside.h"

#include <uv.h>

#define HOSTS 64u

static _Atomic(struct hosted_seat *) seats[HOSTS];
static platen_os_mutex going; /* held while hosts are looked at, and while one goes */
static uv_once_t once = UV_ONCE_INIT;

static void numbered_call(unsigned number, struct platen_call *call)
{
    hosted_call(atomic_load(&seats[number]), call);
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

/* A place in the host. */
static struct hosted_seat *free_seat(struct hosted *hosted)
{
    for (unsigned i = 0; i < HOSTED_SEATS; i++) {
        if (hosted->seats[i].hosted == NULL) {
            return &hosted->seats[i];
        }
    }
    return NULL;
}

static bool take_number(struct hosted_seat *seat)
{
    for (unsigned i = 0; i < HOSTS; i++) {
        struct hosted_seat *nobody = NULL;
        seat->number = i;
        if (atomic_compare_exchange_strong(&seats[i], &nobody, seat)) {
            return true;
        }
    }
    return false;
}

struct hosted_seat *hosted_seat_take(struct hosted *hosted)
{
    static _Atomic uint64_t serial;
    uv_once(&once, prepare);
    if (hosted->serial == 0) {
        hosted->serial = atomic_fetch_add(&serial, 1) + 1;
    }
    platen_os_mutex_lock(&going);
    struct hosted_seat *seat = free_seat(hosted);
    if (seat != NULL && take_number(seat)) {
        seat->hosted = hosted;
        hosted->seated++;
    } else {
        seat = NULL;
    }
    platen_os_mutex_unlock(&going);
    return seat;
}

unsigned hosted_seat_drop(struct hosted_seat *seat)
{
    platen_os_mutex_lock(&going);
    struct hosted *hosted = seat->hosted;
    atomic_store(&seats[seat->number], NULL);
    seat->hosted = NULL;
    unsigned left = --hosted->seated;
    platen_os_mutex_unlock(&going);
    return left;
}

/* A host with several instances is visited several times. */
void hosted_each(void (*visit)(struct hosted *hosted, uint64_t thread), uint64_t thread)
{
    platen_os_mutex_lock(&going);
    for (unsigned i = 0; i < HOSTS; i++) {
        const struct hosted_seat *seat = atomic_load(&seats[i]);
        if (seat != NULL && seat->hosted != NULL) {
            visit(seat->hosted, thread);
        }
    }
    platen_os_mutex_unlock(&going);
}

struct platen_entry_table hosted_entry(const struct hosted_seat *seat)
{
    return entries[seat->number];
}

const MONITOR2 *hosted_table(const struct hosted_seat *seat)
{
    return &tables[seat->number];
}
