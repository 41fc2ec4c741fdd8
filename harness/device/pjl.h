/* SPDX-License-Identifier: MIT
 *
 * The simulated PJL printer: what its parts share. One printer stands behind all connections of a
 * device: what is the matter with it shows on all of them, and it prints one job at a time.
 *
 *   pjl.c           its beginning and end; what is taken from whom
 *   pjl_framing.c   a stream's commands and its jobs' data, told apart
 *   pjl_commands.c  what it answers
 *   pjl_ustatus.c   what it says without being asked
 *   pjl_engine.c    its state, its jobs and pages
 *   pjl_life.c      the script of its life, read             pjl_living.c   and lived
 *   speech.c        how something is said
 *
 * The loop's thread alone, but for reading lives.
 */
#ifndef DEVICE_PJL_H
#define DEVICE_PJL_H

#include "device/connection.h"

#define PJL_UEL       "\x1b%-12345X"
#define PJL_UEL_SIZE  9
#define PJL_MARK      "@PJL"
#define PJL_MARK_SIZE 4
#define PJL_LINE      1024 /* what is understood of a command */
#define PJL_NAME      80   /* of a job */
#define PJL_REPLY     4096

enum pjl_condition {
#define PJL_CONDITION(symbol, word, code, display, online, takes) PJL_##symbol,
#include "device/pjl_conditions.def"
    PJL_CONDITIONS
};

struct pjl_state {
    uint32_t code;
    const char *display;
    bool online;
    bool takes;
};

/* ---- framing ------------------------------------------------------------------------------ */

enum pjl_place {
    PJL_IN_DATA,
    PJL_AFTER_UEL, /* a command, or data */
    PJL_IN_LINE
};

struct pjl_framing {
    enum pjl_place place;
    size_t held;     /* bytes of PJL_UEL or PJL_MARK that have come */
    size_t released; /* of these said to be data, as what followed did not fit; the rest is due */
    char line[PJL_LINE]; /* behind the mark, without its end */
    size_t length;
};

enum pjl_kind {
    PJL_NOTHING, /* bytes were used, and may be anything yet */
    PJL_BLOCKED, /* data comes next, and there is no room for it */
    PJL_DATA,
    PJL_COMMAND, /* the line is whole */
    PJL_FRAME,   /* more of a command */
    PJL_LEAVE    /* the universal exit */
};

struct pjl_piece {
    enum pjl_kind kind;
    const char *text; /* NULL: none */
    size_t size;
};

/* Uses up to `size` bytes and tells what they are; `room` is how much data may come. */
size_t pjl_split(struct pjl_framing *framing, const char *data, size_t size, size_t room,
                 struct pjl_piece *piece);
/* No more will come: what had been held back. PJL_NOTHING: nothing is left. */
void pjl_split_end(struct pjl_framing *framing, struct pjl_piece *piece);

/* ---- life --------------------------------------------------------------------------------- */

enum pjl_verb {
    PJL_DO_BEGIN, /* a condition */
#define PJL_STEP(word, symbol, argument, summary) PJL_DO_##symbol,
#include "device/pjl_steps.def"
    PJL_VERBS
};

struct pjl_step {
    enum pjl_verb verb;
    uint64_t number; /* a condition, bytes, nanoseconds, a code */
    bool takes;
    char *text; /* owned; NULL: none */
    size_t text_size;
};

struct pjl_life {
    struct pjl_life *next; /* to be lived after this one */
    size_t count;
    size_t at;
    struct pjl_step steps[];
};

/* Any thread. *complaint (may be NULL) as platen_device_check_life says. */
uint32_t pjl_life_parse(const char *text, struct pjl_life **life, char **complaint);
/* It and all that follow. */
void pjl_life_free(struct pjl_life *life);

/* ---- the printer -------------------------------------------------------------------------- */

enum pjl_talk { PJL_TALK_OFF, PJL_TALK_ON, PJL_TALK_VERBOSE };

/* What belongs to one connection. */
struct pjl_talker {
    struct pjl_framing framing;
    struct device_sha256 digest; /* of the data */
    enum pjl_talk device;
    bool job;
    bool page;
    uint64_t timed; /* seconds; 0: not */
    unsigned depth; /* JOBs without their EOJ */
    bool wants;     /* a JOB waits for the printer to be free */
    char name[PJL_NAME + 1];
    size_t noted; /* of the framing, in the job's note */
    bool settled; /* its end has been dealt with */
};

struct pjl_printer {
    platen_device *device;
    bool is[PJL_CONDITIONS];
    struct pjl_state other; /* what the condition OTHER is */
    char other_display[64];
    struct pjl_state shown;
    /* The job that is being printed. */
    bool busy;
    bool finishing;
    bool finished;                    /* but for the printer, which is not ready */
    bool cancelled;                   /* its connection broke */
    struct device_connection *source; /* NULL: it has gone */
    char name[PJL_NAME + 1];
    bool named; /* by a JOB */
    uint64_t bytes;
    uint64_t page_bytes; /* of these since the last page */
    uint64_t pages;
    uint64_t all_pages;
    uint64_t ended;
    uint64_t queries;
    /* How it behaves. */
    uint64_t page_size;
    uint64_t finish;
    uint64_t rate;
    uint64_t delay;
    bool split;
    bool silent;
    bool noise;
    uint32_t chance; /* of the garbage */
    /* Its life. */
    struct pjl_life *life;
    bool living; /* in pjl_live */
    bool begun;  /* the step has */
    bool over;   /* its time has passed */
    uint64_t mark;
    uv_timer_t life_timer;
    uv_timer_t finish_timer;
    uv_timer_t kick; /* everybody is to be looked at */
};

/* pjl.c */
void pjl_kick(struct pjl_printer *printer);

/* pjl_engine.c */
struct pjl_state pjl_row(enum pjl_condition condition);
/* Something has changed: is it told, and to whom? */
void pjl_show(struct pjl_printer *printer);
void pjl_set(struct pjl_printer *printer, enum pjl_condition condition, bool is);
/* The connection's job begins; false: another one's is being printed. */
bool pjl_begin(struct device_connection *connection);
/* How much data it may send now. */
uint64_t pjl_room(const struct device_connection *connection);
void pjl_print(struct device_connection *connection, const char *data, size_t size);
/* The job's last byte has come; or its connection has broken. */
void pjl_end(struct device_connection *connection, bool cancelled);

/* pjl_commands.c. A whole line, without mark and end. */
void pjl_command(struct device_connection *connection, char *line);
/* "CODE=10001\r\n..." */
size_t pjl_write_state(const struct pjl_printer *printer, char *to, size_t size);

/* pjl_ustatus.c */
void pjl_ustatus(struct device_connection *connection, char *words);
void pjl_ustatus_off(struct device_connection *connection);
void pjl_tell_device(struct pjl_printer *printer, const struct pjl_state *before);
void pjl_tell_job(struct pjl_printer *printer, const char *what, bool pages);
void pjl_tell_page(struct pjl_printer *printer);

/* pjl_living.c. Goes on as far as it can. */
void pjl_live(struct pjl_printer *printer);
/* Bytes of the job until the life wants to be asked. */
uint64_t pjl_live_room(const struct pjl_printer *printer);

#endif
