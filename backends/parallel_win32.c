/* SPDX-License-Identifier: MIT
 *
 * Parallel printers on Windows. The driver waits for the printer within a write, which is called
 * back at the deadline; what the write has moved until then is counted.
 */
#include "parallel_port.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <windows.h>

#include <platen/ioctl.h>

#include "device_win32.h"
#include "os/clock.h"
#include "os/error.h"

#define MILLISECOND UINT64_C(1000000)
#define PAUSE       (20 * MILLISECOND)

enum { PIECE = 16384 };

struct lpt {
    struct node node; /* first */
    struct device_port *port;
    uint32_t told; /* of what trouble the log knows */
};

unsigned parallel_likeness(const char *path)
{
    return node_likeness(path, "LPT");
}

char *parallel_default_path(unsigned number)
{
    return node_default_path("LPT", number);
}

/* Some devices that stand in for a printer can be written to and not read. Where there are
 * time-outs for reads, a read takes what is there. */
static uint32_t lpt_open(struct device_port *port, uint64_t until, void **device)
{
    struct lpt *lpt = calloc(1, sizeof *lpt);
    COMMTIMEOUTS at_once = {.ReadIntervalTimeout = MAXDWORD};
    uint32_t error = lpt ? node_open(&lpt->node, port->path, true) : PLATEN_OUTOFMEMORY;

    (void)until; /* Windows does not wait there */
    *device = NULL;
    if (error == PLATEN_BUSY)
        error = node_open(&lpt->node, port->path, false);
    if (error) {
        free(lpt);
        return error;
    }
    lpt->port = port;
    SetCommTimeouts(lpt->node.handle, &at_once);
    *device = lpt;
    return 0;
}

static void lpt_close(void *device)
{
    struct lpt *lpt = device;
    node_close(&lpt->node);
    free(lpt);
}

static uint32_t ask(struct lpt *lpt, uint8_t *information)
{
    uint32_t returned;
    *information = 0;
    return node_control(&lpt->node, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, information, 1,
                        &returned);
}

/* A device that tells no status is not in trouble. */
static uint32_t trouble_of(struct lpt *lpt)
{
    uint8_t information;
    uint32_t error = ask(lpt, &information);
    return error ? 0 : parallel_trouble(information);
}

static uint32_t lpt_ready(void *device, uint64_t until)
{
    (void)until;
    return trouble_of(device);
}

/* Says what is wrong once, and once when it is right again. */
static void tell(struct lpt *lpt, uint32_t trouble)
{
    const char *text = trouble ? platen_error_text(trouble) : "the printer goes on";
    if (trouble != lpt->told)
        device_tell(lpt->port, trouble ? PLATEN_LOG_WARNING : PLATEN_LOG_INFO, text);
    lpt->told = trouble;
}

/* What passes when somebody goes to the printer. */
static bool is_passing(uint32_t error)
{
    return error == PLATEN_OUT_OF_PAPER || error == PLATEN_NOT_READY || error == PLATEN_SEM_TIMEOUT;
}

static uint32_t lpt_write(void *device, const void *data, uint32_t size, uint64_t until,
                          uint32_t *moved)
{
    struct lpt *lpt = device;
    for (;;) {
        uint32_t error = node_write(&lpt->node, data, size < PIECE ? size : PIECE, until, moved);
        if (*moved)
            tell(lpt, 0);
        if (*moved || (error && !is_passing(error)))
            return *moved ? 0 : node_error(error);
        tell(lpt, is_passing(error) ? error : trouble_of(lpt));
        error = node_pause(&lpt->node, PAUSE, until);
        if (error)
            return error;
    }
}

static uint32_t lpt_drain(void *device, uint64_t until)
{
    (void)device;
    (void)until;
    return 0;
}

static void lpt_discard(void *device)
{
    (void)device;
}

/* A printer, a cable or a port that knows no way back has nothing to say. */
static uint32_t lpt_read(void *device, void *data, uint32_t size, uint64_t until, uint32_t *moved)
{
    struct lpt *lpt = device;
    for (;;) {
        uint32_t error = node_read(&lpt->node, data, size, until, moved);
        if (*moved)
            return 0;
        if (error == PLATEN_OPERATION_ABORTED || error == PLATEN_TIMEOUT)
            return error;
        error = node_pause(&lpt->node, error ? PLATEN_OS_FOREVER : PAUSE, until);
        if (error)
            return error;
    }
}

/* The driver's own soft reset has another code. */
static uint32_t lpt_control(void *device, uint32_t code, const void *in, uint32_t in_size,
                            void *out, uint32_t out_size, uint32_t *returned)
{
    struct lpt *lpt = device;
    uint8_t init = PARALLEL_INIT;
    if (code == IOCTL_USBPRINT_SOFT_RESET)
        return node_control(&lpt->node, IOCTL_PAR_SET_INFORMATION, &init, 1, NULL, 0, returned);
    return node_control(&lpt->node, code, in, in_size, out, out_size, returned);
}

static void lpt_ring(void *device, bool on)
{
    struct lpt *lpt = device;
    node_ring(&lpt->node, on);
}

/* ---- what is there ------------------------------------------------------------------------- */

void parallel_discover(struct platen_discovery *to)
{
    static const struct node_kind kind = {.key = L"HARDWARE\\DEVICEMAP\\PARALLEL PORTS",
                                          .word = "LPT",
                                          .scheme = "parallel",
                                          .way = "direct"};
    node_discover(to, &kind);
}

const struct device_ops parallel_ops = {
    .open = lpt_open,
    .close = lpt_close,
    .ready = lpt_ready,
    .write = lpt_write,
    .read = lpt_read,
    .drain = lpt_drain,
    .discard = lpt_discard,
    .control = lpt_control,
    .ring = lpt_ring,
};
