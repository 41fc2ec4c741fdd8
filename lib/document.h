/* SPDX-License-Identifier: MIT
 *
 * A job's texts on their way to a backend: copied from the caller's UTF-16 to UTF-8 (R35), without
 * an allocation unless they are long.
 */
#ifndef PLATEN_LIB_DOCUMENT_H
#define PLATEN_LIB_DOCUMENT_H

#include <platen/backend.h>

#include "port.h"

struct document_texts {
    char room[1000];
    char *block; /* when the room was too small */
};

/* Fills `doc`, whose texts live in `texts` until it is freed. NOT_ENOUGH_MEMORY. */
uint32_t document_texts(struct document_texts *texts, const struct port_document *document,
                        struct platen_doc *doc);
void document_texts_free(struct document_texts *texts);

#endif
