/* SPDX-License-Identifier: MIT
 *
 * Calls that ask the serial device itself. For an adapter on USB each is a message to it and back,
 * and one that does not answer, or is being pulled out, keeps the caller for five seconds a time.
 * So they are made by a helper, and nobody waits longer than he has time.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/ioctl.h>

#include <linux/serial.h>

#include "os/clock.h"
#include "os/error.h"
#include "serial_tty_posix.h"

#define MILLISECOND UINT64_C(1000000)
#define LEAST       (10 * MILLISECOND)   /* what every call gets */
#define PATIENCE    (250 * MILLISECOND)  /* for what a job only wants to know */
#define SILENCE     (6000 * MILLISECOND) /* so long is one not asked that did not answer */

enum { CLOSING_WAIT = 5 }; /* hundredths of a second */

struct request {
    unsigned long code;
    union {
        int number;
        struct termios2 termios;
        struct serial_rs485 mode;
        struct serial_struct port;
    } is;
};

static int make_request(int fd, void *data, size_t size)
{
    struct request *request = data;
    (void)size;
    return ioctl(fd, request->code, &request->is) ? -errno : 0;
}

static uint32_t ask(const struct tty *tty, struct request *request, uint64_t until)
{
    uint64_t least = platen_os_now() + LEAST;
    int code;
    uint32_t error = node_call(tty->node, make_request, request, sizeof *request, false,
                               until > least ? until : least, &code);
    return error || !code ? error : node_error(-code);
}

/* ---- lines --------------------------------------------------------------------------------- */

uint32_t tty_set_lines(const struct tty *tty, int lines, bool on, uint64_t until)
{
    struct request request = {.code = on ? TIOCMBIS : TIOCMBIC, .is.number = lines};
    return ask(tty, &request, until);
}

static uint32_t get_lines(const struct tty *tty, int *lines, uint64_t until)
{
    struct request request = {.code = TIOCMGET};
    uint32_t error = ask(tty, &request, until);
    *lines = error ? TTY_ALL_LINES : request.is.number;
    return error;
}

uint32_t tty_first_lines(struct tty *tty, uint64_t until)
{
    uint32_t error = get_lines(tty, &tty->lines_before, until);
    tty->has_lines = !error;
    tty->lines = tty->lines_before;
    return error == PLATEN_TIMEOUT ? error : 0;
}

/* As long as a device does not answer, its lines are what they were. */
int tty_lines(struct tty *tty, uint64_t until)
{
    uint64_t now = platen_os_now(), patience = now + PATIENCE;
    int lines;
    uint32_t error;
    if (!tty->has_lines || now < atomic_load(&tty->silent_until))
        return atomic_load(&tty->lines);
    error = get_lines(tty, &lines, until < patience ? until : patience);
    if (error == PLATEN_TIMEOUT) {
        atomic_store(&tty->silent_until, now + SILENCE);
        return atomic_load(&tty->lines);
    }
    atomic_store(&tty->lines, lines);
    return lines;
}

/* ---- what is left -------------------------------------------------------------------------- */

/* What the driver has handed on may still be in the chip. Some drivers count it to what is unsent,
 * some tell it apart, and some do neither. */
static int look_for_rest(int fd, void *data, size_t size)
{
    struct tty_rest *rest = data;
    struct pollfd watched = {.fd = fd, .events = POLLOUT};
    int status = TIOCSER_TEMT;
    (void)size;
    if (ioctl(fd, TIOCOUTQ, &rest->unsent))
        return -errno;
    rest->in_chip = ioctl(fd, TIOCSERGETLSR, &status) == 0 && !(status & TIOCSER_TEMT);
    rest->gone = poll(&watched, 1, 0) == 1 && (watched.revents & (POLLHUP | POLLERR));
    return 0;
}

uint32_t tty_rest(struct tty *tty, uint64_t until, struct tty_rest *rest)
{
    uint64_t now = platen_os_now(), least = now + LEAST;
    int code;
    uint32_t error = PLATEN_TIMEOUT;
    *rest = (struct tty_rest){0};
    if (now < atomic_load(&tty->silent_until))
        return error;
    error = node_call(tty->node, look_for_rest, rest, sizeof *rest, false,
                      until > least ? until : least, &code);
    if (error == PLATEN_TIMEOUT && now + PATIENCE <= until)
        atomic_store(&tty->silent_until, now + SILENCE);
    return error || !code ? error : node_error(-code);
}

