/* SPDX-License-Identifier: MIT
 *
 * Names of bidi values: their syntax, and the table of those that are known (bidi.def).
 */
#ifndef PLATEN_LIB_BIDI_SCHEMA_H
#define PLATEN_LIB_BIDI_SCHEMA_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How the library itself comes by a value. */
enum bidi_learned { BIDI_ELSEWHERE, BIDI_ID, BIDI_KEY, BIDI_STATE, BIDI_REASON };

struct bidi_schema {
    const char *name; /* "\Printer.Consumables.*:Level" */
    uint32_t type;    /* of BIDI_TYPE */
    bool settable;
    enum bidi_learned learned;
    const char *keys; /* KEY: as device_id_value takes them */
};

/* The row that a full name fits; NULL if it is none of the table. */
const struct bidi_schema *bidi_schema_find(const char *name);
/* Has it a `*`, so that it stands for any number of values? */
bool bidi_is_open(const struct bidi_schema *row);
/* The rows in their order; NULL behind the last. */
const struct bidi_schema *bidi_schema_at(size_t row);

enum bidi_shape {
    BIDI_NO_NAME, /* neither of the others */
    BIDI_PATH,    /* "\Printer.Status": a part of names */
    BIDI_NAME     /* "\Printer.Status.Summary:State": of a value */
};

enum bidi_shape bidi_shape_of(const char *text);

/* Does the name of a value lie under that path: right under it, or (deep) anywhere below? */
bool bidi_is_under(const char *path, const char *name, bool deep);

/* The same name? Case does not count. */
bool bidi_same_name(const char *a, const char *b);

#endif
