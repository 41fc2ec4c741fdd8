/* SPDX-License-Identifier: MIT
 *
 * Adding, deleting and judging ports: the list, the store, the backends and the spooler's other
 * ports together. What fails changes nothing (R64, R66). Names are UTF-16 with a NUL, of any length
 * and content; URIs are UTF-8, NULL for a port whose name says where its bytes go.
 */
#ifndef PLATEN_LIB_MANAGE_H
#define PLATEN_LIB_MANAGE_H

#include "instance.h"
#include "uri.h"

/* INVALID_NAME (name_check); ALREADY_EXISTS, with `stored` also when another monitor has the name;
 * NOT_SUPPORTED when no backend takes it; INVALID_PARAMETER for a bad option; ACCESS_DENIED and
 * others from the backend's check; what the store said. */
uint32_t manage_add(struct instance *instance, const char16_t *name, const char *uri, bool stored);
/* A TCP/IP port, which is stored. As manage_add, and what tcp_uri says of the settings;
 * INVALID_NAME also for a '\', which no key's name has. */
uint32_t manage_add_tcp(struct instance *instance, const char16_t *name,
                        const struct tcp_settings *settings);
/* FILE_NOT_FOUND; NOT_SUPPORTED (built in); BUSY (open); what the store said. */
uint32_t manage_delete(struct instance *instance, const char16_t *name);
/* Could a port be called that and be opened? As manage_add, but for names that exist. */
uint32_t manage_check(struct instance *instance, const char16_t *name, const char *uri);
/* Has any monitor a port of that name? */
uint32_t manage_exists(struct instance *instance, const char16_t *name, bool *exists);

/* The kind of a port that is to have that URI, or its name, and what it says to that. */
uint32_t manage_check_facts(struct instance *instance, const char *name, struct port_facts *facts);

/* Takes apart where an entry's bytes go, and tells the log what is wrong with it. */
uint32_t manage_resolve(struct instance *instance, const struct kind *kind, const char *name,
                        const char *text, struct uri *uri);
/* What a backend is told of a port; borrows all of it. */
struct platen_port_setup manage_setup(struct instance *instance, const char *name,
                                      const struct uri *uri);
/* Ports that would touch files or run programs need a root for that: ACCESS_DENIED without one
 * (CVE-2020-1048). */
uint32_t manage_allowed(const struct instance *instance, const struct kind *kind);

/* At initialisation: what the backends find, and one entry of the store, as store_reader has them.
 * Bad ones are left out. */
uint32_t manage_add_builtin(struct instance *instance);
uint32_t manage_add_stored(void *instance, const char16_t *name, const char16_t *text);
uint32_t manage_add_stored_tcp(void *instance, const char16_t *name,
                               const struct tcp_settings *settings);

/* Later: what has been plugged in since. */
void manage_add_plugged(struct instance *instance);

#endif
