/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/winsplp.h>

#include "kinds.h"

static bool is_complete(const struct platen_backend *ops)
{
    return ops->name && ops->summary && ops->claims && ops->open && ops->start_doc && ops->write &&
           ops->end_doc && ops->close;
}

static size_t count_settings(const struct platen_setting *settings)
{
    size_t count = 0;
    while (settings && settings[count].key)
        count++;
    return count;
}

static uint32_t make_kind(struct kind *kind, const struct platen_backend *backend)
{
    size_t size = backend->size < sizeof(kind->ops) ? backend->size : sizeof(kind->ops);
    memcpy(&kind->ops, backend, size);
    if (!is_complete(&kind->ops))
        return PLATEN_INVALID_PARAMETER;
    kind->setting_count = count_settings(kind->ops.settings);
    kind->port_type = PORT_TYPE_WRITE | (kind->ops.read ? PORT_TYPE_READ : 0u);
    kind->description = platen_text_new16(kind->ops.summary, SIZE_MAX);
    if (!kind->description)
        return PLATEN_NOT_ENOUGH_MEMORY;
    size_t length = platen_text_length16(kind->description, SIZE_MAX);
    kind->description_bytes = (uint32_t)((length + 1) * sizeof(char16_t));
    return 0;
}

uint32_t kinds_create(struct kinds *kinds, const struct platen_backend *const *backends)
{
    size_t count = 0;
    while (backends[count])
        count++;
    *kinds = (struct kinds){.table = calloc(count + 1, sizeof(struct kind))};
    if (!kinds->table)
        return PLATEN_NOT_ENOUGH_MEMORY;
    for (size_t i = 0; i < count; i++) {
        kinds->count++;
        uint32_t error = make_kind(&kinds->table[i], backends[i]);
        if (error) {
            kinds_destroy(kinds);
            return error;
        }
    }
    return 0;
}

void kinds_destroy(struct kinds *kinds)
{
    for (size_t i = 0; i < kinds->count; i++)
        free(kinds->table[i].description);
    free(kinds->table);
    *kinds = (struct kinds){0};
}

const struct kind *kinds_by_scheme(const struct kinds *kinds, const char *scheme, size_t length)
{
    for (size_t i = 0; i < kinds->count; i++) {
        const char *name = kinds->table[i].ops.name;
        if (strlen(name) == length && memcmp(name, scheme, length) == 0)
            return &kinds->table[i];
    }
    return NULL;
}

const struct kind *kinds_by_name(const struct kinds *kinds, const char *port_name)
{
    const struct kind *best = NULL;
    unsigned most = 0;
    for (size_t i = 0; i < kinds->count; i++) {
        unsigned claim = kinds->table[i].ops.claims(port_name);
        if (claim > most) {
            most = claim;
            best = &kinds->table[i];
        }
    }
    return best;
}
