/* SPDX-License-Identifier: MIT
 *
 * Simulated printers: what their parts share.
 *
 *   machine.c     the thread and its loop              device.c      a device's life
 *   listen.c      connections come                     connection.c  one begins, one ends
 *   reading.c     what is read, how fast               answering.c   what is said to it
 *   manner.c      how a device treats a job            answers.c     the script of what is said
 *   keep.c        jobs in a folder                     record.c      counters, ended jobs, waiting
 *   note.c        a job as JSON                        sha256.c
 *   reader.c      reads scripts                        pjl.c ...     see pjl.h
 *   lpr.c ...     see lpr.h
 *
 * But for what is marked otherwise everything belongs to the loop's thread.
 */
#ifndef DEVICE_DEVICE_H
#define DEVICE_DEVICE_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

#include <platen/spooler.h>

#include "device/sha256.h"
#include "os/thread.h"

#define DEVICE_BUFFER     65536u     /* what one read takes at most */
#define DEVICE_UNSENT     (1u << 20) /* answers that wait for a client that does not read */
#define DEVICE_ANSWERS    64         /* lines of a script of answers */
#define DEVICE_REMEMBERED 1024       /* jobs that have ended */
#define DEVICE_FILLERS    3          /* connections of its own that fill a deaf device's queue */

/* ---- answers, manner ---------------------------------------------------------------------- */

enum answer_when { ANSWER_START, ANSWER_AFTER, ANSWER_ON, ANSWER_END };

struct answer {
    enum answer_when when;
    uint64_t after;
    uint16_t *fall_back; /* ON: where to go on looking after a byte that does not fit; owned */
    char *match;         /* owned, as text */
    size_t match_size;
    char *text;
    size_t text_size;
};

struct answers {
    struct answer rows[DEVICE_ANSWERS];
    size_t count;
};

/* Shared by the device and the connections that it was given to. Constant once made. */
struct device_manner {
    atomic_uint uses;
    struct platen_device_manner how; /* .answers is not used */
    struct answers answers;
};

/* `manner` NULL: a good printer. Any thread, as all of these. */
uint32_t device_manner_make(const struct platen_device_manner *manner, struct device_manner **made);
struct device_manner *device_manner_share(struct device_manner *manner);
void device_manner_release(struct device_manner *manner);

/* NULL: none. After a failure nothing is to be freed; *complaint as platen_device_check_answers. */
uint32_t device_answers_parse(const char *script, struct answers *answers, char **complaint);
void device_answers_free(struct answers *answers);
/* Has the text to look for just come to its end with this byte? *seen is how far it has come. */
bool device_answer_matches(const struct answer *answer, uint16_t *seen, unsigned char byte);

/* ---- device ------------------------------------------------------------------------------- */

struct device_connection;
struct pjl_printer;
struct lpr_server;

struct platen_device {
    /* Constant once started. */
    struct platen_device_options options; /* .address, .keep, .manner are not used */
    char *keep;                           /* NULL: nothing is kept */
    char address[64];
    uint16_t port;
    uint32_t at_once;
    uint64_t limit;
    struct device_manner *good;

    platen_os_mutex lock; /* what follows */
    platen_os_cond changed;
    struct device_manner *manner;
    uint64_t manner_jobs; /* connections that it still is for */
    uint64_t counters[PLATEN_DEVICE_COUNTERS];
    struct platen_device_job remembered[DEVICE_REMEMBERED]; /* where number modulo says; 0: none */
    unsigned handles;                                       /* that libuv still has of this one */
    unsigned filled;                                        /* fillers that are connected */
    uint32_t fill_error;
    struct platen_device_state state;

    /* The loop's thread alone. */
    uv_loop_t *loop;
    uv_tcp_t listener;
    bool listening; /* the listener is there, and nobody has closed it */
    bool stopping;
    uv_tcp_t fillers[DEVICE_FILLERS];
    uv_connect_t filling[DEVICE_FILLERS];
    unsigned filler_count;
    struct device_connection *connections;
    uint32_t open;
    uint32_t accepted;
    uint32_t next_name;
    struct pjl_printer *pjl; /* NULL: it does not know PJL */
    struct lpr_server *lpr;  /* NULL: it is no LPR server */
};

/* A handle of libuv has been made that lives in the device or in a connection, or is gone. */
void device_handle_made(platen_device *device);
void device_handle_gone(platen_device *device);

/* After a failure too there may be handles to close: device_stop_listening. */
uint32_t device_listen(platen_device *device, const char *address);
/* Takes those who wait, as far as there is room. */
void device_accept(platen_device *device);
void device_stop_listening(platen_device *device);
/* "127.0.0.1:9100", "[::1]:9100". */
void device_endpoint(const struct sockaddr *address, char *text, size_t size);

/* Takes one that waits at the listener; false if nobody does. */
bool device_connection_open(platen_device *device);
/* Ends all that there are. */
void device_connections_stop(platen_device *device);

/* ---- pjl.c --------------------------------------------------------------------------------- */

/* INVALID_DATA: its life is not understood. Not on the loop's thread, as free. */
uint32_t device_pjl_make(platen_device *device, const char *life);
void device_pjl_free(platen_device *device);
void device_pjl_start(platen_device *device);
void device_pjl_stop(platen_device *device);
uint32_t device_pjl_meet(struct device_connection *connection);
/* Uses as much as it may; the rest is for later. */
size_t device_pjl_take(struct device_connection *connection, const char *data, size_t size);
void device_pjl_end(struct device_connection *connection);
void device_pjl_leave(struct device_connection *connection);
/* Has the client still something to wait for? */
bool device_pjl_holds(const struct device_connection *connection);
/* Bytes a second; 0: as the manner says. */
uint64_t device_pjl_rate(const platen_device *device);

/* ---- lpr.c ---------------------------------------------------------------------------------- */

/* INVALID_DATA: its life is not understood. Not on the loop's thread, as free and live. */
uint32_t device_lpr_make(platen_device *device, const char *life);
void device_lpr_free(platen_device *device);
uint32_t device_lpr_live(platen_device *device, const char *life, bool now);
uint32_t device_lpr_meet(struct device_connection *connection);
/* Uses all of it. */
void device_lpr_take(struct device_connection *connection, const char *data, size_t size);
/* Says how the job ended. */
void device_lpr_leave(struct device_connection *connection);
void device_lpr_forget(struct device_connection *connection);

/* ---- record ------------------------------------------------------------------------------- */

void device_add(platen_device *device, enum platen_device_counter counter, uint64_t value);
/* Counts and remembers it, and tells whoever listens. */
void device_record(platen_device *device, const struct platen_device_job *job);

/* ---- keep --------------------------------------------------------------------------------- */

/* Of a job with framing or a control file, beside what was received. */
enum device_part { DEVICE_PART_DATA, DEVICE_PART_FRAMING, DEVICE_PART_CONTROL, DEVICE_PARTS };

struct device_kept {
    uv_file file; /* -1: not kept, or not any more */
    uv_file parts[DEVICE_PARTS];
    uint32_t name; /* the number in its name */
    uint32_t error;
};

/* Each sets .error the first time that something fails; from then on the job is not kept. */
void device_keep_begin(platen_device *device, struct device_kept *kept);
void device_keep_data(platen_device *device, struct device_kept *kept, const char *data,
                      size_t size);
void device_keep_part(platen_device *device, struct device_kept *kept, enum device_part part,
                      const char *data, size_t size);
/* Gives the file its name and writes job->file and job->error. */
void device_keep_end(platen_device *device, struct device_kept *kept,
                     struct platen_device_job *job);

#endif
