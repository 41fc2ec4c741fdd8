/* SPDX-License-Identifier: MIT
 *
 * Wine for the hosts of this process: one prefix for all of them, made when the first is started,
 * and gone, with all that runs in it, when this process is, however it ends.
 */
#ifndef HOSTED_WINE_H
#define HOSTED_WINE_H

#include <stdbool.h>
#include <stdint.h>

#include "hosted/prefix.h"

struct platen_wine_options {
    const char *registry; /* a file that is imported into its registry first; NULL: none */
    struct platen_prefix_news news;
};

/* Does nothing if it is there. NOT_READY: there is no Wine, or it does not work;
 * INVALID_DATA: it does not take the registry file; *complaint says it, malloc'ed. */
uint32_t platen_wine_start(const struct platen_wine_options *options, char **complaint);
void platen_wine_end(void);

/* Once it is there: the program that runs others, what it wants of the environment ("NAME=value",
 * or "NAME" for what must not be there; NULL at the end), and the current folder for them: C:\ */
const char *platen_wine_program(void);
char **platen_wine_environment(void);
const char *platen_wine_folder(void);

/* The name that an absolute path has for programs under Wine, malloc'ed; NULL: it has none, as
 * there are characters in it that no name has there. */
char *platen_wine_path(const char *path);

/* May be asked before: is it what runs a module like that? And can it run those for 32 bits? */
bool platen_wine_runs(const char *path);
bool platen_wine_is_narrow(void);

#endif
