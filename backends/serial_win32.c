/* SPDX-License-Identifier: MIT
 *
 * Serial devices on Windows. The driver keeps line, flow control and COMMTIMEOUTS by itself; reads
 * and writes are overlapped, so that a deadline or a cancel can call them back.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "device_win32.h"
#include "os/clock.h"
#include "os/error.h"
#include "serial_port.h"

#include <platen/ioctl.h>

#define MILLISECOND UINT64_C(1000000)
#define LOOK        (20 * MILLISECOND)

enum { XON = 0x11, XOFF = 0x13, QUEUE = 4096, PIECE = 16384 };

struct com {
    struct node node; /* first */
    struct serial_port *port;
    DCB before;
    COMMTIMEOUTS times_before;
    bool carrier; /* there when the job began */
};

unsigned serial_likeness(const char *path)
{
    return node_likeness(path, "COM");
}

char *serial_default_path(unsigned number)
{
    return node_default_path("COM", number);
}

/* ---- open and close ------------------------------------------------------------------------ */

/* A DCB numbers parity, stop bits and what the lines do as we do. */
static void set_line(const struct serial_line *line, DCB *dcb)
{
    dcb->BaudRate = line->baud;
    dcb->ByteSize = line->bits;
    dcb->Parity = line->parity;
    dcb->StopBits = line->stop;
    dcb->fBinary = TRUE;
    dcb->fParity = line->parity != SERIAL_NONE;
    dcb->fOutxCtsFlow = line->cts;
    dcb->fOutxDsrFlow = line->dsr;
    dcb->fDsrSensitivity = line->idsr;
    dcb->fDtrControl = line->dtr;
    dcb->fRtsControl = line->rts;
    dcb->fOutX = dcb->fInX = line->xon;
    dcb->fTXContinueOnXoff = TRUE;
    dcb->fErrorChar = dcb->fNull = dcb->fAbortOnError = FALSE;
    dcb->XonChar = XON;
    dcb->XoffChar = XOFF;
    dcb->XonLim = QUEUE / 2;
    dcb->XoffLim = QUEUE / 4;
}

/* Writes are bounded by calling them back, and reads are asked with their own times. */
static uint32_t configure(struct com *com)
{
    const COMMTIMEOUTS none = {.ReadIntervalTimeout = MAXDWORD};
    DCB dcb = {.DCBlength = sizeof dcb};
    uint32_t error = 0;

    if (!GetCommState(com->node.handle, &com->before))
        return PLATEN_BAD_DEV_TYPE;
    dcb = com->before;
    GetCommTimeouts(com->node.handle, &com->times_before);
    SetupComm(com->node.handle, QUEUE, QUEUE);
    platen_os_mutex_lock(&com->port->device.lock);
    set_line(&com->port->line, &dcb);
    platen_os_mutex_unlock(&com->port->device.lock);
    if (!SetCommState(com->node.handle, &dcb) ||
        !SetCommTimeouts(com->node.handle, (COMMTIMEOUTS *)(uintptr_t)&none))
        error = node_error(GetLastError());
    return error;
}

static uint32_t com_open(struct device_port *port, uint64_t until, void **device)
{
    struct com *com = calloc(1, sizeof *com);
    uint32_t error = com ? node_open(&com->node, port->path, true) : PLATEN_OUTOFMEMORY;

    (void)until; /* Windows does not wait there */
    *device = NULL;
    if (error) {
        free(com);
        return error;
    }
    com->port = (struct serial_port *)(void *)port;
    com->before.DCBlength = sizeof com->before;
    error = configure(com);
    if (error) {
        node_close(&com->node);
        free(com);
        return error;
    }
    *device = com;
    return 0;
}

static void com_discard(void *device)
{
    struct com *com = device;
    PurgeComm(com->node.handle, PURGE_TXABORT | PURGE_TXCLEAR);
}

static uint32_t unsent(const struct com *com, uint32_t *bytes)
{
    COMSTAT status = {0};
    DWORD errors;
    uint32_t error =
        ClearCommError(com->node.handle, &errors, &status) ? 0 : node_error(GetLastError());
    *bytes = status.cbOutQue;
    return error;
}

static void com_close(void *device)
{
    struct com *com = device;
    uint32_t bytes;
    if (unsent(com, &bytes) || bytes)
        com_discard(com);
    SetCommTimeouts(com->node.handle, &com->times_before);
    SetCommState(com->node.handle, &com->before);
    node_close(&com->node);
    free(com);
}

/* ---- lines --------------------------------------------------------------------------------- */

static bool has_carrier(const struct com *com)
{
    DWORD lines = 0;
    return GetCommModemStatus(com->node.handle, &lines) && (lines & MS_RLSD_ON);
}

static uint32_t com_ready(void *device, uint64_t until)
{
    (void)until;
    struct com *com = device;
    com->carrier = has_carrier(com);
    return 0;
}

/* A carrier that was there and goes, in the midst of a job, takes the printer with it. */
static uint32_t look_at_carrier(const struct com *com)
{
    return com->carrier && !has_carrier(com) ? PLATEN_DEVICE_NOT_CONNECTED : 0;
}

/* ---- write, drain, read -------------------------------------------------------------------- */

static uint64_t write_end(struct com *com, uint32_t size, uint64_t until)
{
    struct serial_port *port = com->port;
    uint64_t now = platen_os_now(), time;
    platen_os_mutex_lock(&port->device.lock);
    time = serial_write_time(&port->timeouts, size);
    platen_os_mutex_unlock(&port->device.lock);
    return now < until && time < until - now ? now + time : until;
}

