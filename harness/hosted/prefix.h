/* SPDX-License-Identifier: MIT
 *
 * Wine's prefixes: the folder that is Windows' drive C: and registry to programs under Wine. The
 * base is made once and kept (scripts/wine-run shares it); what runs a monitor gets a copy of its
 * own, which is thrown away.
 *
 * No file of the copy is one of the base's, so that nothing a monitor does in it can reach another
 * run. That is cheap, because nearly all of a prefix is Wine's own DLLs, of which Wine loads the
 * ones it is installed with whatever stands in the prefix: of those the copy has the headers, the
 * version resource and the length, and holes for the rest.
 */
#ifndef HOSTED_PREFIX_H
#define HOSTED_PREFIX_H

#include <stdint.h>

/* Told what takes long. */
struct platen_prefix_news {
    void (*say)(void *context, const char *text); /* may be NULL */
    void *context;
};

/* The base's path, which is made if there is none, and brought up to date after Wine was;
 * malloc'ed. NOT_READY: there is no Wine; *complaint says it. */
uint32_t platen_prefix_base(const struct platen_prefix_news *news, char **base, char **complaint);

/* A copy of the base, beside it; malloc'ed. It is held by `*lock`, a descriptor that whoever
 * removes it inherits: a copy that nobody holds is a leftover. */
uint32_t platen_prefix_copy(const char *base, char **copy, int *lock, char **complaint);

/* Calls `found` for each copy that nobody holds any more, with its lock, which is `found`'s to
 * close. */
void platen_prefix_leftovers(const char *base, void (*found)(const char *copy, int lock));

#endif
