/* SPDX-License-Identifier: MIT
 *
 * Slots live in chunks that stay where they are, so a lookup needs two loads and one increment.
 *
 * `users` counts the uses of a slot's object. It rises only from above 0, so whoever raised it
 * holds a living object; whether it is the one he asked for he reads from `id` afterwards, and if
 * not (the slot was reused in between) gives it back like any other user. Slots are reused in the
 * order in which they were freed: that takes the longest before a stale handle could match again.
 */
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include <platen/errors.h>

#include "handle.h"
#include "os/clock.h"
#include "os/thread.h"

/* Each module that has this table begins elsewhere: a handle of the language monitor is none of the
 * port monitor's below it, and the other way round (R80). */
#ifndef HANDLE_FIRST
#    define HANDLE_FIRST 1
#endif

enum {
    KIND_BITS = 2,
    SLOT_BITS = sizeof(uintptr_t) > 4 ? 20 : 17,
    CHUNK_BITS = 8,
    CHUNK_SLOTS = 1 << CHUNK_BITS,
    CHUNKS = 1 << (SLOT_BITS - CHUNK_BITS),
    SLOTS = (1 << SLOT_BITS) - 1, /* one less, so that no handle is INVALID_HANDLE_VALUE */
    NO_SLOT = SLOTS
};

struct slot {
    atomic_uintptr_t id; /* the handle; 0 when retired or free */
    _Atomic uint32_t users;
    uint32_t next_free; /* under the table's lock */
    void *object;
    void (*destroy)(void *object);
    uintptr_t generation; /* of the next issue; under the table's lock */
};

static struct slot first_chunk[CHUNK_SLOTS];
static _Atomic(struct slot *) chunks[CHUNKS];

static struct {
    atomic_flag busy;
    uint32_t used; /* slots that were ever issued */
    uint32_t free_count;
    uint32_t first_free;
    uint32_t last_free;
} table = {.busy = ATOMIC_FLAG_INIT};

/* Held for a few instructions, and once per 256 handles for an allocation. */
static void lock_table(void)
{
    while (atomic_flag_test_and_set_explicit(&table.busy, memory_order_acquire))
        platen_os_thread_yield();
}

static void unlock_table(void)
{
    atomic_flag_clear_explicit(&table.busy, memory_order_release);
}

static struct slot *slot_at(uint32_t index)
{
    struct slot *chunk = atomic_load_explicit(&chunks[index >> CHUNK_BITS], memory_order_acquire);
    return chunk ? &chunk[index % CHUNK_SLOTS] : NULL;
}

static uint32_t index_of(uintptr_t handle)
{
    return (uint32_t)(handle >> KIND_BITS) & ((1u << SLOT_BITS) - 1);
}

static struct slot *slot_of(uintptr_t handle)
{
    uint32_t index = index_of(handle);
    return index < SLOTS ? slot_at(index) : NULL;
}

/* Only if nothing is in use: at the end of a program other threads may still be busy. */
static void free_chunks(void)
{
    lock_table();
    bool idle = table.used == table.free_count;
    for (uint32_t i = 1; idle && i < CHUNKS; i++)
        free(atomic_exchange(&chunks[i], NULL));
    if (idle)
        table.used = table.free_count = 0;
    unlock_table();
}

/* A module that is loaded and unloaded again and again leaves no chunk behind: what is registered
 * with atexit by a module runs when that module goes. */
static bool add_chunk(uint32_t number)
{
    struct slot *chunk = number ? calloc(CHUNK_SLOTS, sizeof(struct slot)) : first_chunk;
    if (!chunk || (number == 1 && atexit(free_chunks))) {
        if (number)
            free(chunk);
        return false;
    }
    atomic_store_explicit(&chunks[number], chunk, memory_order_release);
    return true;
}

static uint32_t take_unused(uint32_t *index)
{
    uint32_t at = table.used;
    *index = NO_SLOT;
    if (at == SLOTS)
        return PLATEN_TOO_MANY_OPEN_FILES;
    if (at % CHUNK_SLOTS == 0 && !slot_at(at) && !add_chunk(at >> CHUNK_BITS))
        return PLATEN_NOT_ENOUGH_MEMORY;
    table.used++;
    *index = at;
    return 0;
}

