/* SPDX-License-Identifier: MIT
 *
 * What goes in and out of XcvDataPort, as words that a person writes and reads: a name's shape,
 * from words to bytes, from bytes to text.
 */
#ifndef XCV_SHAPE_H
#define XCV_SHAPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum platen_shape {
#define PLATEN_SHAPE(shape, size) PLATEN_SHAPE_##shape,
#define PLATEN_FIELD(...)
#include "xcv/shapes.def"
#undef PLATEN_SHAPE
#undef PLATEN_FIELD
    PLATEN_SHAPES
};

enum platen_xcv_face { PLATEN_XCV_LOCAL, PLATEN_XCV_TCPMON };

struct platen_xcv_name {
    const char *name;
    enum platen_xcv_face face;
    enum platen_shape input;
    enum platen_shape output;
    const char *summary;
};

/* names.def; the end has no name. */
extern const struct platen_xcv_name platen_xcv_names[];

const char *platen_xcv_face_name(enum platen_xcv_face face);
/* The row of a name; of two the one whose input is made of fields, if fields are given. NULL: it is
 * not known. */
const struct platen_xcv_name *platen_xcv_name_find(const char *name, bool fields);

const char *platen_shape_name(enum platen_shape shape);
/* False if there is none of that name. */
bool platen_shape_find(const char *name, enum platen_shape *shape);
/* Has it fields? */
bool platen_shape_is_struct(enum platen_shape shape);
/* Its fields as "name=, version=1, port=9100"; cut to fit, as snprintf does. */
size_t platen_shape_fields(enum platen_shape shape, char *to, size_t size);
/* Does the word begin with "field="? */
bool platen_shape_is_field(const char *word);

struct platen_shape_complaint {
    char text[200]; /* made printable */
};

/* Makes the bytes of words in UTF-8: TEXT and NUMBER of one word, BYTES of hexadecimal digits with
 * blanks or not, a structure of "field=value" words, the rest preset. *bytes is malloc'ed (NULL if
 * there are none). INVALID_DATA with the reason, NOT_ENOUGH_MEMORY. */
uint32_t platen_shape_pack(enum platen_shape shape, const char *const *words, size_t count,
                           void **bytes, uint32_t *size, struct platen_shape_complaint *complaint);

/* Changes the fields of a structure that are named by words, and nothing else. INVALID_DATA with
 * the reason; some fields may be changed then. */
uint32_t platen_shape_change(enum platen_shape shape, const char *const *words, size_t count,
                             void *structure, struct platen_shape_complaint *complaint);

/* The bytes as text, made printable, without a line break at its end: fields one per line; what
 * does not have the shape as lines of hexadecimal digits. malloc'ed; NULL when memory is out. */
char *platen_shape_text(enum platen_shape shape, const void *bytes, uint32_t size);

#endif
