/* SPDX-License-Identifier: MIT
 *
 * A simulated receipt printer at a serial line. It speaks ESC/POS as far as its state is concerned:
 * DLE EOT n and DLE ENQ n are obeyed the moment they come, ready or not, GS r n when it is printed
 * up to there. What comes goes through a small buffer, as in real ones: while it is not ready it
 * prints nothing, and once the buffer is full it takes nothing.
 *
 *   serial.c        the printer, without any line       serial_life.c  the script of its life
 *   serial_wire_*   the line, a pseudo terminal
 *
 * Whoever runs it does so on one thread. Moments are on platen_os_now's clock.
 */
#ifndef DEVICE_SERIAL_H
#define DEVICE_SERIAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SERIAL_ROOM 4096

enum serial_condition {
#define SERIAL_CONDITION(symbol, word, display, stops, one, two, three, four) SERIAL_##symbol,
#include "device/serial_conditions.def"
    SERIAL_CONDITIONS
};

/* ---- life --------------------------------------------------------------------------------- */

enum serial_verb {
    SERIAL_DO_BEGIN, /* a condition */
#define SERIAL_STEP(word, symbol, argument) SERIAL_DO_##symbol,
#include "device/serial_steps.def"
    SERIAL_VERBS
};

struct serial_step {
    enum serial_verb verb;
    uint64_t number; /* a condition, bytes, nanoseconds */
};

struct serial_life {
    struct serial_life *next; /* to be lived after this one */
    size_t count;
    size_t at;
    struct serial_step steps[];
};

/* INVALID_DATA, and *complaint is "line:column: what", malloc'ed, NULL if memory is out. */
uint32_t serial_life_parse(const char *text, struct serial_life **life, char **complaint);
/* It and all that follow. NULL is fine. */
void serial_life_free(struct serial_life *life);

/* ---- the printer -------------------------------------------------------------------------- */

/* Called from within the functions below. */
struct serial_events {
    void *context;
    void (*answer)(void *context, const void *data, size_t size);
    void (*print)(void *context, const void *data, size_t size);
    void (*job_end)(void *context);
    void (*state)(void *context);
};

struct serial_printer {
    const struct serial_events *events;
    bool is[SERIAL_CONDITIONS];
    unsigned char buffer[SERIAL_ROOM];
    size_t begin; /* what waits there to be printed */
    size_t end;
    unsigned char said[2];    /* the last two bytes that came, for what has to be obeyed at once */
    unsigned char printed[2]; /* and that were printed */
    bool busy;                /* a job is there */
    bool ending;              /* and its last byte has come */
    uint64_t bytes;           /* of it, printed */
    uint64_t ended;           /* jobs */
    uint64_t queries;
    uint64_t rate;   /* bytes a second; 0: all at once */
    uint64_t earned; /* the moment up to which the rate has been used */
    struct serial_life *life;
    bool begun; /* the step has */
    uint64_t mark;
};

/* After this lives are appended with serial_live. */
void serial_begin(struct serial_printer *printer, const struct serial_events *events);
/* `life` is its own from now on; `now`: in the place of what there is. */
void serial_live(struct serial_printer *printer, struct serial_life *life, bool now);
void serial_end(struct serial_printer *printer);

/* How many bytes it would take. */
size_t serial_room(const struct serial_printer *printer);
void serial_receive(struct serial_printer *printer, const void *data, size_t size);
/* The other side has gone. */
void serial_hang_up(struct serial_printer *printer);
/* Lives and prints on, as far as that goes at this moment. */
void serial_go_on(struct serial_printer *printer, uint64_t now);

/* Does it take data? */
bool serial_is_ready(const struct serial_printer *printer);
/* What its panel shows. */
const char *serial_display(const struct serial_printer *printer);
/* The answer to DLE EOT n, 1 to 4. */
unsigned char serial_status(const struct serial_printer *printer, unsigned n);

/* ---- the line ----------------------------------------------------------------------------- */

struct serial_wire;

/* A line of its own, with the path that a program opens. NOT_SUPPORTED where there are none. */
uint32_t serial_wire_open(struct serial_wire **line, char *path, size_t size);
void serial_wire_close(struct serial_wire *line);
/* Waits for at most so many milliseconds until something can be read, and reads; with room 0
 * nothing is taken from programs. *closed: a program has closed the line, and all it wrote has been
 * read; told once. Programs that follow each other at once may look like one. */
size_t serial_wire_read(struct serial_wire *line, void *data, size_t room, unsigned milliseconds,
                        bool *closed);
/* What does not go at once is lost. */
size_t serial_wire_write(struct serial_wire *line, const void *data, size_t size);

#endif
