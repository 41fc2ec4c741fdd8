/* SPDX-License-Identifier: MIT
 *
 * What a system brings to its modules beyond MONITORREG and the import table of <platen/winsplp.h>:
 * on Windows a DLL imports winspool.drv, spoolss.dll and the system's registry, finds functions by
 * name while it runs, and loads other DLLs. All that is led here: native_win32.c and its
 * neighbours. Elsewhere there is nothing to do: native_posix.c.
 *
 *   imports_win32.c   which imports of a DLL lead where, and whose DLLs
 *   print_win32.c     the functions that are calls back, and those that are not supported
 *   ansi_win32.c      the ANSI variants of the first
 *   splmem_win32.c    the spooler's allocators
 *   token_win32.c     for whom a thread works
 *   device_win32.c    the devices of Windows' own ports
 *   system_win32.c    the system's registry, closed for keys of the spooler's (R6)
 */
#ifndef HOST_NATIVE_H
#define HOST_NATIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Before the module is loaded: which folders it may find others in, and that its imports are led
 * here as soon as it is in memory. */
void host_native_prepare(const char *path);
/* After it was loaded, if the system did not tell by itself. */
void host_native_loaded(void *module);
/* A monitor of the older kind reads its settings from this key of the system's registry. */
void host_native_root(const char *path, const char *key);

/* The thread is about to call the monitor, which is done for a client (contract 2.0): on Windows it
 * has a token then. RevertToPrinterSelf takes it off, NULL if there is none, and
 * ImpersonatePrinterClient puts it on again; false: it is no token. */
void host_native_client(void);
void *host_native_revert(void);
bool host_native_impersonate(void *token);

/* ` unmodelled=[GetPrinterW] system=[RegCloseKey] stored=[RegSetValueExW]`: what was called for the
 * first time. How much was written; terminated. */
size_t host_native_tell(char *to, size_t size);

#endif
