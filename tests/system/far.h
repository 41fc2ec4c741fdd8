/* SPDX-License-Identifier: MIT
 *
 * The far end of a device's cable: a printer that does what a test says, and keeps what reaches it.
 * A state is a number that each kind has its own meanings for.
 */
#ifndef FAR_H
#define FAR_H

#include <stdbool.h>
#include <stdint.h>

struct far {
    const char *name;
    unsigned well; /* the state in which it takes everything */
    /* All is well, nothing has come, nothing is planned. Returns when that is so. */
    void (*reset)(struct far *far);
    void (*set)(struct far *far, unsigned state);
    /* The state comes with the byte that makes it so many. */
    void (*plan)(struct far *far, unsigned state, uint32_t at);
    uint32_t (*count)(struct far *far);
    /* All that has come, at most `room` bytes; how many there are. */
    uint32_t (*take)(struct far *far, uint8_t *bytes, uint32_t room);
    /* Sends bytes to the computer. NULL: it has no way back. */
    void (*say)(struct far *far, const void *bytes, uint32_t size);
};

/* The parallel port /dev/lp0: a state is the port's status byte. */
struct far *far_parallel(void);
/* The serial line /dev/ttyS1. */
enum { LINE_STOPS, LINE_READS };
struct far *far_serial(void);

/* Ends the program: it is the test itself that went wrong. */
__attribute__((noreturn, format(printf, 1, 2))) void far_broken(const char *format, ...);

#endif
