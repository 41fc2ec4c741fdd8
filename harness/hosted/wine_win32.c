/* SPDX-License-Identifier: MIT
 *
 * Windows runs its DLLs itself.
 */
#include "hosted/wine.h"

#include <stddef.h>

#include <platen/errors.h>

uint32_t platen_wine_start(const struct platen_wine_options *options, char **complaint)
{
    (void)options;
    *complaint = NULL;
    return PLATEN_NOT_READY;
}

void platen_wine_end(void)
{
}

const char *platen_wine_program(void)
{
    return NULL;
}

char **platen_wine_environment(void)
{
    return NULL;
}

const char *platen_wine_folder(void)
{
    return NULL;
}

char *platen_wine_path(const char *path)
{
    (void)path;
    return NULL;
}

bool platen_wine_runs(const char *path)
{
    (void)path;
    return false;
}

bool platen_wine_is_narrow(void)
{
    return false;
}
