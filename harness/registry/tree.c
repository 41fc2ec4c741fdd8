/* SPDX-License-Identifier: MIT */
#include "registry/tree.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"

/* 1601-01-01 to 1970-01-01, in the 100-nanosecond steps of a FILETIME. */
#define FILETIME_OF_1970 116444736000000000u

static void touch(struct platen_registry *registry, struct reg_key *key)
{
    key->written = FILETIME_OF_1970 + platen_os_wall_time() / 100;
    registry->changed = true;
}

static char16_t *copy_name(const char16_t *name, size_t length)
{
    char16_t *copy = malloc((length + 1) * sizeof *copy);
    if (copy != NULL) {
        memcpy(copy, name, length * sizeof *copy);
        copy[length] = 0;
    }
    return copy;
}

static void free_value(struct reg_value *value)
{
    free(value->named.name);
    free(value->data);
    free(value);
}

static void free_key(struct reg_key *key)
{
    free(key->named.name);
    free(key);
}

struct reg_path tree_path(const char16_t *text)
{
    return (struct reg_path){text, text == NULL ? 0 : platen_text_length16(text, SIZE_MAX)};
}

/* Cuts the first part off a path. Empty parts and "\" at the ends are nobody's name. */
static uint32_t next_part(struct reg_path *path, struct reg_path *part)
{
    size_t length = 0;
    while (length < path->length && path->text[length] != u'\\') {
        length++;
    }
    *part = (struct reg_path){path->text, length};
    if (length == 0 || length > REGISTRY_MAX_NAME || length + 1 == path->length) {
        return PLATEN_INVALID_NAME;
    }
    size_t cut = length < path->length ? length + 1 : length;
    *path = (struct reg_path){path->text + cut, path->length - cut};
    return 0;
}

uint32_t tree_find(struct reg_key *from, struct reg_path path, struct reg_key **key)
{
    *key = NULL;
    while (path.length > 0) {
        struct reg_path part;
        uint32_t error = next_part(&path, &part);
        if (error != 0) {
            return error;
        }
        from = (struct reg_key *)names_find(&from->subkeys, part.text, part.length);
        if (from == NULL) {
            return PLATEN_FILE_NOT_FOUND;
        }
    }
    *key = from;
    return 0;
}

static unsigned depth_of(const struct reg_key *key)
{
    unsigned depth = 0;
    for (; key->parent != NULL; key = key->parent) {
        depth++;
    }
    return depth;
}

static struct reg_key *add_key(struct platen_registry *registry, struct reg_key *parent,
                               struct reg_path name)
{
    struct reg_key *key = calloc(1, sizeof *key);
    if (key == NULL) {
        return NULL;
    }
    key->named.name = copy_name(name.text, name.length);
    if (key->named.name == NULL || !names_add(&parent->subkeys, &key->named)) {
        free_key(key);
        return NULL;
    }
    key->parent = parent;
    touch(registry, key);
    touch(registry, parent);
    return key;
}

uint32_t tree_make(struct platen_registry *registry, struct reg_key *from, struct reg_path path,
                   struct reg_key **key, bool *created)
{
    struct reg_key *first_made = NULL;
    unsigned depth = depth_of(from);
    uint32_t error = 0;

    *key = NULL;
    while (path.length > 0 && error == 0) {
        struct reg_path part;
        error = ++depth > REGISTRY_MAX_DEPTH ? PLATEN_INVALID_NAME : next_part(&path, &part);
        if (error != 0) {
            break;
        }
        struct reg_key *next = (struct reg_key *)names_find(&from->subkeys, part.text, part.length);
        if (next == NULL) {
            next = add_key(registry, from, part);
            error = next == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
            first_made = first_made == NULL ? next : first_made;
        }
        from = next;
    }
    if (error != 0 && first_made != NULL) {
        tree_delete(registry, first_made);
        first_made = NULL;
    }
    if (created != NULL) {
        *created = first_made != NULL;
    }
    *key = error == 0 ? from : NULL;
    return error;
}

static void empty_key(struct reg_key *key)
{
    for (uint32_t i = 0; i < key->values.count; i++) {
        free_value((struct reg_value *)key->values.items[i]);
    }
    names_free(&key->values);
    names_free(&key->subkeys);
}

static void retire(struct reg_key *key)
{
    empty_key(key);
    key->parent = NULL;
    key->deleted = true;
    if (key->holders == 0) {
        free_key(key);
    }
}

/* Leaves first, by walking instead of recursing: depth is bounded, but not by the stack's size. */
static void delete_below(struct reg_key *key)
{
    struct reg_key *at = key;
    for (;;) {
        if (at->subkeys.count > 0) {
            at = (struct reg_key *)at->subkeys.items[at->subkeys.count - 1];
            continue;
        }
        if (at == key) {
            return;
        }
        struct reg_key *parent = at->parent;
        parent->subkeys.count--; /* the lists of a doomed key are not searched again */
        retire(at);
        at = parent;
    }
}

void tree_delete(struct platen_registry *registry, struct reg_key *key)
{
    struct reg_key *parent = key->parent;
    delete_below(key);
    if (parent == NULL) {
        empty_key(key); /* the top itself stays */
        registry->changed = true;
        return;
    }
    names_remove(&parent->subkeys, &key->named);
    touch(registry, parent);
    retire(key);
}

void tree_hold(struct reg_key *key)
{
    key->holders++;
}

void tree_release(struct reg_key *key)
{
    if (--key->holders == 0 && key->deleted) {
        free_key(key);
    }
}

struct reg_value *tree_value(const struct reg_key *key, const char16_t *name)
{
    struct reg_path path = tree_path(name);
    return (struct reg_value *)names_find(&key->values, path.length == 0 ? u"" : path.text,
                                          path.length);
}

static uint32_t add_value(struct reg_key *key, const char16_t *name, struct reg_value **value)
{
    struct reg_path path = tree_path(name);
    *value = NULL;
    if (path.length > REGISTRY_MAX_VALUE) {
        return PLATEN_INVALID_NAME;
    }
    struct reg_value *fresh = calloc(1, sizeof *fresh);
    if (fresh == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    fresh->named.name = copy_name(path.length == 0 ? u"" : path.text, path.length);
    if (fresh->named.name == NULL || !names_add(&key->values, &fresh->named)) {
        free_value(fresh);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    *value = fresh;
    return 0;
}

uint32_t tree_set(struct platen_registry *registry, struct reg_key *key, const char16_t *name,
                  uint32_t type, const void *data, uint32_t size)
{
    if (size > REGISTRY_MAX_DATA) {
        return PLATEN_INVALID_PARAMETER;
    }
    unsigned char *copy = malloc(size == 0 ? 1 : size);
    if (copy == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (size > 0) {
        memcpy(copy, data, size);
    }
    struct reg_value *value = tree_value(key, name);
    uint32_t error = value == NULL ? add_value(key, name, &value) : 0;
    if (error != 0) {
        free(copy);
        return error;
    }
    free(value->data);
    value->data = copy;
    value->size = size;
    value->type = type;
    touch(registry, key);
    return 0;
}

uint32_t tree_delete_value(struct platen_registry *registry, struct reg_key *key,
                           const char16_t *name)
{
    struct reg_value *value = tree_value(key, name);
    if (value == NULL) {
        return PLATEN_FILE_NOT_FOUND;
    }
    names_remove(&key->values, &value->named);
    free_value(value);
    touch(registry, key);
    return 0;
}
