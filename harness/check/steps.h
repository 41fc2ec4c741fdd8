/* SPDX-License-Identifier: MIT
 *
 * What the probes of jobs share: opening and starting in the words of the monitor's kind, writing
 * with the rest sent again, and what the monitor called meanwhile.
 */
#ifndef CHECK_STEPS_H
#define CHECK_STEPS_H

#include "check/probe.h"

/* ---- jobs ------------------------------------------------------------------------------------ */

/* The line that opens a port as $handle: OpenPortEx for a language monitor. `port` as a line has
 * it: "$port". */
const char *step_open_line(struct probe *probe, const char *port, const char *handle);
/* Opens $port as $h; a set-up. */
bool step_open(struct probe *probe);
/* StartDocPort of $h for a job that prints. `type`: the field pDatatype; "": RAW. No arrow. */
const char *step_start_line(struct probe *probe, unsigned job, const char *type);
/* A job is begun on $h; a set-up. */
bool step_start(struct probe *probe, unsigned job);
/* The pOutputFile that makes $port print, in quotes; NULL: it wants none. */
const char *step_output(struct probe *probe);
/* Writes a short text to $h, and what was not taken of it again; true: all of it was. */
bool step_text(struct probe *probe, int rule, const char *text);
/* Ends the job of $h; a job that had nothing in it is another thing, so something is printed. */
void step_finish(struct probe *probe);
/* Lines that load the monitor once more and make $port there; NULL: it cannot be done. */
const char *step_setup_again(struct probe *probe);
/* The spooler that the world begins with, for a line that turns to it. */
const char *step_spooler(struct probe *probe);
/* The lines that make $port, for another spooler of this world; "": it needs none. */
const char *step_port_lines(struct probe *probe);
/* What the initialisation of that number (from 0) of the monitor wrote to *phMonitor, as a line has
 * it; NULL: there was none. */
const char *step_instance(struct probe *probe, unsigned number);
/* Ends the job of $h if there is one, and closes $h. */
void step_close(struct probe *probe);

/* Did the last call say TRUE? */
bool step_said_true(struct probe *probe);
/* Its last-error. */
uint32_t step_error(struct probe *probe);
/* "FALSE with last-error 87", or "TRUE". */
const char *step_said(struct probe *probe);
/* What came back under that name as a number; UINT64_MAX: none did. */
uint64_t step_number(struct probe *probe, const char *name);
/* The seconds that the last call took. */
double step_seconds(struct probe *probe);
/* The seconds that the longest call of that function took, of all that the last lines made. */
double step_longest(struct probe *probe, enum platen_slot slot);
/* Is it not 0, as a FALSE has to have it? A finding if not. */
bool step_has_reason(struct probe *probe, int rule);
/* Did each of the rounds between values[0] and values[rounds] cost at least so much? Not if one of
 * the values is not known, which is -1. */
bool step_grows(const int64_t *values, unsigned rounds, int64_t least);

/* Makes time-outs short where the monitor offers that; $h is open. */
void step_hurry(struct probe *probe);

/* ---- bytes ----------------------------------------------------------------------------------- */

/* The bytes of a stream that lines have made; malloc'ed, NULL: no memory. */
void *step_bytes(struct probe *probe, const char *stream, size_t size);

/* Up to so many of its bytes; how many there were. */
size_t step_copy(struct probe *probe, const char *stream, void *to, size_t most);

struct step_writing {
    const char *stream;
    size_t from; /* where it begins, and after that how far it came */
    size_t to;
    size_t block;      /* bytes that are offered at once */
    unsigned patience; /* failures and empty successes in a row that are borne */
    int rule;          /* for calls that do not come back, counts and reasons */
    bool short_count;  /* out: something was sent again */
    bool wrong;        /* out: a count was too large, as has been told (R38) */
    bool failed;       /* out: it said FALSE at least once */
    uint32_t error;    /* out: the last one */
};
/* Offers the stream to $h, and what was not taken again. True: all of it was taken. */
bool step_write(struct probe *probe, struct step_writing *writing);

/* As probe_forget_output, but a file that each job writes anew stays, for the next job to cut. */
void step_forget_jobs(struct probe *probe);
/* Is what arrived these bytes, but for what a language monitor puts around them? */
bool step_arrived(struct probe *probe, int rule, const void *bytes, size_t size);

/* ---- calls back ------------------------------------------------------------------------------ */

/* Where the calls begin that are made from now on. */
size_t step_mark(struct probe *probe);
/* The next call of that function since *mark, as a line; *mark goes on behind it. NULL: none. */
const char *step_back(struct probe *probe, size_t *mark, const char *slot);
/* How many there were whose line has that text in it (NULL: any). */
unsigned step_count(struct probe *probe, size_t mark, const char *slot, const char *text);
/* An argument of such a line, as it stands; "" if there is none. */
const char *step_argument(struct probe *probe, const char *line, const char *name);
/* What came back in such a line, as it stands; NULL: nothing did. */
const char *step_came(struct probe *probe, const char *line, const char *name);
/* An EndDocPort since then that says FALSE, as the last call did, reports no job as printed (R52).
 */
void step_not_reported(struct probe *probe, size_t mark);
/* Printers that were opened and not closed since. */
int step_printers(struct probe *probe, size_t mark);

#endif
