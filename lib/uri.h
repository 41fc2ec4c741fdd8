/* SPDX-License-Identifier: MIT
 *
 * Where a port's bytes go: "scheme:target?key=value&...", with percent escapes, after CUPS. The
 * scheme is the name of a kind, the keys are its settings; types and ranges are checked here, so
 * that backends see good values only. No shell and no file system is asked: all of it is text.
 */
#ifndef PLATEN_LIB_URI_H
#define PLATEN_LIB_URI_H

#include <stdbool.h>
#include <stddef.h>

#include "kinds.h"

struct uri {
    const char *target;        /* the part between the scheme and the '?' */
    const char *const *values; /* one per setting of the kind */
    void *block;
};

/* The kind that a text names with its scheme. *kind is NULL with 0 when the text has no scheme, and
 * with NOT_SUPPORTED when it has one that is not known. "C:\x" has none: a scheme has two letters.
 */
uint32_t uri_kind(const struct kinds *kinds, const char *text, const struct kind **kind);

/* Takes apart a text that uri_kind gave that kind; `text` NULL stands for the port's name without
 * options. INVALID_PARAMETER with a sentence that names the option in `complaint` (cut to its
 * size); NOT_ENOUGH_MEMORY. Free with uri_free, which is fine for a zeroed one too. */
uint32_t uri_parse(const struct kind *kind, const char *text, const char *port_name,
                   struct uri *uri, char *complaint, size_t size);
void uri_free(struct uri *uri);

/* Undoes percent escapes, in place. False for one that is none, or a NUL. */
bool uri_decode(char *text);
/* The text with everything escaped that could mean something in a URI, but for ':' and '/'; the
 * room has three bytes for each, and one more. Returns the length. */
size_t uri_encode(const char *text, char *to);

#endif
