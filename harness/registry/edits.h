/* SPDX-License-Identifier: MIT
 *
 * A list of changes to the tree, as a .reg file asks for them, made all or not at all.
 */
#ifndef REGISTRY_EDITS_H
#define REGISTRY_EDITS_H

#include "registry/tree.h"

enum edit_kind {
    EDIT_KEY,         /* name: full path; made if missing; the values that follow belong to it */
    EDIT_DELETE_KEY,  /* name: full path; fine if it is not there */
    EDIT_VALUE,       /* name: of the value */
    EDIT_DELETE_VALUE /* fine if it is not there */
};

struct edit {
    enum edit_kind kind;
    uint32_t type;
    uint32_t size;
    char16_t *name;          /* malloc'ed, the list's */
    unsigned char *data;     /* the same; never NULL in an EDIT_VALUE */
    struct reg_key *key;     /* once made: the key that was made, left out or changed; NULL: none */
    struct reg_value *value; /* once made: the value that was replaced or left out; NULL: none */
};

struct edits {
    struct edit *items;
    size_t count;
    size_t room;
};

/* Takes the edit with what it owns, also when it answers false: memory is out. */
bool edits_add(struct edits *edits, struct edit edit);
void edits_free(struct edits *edits);
/* Wants the registry's lock to be held. Every value comes after its key. After an error, which can
 * only be NOT_ENOUGH_MEMORY when all names were checked, the tree is as it was. */
uint32_t edits_apply(struct platen_registry *registry, struct edits *edits);

#endif
