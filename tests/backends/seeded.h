/* SPDX-License-Identifier: MIT
 *
 * A job, the printer that it is for, with what befalls it, and the way to it.
 */
#ifndef SEEDED_H
#define SEEDED_H

#include <stdatomic.h>

#include "bare.h"
#include "lpr_dialog.h"
#include "trial.h"

enum { MOST_BYTES = 1 << 17, MOST_TROUBLES = 4 };

enum trouble {
    GONE,    /* nobody listens; only at first */
    RESETS,  /* breaks off after some bytes */
    CLOSES,  /* ends the connection after some bytes */
    REFUSES, /* LPR: says no to one turn */
    LEAVES,  /* LPR: ends the connection in place of an answer */
    TROUBLES
};

/* What the printer does, and what it has got. */
struct printer {
    bool lpr;
    bare_socket listener;
    uint16_t number;
    enum trouble troubles[MOST_TROUBLES]; /* in turn; then it is a good one */
    unsigned where[MOST_TROUBLES];        /* the byte, or the turn */
    unsigned count;
    const unsigned char *data;
    size_t size;
    _Atomic uint32_t here; /* it listens */
    _Atomic uint32_t over; /* nobody will connect any more */

    unsigned met;    /* troubles */
    unsigned wholes; /* times that the whole job came */
    bool spoilt;     /* something else came than the job's beginning */
    char *room;      /* MOST_BYTES + 1 */
};

/* Of a thread: serves until it is over. */
void seeded_printer(void *printer);
/* For how many connections there is nobody. */
unsigned seeded_absences(const struct printer *printer);

/* How jobs get to the printer, an attempt at a time: seeded_port.c through a port of the backend,
 * tests/roads/seeded_spooler.c through a spooler, which restarts the job that has failed. */
struct way;
/* NULL: it cannot be. */
struct way *way_open(const struct printer *printer, const char *uri);
/* 0: the job is printed. */
uint32_t way_print(struct way *way);
/* With what was wrong with it, if anything was. */
void way_close(struct way *way, char *complaint, size_t size);

#endif
