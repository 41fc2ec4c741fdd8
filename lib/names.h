/* SPDX-License-Identifier: MIT
 *
 * A set of names that compare without case (R25), found in constant time. The members are part of
 * the objects that bear the names: the set allocates its buckets and nothing else. No lock.
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
    struct name *next; /* the set's own */
    uint64_t hash;     /* the set's own */
    const char16_t *text;
};

struct names {
    struct name **buckets;
    size_t bucket_count; /* a power of two, or 0 */
    size_t count;
};

/* NULL if there is none. */
struct name *names_find(const struct names *names, const char16_t *text);
/* Adds a member with `text` set. The caller has made sure that there is none of that name. False
 * when memory is out. */
bool names_add(struct names *names, struct name *member);
void names_remove(struct names *names, struct name *member);
/* Frees the buckets; the members are the caller's. */
void names_clear(struct names *names);

/* Whether a port may be called that: 0, or INVALID_NAME for what is empty, longer than NAME_LIMIT
 * or has control characters in it. */
uint32_t name_check(const char16_t *text);

/* A name in UTF-8; cut if it is longer than a port's name can be. Returns `room`. */
const char *name_to8(const char16_t *text, char room[NAME_BYTES]);

#endif
