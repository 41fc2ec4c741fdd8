/* SPDX-License-Identifier: MIT */
#include "registry/names.h"

#include <stdlib.h>
#include <string.h>

static uint64_t hash_of(const char16_t *name, size_t length)
{
    uint64_t hash = 0xcbf29ce484222325u;
    for (size_t i = 0; i < length; i++) {
        hash = (hash ^ platen_text_fold(name[i])) * 0x100000001b3u;
    }
    return hash ^ (hash >> 29);
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

struct named *reg_names_find(const struct names *names, const char16_t *name, size_t length)
{
    uint64_t hash = hash_of(name, length);
    if (names->slot_count == 0) {
        return NULL;
    }
    for (uint32_t at = (uint32_t)hash;; at++) {
        struct named *item = names->slots[at & (names->slot_count - 1)];
        if (item == NULL || (item->hash == hash && same(item, name, length))) {
            return item;
        }
    }
}

static void place(struct named **slots, uint32_t slot_count, struct named *item)
{
    uint32_t at = (uint32_t)item->hash & (slot_count - 1);
    while (slots[at] != NULL) {
        at = (at + 1) & (slot_count - 1);
    }
    slots[at] = item;
}

static bool make_room(struct names *names)
{
    uint32_t room = names->room == 0 ? 8 : names->room * 2;
    uint32_t slot_count = room * 2;
    struct named **slots = calloc(slot_count, sizeof(struct named *));
    struct named **items = realloc(names->items, room * sizeof(struct named *));
    if (items != NULL) {
        names->items = items;
    }
    if (slots == NULL || items == NULL) {
        free(slots);
        return false;
    }
    for (uint32_t i = 0; i < names->count; i++) {
        place(slots, slot_count, items[i]);
    }
    free(names->slots);
    names->slots = slots;
    names->slot_count = slot_count;
    names->room = room;
    return true;
}

bool reg_names_add(struct names *names, struct named *item)
{
    if (names->count == names->room && !make_room(names)) {
        return false;
    }
    item->hash = hash_of(item->name, platen_text_length16(item->name, SIZE_MAX));
    item->index = names->count;
    names->items[names->count++] = item;
    place(names->slots, names->slot_count, item);
    return true;
}

/* Closes the gap at `at`: whatever was pushed past it moves back, so that no search ends early. */
static void close_gap(struct names *names, uint32_t at)
{
    uint32_t mask = names->slot_count - 1;
    for (uint32_t next = (at + 1) & mask; names->slots[next] != NULL; next = (next + 1) & mask) {
        uint32_t home = (uint32_t)names->slots[next]->hash & mask;
        if (((next - home) & mask) >= ((next - at) & mask)) {
            names->slots[at] = names->slots[next];
            at = next;
        }
    }
    names->slots[at] = NULL;
}

void reg_names_remove(struct names *names, struct named *item)
{
    uint32_t at = (uint32_t)item->hash & (names->slot_count - 1);
    while (names->slots[at] != item) {
        at = (at + 1) & (names->slot_count - 1);
    }
    close_gap(names, at);
    names->count--;
    for (uint32_t i = item->index; i < names->count; i++) {
        names->items[i] = names->items[i + 1];
        names->items[i]->index = i;
    }
}

void reg_names_restore(struct names *names, struct named *item)
{
    for (uint32_t i = names->count; i > item->index; i--) {
        names->items[i] = names->items[i - 1];
        names->items[i]->index = i;
    }
    names->items[item->index] = item;
    names->count++;
    place(names->slots, names->slot_count, item);
}
