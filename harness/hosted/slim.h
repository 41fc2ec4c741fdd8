/* SPDX-License-Identifier: MIT */
#ifndef HOSTED_SLIM_H
#define HOSTED_SLIM_H

#include <sys/stat.h>

/* Copies one file of a prefix; of a DLL that is Wine's own only as much as anybody reads. 0, or -1
 * and errno. */
int platen_slim_copy(int from, int to, const char *name, const struct stat *info);

#endif
