/* SPDX-License-Identifier: MIT
 *
 * What Windows' serial drivers answer to control codes, from a Linux device. What is set here is
 * kept for the openings to come. serial_control.c has looked at the sizes.
 */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <platen/ioctl.h>

#include "os/clock.h"
#include "serial_tty_posix.h"

#define QUESTION UINT64_C(2000000000) /* how long a device has for its answer */

/* Bits of the structures, as <ntddser.h> has them. */
enum {
    MODEM_CTS = 0x10,
    MODEM_DSR = 0x20,
    MODEM_RING = 0x40,
    MODEM_CARRIER = 0x80,

    FLOW_DTR = 0x3,
    FLOW_CTS = 0x8,
    FLOW_DSR = 0x10,
    FLOW_DSR_IN = 0x40,
    FLOW_XON = 0x1,
    FLOW_XOFF = 0x2,
    FLOW_RTS_SHIFT = 6,

    HOLD_CTS = 0x1,
    HOLD_DSR = 0x2,

    PURGE_OUT = 0x1 | 0x4,
    PURGE_IN = 0x2 | 0x8
};

static uint32_t number_in(const void *in)
{
    uint32_t number;
    memcpy(&number, in, sizeof number);
    return number;
}

static void number_out(void *out, size_t place, uint32_t number)
{
    memcpy((char *)out + place, &number, sizeof number);
}

static uint32_t result(int code)
{
    return code ? node_error(errno) : 0;
}

/* ---- the line ------------------------------------------------------------------------------ */

static struct serial_line line_of(struct tty *tty)
{
    struct serial_line line;
    platen_os_mutex_lock(&tty->port->device.lock);
    line = tty->port->line;
    platen_os_mutex_unlock(&tty->port->device.lock);
    return line;
}

static uint32_t change(struct tty *tty, const struct serial_line *line)
{
    uint32_t error = tty_configure(tty, line, platen_os_now() + QUESTION);
    if (error)
        return error;
    platen_os_mutex_lock(&tty->port->device.lock);
    tty->port->line = *line;
    platen_os_mutex_unlock(&tty->port->device.lock);
    return 0;
}

static uint32_t set_rate(struct tty *tty, const void *in, void *out)
{
    struct serial_line line = line_of(tty);
    (void)out;
    line.baud = number_in(in);
    return line.baud ? change(tty, &line) : PLATEN_INVALID_PARAMETER;
}

static uint32_t get_rate(struct tty *tty, const void *in, void *out)
{
    (void)in;
    number_out(out, 0, line_of(tty).baud);
    return 0;
}

static uint32_t set_format(struct tty *tty, const void *in, void *out)
{
    const uint8_t *bytes = in;
    struct serial_line line = line_of(tty);
    (void)out;
    if (bytes[0] > SERIAL_STOP_2 || bytes[1] > SERIAL_SPACE || bytes[2] < 5 || bytes[2] > 8)
        return PLATEN_INVALID_PARAMETER;
    line.stop = bytes[0];
    line.parity = bytes[1];
    line.bits = bytes[2];
    return change(tty, &line);
}

static uint32_t get_format(struct tty *tty, const void *in, void *out)
{
    struct serial_line line = line_of(tty);
    const uint8_t bytes[] = {line.stop, line.parity, line.bits};
    (void)in;
    memcpy(out, bytes, sizeof bytes);
    return 0;
}

static uint32_t set_flow(struct tty *tty, const void *in, void *out)
{
    const uint32_t control = number_in(in), replace = number_in((const char *)in + 4);
    struct serial_line line = line_of(tty);
    (void)out;
    if ((control & FLOW_DTR) == FLOW_DTR)
        return PLATEN_INVALID_PARAMETER;
    line.dtr = control & FLOW_DTR;
    line.cts = control & FLOW_CTS;
    line.dsr = control & FLOW_DSR;
    line.idsr = control & FLOW_DSR_IN;
    line.xon = replace & (FLOW_XON | FLOW_XOFF);
    line.rts = replace >> FLOW_RTS_SHIFT & SERIAL_TOGGLE;
    return change(tty, &line);
}

static uint32_t get_flow(struct tty *tty, const void *in, void *out)
{
    struct serial_line line = line_of(tty);
    uint32_t control = line.dtr, replace = (uint32_t)line.rts << FLOW_RTS_SHIFT;
    (void)in;
    control |= line.cts ? FLOW_CTS : 0;
    control |= line.dsr ? FLOW_DSR : 0;
    control |= line.idsr ? FLOW_DSR_IN : 0;
    replace |= line.xon ? FLOW_XON | FLOW_XOFF : 0;
    number_out(out, 0, control);
    number_out(out, 4, replace);
    number_out(out, 8, 0);
    number_out(out, 12, 0);
    return 0;
}

/* ---- lines and queues ---------------------------------------------------------------------- */

static uint32_t set_line(struct tty *tty, int line, bool on)
{
    return tty_set_lines(tty, line, on, platen_os_now() + QUESTION);
}

static uint32_t set_dtr(struct tty *tty, const void *in, void *out)
{
    (void)in;
    (void)out;
    return set_line(tty, TIOCM_DTR, true);
}

static uint32_t clear_dtr(struct tty *tty, const void *in, void *out)
{
    (void)in;
    (void)out;
    return set_line(tty, TIOCM_DTR, false);
}

static uint32_t set_rts(struct tty *tty, const void *in, void *out)
{
    (void)in;
    (void)out;
    return set_line(tty, TIOCM_RTS, true);
}

static uint32_t clear_rts(struct tty *tty, const void *in, void *out)
{
    (void)in;
    (void)out;
    return set_line(tty, TIOCM_RTS, false);
}

