/* SPDX-License-Identifier: MIT
 *
 * Reads the small languages in which simulated printers are told what to do.
 */
#ifndef DEVICE_READER_H
#define DEVICE_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct device_reader {
    const char *at;
    const char *line_start;
    unsigned line;
    const char *wrong; /* the first thing that was not understood; NULL: all fine */
    const char *wrong_at;
};

/* Notes what is wrong, unless something was before; false. */
bool device_reader_object(struct device_reader *reader, const char *where, const char *what);
void device_reader_skip_blanks(struct device_reader *reader);
/* Takes the word if it stands here. */
bool device_reader_word(struct device_reader *reader, const char *word);
bool device_reader_number(struct device_reader *reader, uint64_t *number);
/* A text in quotes, malloc'ed; after a failure, too, it is to be freed. */
bool device_reader_quoted(struct device_reader *reader, size_t limit, char **text, size_t *size);
/* "line:column: what", malloc'ed. */
char *device_reader_describe(const struct device_reader *reader);

#endif
