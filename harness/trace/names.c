/* SPDX-License-Identifier: MIT */
#include "trace/names.h"

#include <stdlib.h>

#define FIRST_ROOM 256u

static const uint8_t plain_kinds[PLATEN_KINDS] = {
    [PLATEN_KIND_NEW_MONITOR] = PLATEN_KIND_MONITOR,
    [PLATEN_KIND_NEW_PORT] = PLATEN_KIND_PORT,
    [PLATEN_KIND_NEW_XCV] = PLATEN_KIND_XCV,
    [PLATEN_KIND_NEW_PRINTER] = PLATEN_KIND_PRINTER,
    [PLATEN_KIND_NEW_KEY] = PLATEN_KIND_KEY,
};

enum platen_kind trace_names_kind(enum platen_kind kind)
{
    return trace_names_is_new(kind) ? (enum platen_kind)plain_kinds[kind] : kind;
}

bool trace_names_is_new(enum platen_kind kind)
{
    return plain_kinds[kind] != 0;
}

bool trace_names_init(struct trace_names *names)
{
    *names = (struct trace_names){.room = FIRST_ROOM};
    names->places = calloc(names->room, sizeof *names->places);
    platen_os_mutex_init(&names->lock);
    return names->places != NULL;
}

void trace_names_free(struct trace_names *names)
{
    platen_os_mutex_destroy(&names->lock);
    free(names->places);
}

/* ---- the table: open addressing, nothing is taken out ---------------------------------------- */

static uint32_t home(const struct trace_names *names, uint32_t kind, uint64_t value)
{
    uint64_t mixed = (value ^ (uint64_t)kind << 56) * UINT64_C(0x9e3779b97f4a7c15);
    return (uint32_t)(mixed >> 32) & (names->room - 1);
}

/* Where it stands, or the free place where it would. */
static struct trace_name *place_of(const struct trace_names *names, uint32_t kind, uint64_t value)
{
    uint32_t at = home(names, kind, value);
    while (names->places[at].number != 0 &&
           (names->places[at].value != value || names->places[at].kind != kind)) {
        at = (at + 1) & (names->room - 1);
    }
    return &names->places[at];
}

static bool grow(struct trace_names *names)
{
    struct trace_name *old = names->places;
    uint32_t room = names->room;
    struct trace_name *places = calloc((size_t)room * 2, sizeof *places);

    if (places == NULL) {
        return false;
    }
    names->places = places;
    names->room = room * 2;
    for (uint32_t i = 0; i < room; i++) {
        if (old[i].number != 0) {
            *place_of(names, old[i].kind, old[i].value) = old[i];
        }
    }
    free(old);
    return true;
}

/* With the lock held; NULL when memory is out. */
static struct trace_name *find_or_add(struct trace_names *names, uint32_t kind, uint64_t value)
{
    struct trace_name *place = place_of(names, kind, value);

    if (place->number != 0) {
        return place;
    }
    if (names->count >= names->room / 2) {
        if (!grow(names)) {
            return NULL;
        }
        place = place_of(names, kind, value);
    }
    *place = (struct trace_name){.value = value, .kind = kind, .number = ++names->last[kind]};
    names->count++;
    return place;
}

/* ---- what is asked for ----------------------------------------------------------------------- */

uint32_t trace_names_find(struct trace_names *names, enum platen_kind kind, uint64_t value)
{
    platen_os_mutex_lock(&names->lock);
    const struct trace_name *place = find_or_add(names, kind, value);
    uint32_t number = place != NULL ? place->number : 0;
    platen_os_mutex_unlock(&names->lock);
    return number;
}

uint32_t trace_names_recall(struct trace_names *names, struct trace_names_found *found,
                            enum platen_kind kind, uint64_t value)
{
    const unsigned room = sizeof found->places / sizeof *found->places;
    uint32_t changes = atomic_load(&names->changes);

    for (unsigned i = 0; i < room; i++) {
        if (found->places[i].value == value && found->places[i].kind == (uint32_t)kind &&
            found->places[i].changes == changes && found->places[i].number != 0) {
            return found->places[i].number;
        }
    }
    unsigned place = found->turn++ % room;
    found->places[place].value = value;
    found->places[place].kind = kind;
    found->places[place].changes = changes; /* of before: a later one cannot be missed */
    found->places[place].number = trace_names_find(names, kind, value);
    return found->places[place].number;
}

static void open_place(struct trace_names *names, struct trace_name *place)
{
    if (place->closed) {
        place->number = ++names->last[place->kind];
        place->closed = false;
        atomic_fetch_add(&names->changes, 1);
    }
    place->opens++;
}

uint32_t trace_names_open(struct trace_names *names, enum platen_kind kind, uint64_t value)
{
    uint32_t number = 0;

    platen_os_mutex_lock(&names->lock);
    struct trace_name *place = find_or_add(names, kind, value);
    if (place != NULL) {
        open_place(names, place);
        number = place->number;
    }
    platen_os_mutex_unlock(&names->lock);
    return number;
}

uint32_t trace_names_close(struct trace_names *names, enum platen_kind kind, uint64_t value)
{
    uint32_t number = 0;

    platen_os_mutex_lock(&names->lock);
    struct trace_name *place = find_or_add(names, kind, value);
    if (place != NULL) {
        number = place->number;
        place->opens -= place->opens > 0;
        place->closed = place->opens == 0;
    }
    platen_os_mutex_unlock(&names->lock);
    return number;
}

void trace_names_keep(struct trace_names *names, enum platen_kind kind, uint64_t value,
                      uint32_t number)
{
    platen_os_mutex_lock(&names->lock);
    struct trace_name *place = find_or_add(names, kind, value);
    if (place != NULL && place->number == number) {
        place->opens++;
        place->closed = false;
    }
    platen_os_mutex_unlock(&names->lock);
}
