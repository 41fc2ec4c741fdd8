/* SPDX-License-Identifier: MIT
 *
 * The parallel backend: LPT ports, and URIs such as `parallel:/dev/lp0`.
 *
 * A job that begins while the printer says that it is out of paper, off line or not there fails at
 * once, and says so: the spooler may have another printer for it. In mid-job that is waited out,
 * and the bytes go on where they stopped. The device is opened for each job, as in serial.c.
 */
#include "parallel_port.h"

#include <stdlib.h>

#include <platen/ioctl.h>

enum { SETTING_DEVICE };

static const struct platen_setting settings[] = {
    [SETTING_DEVICE] = {"device", PLATEN_SETTING_TEXT, "", 0, 0,
                        "the device's path; without it, what the port's name says"},
    {0},
};

static const struct device_names names = {"LPT", parallel_likeness, parallel_default_path};

static unsigned claims(const char *port_name)
{
    return device_claim(&names, port_name);
}

static uint32_t check(const struct platen_port_setup *setup)
{
    char *path;
    uint32_t error = device_path(&names, setup, setup->values[SETTING_DEVICE], &path);
    free(path);
    return error;
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct parallel_port *port = state;
    char *path;
    uint32_t error = device_path(&names, setup, setup->values[SETTING_DEVICE], &path);
    return error ? error : device_init(&port->device, setup, path, &parallel_ops);
}

/* What somebody who stands before the printer would have to do. */
uint32_t parallel_trouble(uint8_t information)
{
    if (information & PARALLEL_PAPER_EMPTY)
        return PLATEN_OUT_OF_PAPER;
    if (information & (PARALLEL_POWER_OFF | PARALLEL_OFF_LINE))
        return PLATEN_NOT_READY;
    return 0;
}

/* The five wires of a status byte as Windows' driver tells them: BUSY is active low there, and a
 * printer without power pulls all wires down. */
uint8_t parallel_information(uint8_t status)
{
    const uint8_t wires = status & PARALLEL_WIRES;
    uint8_t information = PARALLEL_INIT;
    if (!(wires & ~PARALLEL_NOT_BUSY))
        return PARALLEL_INIT | PARALLEL_POWER_OFF | PARALLEL_OFF_LINE;
    if (!(wires & PARALLEL_NOT_BUSY))
        information |= PARALLEL_BUSY;
    if (wires & PARALLEL_OUT_OF_PAPER)
        information |= PARALLEL_PAPER_EMPTY;
    if (wires & PARALLEL_SELECT)
        information |= PARALLEL_SELECTED;
    if (!(wires & PARALLEL_SELECT) || !(wires & PARALLEL_NO_ERROR))
        information |= PARALLEL_OFF_LINE;
    return information;
}

const struct platen_backend platen_backend_parallel = {
    .size = sizeof(struct platen_backend),
    .name = "parallel",
    .summary = "a parallel port (LPT1:, parallel:/dev/lp0)",
    .state_size = sizeof(struct parallel_port),
    .capabilities = PLATEN_CAN_READ,
    .settings = settings,
    .example = "parallel:{tty}",
    .claims = claims,
    .check = check,
    .open = open_port,
    .start_doc = device_start_doc,
    .write = device_write,
    .read = device_read,
    .end_doc = device_end_doc,
    .close = device_close,
    .cancel = device_cancel,
    .control = device_printer_control,
    .discover = parallel_discover,
};
