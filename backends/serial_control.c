/* SPDX-License-Identifier: MIT
 *
 * The control codes of serial devices (contract 5), as far as they are the same on every system.
 */
#include <string.h>

#include <platen/ioctl.h>

#include "serial_port.h"

struct shape {
    uint32_t code;
    uint32_t in;
    uint32_t out;
};

// clang-format off
static const struct shape shapes[] = {
    {IOCTL_SERIAL_SET_BAUD_RATE,     4, 0},
    {IOCTL_SERIAL_GET_BAUD_RATE,     0, 4},
    {IOCTL_SERIAL_SET_QUEUE_SIZE,    8, 0},
    {IOCTL_SERIAL_SET_LINE_CONTROL,  3, 0},
    {IOCTL_SERIAL_GET_LINE_CONTROL,  0, 3},
    {IOCTL_SERIAL_IMMEDIATE_CHAR,    1, 0},
    {IOCTL_SERIAL_SET_TIMEOUTS,     20, 0},
    {IOCTL_SERIAL_GET_TIMEOUTS,      0, 20},
    {IOCTL_SERIAL_SET_DTR,           0, 0},
    {IOCTL_SERIAL_CLR_DTR,           0, 0},
    {IOCTL_SERIAL_RESET_DEVICE,      0, 0},
    {IOCTL_SERIAL_SET_RTS,           0, 0},
    {IOCTL_SERIAL_CLR_RTS,           0, 0},
    {IOCTL_SERIAL_PURGE,             4, 0},
    {IOCTL_SERIAL_GET_HANDFLOW,      0, 16},
    {IOCTL_SERIAL_SET_HANDFLOW,     16, 0},
    {IOCTL_SERIAL_GET_MODEMSTATUS,   0, 4},
    {IOCTL_SERIAL_GET_COMMSTATUS,    0, 20},
    {IOCTL_SERIAL_GET_PROPERTIES,    0, 64},
};
// clang-format on

static const struct shape *find(uint32_t code)
{
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        if (shapes[i].code == code)
            return &shapes[i];
    return NULL;
}

/* They outlive the opening of the device, which every job begins anew. */
static uint32_t keep_timeouts(struct serial_port *port, const void *in)
{
    struct serial_timeouts timeouts;
    memcpy(&timeouts, in, sizeof timeouts);
    if (!serial_timeouts_are_valid(&timeouts))
        return PLATEN_INVALID_PARAMETER;
    platen_os_mutex_lock(&port->device.lock);
    port->timeouts = timeouts;
    platen_os_mutex_unlock(&port->device.lock);
    return 0;
}

static uint32_t tell_timeouts(struct serial_port *port, void *out, uint32_t *returned)
{
    platen_os_mutex_lock(&port->device.lock);
    memcpy(out, &port->timeouts, sizeof port->timeouts);
    platen_os_mutex_unlock(&port->device.lock);
    *returned = sizeof port->timeouts;
    return 0;
}

uint32_t serial_control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                        uint32_t out_size, uint32_t *returned)
{
    const struct shape *shape = find(code);
    *returned = 0;
    if (!shape || in_size < shape->in || (shape->in && !in))
        return PLATEN_INVALID_PARAMETER;
    if (out_size < shape->out || (shape->out && !out))
        return PLATEN_INSUFFICIENT_BUFFER;
    if (code == IOCTL_SERIAL_SET_TIMEOUTS)
        return keep_timeouts(state, in);
    if (code == IOCTL_SERIAL_GET_TIMEOUTS)
        return tell_timeouts(state, out, returned);
    return device_io_control(state, code, in, shape->in, out, shape->out, returned);
}
