/* SPDX-License-Identifier: MIT
 *
 * Where ports outlive the process. Three roads, chosen once at initialisation:
 *
 *   MONITORREG   as the contract wants it (R5): each Local port is a value of the subkey `Ports`,
 *                its name the port's, its data text: the port's URI, the settings of a serial
 *                line, or empty when the name says it all; each TCP/IP port is a subkey of `Ports`
 * with the values of tcpport.def (D20) root key     where the spooler's first answer is
 * CALL_NOT_IMPLEMENTED and the system has a registry: every port is a subkey of `Ports`, as Wine's
 * search for the monitor of a port wants it; a Local port's text is its value `URI` memory where
 * there is neither, or no root key: nothing outlives anything
 *
 * Writes happen with the spooler's own rights. Functions here may be called from any thread at
 * once.
 */
#ifndef PLATEN_LIB_STORE_H
#define PLATEN_LIB_STORE_H

#include <stdbool.h>

#include <platen/winsplp.h>

#include "os/registry.h"
#include "tcpport.h"

struct store;

/* How a road does it. Names and texts end in a NUL. */
struct store_road {
    uint32_t (*put)(struct store *store, const char16_t *name, const char16_t *text);
    uint32_t (*change)(struct store *store, const char16_t *name, const char16_t *text);
    uint32_t (*remove)(struct store *store, const char16_t *name);
    uint32_t (*put_tcp)(struct store *store, const char16_t *name,
                        const struct tcp_settings *settings);
    uint32_t (*change_tcp)(struct store *store, const char16_t *name,
                           const struct tcp_settings *old, const struct tcp_settings *settings);
    uint32_t (*remove_tcp)(struct store *store, const char16_t *name);
    uint32_t (*get)(struct store *store, const char16_t *value, char16_t **text);
    uint32_t (*set)(struct store *store, const char16_t *value, const char16_t *text);
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

/* What reads a store gets each port; both return 0, or an error that ends the reading. The settings
 * of a subkey that cannot be a TCP/IP port's are NULL. */
struct store_reader {
    uint32_t (*local)(void *context, const char16_t *name, const char16_t *text);
    uint32_t (*tcp)(void *context, const char16_t *name, const struct tcp_settings *settings);
    void *context;
};

/* Chooses the road and reads all ports; entries that cannot be ports' are passed over (R9). Nothing
 * of `init` is kept but handles and the table's content (R8). Any code but the one for "not there"
 * is an error, and then nothing is left open (R4). */
uint32_t store_open(struct store *store, const MONITORINIT *init, const PLATEN_IMPORTS *imports,
                    const struct store_reader *reader);
void store_close(struct store *store);

/* Where a Local port is a key: INVALID_NAME for a name that no key can have. A TCP/IP port's is one
 * that store_is_key_name likes. After an error nothing is kept. */
uint32_t store_put(struct store *store, const char16_t *name, const char16_t *text);
uint32_t store_put_tcp(struct store *store, const char16_t *name,
                       const struct tcp_settings *settings);
/* Another text for a port that is there, or, if it is simply there, none so far. After an error all
 * is as it was. */
uint32_t store_change(struct store *store, const char16_t *name, const char16_t *text);
/* After an error as much is as it was as the store still takes; what it did not take is no port's
 * any more, never half of one and half of another. */
uint32_t store_change_tcp(struct store *store, const char16_t *name, const struct tcp_settings *old,
                          const struct tcp_settings *settings);
/* What is not there counts as removed. */
uint32_t store_remove(struct store *store, const char16_t *name);
uint32_t store_remove_tcp(struct store *store, const char16_t *name);
/* A text value of the root key, malloc'ed; NULL with 0 if there is none, or it is no text (R9). */
uint32_t store_get(struct store *store, const char16_t *value, char16_t **text);
uint32_t store_set(struct store *store, const char16_t *value, const char16_t *text);
/* Do ports outlive the process? */
bool store_lasts(const struct store *store);

/* The roads. *stub: the spooler's functions are there in name only. */
extern const struct store_road store_monitorreg;
extern const struct store_road store_root_key;
uint32_t store_monitorreg_read(struct store *store, const struct store_reader *reader, bool *stub);
uint32_t store_root_key_read(struct store *store, const struct store_reader *reader);
/* Can a key be called that? A '\' would divide it into a path, and "" is the key above. */
bool store_is_key_name(const char16_t *name);

#endif
