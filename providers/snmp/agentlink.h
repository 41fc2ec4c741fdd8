/* SPDX-License-Identifier: MIT
 *
 * A conversation with one SNMP agent: requests over one socket, answered one after the other.
 * net-snmp makes and reads the messages; what it needs of a network is done over the seam.
 *
 * net-snmp keeps state for the whole process that its usual builds do not lock. So every call into
 * it that matters is made under one lock of this file, which nobody holds while waiting. It is
 * never initialised by init_snmp: no MIB, no configuration and no persistent state is read or
 * written, at home or elsewhere.
 */
#ifndef PLATEN_SNMP_AGENTLINK_H
#define PLATEN_SNMP_AGENTLINK_H

#include <net-snmp/net-snmp-config.h>

#include <net-snmp/net-snmp-includes.h>
#include <stdbool.h>
#include <stdint.h>

#include "os/socket.h"

enum { LINK_MOST_VARIABLES = 16 }; /* of one request */

struct link {
    void *session;           /* net-snmp's */
    platen_os_socket socket; /* closed by net-snmp, with the session */
    long version;            /* SNMP_VERSION_1 or _2c */
    uint32_t error;          /* what the socket said */
    bool answered;
    long status; /* of the answer: SNMP_ERR_, and which variable it means, from 1 */
    long at;
    netsnmp_variable_list *variables; /* the answer */
    bool starved;                     /* whoever kept the answers lacked memory for it */
};

struct link_name {
    oid arcs[MAX_OID_LEN];
    size_t length;
};

struct link_question {
    int command;      /* SNMP_MSG_GET, _GETNEXT, _GETBULK */
    long repetitions; /* of GETBULK */
    const struct link_name *names;
    size_t count;
};

/* Sends nothing yet. */
uint32_t link_open(struct link *link, const struct platen_os_address *to, const char *community,
                   long version);

/* Asks until an answer comes, again and again at intervals. `until` is on platen_os_now's clock.
 * 0: the answer is in `variables`, until the next call. What is no answer to this very question is
 * passed over. After an error (TIMEOUT, CONNECTION_REFUSED ...) the link is only to be closed. */
uint32_t link_ask(struct link *link, const struct link_question *question, uint64_t until);

void link_close(struct link *link);

#endif
