/* SPDX-License-Identifier: MIT
 *
 * Named things in the order in which they came, found by name in constant time. Names compare
 * without case. Used for the subkeys and the values of a key.
 */
#ifndef REGISTRY_NAMES_H
#define REGISTRY_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/text.h"

/* First member of whatever is kept in a list. */
struct named {
    char16_t *name; /* the thing's own */
    uint32_t hash;
    uint32_t index; /* its place in `items` */
};

/* Its hash is beside a thing's index, so that a list larger than the processor's cache is searched,
 * and made larger, without touching the other things in it. */
struct name_slot {
    uint32_t hash; /* 0: free */
    uint32_t index;
};

struct names {
    struct named **items;
    uint32_t count;
    uint32_t room;
    struct name_slot *slots; /* open addressing, at most half full */
    uint32_t slot_count;     /* a power of two, or 0 */
};

void reg_names_free(struct names *names); /* the lists, not the things */
/* `length` units, not terminated; a name with a NUL in it is nobody's. NULL if there is none. */
struct named *reg_names_find(const struct names *names, const char16_t *name, size_t length);
/* Takes a thing whose name is set and is not in the list yet; false when memory is out. */
bool reg_names_add(struct names *names, struct named *item);
void reg_names_remove(struct names *names, struct named *item);
/* Puts back what was removed, in its old place; there is room, as lists do not shrink. */
void reg_names_restore(struct names *names, struct named *item);

#endif