/* In pieces, because what is called back may have moved in part, and a device that takes nothing
 * for a moment completes a write with 0 bytes (Wine). */
static uint32_t com_write(void *device, const void *data, uint32_t size, uint64_t until,
                          uint32_t *moved)
{
    struct com *com = device;
    uint64_t end = write_end(com, size, until);
    for (;;) {
        uint32_t error = look_at_carrier(com);
        *moved = 0;
        if (!error)
            error =
                node_error(node_write(&com->node, data, size < PIECE ? size : PIECE, end, moved));
        if (*moved && (error == PLATEN_TIMEOUT || error == PLATEN_OPERATION_ABORTED))
            error = 0;
        if (error || *moved)
            return error;
        error = node_pause(&com->node, MILLISECOND, end);
        if (error)
            return error;
    }
}

/* The driver completes a write when the device has the bytes, or its own queue has; that is asked
 * for. */
static uint32_t com_drain(void *device, uint64_t until)
{
    struct com *com = device;
    for (;;) {
        uint32_t bytes, error = look_at_carrier(com);
        if (!error)
            error = unsent(com, &bytes);
        if (error || !bytes)
            return error;
        if (platen_os_now() >= until)
            return PLATEN_TIMEOUT;
        error = node_pause(&com->node, LOOK, until);
        if (error)
            return error;
    }
}

static bool same_times(const COMMTIMEOUTS *a, const COMMTIMEOUTS *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static uint32_t set_read_times(struct com *com)
{
    const struct serial_timeouts *asked = &com->port->timeouts;
    COMMTIMEOUTS now, times = {0};
    platen_os_mutex_lock(&com->port->device.lock);
    times.ReadIntervalTimeout = asked->read_interval;
    times.ReadTotalTimeoutMultiplier = asked->read_multiplier;
    times.ReadTotalTimeoutConstant = asked->read_constant;
    platen_os_mutex_unlock(&com->port->device.lock);
    if (GetCommTimeouts(com->node.handle, &now) && same_times(&now, &times))
        return 0;
    return SetCommTimeouts(com->node.handle, &times) ? 0 : node_error(GetLastError());
}

/* Does a read take what is there, and wait for nothing? */
static bool reads_at_once(struct com *com)
{
    const struct serial_timeouts *asked = &com->port->timeouts;
    platen_os_mutex_lock(&com->port->device.lock);
    bool at_once =
        asked->read_interval == MAXDWORD && !asked->read_multiplier && !asked->read_constant;
    platen_os_mutex_unlock(&com->port->device.lock);
    return at_once;
}

/* A read that waits for nothing is begun only if there is something: Wine's driver would wait. */
static uint32_t com_read(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct com *com = device;
    uint32_t error = set_read_times(com);
    COMSTAT status = {.cbInQue = size};
    DWORD errors;
    *moved = 0;
    if (!error && reads_at_once(com) && ClearCommError(com->node.handle, &errors, &status))
        size = status.cbInQue < size ? status.cbInQue : size;
    if (error || !size)
        return error;
    return node_error(node_read(&com->node, data, size, until, moved));
}

/* ---- control ------------------------------------------------------------------------------- */

/* The line stays as it was set for the openings to come, as far as a DCB can tell. */
static void keep_line(struct com *com)
{
    struct serial_line *line = &com->port->line;
    DCB dcb = {.DCBlength = sizeof dcb};
    if (!GetCommState(com->node.handle, &dcb))
        return;
    platen_os_mutex_lock(&com->port->device.lock);
    line->baud = dcb.BaudRate;
    line->bits = dcb.ByteSize;
    line->parity = dcb.Parity;
    line->stop = dcb.StopBits;
    line->cts = dcb.fOutxCtsFlow;
    line->dsr = dcb.fOutxDsrFlow;
    line->idsr = dcb.fDsrSensitivity;
    line->dtr = (uint8_t)dcb.fDtrControl;
    line->rts = (uint8_t)dcb.fRtsControl;
    line->xon = dcb.fOutX;
    platen_os_mutex_unlock(&com->port->device.lock);
}

static uint32_t com_control(void *device, uint32_t code, const void *in, uint32_t in_size,
                            void *out, uint32_t out_size, uint32_t *returned)
{
    struct com *com = device;
    uint32_t error = node_control(&com->node, code, in, in_size, out, out_size, returned);
    bool changes = code == IOCTL_SERIAL_SET_BAUD_RATE || code == IOCTL_SERIAL_SET_LINE_CONTROL ||
                   code == IOCTL_SERIAL_SET_HANDFLOW;
    if (!error && changes)
        keep_line(com);
    return error;
}

static void com_ring(void *device, bool on)
{
    struct com *com = device;
    node_ring(&com->node, on);
}

/* ---- what is there ------------------------------------------------------------------------- */

void serial_discover(struct platen_discovery *to)
{
    static const struct node_kind kind = {.key = L"HARDWARE\\DEVICEMAP\\SERIALCOMM",
                                          .word = "COM",
                                          .scheme = "serial",
                                          .way = "serial"};
    node_discover(to, &kind);
}

const struct device_ops serial_ops = {
    .open = com_open,
    .close = com_close,
    .ready = com_ready,
    .write = com_write,
    .read = com_read,
    .drain = com_drain,
    .discard = com_discard,
    .control = com_control,
    .ring = com_ring,
};
