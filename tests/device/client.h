/* SPDX-License-Identifier: MIT
 *
 * Clients of a simulated printer, any number at once in one loop of libuv, good and bad ones.
 */
#ifndef TESTS_DEVICE_CLIENT_H
#define TESTS_DEVICE_CLIENT_H

#include <stdbool.h>
#include <stdint.h>

#include <uv.h>

enum client_end {
    CLIENT_SHUTS,  /* ends its side, reads to the end of the other */
    CLIENT_CLOSES, /* at once */
    CLIENT_RESETS_AT_ONCE,
    CLIENT_RESETS, /* once a byte of an answer has come */
    CLIENT_HOLDS   /* waits for the other side to end */
};

struct client {
    /* Set before. */
    uint16_t port;
    const char *address; /* NULL: 127.0.0.1 */
    const char *text;    /* sent first; NULL: nothing */
    uint64_t size;       /* then so many bytes of client_byte() */
    enum client_end end;
    bool deaf;        /* reads nothing before it has sent everything */
    uint64_t give_up; /* milliseconds; 0: never */
    /* Afterwards. */
    int error; /* the first of libuv's that came: connecting, writing, reading; 0: none */
    bool connected;
    bool saw_end;
    bool gave_up;
    uint64_t got;
    char answer[4096]; /* the beginning of what came */
    /* Its own. */
    uv_tcp_t tcp;
    uv_timer_t timer;
    uv_connect_t connect;
    uv_write_t write;
    uv_shutdown_t shutdown;
    uint64_t sent;
    bool text_sent;
    bool done;
    char room[65536];
    char reads[65536];
};

/* What stands at a place of what clients send. */
unsigned char client_byte(uint64_t at);

void client_begin(uv_loop_t *loop, struct client *client);
/* Begins all of them at once and runs them to their ends. */
void client_run(struct client *clients, unsigned count);

#endif
