/* SPDX-License-Identifier: MIT
 *
 * Each edit is made, and can be taken back without asking for memory; what was left out of the tree
 * is freed only when all of them are made.
 */
#include "registry/edits.h"

#include <stdlib.h>

static void free_edit(struct edit *edit)
{
    free(edit->name);
    free(edit->data);
}

bool edits_add(struct edits *edits, struct edit edit)
{
    if (edits->count == edits->room) {
        size_t room = edits->room == 0 ? 64 : edits->room * 2;
        struct edit *more = realloc(edits->items, room * sizeof *more);
        if (more == NULL) {
            free_edit(&edit);
            return false;
        }
        edits->items = more;
        edits->room = room;
    }
    edits->items[edits->count++] = edit;
    return true;
}

void edits_free(struct edits *edits)
{
    for (size_t i = 0; i < edits->count; i++) {
        free_edit(&edits->items[i]);
    }
    free(edits->items);
    *edits = (struct edits){0};
}

/* How far one run of edits_apply is: the key whose values come. */
struct place {
    struct platen_registry *registry;
    struct reg_key *key;
};

static uint32_t make_key(struct place *place, struct edit *edit)
{
    return tree_make(place->registry, &place->registry->top, tree_path(edit->name), &place->key,
                     &edit->key);
}

static void unmake_key(struct place *place, struct edit *edit)
{
    if (edit->key != NULL) {
        tree_delete(place->registry, edit->key);
    }
}

static uint32_t leave_key(struct place *place, struct edit *edit)
{
    uint32_t error = tree_find(&place->registry->top, tree_path(edit->name), &edit->key);
    if (error == 0) {
        tree_detach(place->registry, edit->key);
    }
    return error == PLATEN_FILE_NOT_FOUND ? 0 : error;
}

static void return_key(struct place *place, struct edit *edit)
{
    (void)place;
    if (edit->key != NULL) {
        tree_attach(edit->key);
    }
}

static void end_key(struct edit *edit)
{
    if (edit->key != NULL) {
        tree_discard(edit->key);
    }
}

/* What a value holds and what its edit holds change places. */
static void swap(struct reg_value *value, struct edit *edit)
{
    struct edit held = *edit;
    edit->type = value->type;
    edit->size = value->size;
    edit->data = value->data;
    value->type = held.type;
    value->size = held.size;
    value->data = held.data;
}

static uint32_t make_value(struct place *place, struct edit *edit)
{
    edit->key = place->key;
    edit->value = tree_value(place->key, edit->name);
    if (edit->value == NULL) {
        return tree_set(place->registry, place->key, edit->name, edit->type, edit->data,
                        edit->size);
    }
    swap(edit->value, edit);
    tree_touch(place->registry, place->key);
    return 0;
}

static void unmake_value(struct place *place, struct edit *edit)
{
    if (edit->value != NULL) {
        swap(edit->value, edit);
    } else {
        (void)tree_delete_value(place->registry, edit->key, edit->name);
    }
}

static uint32_t leave_value(struct place *place, struct edit *edit)
{
    edit->key = place->key;
    edit->value = tree_value(place->key, edit->name);
    if (edit->value != NULL) {
        reg_names_remove(&edit->key->values, &edit->value->named);
        tree_touch(place->registry, place->key);
    }
    return 0;
}

static void return_value(struct place *place, struct edit *edit)
{
    (void)place;
    if (edit->value != NULL) {
        reg_names_restore(&edit->key->values, &edit->value->named);
    }
}

static void end_value(struct edit *edit)
{
    if (edit->value != NULL) {
        tree_free_value(edit->value);
    }
}

static const struct {
    uint32_t (*make)(struct place *place, struct edit *edit);
    void (*unmake)(struct place *place, struct edit *edit);
    void (*end)(struct edit *edit); /* NULL: nothing is left to do */
} kinds[] = {
    [EDIT_KEY] = {make_key, unmake_key, NULL},
    [EDIT_DELETE_KEY] = {leave_key, return_key, end_key},
    [EDIT_VALUE] = {make_value, unmake_value, NULL},
    [EDIT_DELETE_VALUE] = {leave_value, return_value, end_value},
};

uint32_t edits_apply(struct platen_registry *registry, struct edits *edits)
{
    struct place place = {.registry = registry};
    bool changed = registry->changed;
    uint32_t error = 0;
    size_t made = 0;

    while (made < edits->count && error == 0) {
        struct edit *edit = &edits->items[made];
        error = kinds[edit->kind].make(&place, edit);
        made += error == 0;
    }
    for (size_t i = made; error != 0 && i > 0; i--) {
        struct edit *edit = &edits->items[i - 1];
        kinds[edit->kind].unmake(&place, edit);
    }
    for (size_t i = 0; error == 0 && i < made; i++) {
        struct edit *edit = &edits->items[i];
        if (kinds[edit->kind].end != NULL) {
            kinds[edit->kind].end(edit);
        }
    }
    registry->changed = error == 0 ? registry->changed : changed;
    return error;
}
