/* SPDX-License-Identifier: MIT
 *
 * The seam, noun: module. Shared libraries loaded at run time.
 */
#ifndef OS_MODULE_H
#define OS_MODULE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct platen_os_module platen_os_module;

/* Loads exactly that file: the path is made absolute first and no search path is used. All symbols
 * are resolved at once and stay local to it. On failure *complaint (may be NULL) receives the
 * system's own words, malloc'ed, free it. FILE_NOT_FOUND, BAD_EXE_FORMAT, MOD_NOT_FOUND (something
 * it needs is missing). */
uint32_t platen_os_module_load(const char *path, platen_os_module **module, char **complaint);
void platen_os_module_unload(platen_os_module *module);

/* The address of an exported symbol of this very module, NULL if it has none. Functions come back
 * as a function pointer to be cast, data as an object pointer. */
typedef void (*platen_os_function)(void);
platen_os_function platen_os_module_function(platen_os_module *module, const char *name);
void *platen_os_module_data(platen_os_module *module, const char *name);

/* Has the system's loader called the module's DllMain, and will it again before unloading? */
bool platen_os_module_runs_dllmain(void);

/* What DllMain gets as its first argument. */
void *platen_os_module_handle(platen_os_module *module);

/* The path of a file beside the module that contains `address`, by its name; malloc'ed. */
uint32_t platen_os_module_beside(const void *address, const char *name, char **path);

/* Keeps the module that contains `address` loaded until the process ends. */
void platen_os_module_pin(const void *address);

#endif
