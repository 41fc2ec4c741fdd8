/* SPDX-License-Identifier: MIT
 *
 * The kinds of port that an instance knows: its backends, each with what the port list shows of it.
 * Made once, never changed: readable from any thread without a lock.
 */
#ifndef PLATEN_LIB_KINDS_H
#define PLATEN_LIB_KINDS_H

#include <stddef.h>
#include <stdint.h>

#include <platen/backend.h>

#include "os/text.h"

struct kind {
    struct platen_backend ops; /* a copy in which members that the backend lacks are NULL */
    size_t setting_count;
    char16_t *description;      /* the summary, for EnumPorts level 2 */
    uint32_t description_bytes; /* with the NUL */
    uint32_t port_type;         /* PORT_TYPE_ bits */
};

struct kinds {
    struct kind *table;
    size_t count;
};

/* INVALID_PARAMETER for a backend without its mandatory members; NOT_ENOUGH_MEMORY. */
uint32_t kinds_create(struct kinds *kinds, const struct platen_backend *const *backends);
void kinds_destroy(struct kinds *kinds);

/* The kind of a URI scheme, exactly as it is written; NULL if there is none. */
const struct kind *kinds_by_scheme(const struct kinds *kinds, const char *scheme, size_t length);
/* The kind that claims a port name the most; the first of the table among equals; NULL if none. */
const struct kind *kinds_by_name(const struct kinds *kinds, const char *port_name);

#endif
