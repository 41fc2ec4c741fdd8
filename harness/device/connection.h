/* SPDX-License-Identifier: MIT
 *
 * One connection of a simulated printer. The loop's thread alone.
 */
#ifndef DEVICE_CONNECTION_H
#define DEVICE_CONNECTION_H

#include "device/device.h"

struct lpr_talker;
struct pjl_talker;

struct device_utterance {
    struct device_utterance *next;
    uint64_t due;
    size_t size;
    size_t said;
    char text[];
};

struct device_connection {
    platen_device *device;
    struct device_connection *next;
    struct device_connection **link; /* what points at this one */
    struct device_manner *manner;
    uv_tcp_t tcp;
    uv_timer_t limit; /* the whole connection's */
    uv_timer_t pace;  /* when to go on */
    uv_shutdown_t shutdown;
    unsigned handles;
    char *buffer;              /* made when something comes */
    size_t rest;               /* of it, not taken yet ... */
    size_t rest_at;            /* ... and where */
    struct pjl_talker *talker; /* NULL: no PJL */
    struct lpr_talker *lpr;    /* NULL: no LPR */
    uv_timer_t timed;          /* status every so often */
    uv_timer_t speech;
    struct device_utterance *utterances; /* still to be said */
    size_t unsaid;
    struct platen_device_job job;
    struct device_sha256 digest;
    struct device_kept kept;
    uint64_t start;  /* on platen_os_now's clock, as the next */
    uint64_t earned; /* until when `credit` has been reckoned */
    uint64_t credit; /* bytes that the rate allows */
    size_t unsent;   /* answers under way */
    uint16_t seen[DEVICE_ANSWERS];
    bool reading;
    bool stalled;
    bool stall_over;
    bool ended; /* by the client, and all was read */
    bool late;  /* is kept open although it could be closed */
    bool leaving;
};

/* connection.c. Records the job and closes. */
void device_leave(struct device_connection *connection, enum platen_device_end end, bool reset);
/* Leaves if the client has ended and nothing keeps the connection. */
void device_leave_if_done(struct device_connection *connection);
/* Calls back once so many nanoseconds are over, not when libuv last looked at the clock. */
void device_set_timer(uv_timer_t *timer, uv_timer_cb on_time, uint64_t nanoseconds);

/* reading.c. Does what is due after so many bytes, and reads on if nothing is against it. */
void device_go_on(struct device_connection *connection);
/* Bytes of the job have come. */
void device_count(struct device_connection *connection, const char *data, size_t size);
void device_stop_reading(struct device_connection *connection);

/* answering.c. What is to be said at START or END, or AFTER no byte at all. */
void device_answer_moment(struct device_connection *connection, enum answer_when when);
/* Sends it as soon as the client takes it; a copy is made. */
void device_send(struct device_connection *connection, const char *text, size_t size);
/* What is to be said to these bytes; `before` bytes had come before them. */
void device_answer_data(struct device_connection *connection, uint64_t before, const char *data,
                        size_t size);

/* speech.c. Says something to a client of a PJL printer, in that printer's way. */
void device_say(struct device_connection *connection, const char *text, size_t size);
void device_say_garbage(struct device_connection *connection, size_t size);
void device_forget_speech(struct device_connection *connection);

#endif