uint32_t tty_unsent(const struct tty *tty, uint64_t until, uint32_t *bytes)
{
    struct request request = {.code = TIOCOUTQ};
    uint32_t error = ask(tty, &request, until);
    *bytes = error || request.is.number < 0 ? 0 : (uint32_t)request.is.number;
    return error;
}

/* ---- settings ------------------------------------------------------------------------------ */

static uint32_t set_termios(const struct tty *tty, const struct termios2 *termios, uint64_t until)
{
    struct request request = {.code = TCSETS2, .is.termios = *termios};
    return ask(tty, &request, until);
}

/* The driver turns RTS on while it sends, if it can; a line that stays on does no harm. */
static void set_toggle(const struct tty *tty, uint64_t until)
{
    struct request request = {.code = TIOCSRS485,
                              .is.mode.flags = SER_RS485_ENABLED | SER_RS485_RTS_ON_SEND};
    if (ask(tty, &request, until))
        device_tell(&tty->port->device, PLATEN_LOG_INFO, "RTS cannot be toggled, and stays on");
}

static void configure_lines(const struct tty *tty, const struct serial_line *line, uint64_t until)
{
    if (line->dtr == SERIAL_OFF || !(tty->lines_before & TIOCM_DTR))
        tty_set_lines(tty, TIOCM_DTR, line->dtr != SERIAL_OFF, until);
    if (!line->cts && (line->rts == SERIAL_OFF || !(tty->lines_before & TIOCM_RTS)))
        tty_set_lines(tty, TIOCM_RTS, line->rts != SERIAL_OFF, until);
    if (line->rts == SERIAL_TOGGLE)
        set_toggle(tty, until);
}

uint32_t tty_configure(struct tty *tty, const struct serial_line *line, uint64_t until)
{
    struct termios2 asked = tty->before, taken;
    const char *differs;
    char text[80];
    uint32_t error;

    serial_termios_set(line, &asked);
    error = set_termios(tty, &asked, until);
    if (error)
        return error;
    if (ioctl(tty->node->fd, TCGETS2, &taken))
        return node_error(errno);
    differs = serial_termios_differs(&asked, &taken);
    snprintf(text, sizeof text, "the device does not take the %s", differs);
    if (differs)
        device_tell(&tty->port->device, PLATEN_LOG_WARNING, text);
    configure_lines(tty, line, until);
    tty->rate = line->baud;
    tty->wait_dsr = line->dsr && tty->has_lines;
    tty->ignore_dsr = line->idsr && tty->has_lines;
    return 0;
}

/* ---- the end ------------------------------------------------------------------------------- */

struct former {
    struct termios2 termios;
    int lines;
    bool has_lines;
};

static void restore_lines(int fd, int before)
{
    const int ours = TIOCM_DTR | TIOCM_RTS;
    int now, on, off;
    if (ioctl(fd, TIOCMGET, &now))
        return;
    on = ~now & before & ours;
    off = now & ~before & ours;
    if (on)
        ioctl(fd, TIOCMBIS, &on);
    if (off)
        ioctl(fd, TIOCMBIC, &off);
}

/* Not every driver throws away what it is told to; the close would wait for it half a minute, and
 * keep the device. Only root may change that. */
static void hasten_close(int fd)
{
    struct serial_struct port;
    int unsent = 0;
    if (ioctl(fd, TIOCOUTQ, &unsent) || unsent <= 0 || ioctl(fd, TIOCGSERIAL, &port))
        return;
    port.closing_wait = CLOSING_WAIT;
    ioctl(fd, TIOCSSERIAL, &port);
}

static int restore(int fd, void *data, size_t size)
{
    const struct former *former = data;
    (void)size;
    ioctl(fd, TCSETS2, &former->termios);
    if (former->has_lines)
        restore_lines(fd, former->lines);
    hasten_close(fd);
    ioctl(fd, TIOCNXCL);
    return 0;
}

/* In one piece: what takes longer is done nevertheless, before the device is closed. */
void tty_restore(struct tty *tty, uint64_t until)
{
    struct former former = {tty->before, tty->lines_before, tty->has_lines};
    int code;
    if (platen_os_now() < atomic_load(&tty->silent_until))
        former.has_lines = false;
    node_call(tty->node, restore, &former, sizeof former, false, until, &code);
}
