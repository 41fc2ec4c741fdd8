/* SPDX-License-Identifier: MIT
 *
 * One connection of an LPR client, as RFC 1179 has it and not otherwise: what is not of its form
 * ends the connection.
 */
#ifndef LPR_DIALOG_H
#define LPR_DIALOG_H

#include <stdbool.h>
#include <stddef.h>

#include "bare.h"

#define LPR_NOT ((size_t)-1)

/* What a client has said. */
struct lpr_said {
    char queue[300];
    char control_name[100];
    char control[4096];
    char data_name[100];
    unsigned long long count; /* that was announced for the job */
    size_t control_size;
    unsigned control_place; /* as which file it came, from 1; 0: it did not */
    unsigned data_place;
    size_t size;    /* of the job, as far as it came */
    bool whole;     /* all that was announced came, with the zero behind it */
    bool malformed; /* something was not of RFC 1179's form */
};

/* Where a server says "no", and what else it does. */
struct lpr_habit {
    unsigned refuse_turn; /* 1 the queue, 2 and 3 the first file, 4 and 5 the second; 0: never */
    unsigned char refusal;
    bool early;              /* answers to the job before the zero behind it */
    unsigned end_turn;       /* ends the connection instead of its answer to this turn */
    size_t end_after;        /* or after so many bytes of the job; 0: not */
    unsigned stall_turn;     /* never answers this one */
    void (*stall)(void *of); /* called then; the connection is ended when it returns */
    void *of;
};

/* Reads a whole connection; the job goes into `room` as far as it fits, and is so many bytes. A
 * connection that does not begin with a job for a queue is LPR_NOT, nothing of it taken. */
size_t lpr_receive(bare_socket client, char *room, size_t size);
size_t lpr_listen(bare_socket client, const struct lpr_habit *habit, char *room, size_t size,
                  struct lpr_said *said);

#endif
