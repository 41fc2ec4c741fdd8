/* SPDX-License-Identifier: MIT
 *
 * The settings of a line as Linux has them. <asm/termbits.h> knows any bit rate; it cannot be
 * included together with <termios.h>.
 */
#ifndef SERIAL_TERMIOS_POSIX_H
#define SERIAL_TERMIOS_POSIX_H

#include <asm/termbits.h>

#include "serial_port.h"

/* Raw bytes, and the line as it is asked for; *termios is what the device has now. Pure. */
void serial_termios_set(const struct serial_line *line, struct termios2 *termios);
/* Did the device take bit rate (within 3 in a hundred), bits, parity and stop bits? The name of the
 * first that it did not, or NULL. */
const char *serial_termios_differs(const struct termios2 *asked, const struct termios2 *taken);

#endif
