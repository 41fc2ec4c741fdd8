/* SPDX-License-Identifier: MIT */
#include "registry/tree.h"

#include <stdlib.h>
#include <string.h>

#include "os/clock.h"

/* 1601-01-01 to 1970-01-01, in the 100-nanosecond steps of a FILETIME. */
#define FILETIME_OF_1970 116444736000000000u

void tree_touch(struct platen_registry *registry, struct reg_key *key)
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

void tree_free_value(struct reg_value *value)
{
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

static bool is_name(struct reg_path path, const char16_t *name)
{
    for (size_t i = 0; i < path.length; i++) {
        if (name[i] == 0 || platen_text_fold(path.text[i]) != platen_text_fold(name[i])) {
            return false;
        }
    }
    return name[path.length] == 0;
}

const char16_t *tree_root(struct reg_path name)
{
    static const struct {
        const char16_t *name, *abbreviation;
    } roots[] = {
        {u"HKEY_LOCAL_MACHINE", u"HKLM"},  {u"HKEY_CURRENT_USER", u"HKCU"},
        {u"HKEY_CLASSES_ROOT", u"HKCR"},   {u"HKEY_USERS", u"HKU"},
        {u"HKEY_CURRENT_CONFIG", u"HKCC"},
    };
    for (size_t i = 0; i < sizeof roots / sizeof *roots; i++) {
        if (is_name(name, roots[i].name) || is_name(name, roots[i].abbreviation)) {
            return roots[i].name;
        }
    }
    return NULL;
}

/* Cuts the first part off a path. Empty parts and "\" at the ends are nobody's name. */
static uint32_t next_part(struct reg_path *path, struct reg_path *part)
{
    size_t length = 0;
    while (length < path->length && path->text[length] != u'\\') {
        if (path->text[length] == u'\r' || path->text[length] == u'\n') {
            return PLATEN_INVALID_NAME;
        }
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

/* The key of that name below `from`; at the top, which has no parent, by its whole name. */
static struct reg_key *child(const struct reg_key *from, struct reg_path *name)
{
    const char16_t *root = from->parent == NULL ? tree_root(*name) : NULL;
    if (root != NULL) {
        *name = tree_path(root);
    }
    return (struct reg_key *)reg_names_find(&from->subkeys, name->text, name->length);
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
        from = child(from, &part);
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
    if (key->named.name == NULL || !reg_names_add(&parent->subkeys, &key->named)) {
        free_key(key);
        return NULL;
    }
    key->parent = parent;
    tree_touch(registry, key);
    tree_touch(registry, parent);
    return key;
}

/* One step of tree_make: the part, made if it is missing. */
static uint32_t make_part(struct platen_registry *registry, struct reg_key **at,
                          struct reg_path part, struct reg_key **made)
{
    struct reg_key *next = child(*at, &part);
    if (next == NULL && *at == &registry->top && tree_root(part) == NULL) {
        return PLATEN_INVALID_NAME;
    }
    if (next == NULL) {
        next = add_key(registry, *at, part);
        *made = *made == NULL ? next : *made;
    }
    *at = next;
    return next == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

uint32_t tree_make(struct platen_registry *registry, struct reg_key *from, struct reg_path path,
                   struct reg_key **key, struct reg_key **made)
{
    struct reg_key *first_made = NULL;
    unsigned depth = depth_of(from);
    bool changed = registry->changed;
    uint32_t error = 0;

    while (path.length > 0 && error == 0) {
        struct reg_path part;
        error = ++depth > REGISTRY_MAX_DEPTH ? PLATEN_INVALID_NAME : next_part(&path, &part);
        if (error == 0) {
            error = make_part(registry, &from, part, &first_made);
        }
    }
    if (error != 0 && first_made != NULL) {
        tree_delete(registry, first_made);
        registry->changed = changed;
        first_made = NULL;
    }
    if (made != NULL) {
        *made = first_made;
    }
    *key = error == 0 ? from : NULL;
    return error;
}

static void empty_key(struct reg_key *key)
{
    for (uint32_t i = 0; i < key->values.count; i++) {
        tree_free_value((struct reg_value *)key->values.items[i]);
    }
    reg_names_free(&key->values);
    reg_names_free(&key->subkeys);
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

void tree_detach(struct platen_registry *registry, struct reg_key *key)
{
    reg_names_remove(&key->parent->subkeys, &key->named);
    tree_touch(registry, key->parent);
}

void tree_attach(struct reg_key *key)
{
    reg_names_restore(&key->parent->subkeys, &key->named);
}

void tree_discard(struct reg_key *key)
{
    delete_below(key);
    retire(key);
}

void tree_delete(struct platen_registry *registry, struct reg_key *key)
{
    if (key == &registry->top) {
        delete_below(key);
        empty_key(key); /* the top itself stays */
        registry->changed = true;
        return;
    }
    tree_detach(registry, key);
    tree_discard(key);
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
    return (struct reg_value *)reg_names_find(&key->values, path.length == 0 ? u"" : path.text,
                                              path.length);
}

/* One block: the value, then its name. */
static struct reg_value *make_value(struct reg_path name)
{
    struct reg_value *value = calloc(1, sizeof *value + (name.length + 1) * sizeof *name.text);
    if (value == NULL) {
        return NULL;
    }
    value->named.name = (char16_t *)(void *)(value + 1);
    if (name.length > 0) {
        memcpy(value->named.name, name.text, name.length * sizeof *name.text);
    }
    return value;
}

static uint32_t add_value(struct reg_key *key, const char16_t *name, struct reg_value **value)
{
    struct reg_path path = tree_path(name);
    *value = NULL;
    if (path.length > REGISTRY_MAX_VALUE) {
        return PLATEN_INVALID_NAME;
    }
    struct reg_value *fresh = make_value(path);
    if (fresh == NULL) {
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (!reg_names_add(&key->values, &fresh->named)) {
        tree_free_value(fresh);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    *value = fresh;
    return 0;
}

uint32_t tree_set(struct platen_registry *registry, struct reg_key *key, const char16_t *name,
                  uint32_t type, const void *data, uint32_t size)
{
    if (key == &registry->top) {
        return PLATEN_INVALID_NAME; /* values stand below a root */
    }
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
    tree_touch(registry, key);
    return 0;
}

uint32_t tree_delete_value(struct platen_registry *registry, struct reg_key *key,
                           const char16_t *name)
{
    struct reg_value *value = tree_value(key, name);
    if (value == NULL) {
        return PLATEN_FILE_NOT_FOUND;
    }
    reg_names_remove(&key->values, &value->named);
    tree_free_value(value);
    tree_touch(registry, key);
    return 0;
}
