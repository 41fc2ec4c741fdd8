/* SPDX-License-Identifier: MIT
 *
 * An open port: the port monitor beneath, the printer behind it, and the job in between.
 *
 *   port.c    opening and closing, and whose turn it is
 *   job.c     StartDocPort, WritePort, EndDocPort: the framing of a job
 *   watch.c   the thread that reads what the printer says, and passes it on to the spooler
 *   data.c    values by name
 *   bidi.c    values by schema
 *
 * Threads: the calls of the spooler that send something to the port monitor take turns, which is a
 * flag and not a lock; ReadPort has one caller at a time, mostly the thread of watch.c. No lock is
 * held while the port monitor or the spooler works. The thread exists from the moment on when there
 * may be something to be heard, to the end of the port.
 */
#ifndef PLATEN_PJL_PORT_H
#define PLATEN_PJL_PORT_H

#include <stdbool.h>
#include <stdint.h>

#include "below.h"
#include "instance.h"
#include "learned.h"

/* How long what is waited for. */
#define PJL_READ_MS 500u                                /* one ReadPort with nothing to read */
#define PJL_ANSWER  (UINT64_C(2000) * PJL_MILLISECOND)  /* a printer's answer to a question */
#define PJL_HOLD    (UINT64_C(20000) * PJL_MILLISECOND) /* EndDocPort, for the printer's word */
#define PJL_PATIENCE                                                                               \
    (UINT64_C(30000) * PJL_MILLISECOND)                   /* a port that takes nothing, at the end \
                                                           */
#define PJL_ASK_JOB    (UINT64_C(500) * PJL_MILLISECOND)  /* between two looks at the job (R55) */
#define PJL_PAUSE      (UINT64_C(100) * PJL_MILLISECOND)  /* after a ReadPort that did not wait */
#define PJL_LONG_PAUSE (UINT64_C(400) * PJL_MILLISECOND)  /* the same between jobs */
#define PJL_STALE      (UINT64_C(5000) * PJL_MILLISECOND) /* what was told is asked for anew */
#define PJL_BETWEEN    (UINT64_C(1000) * PJL_MILLISECOND) /* what comes later was not kept for us */

enum pjl_speech {
    PJL_UNKNOWN, /* it has not been asked */
    PJL_SILENT,  /* it has, and has not answered; it may yet */
    PJL_FOREIGN, /* its id says that it does not speak PJL */
    PJL_SPEAKS
};

/* Does the port monitor carry anything outside jobs? */
enum pjl_between { PJL_NOT_TRIED, PJL_REFUSED, PJL_WORKS };

enum pjl_stage {
    PJL_FRESH,   /* nothing has been sent yet */
    PJL_ASKING,  /* the question is on its way, or its answer */
    PJL_HEADING, /* the header is on its way */
    PJL_PLAIN,   /* the job's bytes go as they are */
    PJL_FRAMED   /* the same; an end of the job is owed */
};

/* From StartDocPort on; after EndDocPort until the printer has confirmed it. */
struct pjl_job {
    struct pjl_job *next;
    HANDLE printer;
    bool has_printer;
    uint32_t id;
    char name[PJL_NAME + 1];
    /* The turn's. */
    enum pjl_stage stage;
    struct pjl_say say;
    uint64_t answer_until;
    uint32_t error; /* of the last write */
    /* The lock's. */
    bool listening; /* the printer may say something */
    bool ended;     /* the end of the job is out: a word about it counts */
    bool printed;   /* says the printer */
    bool cancelled; /* at the printer */
    uint64_t until; /* no longer: it is completed without the printer's word */
};

enum { PJL_ASIDE = 4096 };

struct pjl_port {
    struct pjl_port *next;
    struct pjl_port *previous;
    struct pjl_instance *instance; /* in use as long as the port is */
    uintptr_t handle;
    struct pjl_below below;
    char16_t *name;
    uint32_t serial; /* of jobs; the turn's */

