/* SPDX-License-Identifier: MIT
 *
 * A DLL imports winspool's functions, and the system has one last-error for all.
 */
#include "host/native.h"
#include "record/record.h"

const PLATEN_IMPORTS *record_imports(void)
{
    return NULL;
}

/* The spooler's registry is the system's. */
void host_native_root(const char *path, const char *key)
{
    (void)path;
    (void)key;
}
