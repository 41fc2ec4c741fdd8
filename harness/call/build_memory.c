/* SPDX-License-Identifier: MIT */
#include "call/buildmemory.h"

#include <stdlib.h>
#include <string.h>

#include "os/memory.h"

#define CANARY   0xa5
#define POISON   0xdd
#define IN_FRONT 16u /* bytes of canary before a value */
#define BEHIND   16u /* at most, between a value and its guard page */

static void *at_place(uintptr_t place)
{
    return (void *)place;
}

/* ---- regions --------------------------------------------------------------------------------- */

static void drop(struct call_region *region)
{
    if (region->pages != NULL) {
        platen_os_pages_free(region->pages, region->capacity + platen_os_page_size());
    }
    *region = (struct call_region){.pages = NULL};
}

/* Room for `size` bytes and the canaries, and a page behind that nobody may touch. */
static bool make_room(struct call_region *region, size_t size)
{
    size_t page = platen_os_page_size();
    size_t capacity = (size + IN_FRONT + BEHIND + page - 1) / page * page;
    if (region->capacity >= capacity) {
        return true;
    }
    drop(region);
    unsigned char *pages = platen_os_pages_alloc(capacity + page);
    if (pages == NULL) {
        return false;
    }
    *region = (struct call_region){.pages = pages, .capacity = capacity};
    return platen_os_pages_protect(pages + capacity, page, PLATEN_OS_NO_ACCESS) == 0;
}

static unsigned char *end_of(const struct call_region *region)
{
    return region->pages + region->capacity;
}

static void unlock(struct call_region *region)
{
    if (region->locked) {
        (void)platen_os_pages_protect(region->pages, region->capacity, PLATEN_OS_READ_WRITE);
        region->locked = false;
    }
}

/* Where a value of that size begins. */
static unsigned char *place_for(const struct call_region *region, const struct call_piece *piece,
                                size_t alignment)
{
    const unsigned exact = PLATEN_ATTRIBUTE_guard | PLATEN_ATTRIBUTE_odd | PLATEN_ATTRIBUTE_short;
    uintptr_t place = (uintptr_t)end_of(region) - piece->size;
    if ((piece->attributes & exact) == 0) {
        place -= place % alignment;
    }
    if ((piece->attributes & PLATEN_ATTRIBUTE_odd) != 0) {
        place -= place % 2 == 0;
    }
    return at_place(place);
}

struct call_piece *call_memory_piece(struct platen_built *built, const struct call_wish *wish)
{
    bool is_short = (wish->attributes & PLATEN_ATTRIBUTE_short) != 0;
    size_t size = is_short && wish->asked_short < wish->size ? wish->asked_short : wish->size;
    if (built->count == CALL_PIECES || size > CALL_LARGEST) {
        return NULL;
    }
    struct call_region *region = &built->regions[built->count];
    struct call_piece *piece = &built->pieces[built->count];
    if (!make_room(region, size)) {
        return NULL;
    }
    *piece = (struct call_piece){.size = size,
                                 .attributes = wish->attributes,
                                 .asked_short = wish->asked_short,
                                 .shape = wish->shape,
                                 .arg = wish->arg};
    piece->begin = place_for(region, piece, wish->alignment);
    memset(piece->begin - IN_FRONT, CANARY, IN_FRONT);
    memset(piece->begin + size, CANARY, (size_t)(end_of(region) - (piece->begin + size)));
    built->count++;
    return piece;
}

void *call_memory_cell(struct platen_built *built, size_t width, const char *arg)
{
    struct call_cell *cell = call_arena_take(&built->arena, sizeof *cell);
    if (cell == NULL) {
        return NULL;
    }
    memset(cell, CANARY, sizeof *cell);
    memset(cell->value, 0, width);
    cell->next = built->cells;
    cell->arg = arg;
    cell->width = width;
    built->cells = cell;
    return cell->value;
}

/* From the next call on what was poisoned is out of reach, for many calls: who kept a pointer to it
 * comes upon a page without access. */
static void bury(struct platen_built *built, struct call_region *region)
{
    struct call_region *grave = &built->graves[built->buried++ % CALL_GRAVES];
    drop(grave);
    *grave = *region;
    *region = (struct call_region){.pages = NULL};
    (void)platen_os_pages_protect(grave->pages, grave->capacity, PLATEN_OS_NO_ACCESS);
}