    platen_os_mutex lock; /* of all that follows */
    platen_os_cond changed;
    platen_os_thread *thread;
    bool closing;
    bool turn;           /* somebody has it */
    bool starting;       /* and that is StartDocPort */
    unsigned queued;     /* calls that wait for it; a question lets them go first */
    bool watched;        /* the thread runs */
    bool reading;        /* somebody is in ReadPort */
    bool heard;          /* a ReadPort has succeeded */
    bool deaf;           /* ReadPort fails; until the next job begins or ends */
    bool silent_on_jobs; /* a job's word was waited for, and never any came */
    enum pjl_speech speech;
    enum pjl_between between;
    bool greeted;   /* everything has been asked for once */
    uint64_t asked; /* when the printer was last asked for what it has */
    uint64_t last_end;
    struct pjl_job *job;     /* that is being sent; set in the turn */
    struct pjl_job *waiting; /* for the printer's word, the oldest first */
    struct pjl_reply reply;
    struct pjl_learned learned;
    uint32_t told_status;
    uint32_t told_severity;
    uint32_t aside_size;
    char aside[PJL_ASIDE]; /* what the printer said in no message of PJL: ReadPort's */
};

/* ---- port.c */

/* OpenPortEx. INVALID_PRINT_MONITOR (R78), NOT_ENOUGH_MEMORY, or what the port monitor said. */
uint32_t pjl_port_open(struct pjl_instance *instance, HANDLE below, LPWSTR name,
                       const MONITOR2 *table, uintptr_t *handle);
/* ClosePort. A job that is open ends (R29), jobs that wait for the printer are completed. When it
 * has returned, the thread is gone and nobody calls the port monitor (R80). INVALID_HANDLE. */
uint32_t pjl_port_close(uintptr_t handle);

/* Waits for the turn. OPERATION_ABORTED: the port is being closed; there is no turn to leave. */
uint32_t pjl_turn_take(struct pjl_port *port);
void pjl_turn_leave(struct pjl_port *port);

/* Sends what is left of `say`, in the turn. 0 with something left: the port took nothing until
 * `until`; else what the port monitor said, but for time-outs before `until` with `stubborn`. */
uint32_t pjl_port_say(struct pjl_port *port, struct pjl_say *say, uint64_t until, bool stubborn);

enum pjl_speech pjl_port_speech(struct pjl_port *port);
/* Learns from the device's id whether the printer speaks PJL, if that is not known. */
void pjl_port_look_at_id(struct pjl_port *port);

/* ---- job.c */

struct pjl_document {
    LPWSTR printer;
    uint32_t job;
    uint32_t level;
    LPBYTE info;
};

/* StartDocPort. BUSY: a job is open (R34). */
uint32_t pjl_job_start(struct pjl_port *port, const struct pjl_document *document);
/* WritePort: *moved counts the caller's bytes alone (R38). */
uint32_t pjl_job_write(struct pjl_port *port, const void *data, uint32_t size, uint32_t *moved);
/* EndDocPort. */
uint32_t pjl_job_end(struct pjl_port *port);
/* In the turn, of a port that is being closed. */
void pjl_job_abandon(struct pjl_port *port);
/* Tells the spooler, and frees the job. No lock is held. */
void pjl_job_complete(struct pjl_port *port, struct pjl_job *job);

/* ---- watch.c */

/* Makes the thread, if there is none. */
uint32_t pjl_watch_begin(struct pjl_port *port);
/* `closing` is set: waits for its end. */
void pjl_watch_end(struct pjl_port *port);
/* ReadPort: what the thread has put aside, or what the port monitor has. */
uint32_t pjl_watch_read(struct pjl_port *port, void *data, uint32_t size, uint32_t *moved);
/* Tells the spooler if the printer's state is another one; the lock is held, and let go meanwhile.
 * False: there was nothing to tell. */
bool pjl_watch_tell(struct pjl_port *port);

/* ---- data.c */

/* GetPrinterDataFromPort with ControlID 0. INVALID_PARAMETER: no such name; NOT_SUPPORTED,
 * NOT_READY: the printer has not told; INSUFFICIENT_BUFFER with *returned bytes needed. */
uint32_t pjl_data_get(struct pjl_port *port, const char16_t *name, void *to, uint32_t size,
                      uint32_t *returned);
/* Has the printer tell anew what changes, if it was not just asked and can be asked now: between
 * jobs. Waits for its answers, but not for long. */
void pjl_data_refresh(struct pjl_port *port);

/* ---- bidi.c */

uint32_t pjl_bidi(struct pjl_port *port, uint32_t access, const char16_t *action,
                  PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer);

#endif
