/* SPDX-License-Identifier: MIT
 *
 * The serial backend: COM ports, and URIs such as `serial:/dev/ttyUSB0?baud=19200&flow=hard`.
 *
 * The device is opened for each job, with the settings of the line, for this program alone, and
 * closed after it with the settings that it had before; between jobs it is opened for the moment of
 * a read or a question. So a port whose device is not there (yet, or at the moment) can be opened:
 * it is the job that fails then, and the next one finds the device if it has come back.
 */
#include <stdio.h>
#include <stdlib.h>

#include "serial_port.h"

/* What Windows' local ports begin with at each opening (contract 8); the write's own bound comes
 * from the library. */
#define READ_INTERVAL 200
#define READ_TOTAL    5000

static const struct platen_setting settings[] = {
    [SERIAL_BAUD] = {"baud", PLATEN_SETTING_NUMBER, "9600", 1, 20000000,
                     "bits per second, any number that the device can do"},
    [SERIAL_BITS] = {"bits", PLATEN_SETTING_NUMBER, "8", 5, 8, "bits of data in a byte"},
    [SERIAL_PARITY] = {"parity", PLATEN_SETTING_TEXT, "none", 0, 0, "none even odd mark space"},
    [SERIAL_STOP] = {"stop", PLATEN_SETTING_TEXT, "1", 0, 0, "stop bits: 1 1.5 2"},
    [SERIAL_XON] = {"xon", PLATEN_SETTING_BOOL, "off", 0, 0, "XON and XOFF, both ways"},
    [SERIAL_CTS] = {"cts", PLATEN_SETTING_BOOL, "off", 0, 0, "output waits for CTS"},
    [SERIAL_DSR] = {"dsr", PLATEN_SETTING_BOOL, "off", 0, 0, "output waits for DSR"},
    [SERIAL_DTR] = {"dtr", PLATEN_SETTING_TEXT, "on", 0, 0, "the line DTR: off on handshake"},
    [SERIAL_RTS] = {"rts", PLATEN_SETTING_TEXT, "on", 0, 0,
                    "the line RTS: off on handshake toggle (on while bytes go out)"},
    [SERIAL_IDSR] = {"idsr", PLATEN_SETTING_BOOL, "off", 0, 0, "input without DSR is dropped"},
    [SERIAL_FLOW] = {"flow", PLATEN_SETTING_TEXT, "", 0, 0,
                     "none soft hard dtrdsr: in place of xon, cts, dsr, dtr and rts"},
    [SERIAL_DEVICE] = {"device", PLATEN_SETTING_TEXT, "", 0, 0,
                       "the device's path; without it, what the port's name says"},
    {0},
};

static const struct device_names names = {"COM", serial_likeness, serial_default_path};

static unsigned claims(const char *port_name)
{
    return device_claim(&names, port_name);
}

static void complain(const struct platen_port_setup *setup, const char *what, const char *value)
{
    char text[200];
    snprintf(text, sizeof text, "%.60s: %s: %.100s", setup->port_name, what, value);
    setup->log(setup->log_context, PLATEN_LOG_ERROR, text);
}

static uint32_t read_line(const struct platen_port_setup *setup, struct serial_line *line)
{
    enum serial_setting wrong;
    if (serial_line_read(setup->values, line, &wrong))
        return 0;
    complain(setup, settings[wrong].key, setup->values[wrong]);
    return PLATEN_INVALID_PARAMETER;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    struct serial_line line;
    char *path;
    uint32_t error = read_line(setup, &line);
    if (error)
        return error;
    error = device_path(&names, setup, setup->values[SERIAL_DEVICE], &path);
    free(path);
    return error;
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct serial_port *port = state;
    char *path;
    uint32_t error = read_line(setup, &port->line);
    if (!error)
        error = device_path(&names, setup, setup->values[SERIAL_DEVICE], &path);
    if (error)
        return error;
    port->timeouts.read_interval = READ_INTERVAL;
    port->timeouts.read_constant = READ_TOTAL;
    return device_init(&port->device, setup, path, &serial_ops);
}

static uint32_t set_timeouts(void *state, const uint32_t times[PLATEN_TIMES])
{
    struct serial_port *port = state;
    struct serial_timeouts *own = &port->timeouts;
    const uint32_t multiplier = times[PLATEN_READ_MULTIPLIER];
    const uint32_t constant = times[PLATEN_READ_CONSTANT];
    const bool at_once = times[PLATEN_READ_INTERVAL] == UINT32_MAX;
    platen_os_mutex_lock(&port->device.lock);
    own->read_interval = times[PLATEN_READ_INTERVAL];
    if (multiplier || constant || at_once) {
        own->read_multiplier = multiplier;
        own->read_constant = constant;
    }
    if (times[PLATEN_WRITE_MULTIPLIER] || times[PLATEN_WRITE_CONSTANT]) {
        own->write_multiplier = times[PLATEN_WRITE_MULTIPLIER];
        own->write_constant = times[PLATEN_WRITE_CONSTANT];
    }
    platen_os_mutex_unlock(&port->device.lock);
    return 0;
}

const struct platen_backend platen_backend_serial = {
    .size = sizeof(struct platen_backend),
    .name = "serial",
    .summary = "a serial port (COM1:, serial:/dev/ttyS0?baud=9600)",
    .state_size = sizeof(struct serial_port),
    .capabilities = PLATEN_CAN_READ | PLATEN_LINE_SETTINGS,
    .settings = settings,
    .example = "serial:{tty} serial:{tty}?baud=31337&parity=mark&bits=7&stop=2&flow=hard",
    .claims = claims,
    .check = check,
    .open = open_port,
    .start_doc = device_start_doc,
    .write = device_write,
    .read = device_read,
    .end_doc = device_end_doc,
    .close = device_close,
    .cancel = device_cancel,
    .set_timeouts = set_timeouts,
    .control = serial_control,
    .drain = device_drain,
    .discover = serial_discover,
};