void call_memory_reset(struct platen_built *built)
{
    for (unsigned i = 0; i < built->count; i++) {
        unlock(&built->regions[i]);
        if ((built->pieces[i].attributes & PLATEN_ATTRIBUTE_poison) != 0) {
            bury(built, &built->regions[i]);
        }
    }
    built->count = 0;
    built->cells = NULL;
    call_arena_reset(&built->arena);
}

uint32_t call_memory_lock(struct platen_built *built)
{
    uint32_t error = 0;
    for (unsigned i = 0; i < built->count && error == 0; i++) {
        struct call_region *region = &built->regions[i];
        if ((built->pieces[i].attributes & PLATEN_ATTRIBUTE_readonly) != 0) {
            error = platen_os_pages_protect(region->pages, region->capacity, PLATEN_OS_READ_ONLY);
            region->locked = error == 0;
        }
    }
    return error;
}

/* ---- afterwards ------------------------------------------------------------------------------ */

static bool is_canary(const unsigned char *at, size_t size)
{
    while (size > 0 && *at == CANARY) {
        at++;
        size--;
    }
    return size == 0;
}

static bool is_whole(const struct platen_built *built, unsigned i)
{
    const struct call_piece *piece = &built->pieces[i];
    const unsigned char *behind = piece->begin + piece->size;
    return is_canary(piece->begin - IN_FRONT, IN_FRONT) &&
           is_canary(behind, (size_t)(end_of(&built->regions[i]) - behind));
}

static bool is_whole_cell(const struct call_cell *cell)
{
    return is_canary(cell->before, sizeof cell->before) &&
           is_canary(cell->value + cell->width, sizeof cell->value - cell->width) &&
           is_canary(cell->after, sizeof cell->after);
}

size_t platen_built_after(struct platen_built *built, const char *const **names)
{
    size_t damaged = platen_built_damaged(built, names);
    for (unsigned i = 0; i < built->count; i++) {
        const struct call_piece *piece = &built->pieces[i];
        if ((piece->attributes & PLATEN_ATTRIBUTE_poison) != 0) {
            unlock(&built->regions[i]);
            memset(piece->begin, POISON, piece->size);
        }
    }
    return damaged;
}

size_t platen_built_damaged(struct platen_built *built, const char *const **names)
{
    size_t damaged = 0;
    for (unsigned i = 0; i < built->count; i++) {
        if (!is_whole(built, i)) {
            built->damaged[damaged++] = built->pieces[i].arg;
        }
    }
    for (const struct call_cell *cell = built->cells; cell != NULL && damaged < CALL_PIECES;
         cell = cell->next) {
        if (!is_whole_cell(cell)) {
            built->damaged[damaged++] = cell->arg;
        }
    }
    if (names != NULL) {
        *names = built->damaged;
    }
    return damaged;
}

/* ---- what is where --------------------------------------------------------------------------- */

const struct call_piece *call_memory_find(const struct platen_built *built, const void *at)
{
    uintptr_t place = (uintptr_t)at;
    for (unsigned i = 0; i < built->count; i++) {
        uintptr_t begin = (uintptr_t)built->pieces[i].begin;
        if (place >= begin && place - begin <= built->pieces[i].size) {
            return &built->pieces[i];
        }
    }
    return NULL;
}

size_t platen_built_reach(const struct platen_built *built, const void *at)
{
    const struct call_piece *piece = call_memory_find(built, at);
    if (piece != NULL) {
        return (size_t)((uintptr_t)piece->begin + piece->size - (uintptr_t)at);
    }
    size_t reach = call_arena_reach(&built->arena, at);
    return reach == 0 ? SIZE_MAX : reach;
}

unsigned platen_built_attributes(const struct platen_built *built, const void *at, size_t *size)
{
    const struct call_piece *piece = call_memory_find(built, at);
    if (piece == NULL || piece->begin != at) {
        return 0;
    }
    if ((piece->attributes & PLATEN_ATTRIBUTE_short) != 0) {
        *size = piece->asked_short;
    }
    return piece->attributes;
}

struct platen_built *platen_built_new(void)
{
    return calloc(1, sizeof(struct platen_built));
}

void platen_built_free(struct platen_built *built)
{
    if (built == NULL) {
        return;
    }
    for (unsigned i = 0; i < CALL_PIECES; i++) {
        unlock(&built->regions[i]);
        drop(&built->regions[i]);
    }
    for (unsigned i = 0; i < CALL_GRAVES; i++) {
        drop(&built->graves[i]);
    }
    call_arena_free(&built->arena);
    free(built);
}
