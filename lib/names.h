/* SPDX-License-Identifier: MIT
 *
 * A set of names that compare without case (R25), found in constant time. The members are part of
 * the objects that bear the names: the set allocates its tables and nothing else. No lock.
 */
#ifndef PLATEN_LIB_NAMES_H
#define PLATEN_LIB_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "os/text.h"

/* Units in a port's name without the NUL; and bytes in its UTF-8 form with it (D18). */
#define NAME_LIMIT 247
#define NAME_BYTES (NAME_LIMIT * 3 + 1)

struct name {
    const char16_t *text;
    uint32_t hash; /* the set's own */
};

/* Where one member is. Its hash is beside it, so that a set larger than the processor's cache is
 * searched, and made larger, without touching other members. */
struct name_place {
    uint32_t hash; /* 0: nobody is here */
    uint32_t index;
};

struct names {
    struct name **members;     /* in no order */
    struct name_place *places; /* open addressing, at most half full */
    uint32_t count;
    uint32_t room;        /* for members */
    uint32_t place_count; /* a power of two, or 0 */
};

/* NULL if there is none. */
struct name *names_find(const struct names *names, const char16_t *text);
/* Adds a member with `text` set. ALREADY_EXISTS, NOT_ENOUGH_MEMORY. */
uint32_t names_add(struct names *names, struct name *member);
void names_remove(struct names *names, struct name *member);
/* Frees the tables; the members are the caller's. */
void names_clear(struct names *names);

/* Whether a port may be called that: 0, or INVALID_NAME for what is empty, longer than NAME_LIMIT
 * or has control characters in it. */
uint32_t name_check(const char16_t *text);

/* A name in UTF-8; cut if it is longer than a port's name can be. Returns `room`. */
const char *name_to8(const char16_t *text, char room[NAME_BYTES]);

#endif
