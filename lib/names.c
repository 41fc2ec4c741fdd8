/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <platen/errors.h>

#include "names.h"

enum { FIRST_PLACES = 16 };

/* FNV-1a by units, spread over all bits, but for the last unit, which is kept apart in the lowest
 * ones: ports are numbered more often than not, and ten in a row then lie side by side, in one or
 * two lines of the processor's cache. Never 0. */
static uint32_t hash_of(const char16_t *text)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    uint32_t last = 0;
    for (; *text; text++) {
        hash = (hash ^ last) * UINT64_C(0x100000001b3);
        last = platen_text_fold(*text);
    }
    hash = (hash ^ hash >> 32) * UINT64_C(0x9e3779b97f4a7c15);
    uint32_t spread = (uint32_t)(hash >> 32) << 4 | (last & 15);
    return spread ? spread : 1;
}

static struct name_place *first_place(const struct names *names, uint32_t hash)
{
    return &names->places[hash & (names->place_count - 1)];
}

static struct name_place *next_place(const struct names *names, const struct name_place *place)
{
    return &names->places[(size_t)(place + 1 - names->places) & (names->place_count - 1)];
}

/* Where that name is, or else the free place where a search for it ends. There is always one. */
static struct name_place *place_of(const struct names *names, const char16_t *text, uint32_t hash)
{
    struct name_place *at = first_place(names, hash);
    while (at->hash &&
           (at->hash != hash || !platen_text_equal_folded(names->members[at->index]->text, text)))
        at = next_place(names, at);
    return at;
}

struct name *names_find(const struct names *names, const char16_t *text)
{
    if (names->count == 0)
        return NULL;
    const struct name_place *at = place_of(names, text, hash_of(text));
    return at->hash ? names->members[at->index] : NULL;
}

static bool make_places(struct names *names)
{
    const struct names old = *names;
    names->place_count = old.places ? old.place_count * 2 : FIRST_PLACES;
    names->places = calloc(names->place_count, sizeof(struct name_place));
    if (!names->places) {
        *names = old;
        return false;
    }
    for (uint32_t i = 0; old.places && i < old.place_count; i++) {
        struct name_place *at = first_place(names, old.places[i].hash);
        while (at->hash)
            at = next_place(names, at);
        *at = old.places[i];
    }
    free(old.places);
    return true;
}

static bool make_room(struct names *names)
{
    if (names->count == names->room) {
        uint32_t room = names->room ? names->room * 2 : FIRST_PLACES;
        struct name **members = realloc(names->members, room * sizeof(*members));
        if (!members)
            return false;
        names->members = members;
        names->room = room;
    }
    return names->count < names->place_count / 2 || make_places(names);
}

uint32_t names_add(struct names *names, struct name *member)
{
    if (!make_room(names))
        return PLATEN_NOT_ENOUGH_MEMORY;
    member->hash = hash_of(member->text);
    struct name_place *at = place_of(names, member->text, member->hash);
    if (at->hash)
        return PLATEN_ALREADY_EXISTS;
    *at = (struct name_place){member->hash, names->count};
    names->members[names->count++] = member;
    return 0;
}

/* What was pushed past the gap moves into it, so that no search ends early. */
static void close_gap(struct names *names, struct name_place *gap)
{
    const uint32_t mask = names->place_count - 1;
    for (struct name_place *at = next_place(names, gap); at->hash; at = next_place(names, at)) {
        uint32_t here = (uint32_t)(at - names->places);
        uint32_t from_home = (here - at->hash) & mask;
        uint32_t from_gap = (here - (uint32_t)(gap - names->places)) & mask;
        if (from_home < from_gap)
            continue;
        *gap = *at;
        gap = at;
    }
    gap->hash = 0;
}

static struct name_place *place_of_member(const struct names *names, const struct name *member)
{
    struct name_place *at = first_place(names, member->hash);
    while (names->members[at->index] != member)
        at = next_place(names, at);
    return at;
}

/* The last member takes the index that becomes free. */
void names_remove(struct names *names, struct name *member)
{
    struct name *last = names->members[names->count - 1];
    struct name_place *at = place_of_member(names, member);
    uint32_t index = at->index;
    place_of_member(names, last)->index = index;
    close_gap(names, at);
    names->members[index] = last;
    names->count--;
}

void names_clear(struct names *names)
{
    free(names->members);
    free(names->places);
    *names = (struct names){0};
}

static bool is_control(char16_t unit)
{
    return unit < 0x20 || (unit >= 0x7F && unit < 0xA0);
}

uint32_t name_check(const char16_t *text)
{
    size_t length = platen_text_length16(text, NAME_LIMIT + 1);
    if (length == 0 || length > NAME_LIMIT)
        return PLATEN_INVALID_NAME;
    for (size_t i = 0; i < length; i++)
        if (is_control(text[i]))
            return PLATEN_INVALID_NAME;
    return 0;
}

const char *name_to8(const char16_t *text, char room[NAME_BYTES])
{
    platen_text_to8(text, SIZE_MAX, room, NAME_BYTES);
    return room;
}
