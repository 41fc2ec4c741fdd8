/* SPDX-License-Identifier: MIT
 *
 * A device that answers questions as it was told, behind the only port of an instance, and the
 * calls that ask it through the edge.
 */
#ifndef PLATEN_TESTS_DATA_TALKER_H
#define PLATEN_TESTS_DATA_TALKER_H

#include "fake.h"
#include "fake_device.h"
#include "trial.h"

#include <stdatomic.h>

struct talker {
    bool all;           /* answers every code with 0xC0, 0xC1 ... as many as it may */
    uint32_t line_rate; /* 0: it is no line */
    bool keeps_times;   /* and it has its own */
    uint32_t times[5];
    const char *id; /* NULL: none */
    uint32_t id_length;
    int status;        /* negative: none */
    uint32_t error;    /* of every question */
    uint32_t returned; /* bytes of an answer; UINT32_MAX: as many as fit */

    uint32_t calls; /* of `control` */
    uint32_t code;  /* of the last one, and what it brought */
    uint8_t in[64];
    uint32_t in_size;
    atomic_int inside;       /* questions under way */
    atomic_int most;         /* of these at once */
    void (*meanwhile)(void); /* called inside a question */
    void (*on_job)(void);    /* called inside start_doc, write, read and end_doc */
};
extern struct talker talker;
extern const struct platen_backend talker_backend;     /* "talk", claims every name */
extern const struct platen_backend speechless_backend; /* the same without questions */

extern const MONITOR2 *table;
extern HANDLE monitor, port;

/* An instance with "LPT7:" open, on the talker; everything as at the start. */
int talker_open(void **state);
int talker_close(void **state);
/* Options for it: the fake's, the talker, and the ledger of tests/bidi as the Router. */
struct platen_monitor_options talker_options(void);
/* Another name, open; fails the test if it cannot be. */
HANDLE talker_port(const char *name);

/* GetPrinterDataFromPort with copies of just these sizes, `out` painted. FALSE or TRUE as expected,
 * with that last-error; *returned gets the count. What was written beside the count fails. */
void talker_ask(uint32_t code, const void *in, uint32_t in_size, void *out, uint32_t out_size,
                uint32_t error, uint32_t *returned);

#endif