static uint32_t take_slot(uint32_t *index)
{
    if (table.free_count == 0)
        return take_unused(index);
    *index = table.first_free;
    table.first_free = slot_at(*index)->next_free;
    table.free_count--;
    return 0;
}

static void recycle(struct slot *slot, uint32_t index)
{
    lock_table();
    slot->object = NULL;
    if (table.free_count++ == 0)
        table.first_free = index;
    else
        slot_at(table.last_free)->next_free = index;
    table.last_free = index;
    unlock_table();
}

static uintptr_t next_generation(struct slot *slot)
{
    const uintptr_t last = UINTPTR_MAX >> (SLOT_BITS + KIND_BITS);
    if (slot->generation == 0)
        slot->generation = HANDLE_FIRST;
    else
        slot->generation = slot->generation < last ? slot->generation + 1 : 1;
    return slot->generation;
}

uint32_t handle_issue(enum handle_kind kind, void *object, void (*destroy)(void *object),
                      uintptr_t *handle)
{
    uint32_t index;

    *handle = 0;
    lock_table();
    uint32_t error = take_slot(&index);
    if (error) {
        unlock_table();
        return error;
    }
    struct slot *slot = slot_at(index);
    uintptr_t number = next_generation(slot) << SLOT_BITS | index;
    unlock_table();
    *handle = number << KIND_BITS | (uintptr_t)kind;
    slot->object = object;
    slot->destroy = destroy;
    atomic_store_explicit(&slot->users, 1, memory_order_release);
    atomic_store_explicit(&slot->id, *handle, memory_order_release);
    return 0;
}

static bool enter(struct slot *slot)
{
    uint32_t users = atomic_load_explicit(&slot->users, memory_order_relaxed);
    while (users)
        if (atomic_compare_exchange_weak_explicit(&slot->users, &users, users + 1,
                                                  memory_order_acq_rel, memory_order_relaxed))
            return true;
    return false;
}

static const uint32_t *word_of(struct slot *slot)
{
    return (const uint32_t *)(uintptr_t)&slot->users;
}

static void leave(struct slot *slot, uint32_t index)
{
    uint32_t users = atomic_fetch_sub_explicit(&slot->users, 1, memory_order_acq_rel);
    if (users == 1) {
        slot->destroy(slot->object);
        recycle(slot, index);
    } else if (users == 2 && atomic_load_explicit(&slot->id, memory_order_relaxed) == 0) {
        platen_os_wake(word_of(slot));
    }
}

static struct slot *slot_for(uintptr_t handle, enum handle_kind kind)
{
    bool fits = (handle & ((1u << KIND_BITS) - 1)) == (uintptr_t)kind;
    return fits ? slot_of(handle) : NULL;
}

void *handle_acquire(uintptr_t handle, enum handle_kind kind)
{
    struct slot *slot = slot_for(handle, kind);
    if (!slot)
        return NULL;
    if (atomic_load_explicit(&slot->id, memory_order_relaxed) != handle || !enter(slot))
        return NULL;
    if (atomic_load_explicit(&slot->id, memory_order_acquire) == handle)
        return slot->object;
    leave(slot, index_of(handle));
    return NULL;
}

void *handle_retire(uintptr_t handle, enum handle_kind kind)
{
    struct slot *slot = slot_for(handle, kind);
    uintptr_t expected = handle;
    bool mine = slot && atomic_compare_exchange_strong(&slot->id, &expected, 0);
    return mine ? slot->object : NULL;
}

void *handle_hold(uintptr_t handle)
{
    struct slot *slot = slot_of(handle);
    return slot && enter(slot) ? slot->object : NULL;
}

void handle_release(uintptr_t handle)
{
    leave(slot_of(handle), index_of(handle));
}

bool handle_wait_alone(uintptr_t handle, uint64_t until)
{
    struct slot *slot = slot_of(handle);
    for (;;) {
        uint32_t users = atomic_load_explicit(&slot->users, memory_order_acquire);
        if (users == 1)
            return true;
        if (platen_os_now() >= until)
            return false;
        platen_os_wait(word_of(slot), users, until);
    }
}

uint32_t handle_count(void)
{
    lock_table();
    uint32_t count = table.used - table.free_count;
    unlock_table();
    return count;
}
