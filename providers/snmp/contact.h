/* SPDX-License-Identifier: MIT
 *
 * Finding a printer's agent: its address, and which SNMP it speaks.
 */
#ifndef PLATEN_SNMP_CONTACT_H
#define PLATEN_SNMP_CONTACT_H

#include "agentlink.h"

struct contact {
    char *host;
    char *community;
    platen_os_lookup *lookup; /* goes on over several calls */
    bool found;               /* what follows is true, as far as is known */
    struct platen_os_address address;
    long version;
    char text[64]; /* the address */
};

uint32_t contact_init(struct contact *contact, const char *host, const char *community);
void contact_free(struct contact *contact);

/* Opens a link to the agent, which is looked for if it has not been found. HOST_NOT_FOUND, TIMEOUT,
 * CONNECTION_REFUSED ... */
uint32_t contact_link(struct contact *contact, struct link *link, uint64_t until);
/* The agent has fallen silent: next time it is looked for again. */
void contact_lost(struct contact *contact);

/* For tests: the UDP port of agents, instead of 161. Before anything else. */
void contact_use_port(uint16_t port);

#endif
