/* SPDX-License-Identifier: MIT
 *
 * regedit's text format, inside: a file as units of UTF-16, and complaints that name the place.
 */
#ifndef REGISTRY_REGFILE_H
#define REGISTRY_REGFILE_H

#include <platen/spooler.h>

#include "os/format.h"
#include "registry/edits.h"

#define REGFILE_LIMIT   (64u << 20) /* bytes of a file, read or written */
#define REGFILE_VERSION "Windows Registry Editor Version 5.00"

/* A file while it is read. */
struct regfile {
    const char *path;
    char16_t *text;
    size_t length;
    size_t at;          /* what is read next */
    bool version4;      /* REGEDIT4: text within hex is in the code page of some machine */
    bool has_key;       /* a [KEY] came before, to which values belong */
    char *complaint;    /* NULL, or "file:line:column: what" */
    struct edits edits; /* what the file asks for */
};

/* Takes the bytes of the file apart: UTF-16 with a byte order mark, or UTF-8. 0,
 * NOT_ENOUGH_MEMORY, or INVALID_DATA with a complaint. */
uint32_t regfile_decode(struct regfile *file, const char *bytes, size_t size);

/* Each of these leaves a complaint and is INVALID_DATA (NOT_ENOUGH_MEMORY if it could not). */
PLATEN_OS_PRINTF(3, 4)
uint32_t regfile_complain(struct regfile *file, size_t at, const char *format, ...);
/* "expected WHAT, found ...", at the place where the file is read. */
uint32_t regfile_expected(struct regfile *file, const char *what);

/* Steps of the reader that lines and data share. */
char16_t regfile_peek(const struct regfile *file); /* 0 at the end of the file */
bool regfile_at_line_end(const struct regfile *file);
void regfile_skip_blanks(struct regfile *file);
void regfile_skip_line_break(struct regfile *file);
/* The ASCII word without regard to case, skipped if it stands here. */
bool regfile_word(struct regfile *file, const char *word);
/* A text in quotes, without them and without its escapes; malloc'ed, terminated. */
uint32_t regfile_quoted(struct regfile *file, char16_t **text, size_t *length);

/* What stands after "=": fills type, data and size, or makes the edit a deletion. */
uint32_t regfile_data(struct regfile *file, struct edit *edit);

#endif
