/* SPDX-License-Identifier: MIT */
#include "registry/names.h"

#include <stdlib.h>
#include <string.h>

/* FNV-1a by units, spread over all bits, but for the last unit, which is kept apart in the lowest
 * ones: things are numbered more often than not, and ten in a row then lie side by side, in one or
 * two lines of the processor's cache. Never 0. */
static uint32_t hash_of(const char16_t *name, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    uint32_t last = 0;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ last) * 0x100000001b3u;
        last = platen_text_fold(name[i]);
    }
    hash = (hash ^ hash >> 32) * 0x9e3779b97f4a7c15u;
    uint32_t spread = (uint32_t)(hash >> 32) << 4 | (last & 15);
    return spread == 0 ? 1 : spread;
}

static bool same(const struct named *item, const char16_t *name, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (item->name[i] == 0 || platen_text_fold(item->name[i]) != platen_text_fold(name[i])) {
            return false;
        }
    }
    return item->name[length] == 0;
}

void reg_names_free(struct names *names)
{
    free(names->items);
    free(names->slots);
    *names = (struct names){0};
}

static struct name_slot *first_slot(const struct names *names, uint32_t hash)
{
    return &names->slots[hash & (names->slot_count - 1)];
}

static struct name_slot *next_slot(const struct names *names, const struct name_slot *slot)
{
    return &names->slots[(size_t)(slot + 1 - names->slots) & (names->slot_count - 1)];
}

struct named *reg_names_find(const struct names *names, const char16_t *name, size_t length)
{
    if (names->slot_count == 0) {
        return NULL;
    }
    uint32_t hash = hash_of(name, length);
    const struct name_slot *at = first_slot(names, hash);
    while (at->hash != 0 && (at->hash != hash || !same(names->items[at->index], name, length))) {
        at = next_slot(names, at);
    }
    return at->hash != 0 ? names->items[at->index] : NULL;
}

static void place(const struct names *names, struct name_slot what)
{
    struct name_slot *at = first_slot(names, what.hash);
    while (at->hash != 0) {
        at = next_slot(names, at);
    }
    *at = what;
}

static bool make_slots(struct names *names)
{
    const struct names old = *names;
    names->slot_count = old.slot_count == 0 ? 16 : old.slot_count * 2;
    names->slots = calloc(names->slot_count, sizeof *names->slots);
    if (names->slots == NULL) {
        *names = old;
        return false;
    }
    for (uint32_t i = 0; i < old.slot_count; i++) {
        if (old.slots[i].hash != 0) {
            place(names, old.slots[i]);
        }
    }
    free(old.slots);
    return true;
}

static bool make_room(struct names *names)
{
    if (names->count == names->room) {
        uint32_t room = names->room == 0 ? 8 : names->room * 2;
        struct named **items = realloc(names->items, room * sizeof *items);
        if (items == NULL) {
            return false;
        }
        names->items = items;
        names->room = room;
    }
    return names->count < names->slot_count / 2 || make_slots(names);
}

bool reg_names_add(struct names *names, struct named *item)
{
    if (!make_room(names)) {
        return false;
    }
    item->hash = hash_of(item->name, platen_text_length16(item->name, SIZE_MAX));
    place(names, (struct name_slot){item->hash, names->count});
    item->index = names->count;
    names->items[names->count++] = item;
    return true;
}

/* Whatever was pushed past the gap moves back, so that no search ends early. */
static void close_gap(struct names *names, struct name_slot *gap)
{
    const uint32_t mask = names->slot_count - 1;
    for (struct name_slot *at = next_slot(names, gap); at->hash != 0; at = next_slot(names, at)) {
        uint32_t here = (uint32_t)(at - names->slots);
        uint32_t from_home = (here - at->hash) & mask;
        uint32_t from_gap = (here - (uint32_t)(gap - names->slots)) & mask;
        if (from_home >= from_gap) {
            *gap = *at;
            gap = at;
        }
    }
    gap->hash = 0;
}

static void put_at(struct names *names, uint32_t index, struct named *item)
{
    names->items[index] = item;
    item->index = index;
}

/* All slots of what stood at `index` or behind it, which has moved by so many. */
static void renumber(struct names *names, uint32_t index, int by)
{
    for (uint32_t i = 0; i < names->slot_count; i++) {
        if (names->slots[i].hash != 0 && names->slots[i].index >= index) {
            names->slots[i].index += (uint32_t)by;
        }
    }
}

void reg_names_remove(struct names *names, struct named *item)
{
    struct name_slot *at = first_slot(names, item->hash);
    while (at->index != item->index) {
        at = next_slot(names, at);
    }
    close_gap(names, at);
    renumber(names, item->index, -1);
    names->count--;
    for (uint32_t i = item->index; i < names->count; i++) {
        put_at(names, i, names->items[i + 1]);
    }
}

void reg_names_restore(struct names *names, struct named *item)
{
    renumber(names, item->index, 1);
    place(names, (struct name_slot){item->hash, item->index});
    for (uint32_t i = names->count; i > item->index; i--) {
        put_at(names, i, names->items[i - 1]);
    }
    names->items[item->index] = item;
    names->count++;
}
