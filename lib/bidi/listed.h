/* SPDX-License-Identifier: MIT
 *
 * What a source lists, kept for one request: names of values, each once.
 */
#ifndef PLATEN_LIB_BIDI_LISTED_H
#define PLATEN_LIB_BIDI_LISTED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bidi_names {
    char **table;
    uint32_t count;
    uint32_t room;
    uint32_t error; /* NOT_ENOUGH_MEMORY: some are missing */
};

/* A bidi_add. What is no name of a value, too long, there already, or one too many (4096) is left
 * out: a source may have it from a device. */
void bidi_names_add(void *names, const char *schema);
void bidi_names_free(struct bidi_names *names);
/* The name as it was listed; NULL if it was not. */
const char *bidi_names_find(const struct bidi_names *names, const char *schema);

#endif
