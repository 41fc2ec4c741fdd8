/* SPDX-License-Identifier: MIT
 *
 * Where ports outlive the process. Three roads, chosen once at initialisation:
 *
 *   MONITORREG   as the contract wants it (R5): each port is a value of the subkey `Ports`, its
 * name the port's, its data text: the port's URI, or empty when the name says it all root key where
 * the spooler's first answer is CALL_NOT_IMPLEMENTED and the system has a registry: each port is a
 * subkey `Ports\<name>`, as Wine's search for a port's monitor wants it, its URI the value `URI`
 *   memory       where there is neither, or no root key: nothing outlives anything
 *
 * Writes happen with the spooler's own rights. Functions here may be called from any thread at
 * once.
 */
#ifndef PLATEN_LIB_STORE_H
#define PLATEN_LIB_STORE_H

#include <stdbool.h>

#include <platen/winsplp.h>

#include "os/registry.h"

struct store;

/* How a road does it. Names and texts end in a NUL; empty text is no URI. */
struct store_road {
    uint32_t (*put)(struct store *store, const char16_t *name, const char16_t *text);
    uint32_t (*remove)(struct store *store, const char16_t *name);
    uint32_t (*get)(struct store *store, const char16_t *value, char16_t **text);
    bool lasting;
};

struct store {
    const struct store_road *road;
    const PLATEN_IMPORTS *imports;
    MONITORREG reg;
    HANDLE spooler;
    HANDLE root;
    platen_os_key *key; /* the root key opened again, on that road */
};

/* What reads a store gets each port; it returns 0, or an error that ends the reading. */
typedef uint32_t (*store_visit)(void *context, const char16_t *name, const char16_t *text);

/* Chooses the road and reads all ports; entries that cannot be ports' are passed over (R9). Nothing
 * of `init` is kept but handles and the table's content (R8). Any code but the one for "not there"
 * is an error, and then nothing is left open (R4). */
uint32_t store_open(struct store *store, const MONITORINIT *init, const PLATEN_IMPORTS *imports,
                    store_visit visit, void *context);
void store_close(struct store *store);

uint32_t store_put(struct store *store, const char16_t *name, const char16_t *text);
/* What is not there counts as removed. */
uint32_t store_remove(struct store *store, const char16_t *name);
/* A text value of the root key, malloc'ed; NULL with 0 if there is none, or it is no text (R9). */
uint32_t store_get(struct store *store, const char16_t *value, char16_t **text);
/* Do ports outlive the process? */
bool store_lasts(const struct store *store);

/* The roads. *stub: the spooler's functions are there in name only. */
extern const struct store_road store_monitorreg;
extern const struct store_road store_root_key;
uint32_t store_monitorreg_read(struct store *store, store_visit visit, void *context, bool *stub);
uint32_t store_root_key_read(struct store *store, store_visit visit, void *context);

#endif
