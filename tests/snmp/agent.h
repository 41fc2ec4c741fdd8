/* SPDX-License-Identifier: MIT
 *
 * An SNMP agent on 127.0.0.1, on a thread of its own: a table of values, and manners.
 */
#ifndef AGENT_H
#define AGENT_H

#include <stdatomic.h>

#include "bare.h"
#include "ber.h"
#include "os/thread.h"

/* What is done with a reply. */
enum manner {
    AGENT_DECENT,
    AGENT_SILENT,
    AGENT_LOSES_FIRST, /* answers only what is asked a second time */
    AGENT_TWICE,       /* each reply comes twice */
    AGENT_LATE,        /* the reply to the question before comes first */
    AGENT_OTHER_ID,    /* a false reply to another question comes first */
    AGENT_SPOOFED,     /* a false reply from somebody else comes first */
    AGENT_REPORTS,     /* something that is no response comes first, with the same id */
    AGENT_GARBAGE,     /* damaged replies come first, and nonsense */
    AGENT_CUT,         /* one byte less each time comes first */
    AGENT_BAD,         /* nothing but replies that are damaged anywhere */
    AGENT_NOISE,       /* never ends to talk, and never of what was asked */
    AGENT_ENDLESS,     /* every table goes on for ever */
    AGENT_CIRCLES,     /* the next value is always the first one again */
    AGENT_EMPTY,       /* replies without values */
    AGENT_FAILS        /* genErr to all */
};

struct agent_row {
    struct ber_oid oid;
    unsigned tag;
    int64_t number;
    struct ber_oid value;
    unsigned char *bytes;
    size_t size;
};

struct agent {
    bare_socket socket;
    bare_socket other; /* another port, for false replies and for the end */
    uint16_t port;
    platen_os_thread *thread;
    platen_os_mutex mutex;  /* of what follows */
    struct agent_row *rows; /* in order */
    size_t count;
    const char *community;
    size_t most_bytes; /* of a reply: GETBULK's are cut there, others are tooBig */
    int only_version;  /* 0: SNMPv1, 1: SNMPv2c, -1: any */
    enum manner manner;
    struct ber_out late; /* the reply before */
    uint32_t seed;
    unsigned lost;
    atomic_uint asked; /* datagrams that came */
    atomic_bool over;
};

/* The table is text: a line per value, ".1.3.6.1.2.1.1.5.0 s the name"; i integer, g gauge, c
 * counter, s text, x text in hex, o object id. */
void agent_start(struct agent *agent, const char *table_file);
void agent_stop(struct agent *agent);

void agent_behave(struct agent *agent, enum manner manner);
void agent_limit(struct agent *agent, int only_version, size_t most_bytes);
void agent_let_in(struct agent *agent, const char *community);
void agent_seed(struct agent *agent, uint32_t seed);
/* Adds a line, or changes the value of that name. */
void agent_set(struct agent *agent, const char *line);
/* Forgets all values below that name. */
void agent_drop(struct agent *agent, const char *oid);

#endif
