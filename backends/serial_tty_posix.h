/* SPDX-License-Identifier: MIT
 *
 * An open serial device, for the files of this twin.
 */
#ifndef SERIAL_TTY_POSIX_H
#define SERIAL_TTY_POSIX_H

#include <stdatomic.h>
#include <sys/ioctl.h>

#include "device_posix.h"
#include "serial_termios_posix.h"

struct tty {
    struct node *node;
    struct serial_port *port;
    struct termios2 before; /* restored at the end */
    int lines_before;
    _Atomic int lines;             /* as they were last told */
    _Atomic uint64_t silent_until; /* the device did not answer, and is not asked */
    bool has_lines;                /* the device tells of CTS, DSR, the carrier */
    bool carrier;                  /* there when the job began */
    bool held;                     /* output is stopped, because DSR is gone */
    _Atomic uint32_t rate;         /* bits per second, to guess how long bytes take */
    _Atomic bool wait_dsr;         /* settings that no driver knows */
    _Atomic bool ignore_dsr;
};

/* Where a device does not tell of its lines, or not before anybody asks, all are on. */
enum { TTY_ALL_LINES = TIOCM_CTS | TIOCM_DSR | TIOCM_CAR | TIOCM_DTR | TIOCM_RTS };

/* Makes the device as the line says; how it was is not noted. */
uint32_t tty_configure(struct tty *tty, const struct serial_line *line, uint64_t until);
/* Makes it as it was before, and ready to be closed. */
void tty_restore(struct tty *tty, uint64_t until);
/* The modem's lines as TIOCMGET has them. The first time it is noted whether the device has any. */
uint32_t tty_first_lines(struct tty *tty, uint64_t until);
int tty_lines(struct tty *tty, uint64_t until);
uint32_t tty_set_lines(const struct tty *tty, int lines, bool on, uint64_t until);

/* What was written and is not at the other side yet. TIMEOUT: the device does not say. */
struct tty_rest {
    int unsent;
    bool in_chip;
    bool gone; /* and the rest with it */
};
uint32_t tty_rest(struct tty *tty, uint64_t until, struct tty_rest *rest);
/* How many bytes of it are the driver's. */
uint32_t tty_unsent(const struct tty *tty, uint64_t until, uint32_t *bytes);
void tty_discard(void *device);
uint32_t tty_control(void *device, uint32_t code, const void *in, uint32_t in_size, void *out,
                     uint32_t out_size, uint32_t *returned);

#endif
