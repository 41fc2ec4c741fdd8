/* SPDX-License-Identifier: MIT
 *
 * What the files of the lpr backend share. lpr.c is the backend, lpr_job.c a job from its first
 * byte to its last, lpr_talk.c what is said on the connection, lpr_control.c the control file with
 * its names. The connection itself is a tcp port's (tcp_port.h).
 */
#ifndef LPR_PORT_H
#define LPR_PORT_H

#include "os/file.h"
#include "tcp_port.h"

enum {
    LPR_TEXT = 1024, /* room for the longest control file, and for a command */
    LPR_HOST = 31,   /* bytes of names in a control file, as RFC 1179 has them */
    LPR_TITLE = 99,
    LPR_SOURCE = 131,
    LPR_BLOCK = 65536 /* of the spooled job, read at a time */
};

/* How the names in a control file are made. */
struct lpr_manner {
    bool banner;
    bool plain; /* names of letters and digits only */
    char format;
};

struct lpr_names {
    char file[4 + 3 + LPR_HOST + 1]; /* "dfA007host"; its first letter changed, the control file */
    char control[LPR_TEXT];
    uint32_t size;
};

/* What there is to say in turn. Behind each the server answers with a byte, 0 for "go on". */
enum lpr_step {
    LPR_QUEUE,        /* which queue is meant */
    LPR_CONTROL_HEAD, /* that the control file comes, and how long it is */
    LPR_CONTROL,
    LPR_DATA_HEAD,
    LPR_DATA,
    LPR_STEPS
};

/* One open port: the backend's private state. The write lane alone uses it, but for `tcp`, which
 * knows how to be cancelled. */
struct lpr_port {
    struct tcp_port tcp;
    char *queue;
    struct lpr_manner manner;
    uint64_t patience;  /* for each answer, nanoseconds */
    bool stream;        /* the job goes out as it comes, before its size is known */
    bool data_first;    /* the control file comes last */
    uint64_t announced; /* the size that is told then */

    /* A job's. */
    bool open;
    platen_os_file spool; /* PLATEN_OS_NO_FILE: the job is streamed */
    char *block;          /* of the spooled job, LPR_BLOCK bytes ... */
    uint64_t block_at;    /* ... from here on ... */
    uint32_t block_size;  /* ... so many */
    uint64_t size;        /* of the job, as far as it has come */
    struct lpr_names names;
    char text[LPR_TEXT]; /* the command that is being sent */
    unsigned turn;       /* how many steps have been answered */
    uint64_t sent;       /* of this step */
    bool asked;          /* all of it is out, and its answer is waited for ... */
    uint64_t asked_at;   /* ... since */
    bool answered;       /* it came before it was asked for */
    bool again;          /* the connection has been made once more */
    bool moved;          /* something has, since somebody looked */
    bool over;           /* the server has all and has said so */
};

/* lpr_control.c. The texts of `doc` are data: what controls, and what is no character, becomes
 * something harmless. */
void lpr_make_names(struct lpr_names *names, const struct lpr_manner *manner,
                    const struct platen_doc *doc);

/* lpr_talk.c. Says everything up to that many turns and hears the answers, until the deadline;
 * called again it goes on. TIMEOUT; SEM_TIMEOUT when an answer takes too long; NOT_READY when the
 * queue is refused, WRITE_FAULT when the job is. */
uint32_t lpr_say(struct lpr_port *port, unsigned turns, uint64_t deadline);

/* lpr_job.c: the operations. */
uint32_t lpr_start_doc(void *state, const struct platen_doc *doc, uint64_t deadline);
uint32_t lpr_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                   uint32_t *moved);
uint32_t lpr_drain(void *state, uint64_t deadline);
uint32_t lpr_end_doc(void *state, bool abandoned, uint64_t deadline);

#endif
