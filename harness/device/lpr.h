/* SPDX-License-Identifier: MIT
 *
 * A simulated LPR server (RFC 1179): lpr.c is one client's dialog, lpr_life.c what happens in it.
 */
#ifndef DEVICE_LPR_H
#define DEVICE_LPR_H

#include "device/connection.h"

#define LPR_LINE   1024 /* of a command */
#define LPR_STEPS  1024
#define LPR_CLOSED 64 /* queues at a time */

enum lpr_deed {
#define LPR_DEED(word, symbol, argument, summary) LPR_DO_##symbol,
#define LPR_TURN(word, symbol)
#include "device/lpr_steps.def"
    LPR_DEEDS
};

enum lpr_turn {
#define LPR_DEED(word, symbol, argument, summary)
#define LPR_TURN(word, symbol) LPR_AT_##symbol,
#include "device/lpr_steps.def"
    LPR_TURNS
};

struct lpr_step {
    enum lpr_deed deed;
    enum lpr_turn turn;
    unsigned char answer;
    uint64_t times; /* of ACCEPT */
    char *queue;    /* owned */
};

struct lpr_life {
    struct lpr_step *steps;
    size_t count;
};

/* Any thread. NULL: an empty one. INVALID_DATA; *complaint (may be NULL) as
 * platen_device_check_lpr_life says. */
uint32_t lpr_life_parse(const char *text, struct lpr_life *life, char **complaint);
void lpr_life_free(struct lpr_life *life);

/* The server: the loop's thread alone. */
struct lpr_server {
    struct lpr_life life;
    size_t at;
    uint64_t done; /* times of the step there */
    char *closed[LPR_CLOSED];
};

/* What happens in the next connection with a job. */
struct lpr_step lpr_next(struct lpr_server *server);
bool lpr_is_closed(const struct lpr_server *server, const char *queue);

#endif
