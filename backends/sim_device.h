/* SPDX-License-Identifier: MIT
 *
 * What the files of the simulated device share. sim_script.c reads scripts, sim_device.c keeps the
 * devices and is what tests see of them (<platen/sim.h>), sim_work.c works through a script as
 * ports start, write, read and end, sim_facts.c answers what a device says of itself, sim.c is the
 * backend, which waits.
 */
#ifndef SIM_DEVICE_H
#define SIM_DEVICE_H

#include <stdatomic.h>

#include <platen/backend.h>
#include <platen/sim.h>

#include "os/thread.h"

enum sim_verb {
    SIM_TAKE,
    SIM_LOSE,
    SIM_SHORT,
    SIM_RATE,
    SIM_STALL,
    SIM_ERROR,
    SIM_FAIL,
    SIM_REFUSE,
    SIM_DISCONNECT,
    SIM_REPLY,
    SIM_DRAIN,
    SIM_END,
    SIM_ID,
    SIM_STATUS,
    SIM_VALUE
};

struct sim_step {
    enum sim_verb verb;
    bool
        armed; /* refuse, drain, end: the device has come to this step, and nobody has met it yet */
    uint64_t number; /* bytes, a code, milliseconds (PLATEN_FOREVER: no end) */
    char *bytes;     /* reply, id, value: `number` bytes, and a NUL */
};

struct sim_script {
    struct sim_step *steps;
    size_t count;
};

/* 0, INVALID_PARAMETER with the reason in *complaint, or OUTOFMEMORY. */
uint32_t sim_script_parse(const char *text, struct sim_script *script, const char **complaint);
void sim_script_free(struct sim_script *script);

/* One port that has the device open: the backend's private state. */
struct sim_port {
    struct sim_port *next;
    struct platen_sim *device;
    struct platen_clock *clock;
    _Atomic uint32_t news;  /* counts what may end a wait of this port */
    _Atomic bool cancelled; /* no lock: a busy writer must not keep cancel waiting */
};

struct sim_bytes {
    char *data;
    size_t size;
    size_t room;
};

/* What a device says of itself: it stays until something else is said, also by another script. */
struct sim_facts {
    char *id;      /* NULL: the device's own */
    int status;    /* PARALLEL_ bits; negative: what its state comes to */
    char **values; /* "\Printer.DeviceInfo:Location=2nd floor" each */
    size_t count;
};

/* A device. Its lock guards everything below it and is never held while waiting. */
struct platen_sim {
    struct platen_sim *next; /* next, name, references: guarded by the list's lock */
    char *name;
    size_t references;

    platen_os_mutex lock;
    struct sim_script script;
    bool scripted;        /* a script was given, if only an empty one */
    size_t step;          /* where in the script it is */
    bool begun;           /* the step's own `left` or `until` is set */
    uint64_t left;        /* take, lose: bytes to go */
    uint64_t until;       /* stall: its end */
    uint32_t short_limit; /* 0: none */
    uint32_t rate;        /* bytes a second, 0: no limit */
    uint64_t rate_free;   /* when it takes the next bytes */
    uint64_t drained;     /* when the job that is being ended is safe; 0: now */

    uint64_t received;
    struct sim_bytes kept;    /* the first KEPT_MOST of them */
    struct sim_bytes replies; /* the back channel */
    size_t replies_read;
    struct sim_facts facts;

    struct sim_port *ports;
    struct sim_port *owner; /* whose job it is printing */
    struct platen_sim_tally counts;
};

/* With the lock held. */
bool sim_bytes_add(struct sim_bytes *bytes, const void *data, size_t size);
uint32_t sim_add_reply(struct platen_sim *device, const void *data, size_t size);
/* Goes through the script as far as the device comes by itself; `now` is PLATEN_FOREVER where no
 * port is at hand. */
void sim_progress(struct platen_sim *device, uint64_t now);
/* Something happened that may end a wait of this port. */
void sim_tell(struct sim_port *port);

/* The script, if the device has never been given one. */
uint32_t sim_preload(struct platen_sim *device, const char *script, const char **complaint);

/* What came of an attempt. With `wait` nothing was moved, and it may be tried again when the port's
 * news change or the moment `until` comes; without it the operation is over. */
struct sim_outcome {
    bool wait;
    uint64_t until;
    uint32_t error;
    uint32_t moved;
};

void sim_attach(struct sim_port *port, struct platen_sim *device, struct platen_clock *clock);
void sim_detach(struct sim_port *port);

uint32_t sim_try_start(struct sim_port *port, uint64_t now);
struct sim_outcome sim_try_drain(struct sim_port *port, uint64_t now);
struct sim_outcome sim_try_write(struct sim_port *port, const void *data, uint32_t size,
                                 uint64_t now);
struct sim_outcome sim_try_read(struct sim_port *port, void *data, uint32_t size, uint64_t now);
uint32_t sim_end(struct sim_port *port, bool abandoned, uint64_t now);
void sim_cancel(struct sim_port *port);

/* Where the device stands, once it has gone as far as it comes by itself; NULL: behind its script.
 * With the lock held. */
const struct sim_step *sim_stands_at(struct platen_sim *device, uint64_t now);

/* A step's id, status or value; false when memory is out. With the lock held. */
bool sim_note(struct platen_sim *device, const struct sim_step *step);
void sim_facts_free(struct sim_facts *facts);

/* The backend's members of these names. */
uint32_t sim_control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                     uint32_t out_size, uint32_t *returned);
uint32_t sim_bidi(void *state, const char *schema, char *value, size_t size);
uint32_t sim_bidi_list(void *state, void *context, void (*add)(void *context, const char *schema));
uint32_t sim_bidi_set(void *state, const char *schema, const char *value);

#endif
