/* SPDX-License-Identifier: MIT
 *
 * The registry as programs see it: <platen/spooler.h>, section registry.
 */
#include <platen/spooler.h>

#include <stdlib.h>
#include <string.h>

#include "registry/tree.h"

uint32_t platen_registry_create(platen_registry **registry)
{
    *registry = calloc(1, sizeof **registry);
    if (*registry == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    platen_os_mutex_init(&(*registry)->lock);
    return 0;
}

void platen_registry_destroy(platen_registry *registry)
{
    if (registry == NULL) {
        return;
    }
    tree_delete(registry, &registry->top);
    platen_os_mutex_destroy(&registry->lock);
    free(registry);
}

bool platen_registry_changed(platen_registry *registry)
{
    platen_os_mutex_lock(&registry->lock);
    bool changed = registry->changed;
    platen_os_mutex_unlock(&registry->lock);
    return changed;
}

/* What one of the three functions below works on: UTF-16 of both names. */
struct place {
    char16_t *key;
    char16_t *value;
};

static uint32_t open_place(const char *key, const char *value, struct place *place)
{
    place->key = platen_text_new16(key, SIZE_MAX);
    place->value = platen_text_new16(value == NULL ? "" : value, SIZE_MAX);
    return place->key == NULL || place->value == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

static void close_place(struct place *place)
{
    free(place->key);
    free(place->value);
}

uint32_t platen_registry_set(platen_registry *registry, const char *key, const char *value,
                             uint32_t type, const void *data, uint32_t size)
{
    struct place place;
    struct reg_key *found;
    uint32_t error = open_place(key, value, &place);
    if (error == 0) {
        platen_os_mutex_lock(&registry->lock);
        error = tree_make(registry, &registry->top, tree_path(place.key), &found, NULL);
        if (error == 0) {
            error = tree_set(registry, found, place.value, type, data, size);
        }
        platen_os_mutex_unlock(&registry->lock);
    }
    close_place(&place);
    return error;
}

/* Copies a value out by the rule of QueryValue: no room asked for is no error. */
static uint32_t copy_out(const struct reg_value *value, uint32_t *type, void *data, uint32_t *size)
{
    uint32_t room = size == NULL ? 0 : *size;
    if (type != NULL) {
        *type = value->type;
    }
    if (size != NULL) {
        *size = value->size;
    }
    if (data == NULL) {
        return 0;
    }
    if (room < value->size) {
        return PLATEN_MORE_DATA;
    }
    memcpy(data, value->data, value->size);
    return 0;
}

uint32_t platen_registry_get(platen_registry *registry, const char *key, const char *value,
                             uint32_t *type, void *data, uint32_t *size)
{
    struct place place;
    struct reg_key *found;
    uint32_t error = open_place(key, value, &place);
    if (error == 0) {
        platen_os_mutex_lock(&registry->lock);
        error = tree_find(&registry->top, tree_path(place.key), &found);
        struct reg_value *there = error == 0 ? tree_value(found, place.value) : NULL;
        if (error == 0) {
            error = there == NULL ? PLATEN_FILE_NOT_FOUND : copy_out(there, type, data, size);
        }
        platen_os_mutex_unlock(&registry->lock);
    }
    close_place(&place);
    if (error != 0 && error != PLATEN_MORE_DATA && size != NULL) {
        *size = 0;
    }
    return error;
}

uint32_t platen_registry_delete(platen_registry *registry, const char *key, const char *value)
{
    struct place place;
    struct reg_key *found;
    uint32_t error = open_place(key, value, &place);
    if (error == 0) {
        platen_os_mutex_lock(&registry->lock);
        error = tree_find(&registry->top, tree_path(place.key), &found);
        if (error == 0 && value != NULL) {
            error = tree_delete_value(registry, found, place.value);
        } else if (error == 0) {
            tree_delete(registry, found);
        }
        platen_os_mutex_unlock(&registry->lock);
    }
    close_place(&place);
    return error;
}
