/* SPDX-License-Identifier: MIT
 *
 * The registry as one monitor instance sees it: a root key, handles to keys, and a ledger of them.
 * The tree itself is the platen_registry of <platen/spooler.h>; several views may share one tree.
 */
#ifndef REGISTRY_REGISTRY_H
#define REGISTRY_REGISTRY_H

#include <stddef.h>

#include <platen/spooler.h>

typedef struct platen_registry_view platen_registry_view;

/* A view whose root is the key `root` (full path; made with every missing part). */
uint32_t platen_registry_view_create(platen_registry *registry, const char *root,
                                     platen_registry_view **view);
/* Ends every handle that is still open. NULL is fine. */
void platen_registry_view_destroy(platen_registry_view *view);

/* MONITORINIT's hckRegistryRoot and hSpooler. Tokens: slot and generation, never pointers; a key of
 * another view, a closed one, or a wrong hSpooler answers INVALID_HANDLE and counts as a misuse. */
HANDLE platen_registry_view_root(platen_registry_view *view);
HANDLE platen_registry_view_spooler(platen_registry_view *view);

/* Keys that CreateKey and OpenKey gave out and CloseKey has not seen (R6), and uses of handles that
 * were never given out, were closed already, or closing of the root. */
size_t platen_registry_view_open_keys(platen_registry_view *view);
size_t platen_registry_view_misuses(platen_registry_view *view);
/* Those of them with an hSpooler that is not the one of the keys (R5). */
size_t platen_registry_view_strangers(platen_registry_view *view);

/* The ten callbacks themselves (R85). What a monitor gets is platen_served_registry of
 * call/served.h, which runs these as calls that can be observed. */
const MONITORREG *platen_registry_table(void);

#endif
