/* SPDX-License-Identifier: MIT
 *
 * Keys and values. Every function here wants the registry's lock to be held, but for create and
 * destroy; results are Win32 codes. A key that a handle still holds lives on, deleted, until
 * released.
 */
#ifndef REGISTRY_TREE_H
#define REGISTRY_TREE_H

#include <platen/spooler.h>

#include "os/thread.h"
#include "registry/names.h"

#define REGISTRY_MAX_NAME  255         /* characters of a key's name */
#define REGISTRY_MAX_VALUE 16383       /* characters of a value's name */
#define REGISTRY_MAX_DATA  (64u << 20) /* bytes of a value */
#define REGISTRY_MAX_DEPTH 512

struct reg_value {
    struct named named;
    uint32_t type;
    uint32_t size;
    unsigned char *data;
};

struct reg_key {
    struct named named;
    struct reg_key *parent; /* NULL: the top, or deleted */
    struct names subkeys;
    struct names values;
    uint64_t written; /* FILETIME */
    uint32_t holders; /* handles on it */
    bool deleted;
};

struct platen_registry {
    platen_os_mutex lock;
    struct reg_key top; /* its subkeys are HKEY_LOCAL_MACHINE and the like */
    bool changed;
};

struct reg_path {
    const char16_t *text; /* "A\\B\\C", not terminated */
    size_t length;
};

/* HKEY_LOCAL_MACHINE for that name and for HKLM, and so on; NULL for what is no root. */
const char16_t *tree_root(struct reg_path name);

/* Walks down from `from`; an empty path is `from` itself. At the top a root may be abbreviated.
 * FILE_NOT_FOUND; INVALID_NAME: an empty or long part, CR or LF (no line of a file could hold it).
 */
uint32_t tree_find(struct reg_key *from, struct reg_path path, struct reg_key **key);
/* The same, making what is missing; at the top only roots can be made. *made (may be NULL) is the
 * uppermost key that was missing, or NULL. All of it or nothing. */
uint32_t tree_make(struct platen_registry *registry, struct reg_key *from, struct reg_path path,
                   struct reg_key **key, struct reg_key **made);
/* Removes a key with everything below it. */
void tree_delete(struct platen_registry *registry, struct reg_key *key);
/* The same in two steps, so that the first can be taken back; not for the top. */
void tree_detach(struct platen_registry *registry, struct reg_key *key);
void tree_attach(struct reg_key *key);
void tree_discard(struct reg_key *key);
/* A handle's hold on a key. */
void tree_hold(struct reg_key *key);
void tree_release(struct reg_key *key);

/* name NULL or "" is the key's default value. */
struct reg_value *tree_value(const struct reg_key *key, const char16_t *name);
uint32_t tree_set(struct platen_registry *registry, struct reg_key *key, const char16_t *name,
                  uint32_t type, const void *data, uint32_t size);
uint32_t tree_delete_value(struct platen_registry *registry, struct reg_key *key,
                           const char16_t *name);

void tree_touch(struct platen_registry *registry, struct reg_key *key);
void tree_free_value(struct reg_value *value); /* one that is in no list */

struct reg_path tree_path(const char16_t *text); /* of a terminated text; NULL is empty */

#endif