static uint32_t get_modem(struct tty *tty, const void *in, void *out)
{
    int lines = tty_lines(tty, platen_os_now() + QUESTION);
    uint32_t status = 0;
    (void)in;
    if (!tty->has_lines)
        return PLATEN_NOT_SUPPORTED;
    status |= lines & TIOCM_CTS ? MODEM_CTS : 0;
    status |= lines & TIOCM_DSR ? MODEM_DSR : 0;
    status |= lines & TIOCM_RNG ? MODEM_RING : 0;
    status |= lines & TIOCM_CAR ? MODEM_CARRIER : 0;
    number_out(out, 0, status);
    return 0;
}

static uint32_t get_status(struct tty *tty, const void *in, void *out)
{
    struct serial_line line = line_of(tty);
    int waiting = 0, lines = tty_lines(tty, platen_os_now() + QUESTION);
    uint32_t unsent, hold = 0, error = tty_unsent(tty, platen_os_now() + QUESTION, &unsent);
    (void)in;
    if (!error)
        error = result(ioctl(tty->node->fd, FIONREAD, &waiting));
    hold |= line.cts && !(lines & TIOCM_CTS) ? HOLD_CTS : 0;
    hold |= line.dsr && !(lines & TIOCM_DSR) ? HOLD_DSR : 0;
    memset(out, 0, 20);
    number_out(out, 4, hold);
    number_out(out, 8, (uint32_t)waiting);
    number_out(out, 12, unsent);
    return error;
}

static uint32_t purge(struct tty *tty, const void *in, void *out)
{
    uint32_t what = number_in(in), error = 0;
    (void)out;
    if (!what || (what & ~(uint32_t)(PURGE_OUT | PURGE_IN)))
        return PLATEN_INVALID_PARAMETER;
    if (what & PURGE_OUT)
        error = result(ioctl(tty->node->fd, TCFLSH, TCOFLUSH));
    if (!error && (what & PURGE_IN))
        error = result(ioctl(tty->node->fd, TCFLSH, TCIFLUSH));
    return error;
}

static uint32_t reset(struct tty *tty, const void *in, void *out)
{
    (void)in;
    (void)out;
    return result(ioctl(tty->node->fd, TCFLSH, TCIOFLUSH));
}

static uint32_t send_byte(struct tty *tty, const void *in, void *out)
{
    ssize_t done = write(tty->node->fd, in, 1);
    (void)out;
    if (done < 0 && errno != EAGAIN)
        return node_error(errno);
    return done == 1 ? 0 : PLATEN_BUSY;
}

static uint32_t set_queues(struct tty *tty, const void *in, void *out)
{
    (void)tty;
    (void)in;
    (void)out;
    return 0; /* the kernel's queues have the size that they have */
}

/* Any rate, any format, all of the flow control above. */
static uint32_t get_properties(struct tty *tty, const void *in, void *out)
{
    static const struct {
        uint8_t place;
        uint32_t number;
    } numbers[] = {
        {0, 64 | 2 << 16},          /* length, version */
        {4, 1},                     /* a serial device */
        {20, 0x10000000},           /* rates: any */
        {24, 1},                    /* RS-232 */
        {28, 0xDF},                 /* DTR/DSR, RTS/CTS, carrier, parity, XON/XOFF, time-outs */
        {32, 0x5F},                 /* all of them can be set */
        {36, 0x10000000},           /* rates: any */
        {40, 0x0F | 0x1F07u << 16}, /* bits; stop bits and parity */
    };
    (void)tty;
    (void)in;
    memset(out, 0, 64);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        number_out(out, numbers[i].place, numbers[i].number);
    return 0;
}

// clang-format off
static const struct {
    uint32_t code;
    uint32_t out;
    uint32_t (*answer)(struct tty *tty, const void *in, void *out);
} answers[] = {
    {IOCTL_SERIAL_SET_BAUD_RATE,     0, set_rate},
    {IOCTL_SERIAL_GET_BAUD_RATE,     4, get_rate},
    {IOCTL_SERIAL_SET_QUEUE_SIZE,    0, set_queues},
    {IOCTL_SERIAL_SET_LINE_CONTROL,  0, set_format},
    {IOCTL_SERIAL_GET_LINE_CONTROL,  3, get_format},
    {IOCTL_SERIAL_IMMEDIATE_CHAR,    0, send_byte},
    {IOCTL_SERIAL_SET_DTR,           0, set_dtr},
    {IOCTL_SERIAL_CLR_DTR,           0, clear_dtr},
    {IOCTL_SERIAL_RESET_DEVICE,      0, reset},
    {IOCTL_SERIAL_SET_RTS,           0, set_rts},
    {IOCTL_SERIAL_CLR_RTS,           0, clear_rts},
    {IOCTL_SERIAL_PURGE,             0, purge},
    {IOCTL_SERIAL_GET_HANDFLOW,     16, get_flow},
    {IOCTL_SERIAL_SET_HANDFLOW,      0, set_flow},
    {IOCTL_SERIAL_GET_MODEMSTATUS,   4, get_modem},
    {IOCTL_SERIAL_GET_COMMSTATUS,   20, get_status},
    {IOCTL_SERIAL_GET_PROPERTIES,   64, get_properties},
};
// clang-format on

uint32_t tty_control(void *device, uint32_t code, const void *in, uint32_t in_size, void *out,
                     uint32_t out_size, uint32_t *returned)
{
    (void)in_size;
    (void)out_size;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        if (answers[i].code != code)
            continue;
        uint32_t error = answers[i].answer(device, in, out);
        *returned = error ? 0 : answers[i].out;
        return error;
    }
    return PLATEN_INVALID_PARAMETER;
}
