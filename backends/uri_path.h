/* SPDX-License-Identifier: MIT */
#ifndef URI_PATH_H
#define URI_PATH_H

#include <string.h>

/* The path of a target: "file:///tmp/x" is another way to write "file:/tmp/x". */
static inline const char *uri_path(const char *target)
{
    return strncmp(target, "///", 3) == 0 ? target + 2 : target;
}

#endif
