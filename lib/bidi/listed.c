/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "bidi/bidi.h"
#include "listed.h"
#include "bidi/schema.h"

enum { MOST = 4096 }; /* each new one is compared with all */

static bool grow(struct bidi_names *names)
{
    uint32_t room = names->room ? names->room * 2 : 32;
    if (names->count < names->room)
        return true;
    char **table = realloc(names->table, room * sizeof(*table));
    if (!table)
        return false;
    names->table = table;
    names->room = room;
    return true;
}

void bidi_names_add(void *to, const char *schema)
{
    struct bidi_names *names = to;
    size_t size = strlen(schema) + 1;
    if (size > BIDI_SCHEMA_BYTES || names->count == MOST || bidi_shape_of(schema) != BIDI_NAME ||
        bidi_names_find(names, schema))
        return;
    char *copy = grow(names) ? malloc(size) : NULL;
    if (!copy) {
        names->error = PLATEN_NOT_ENOUGH_MEMORY;
        return;
    }
    names->table[names->count++] = memcpy(copy, schema, size);
}

void bidi_names_free(struct bidi_names *names)
{
    for (uint32_t i = 0; i < names->count; i++)
        free(names->table[i]);
    free(names->table);
    *names = (struct bidi_names){0};
}

const char *bidi_names_find(const struct bidi_names *names, const char *schema)
{
    for (uint32_t i = 0; i < names->count; i++)
        if (bidi_same_name(names->table[i], schema))
            return names->table[i];
    return NULL;
}
