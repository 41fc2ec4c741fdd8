/* SPDX-License-Identifier: MIT
 *
 * A port of the lpr backend and a server for it, of any habit. What fails here fails the test.
 */
#ifndef LPR_BENCH_H
#define LPR_BENCH_H

#include <stdatomic.h>

#include "bare.h"
#include "lpr_dialog.h"
#include "os/thread.h"
#include "trial.h"

extern const struct platen_backend platen_backend_lpr;

enum { LPR_ROOM = 1 << 20 };

struct lpr_bench {
    bare_socket listener;
    uint16_t number;
    struct lpr_habit habit;
    unsigned connections; /* that the server takes */
    unsigned drops;       /* the first ones of them, it ends after the queue */
    struct lpr_said said; /* in the last */
    uint16_t from;        /* where it came from */
    char *room;
    platen_os_thread *thread;
    _Atomic uint32_t over;
    char uri[400];
    struct trial trial;
    struct port port;
};

/* `behind` the host and port stand queue and options. The server takes so many connections. */
void lpr_begin(struct lpr_bench *bench, const char *behind, unsigned connections);
void lpr_start_server(struct lpr_bench *bench);
/* What it waits for, if it stalls, is over then. */
void lpr_join_server(struct lpr_bench *bench);
void lpr_end(struct lpr_bench *bench);

/* A job in good order, with a server from its beginning to its end; the first error. */
uint32_t lpr_print(struct lpr_bench *bench, const struct platen_doc *doc, const void *data,
                   size_t size);
struct platen_doc lpr_document(void);
void lpr_assert_printed(const struct lpr_bench *bench, const void *data, size_t size);

#endif
