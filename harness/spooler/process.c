/* SPDX-License-Identifier: MIT
 *
 * What the spoolers of one process share: the list of them, and the ledger of printer handles. A
 * handle is a place in the ledger and the generation of its use, never a pointer: a dead one is
 * recognised, whoever asks. The ledger stays for the life of the process, so that a handle of a
 * spooler that is gone is never mistaken for a new one.
 */
#include <stdlib.h>

#include "call/served.h"
#include "os/clock.h"
#include "spooler/inside.h"

/* Half of a handle's bits say where, half say when; 0 is never a handle. */
#define PLACE_BITS (sizeof(uintptr_t) * 4)
#define PLACE_MASK (((uintptr_t)1 << PLACE_BITS) - 1)
#define MOST       (sizeof(uintptr_t) == 8 ? 1048576u : 65535u)

struct place {
    struct opened what; /* spooler NULL: free */
    uintptr_t generation;
    uint32_t next_free; /* index + 1; 0: none */
};

static struct {
    platen_os_mutex lock;
    platen_spooler *first;
    platen_os_mutex ledger_lock;
    struct place *places;
    uint32_t count;
    uint32_t room;
    uint32_t free; /* index + 1 */
} process;

static atomic_uint readiness; /* 0 not yet, 1 under way, 2 done */

void spool_process_prepare(void)
{
    unsigned none = 0;

    if (!atomic_compare_exchange_strong(&readiness, &none, 1)) {
        while (atomic_load(&readiness) != 2)
            platen_os_thread_yield();
        return;
    }
    platen_os_mutex_init(&process.lock);
    platen_os_mutex_init(&process.ledger_lock);
    platen_serve(platen_registry_table(), &spool_winspool);
    platen_serve_foreign_threads(spool_lane_of_stranger);
    atomic_store(&readiness, 2);
}

void spool_process_add(platen_spooler *spooler)
{
    platen_os_mutex_lock(&process.lock);
    spooler->next = process.first;
    process.first = spooler;
    platen_os_mutex_unlock(&process.lock);
}

static void take_off(platen_spooler *spooler)
{
    platen_spooler **at = &process.first;

    platen_os_mutex_lock(&process.lock);
    while (*at != spooler)
        at = &(*at)->next;
    *at = spooler->next;
    platen_os_mutex_unlock(&process.lock);
}

void spool_process_remove(platen_spooler *spooler)
{
    take_off(spooler);
    for (;;) {
        uint32_t pins = atomic_load(&spooler->pins);
        if (pins == 0)
            break;
        platen_os_wait(plain(&spooler->pins), pins, PLATEN_FOREVER);
    }
}

static bool is_listed(const platen_spooler *spooler)
{
    const platen_spooler *at = process.first;

    while (at != NULL && at != spooler)
        at = at->next;
    return at != NULL;
}

platen_spooler *spool_process_next(platen_spooler *spooler)
{
    platen_spooler *next;

    if (atomic_load(&readiness) != 2)
        return NULL;
    platen_os_mutex_lock(&process.lock);
    next = process.first;
    if (spooler != NULL)
        next = is_listed(spooler) ? spooler->next : NULL;
    if (next != NULL)
        spool_pin(next);
    platen_os_mutex_unlock(&process.lock);
    if (spooler != NULL)
        spool_unpin(spooler);
    return next;
}

void spool_pin(platen_spooler *spooler)
{
    atomic_fetch_add(&spooler->pins, 1);
}

/* When the last pin is gone the spooler may be gone too: only the address is used. */
void spool_unpin(platen_spooler *spooler)
{
    const void *at = &spooler->pins;

    if (atomic_fetch_sub(&spooler->pins, 1) == 1)
        platen_os_wake(at);
}

/* ---- the ledger ------------------------------------------------------------------------------ */

static uint32_t free_place(uint32_t *index)
{
    if (process.free != 0) {
        *index = process.free - 1;
        process.free = process.places[*index].next_free;
        return 0;
    }
    if (process.count == process.room) {
        uint32_t room = process.room != 0 ? process.room * 2 : 64;
        struct place *places = room > MOST ? NULL : realloc(process.places, room * sizeof *places);
        if (places == NULL)
            return PLATEN_NOT_ENOUGH_MEMORY;
        process.places = places;
        process.room = room;
    }
    *index = process.count++;
    process.places[*index] = (struct place){.generation = 0};
    return 0;
}

uint32_t spool_handle_new(const struct opened *what, HANDLE *handle)
{
    uint32_t index;

    *handle = NULL;
    platen_os_mutex_lock(&process.ledger_lock);
    uint32_t error = free_place(&index);
    if (!error) {
        struct place *place = &process.places[index];
        place->what = *what;
        place->generation = (place->generation + 1) & PLACE_MASK;
        *handle = (HANDLE)(place->generation << PLACE_BITS | (index + 1));
    }
    platen_os_mutex_unlock(&process.ledger_lock);
    return error;
}

/* With the ledger's lock held. */
static struct place *place_of(HANDLE handle)
{
    uintptr_t bits = (uintptr_t)handle;
    uintptr_t index = (bits & PLACE_MASK) - 1;

    if (index >= process.count)
        return NULL;
    struct place *place = &process.places[index];
    return place->what.spooler != NULL && place->generation == bits >> PLACE_BITS ? place : NULL;
}

static void vacate(struct place *place)
{
    place->what = (struct opened){.spooler = NULL};
    place->next_free = process.free;
    process.free = (uint32_t)(place - process.places) + 1;
}

static bool look_up(HANDLE handle, struct opened *what, bool ends)
{
    *what = (struct opened){.spooler = NULL};
    if (atomic_load(&readiness) != 2)
        return false;
    platen_os_mutex_lock(&process.ledger_lock);
    struct place *place = place_of(handle);
    if (place != NULL) {
        *what = place->what;
        spool_pin(what->spooler);
    }
    if (place != NULL && ends)
        vacate(place);
    platen_os_mutex_unlock(&process.ledger_lock);
    return place != NULL;
}

bool spool_handle_find(HANDLE handle, struct opened *what)
{
    return look_up(handle, what, false);
}

bool spool_handle_end(HANDLE handle, struct opened *what)
{
    return look_up(handle, what, true);
}

bool spool_handle_sweep(platen_spooler *spooler, bool xcv_alone, struct opened *what)
{
    bool found = false;

    platen_os_mutex_lock(&process.ledger_lock);
    for (uint32_t i = 0; i < process.count && !found; i++) {
        const struct opened *at = &process.places[i].what;
        found = at->spooler == spooler && (!xcv_alone || at->xcv != NULL);
        if (found) {
            *what = *at;
            vacate(&process.places[i]);
        }
    }
    platen_os_mutex_unlock(&process.ledger_lock);
    return found;
}
