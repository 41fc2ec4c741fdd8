/* SPDX-License-Identifier: MIT
 *
 * Inside of the Windows twin: who stands in for which function.
 */
#ifndef HOST_NATIVE_WIN32_H
#define HOST_NATIVE_WIN32_H

#include <platen/winsplp.h>

#include <stdatomic.h>
#include <stdbool.h>

#include "host/native.h"

typedef void (*host_function)(void);

/* A function whose first call is to be told. */
struct host_seen {
    const char *name;
    enum { HOST_SEEN_UNMODELLED, HOST_SEEN_SYSTEM, HOST_SEEN_STORED } kind;
    atomic_bool seen;
    struct host_seen *next;
};
void host_seen(struct host_seen *what);
/* Has a monitor of the older kind been given a key of the system's registry? */
bool host_native_has_root(void);

struct host_stand_in {
    const char *name;
    host_function function;
};

/* Who stands in for the function of that name; NULL: nobody does. Of winspool.drv and spoolss.dll,
 * and of all other DLLs. */
host_function host_print_find(const char *name);
host_function host_system_find(const char *name);

/* Lists that the two go through; they end with a NULL name. */
extern const struct host_stand_in host_ansi[];
extern const struct host_stand_in host_splmem[];
extern const struct host_stand_in host_device[];
/* The function of that name in such a list; NULL. */
host_function host_stand_in_find(const struct host_stand_in *list, const char *name);

/* Leads the imports of a DLL here. */
void host_imports_patch(HMODULE module);
/* Loads the DLLs that its exports lead to: Wine does not look for those where it found this one. */
void host_imports_follow(HMODULE module);
/* Is it of the system, or the host itself, and not to be touched? */
bool host_imports_foreign(HMODULE module);

#endif
