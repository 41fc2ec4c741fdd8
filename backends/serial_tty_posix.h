/* SPDX-License-Identifier: MIT
 *
 * An open serial device, for the files of this twin.
 */
#ifndef SERIAL_TTY_POSIX_H
#define SERIAL_TTY_POSIX_H

#include "device_posix.h"
#include "serial_termios_posix.h"

struct tty {
    struct node *node;
    struct serial_port *port;
    struct termios2 before; /* restored at the end */
    int lines_before;
    bool has_lines;        /* the device tells of CTS, DSR, the carrier */
    bool carrier;          /* there when the job began */
    bool held;             /* output is stopped, because DSR is gone */
    _Atomic uint32_t rate; /* bits per second, to guess how long bytes take */
    _Atomic bool wait_dsr; /* settings that no driver knows */
    _Atomic bool ignore_dsr;
};

/* Makes the device as port->line says, with port->device.lock held; how it was is not noted. */
uint32_t tty_configure(struct tty *tty);
/* The modem's lines as TIOCMGET has them; all on where the device does not tell. */
int tty_lines(const struct tty *tty);
/* How much was written and has not gone out yet. */
uint32_t tty_unsent(const struct tty *tty, uint32_t *bytes);
void tty_discard(void *device);
uint32_t tty_control(void *device, uint32_t code, const void *in, uint32_t in_size, void *out,
                     uint32_t out_size, uint32_t *returned);

#endif
