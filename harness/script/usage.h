/* SPDX-License-Identifier: MIT
 *
 * A verb's usage as a list of words.
 */
#ifndef SCRIPT_USAGE_H
#define SCRIPT_USAGE_H

#include "script/verbs.h"

#define SCRIPT_ITEMS 40

struct script_item {
    const char *name; /* "PORT", "on", "title"; without $ and @ */
    size_t length;
    const char *value; /* behind "=": "TEXT", "on|off"; NULL: none */
    size_t value_length;
    unsigned group; /* the brackets that it stands in; 0: none, it must be there */
    char sigil;     /* '$', '@' or 0 */
    bool repeated;
};

struct script_items {
    struct script_item items[SCRIPT_ITEMS];
    unsigned count;
    unsigned arrow; /* the first item behind "->" */
    bool has_arrow;
};

void script_usage_read(const char *usage, struct script_items *to);

/* In capitals: it stands for a value. */
bool script_item_is_value(const struct script_item *item);
/* Is the word one of "a|b|c"? */
bool script_is_one_of(const char *list, size_t length, const char *word, size_t word_length);
/* Is the word what the name of a value asks for: a number for COUNT? false: error says so. */
bool script_fits_sort(const char *name, size_t length, const struct platen_word *word,
                      struct platen_text_error *error);
/* The same for what stands behind key=. */
bool script_fits_value(const struct script_item *item, const struct platen_word *word,
                       struct platen_text_error *error);

#endif
