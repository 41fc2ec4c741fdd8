/* SPDX-License-Identifier: MIT
 *
 * A job on its way through a port, as printing.c and writing.c see it. On the lane's thread.
 */
#ifndef SPOOLER_PRINTING_H
#define SPOOLER_PRINTING_H

#include "spooler/inside.h"

struct printing {
    platen_spooler *spooler;
    struct port *port;
    struct job *job;
    struct fault fault;
    bool late;           /* it ended for its time limit */
    uint64_t told_at;    /* when progress was told of */
    uint64_t idle_since; /* 0: the last WritePort moved something */
    uint64_t pause;
    uint32_t retries;
};

static inline uint64_t spool_printing_now(const struct printing *p)
{
    return p->spooler->clock->now(p->spooler->clock);
}

/* A call said FALSE: remembers it, and returns its code. To be called first (R101). */
uint32_t spool_printing_failed(struct printing *p, const char *slot);
/* What has to happen instead of going on: an order, or the time limit. */
enum spool_action spool_printing_stopped(struct printing *p);
/* writing.c: all bytes of the document; and what to do if it cannot be read at that place. */
enum spool_action spool_printing_write(struct printing *p);
enum spool_action spool_printing_unreadable(struct printing *p, uint64_t offset, uint32_t error);

#endif
