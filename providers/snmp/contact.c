/* SPDX-License-Identifier: MIT */
#include "contact.h"

#include <platen/errors.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"

enum { MOST_ADDRESSES = 4 };

static uint16_t agent_port = 161;

void contact_use_port(uint16_t port)
{
    agent_port = port;
}

uint32_t contact_init(struct contact *contact, const char *host, const char *community)
{
    *contact = (struct contact){.host = strdup(host),
                                .community = strdup(community[0] ? community : "public")};
    if (contact->host && contact->community)
        return 0;
    contact_free(contact);
    return PLATEN_NOT_ENOUGH_MEMORY;
}

void contact_free(struct contact *contact)
{
    platen_os_lookup_end(contact->lookup);
    free(contact->host);
    free(contact->community);
    *contact = (struct contact){0};
}

void contact_lost(struct contact *contact)
{
    contact->found = false;
}

/* A lookup that was not answered in time goes on, and the next call waits for that same one. */
static uint32_t find_host(struct contact *contact, uint64_t until,
                          struct platen_os_address *addresses, size_t *count)
{
    uint32_t error = 0;
    *count = 0;
    if (!contact->lookup)
        error = platen_os_lookup_start(contact->host, agent_port, &contact->lookup);
    if (error)
        return error;
    error = platen_os_lookup_wait(contact->lookup, PLATEN_OS_NO_BELL, until, addresses,
                                  MOST_ADDRESSES, count);
    if (error == PLATEN_TIMEOUT)
        return error;
    platen_os_lookup_end(contact->lookup);
    contact->lookup = NULL;
    return error;
}

/* sysObjectID is what every agent has; an error of its own is an answer too. */
static uint32_t knock(struct contact *contact, const struct platen_os_address *address,
                      long version, uint64_t until)
{
    static const struct link_name object_id = {{1, 3, 6, 1, 2, 1, 1, 2, 0}, 9};
    const struct link_question question = {
        .command = SNMP_MSG_GET, .names = &object_id, .count = 1};
    struct link link;
    uint32_t error = link_open(&link, address, contact->community, version);

    if (error)
        return error;
    error = link_ask(&link, &question, until);
    link_close(&link);
    if (error)
        return error;
    contact->address = *address;
    contact->version = version;
    contact->found = true;
    platen_os_address_text(address, contact->text, sizeof contact->text);
    contact->text[strcspn(contact->text, " ")] = 0; /* without " port 161" */
    return 0;
}

/* Each attempt gets an even share of the time that is left, but what knows SNMPv2c needs no more
 * than this. */
#define VERSION_2_NEEDS UINT64_C(1500000000)

static uint64_t share(uint64_t until, size_t attempts_left, uint64_t most)
{
    uint64_t now = platen_os_now(), part = now < until ? (until - now) / attempts_left : 0;
    return now + (part < most ? part : most);
}

/* SNMPv2c, and for devices that do not answer that, SNMPv1. Where nobody listens, nobody does. */
static uint32_t find_version(struct contact *contact, const struct platen_os_address *address,
                             size_t addresses_left, uint64_t until)
{
    uint32_t error =
        knock(contact, address, SNMP_VERSION_2c, share(until, 2 * addresses_left, VERSION_2_NEEDS));
    if (error != PLATEN_TIMEOUT)
        return error;
    return knock(contact, address, SNMP_VERSION_1,
                 share(until, 2 * addresses_left - 1, UINT64_MAX));
}

static uint32_t find_agent(struct contact *contact, uint64_t until)
{
    struct platen_os_address addresses[MOST_ADDRESSES];
    size_t count;
    uint32_t error = find_host(contact, until, addresses, &count);
    for (size_t i = 0; i < count; i++) {
        error = find_version(contact, &addresses[i], count - i, until);
        if (!error || error == PLATEN_NOT_ENOUGH_MEMORY)
            return error;
    }
    return error;
}

uint32_t contact_link(struct contact *contact, struct link *link, uint64_t until)
{
    uint32_t error = contact->found ? 0 : find_agent(contact, until);
    if (error)
        return error;
    return link_open(link, &contact->address, contact->community, contact->version);
}
