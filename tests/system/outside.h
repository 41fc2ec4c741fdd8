/* SPDX-License-Identifier: MIT
 *
 * What the guest says to the far ends outside of it (outside.c), over a channel of its own: a
 * question of this form, followed by `size` bytes, is answered by a number (uint32_t) and as many
 * bytes. Once it is answered it is done.
 */
#ifndef OUTSIDE_H
#define OUTSIDE_H

#include <stdint.h>

enum outside_device { OUTSIDE_PARALLEL, OUTSIDE_SERIAL, OUTSIDE_DEVICES };

/* The state of a device is a status byte for the parallel port; the serial one reads bytes, or (0)
 * does not. */
enum outside_verb {
    OUTSIDE_SET,    /* the state is `state` from now on */
    OUTSIDE_PLAN,   /* it becomes that when `number` bytes have come; 0: it does not */
    OUTSIDE_COUNT,  /* answers with how many bytes have come, 4 bytes */
    OUTSIDE_TAKE,   /* answers with those bytes */
    OUTSIDE_FORGET, /* there were none */
    OUTSIDE_SAY     /* the device sends the bytes that follow */
};

struct outside_question {
    uint8_t verb;
    uint8_t device;
    uint8_t state;
    uint8_t unused;
    uint32_t number;
    uint32_t size;
};

#endif
