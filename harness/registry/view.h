/* SPDX-License-Identifier: MIT
 *
 * Inside of a view: which token means which key.
 */
#ifndef REGISTRY_VIEW_H
#define REGISTRY_VIEW_H

#include "registry/registry.h"
#include "registry/tree.h"

/* One callback's use of a view, from view_enter to view_leave: the tree's lock is held. */
struct view_use {
    platen_registry_view *view;
    struct platen_registry *registry;
    struct reg_key *key;
};

/* INVALID_HANDLE for a wrong hSpooler or key (counted as a misuse), KEY_DELETED, ACCESS_DENIED if
 * the key was opened without `needed`. Only after 0 is there something to leave. */
uint32_t view_enter(HANDLE hcKey, HANDLE hSpooler, REGSAM needed, struct view_use *use);
void view_leave(struct view_use *use);

/* Hands out a token for a key. */
uint32_t view_give(struct view_use *use, struct reg_key *key, REGSAM access, HANDLE *token);
/* Ends a token; the root's is refused. */
uint32_t view_close(HANDLE hcKey, HANDLE hSpooler);

#endif
