/* SPDX-License-Identifier: MIT
 *
 * Examples of rules that are broken and kept: the monitors of tests/contract, which `platen check`
 * is measured with. Their texts are part of this program.
 */
#ifndef COMMAND_EXAMPLE_H
#define COMMAND_EXAMPLE_H

#include <stdbool.h>
#include <stddef.h>

struct platen_embedded;

/* The next file with a monitor that breaks the rule, after `last` (NULL: the first); NULL when
 * there is none. */
const struct platen_embedded *example_broken(int rule, const struct platen_embedded *last);

/* What its heading says is broken, as one line, malloc'ed; NULL if it says nothing. */
char *example_why(const struct platen_embedded *file);

/* What it does otherwise than a good monitor, without the lines that only include: malloc'ed;
 * NULL when memory is out. */
char *example_code(const struct platen_embedded *file);

/* What keeps the rule in a good monitor, malloc'ed, and the name of the file that it stands in;
 * NULL if there is none, or when memory is out. */
char *example_right(int rule, const char **file);

#endif
