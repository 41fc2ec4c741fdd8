/* SPDX-License-Identifier: MIT */
#include "serial_termios_posix.h"

#include <stddef.h>
#include <string.h>

enum { XON = 0x11, XOFF = 0x13 };

static const tcflag_t sizes[] = {CS5, CS6, CS7, CS8};
static const tcflag_t parities[] = {
    [SERIAL_NONE] = 0,
    [SERIAL_ODD] = PARENB | PARODD,
    [SERIAL_EVEN] = PARENB,
    [SERIAL_MARK] = PARENB | CMSPAR | PARODD,
    [SERIAL_SPACE] = PARENB | CMSPAR,
};

/* CLOCAL: a printer need not have a carrier. One and a half stop bits are what two are with five
 * bits of data; with more, two are the longer stop, which no receiver minds. CRTSCTS makes the
 * driver mind RTS too, so it is not there without `cts`: with it output would wait as well. */
static tcflag_t control_flags(const struct serial_line *line)
{
    tcflag_t flags = CREAD | CLOCAL | BOTHER | BOTHER << IBSHIFT;
    flags |= sizes[line->bits - 5] | parities[line->parity];
    flags |= line->stop == SERIAL_STOP_1 ? 0 : CSTOPB;
    return flags | (line->cts ? CRTSCTS : 0);
}

void serial_termios_set(const struct serial_line *line, struct termios2 *termios)
{
    const tcflag_t ours = CBAUD | CBAUD << IBSHIFT | CSIZE | CSTOPB | CREAD | PARENB | PARODD |
                          CMSPAR | CLOCAL | CRTSCTS;
    termios->c_iflag = IGNBRK | (line->xon ? IXON | IXOFF : 0);
    termios->c_oflag = 0;
    termios->c_lflag = 0;
    termios->c_cflag = (termios->c_cflag & ~ours) | control_flags(line);
    termios->c_line = 0;
    termios->c_ispeed = termios->c_ospeed = line->baud;
    memset(termios->c_cc, 0, sizeof termios->c_cc);
    termios->c_cc[VMIN] = 1;
    termios->c_cc[VSTART] = XON;
    termios->c_cc[VSTOP] = XOFF;
}

static bool same_flags(const struct termios2 *a, const struct termios2 *b, tcflag_t flags)
{
    return (a->c_cflag & flags) == (b->c_cflag & flags);
}

const char *serial_termios_differs(const struct termios2 *asked, const struct termios2 *taken)
{
    uint64_t wanted = asked->c_ospeed, got = taken->c_ospeed;
    if (got * 100 < wanted * 97 || got * 100 > wanted * 103)
        return "bit rate";
    if (!same_flags(asked, taken, CSIZE))
        return "bits";
    if (!same_flags(asked, taken, PARENB | PARODD | CMSPAR))
        return "parity";
    if (!same_flags(asked, taken, CSTOPB))
        return "stop bits";
    return same_flags(asked, taken, CRTSCTS) ? NULL : "RTS and CTS";
}
