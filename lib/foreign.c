/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "foreign.h"
#include "imports.h"

void foreign_init(struct foreign *foreign)
{
    *foreign = (struct foreign){0};
    platen_os_mutex_init(&foreign->mutex);
}

static void clear(struct foreign *foreign)
{
    names_clear(&foreign->names);
    free(foreign->members);
    foreign->members = NULL;
}

void foreign_destroy(struct foreign *foreign)
{
    clear(foreign);
    platen_os_mutex_destroy(&foreign->mutex);
}

/* Fills a new set from the spooler's answer; our own ports stay out of it. */
static uint32_t collect(struct foreign *fresh, const PORT_INFO_1W *list, uint32_t count,
                        uint32_t bytes, struct ports *own)
{
    fresh->members = malloc(count * sizeof(struct name) + bytes);
    if (!fresh->members)
        return PLATEN_NOT_ENOUGH_MEMORY;
    char16_t *text = (char16_t *)(void *)(fresh->members + count);
    char16_t *end = text + bytes / sizeof(char16_t);
    for (uint32_t i = 0; i < count; i++) {
        size_t room = (size_t)(end - text);
        size_t length = list[i].pName ? platen_text_length16(list[i].pName, room) : room;
        if (length == room || ports_has(own, list[i].pName))
            continue;
        fresh->members[i].text = memcpy(text, list[i].pName, (length + 1) * sizeof(char16_t));
        text += length + 1;
        if (names_add(&fresh->names, &fresh->members[i]) == PLATEN_NOT_ENOUGH_MEMORY)
            return PLATEN_NOT_ENOUGH_MEMORY;
    }
    return 0;
}

/* The whole list; it may grow while we ask, but not for ever. */
static uint32_t fetch(const PLATEN_IMPORTS *imports, uint32_t *needed, PORT_INFO_1W **list,
                      uint32_t *count)
{
    uint32_t error = PLATEN_INSUFFICIENT_BUFFER;
    *list = NULL;
    for (int tries = 0; tries < 8 && error == PLATEN_INSUFFICIENT_BUFFER; tries++) {
        uint32_t size = *needed;
        free(*list);
        *list = malloc(size ? size : 1);
        if (!*list)
            return PLATEN_NOT_ENOUGH_MEMORY;
        error = imports_enum_ports(imports, *list, size, needed, count);
    }
    if (error) {
        free(*list);
        *list = NULL;
    }
    return error;
}

static void replace(struct foreign *foreign, struct foreign *fresh)
{
    platen_os_mutex_lock(&foreign->mutex);
    struct foreign old = *foreign;
    foreign->names = fresh->names;
    foreign->members = fresh->members;
    foreign->size = fresh->size;
    platen_os_mutex_unlock(&foreign->mutex);
    clear(&old);
}

/* *has: is `name` in the answer? */
static uint32_t refresh(struct foreign *foreign, const PLATEN_IMPORTS *imports, struct ports *own,
                        uint32_t needed, const char16_t *name, bool *has)
{
    struct foreign fresh = {0};
    PORT_INFO_1W *list;
    uint32_t count;
    uint32_t error = fetch(imports, &needed, &list, &count);
    if (error)
        return error;
    fresh.size = needed - ports_size(own);
    error = collect(&fresh, list, count, needed, own);
    if (error) {
        clear(&fresh);
    } else {
        *has = names_find(&fresh.names, name) != NULL;
        replace(foreign, &fresh);
    }
    free(list);
    return error;
}

static bool is_current(struct foreign *foreign, size_t size)
{
    platen_os_mutex_lock(&foreign->mutex);
    bool current = foreign->size == size;
    platen_os_mutex_unlock(&foreign->mutex);
    return current;
}

static bool lookup(struct foreign *foreign, const char16_t *name)
{
    platen_os_mutex_lock(&foreign->mutex);
    bool found = names_find(&foreign->names, name) != NULL;
    platen_os_mutex_unlock(&foreign->mutex);
    return found;
}

uint32_t foreign_has(struct foreign *foreign, const PLATEN_IMPORTS *imports, struct ports *own,
                     const char16_t *name, bool *has)
{
    uint32_t needed, count;
    uint32_t error = imports_enum_ports(imports, NULL, 0, &needed, &count);
    *has = false;
    if (error == PLATEN_CALL_NOT_IMPLEMENTED || error == PLATEN_NOT_SUPPORTED)
        return 0;
    if (error && error != PLATEN_INSUFFICIENT_BUFFER)
        return error;
    /* What another thread has fetched may hold a port of ours that was deleted meanwhile, as if it
     * were somebody else's: only an answer that we have asked for ourselves is believed. */
    if (is_current(foreign, needed - ports_size(own)) && !lookup(foreign, name))
        return 0;
    return refresh(foreign, imports, own, needed, name, has);
}
