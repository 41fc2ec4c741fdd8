/* SPDX-License-Identifier: MIT */
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "bidi/printerstate.h"
#include "data.h"
#include "device.h"

#define ANY UINT32_MAX

/* The largest answer that is not the caller's to bound, and the largest input. */
enum { MOST = 65536 };

struct row {
    uint32_t code;
    uint32_t takes;
    uint32_t gives;
    uint32_t (*answer)(struct port *port, struct data_call *call);
};

/* ---- answers ------------------------------------------------------------------------------- */

/* Nothing is written unless all of it fits (R57). */
static uint32_t give(struct data_call *call, const void *data, uint32_t size)
{
    call->returned = size;
    if (size > call->out_size)
        return PLATEN_INSUFFICIENT_BUFFER;
    if (size)
        memcpy(call->out, data, size);
    return 0;
}

static uint32_t pass_over(struct port *port, struct data_call *call, void *in, void *out,
                          uint32_t room)
{
    uint32_t returned;
    if (call->in_size)
        memcpy(in, call->in, call->in_size);
    uint32_t error = device_control(port, call->code, in, call->in_size, out, room, &returned);
    return error ? error : give(call, out, returned);
}

/* Through buffers of our own: the caller's may be one and the same, or change under way. */
static uint32_t pass(struct port *port, struct data_call *call)
{
    uint32_t room = call->out_size < MOST ? call->out_size : MOST;
    if (call->in_size > MOST)
        return PLATEN_INVALID_PARAMETER;
    char *buffer = malloc((size_t)call->in_size + room + 1);
    if (!buffer)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = pass_over(port, call, buffer, buffer + call->in_size, room);
    free(buffer);
    return error;
}

static uint32_t id_as_text(struct port *port, struct data_call *call)
{
    char *id;
    uint32_t length;
    uint32_t error = device_id(port, &id, &length);
    if (!error)
        error = give(call, id, length + 1);
    free(id);
    return error;
}

static uint32_t id_size(struct port *port, struct data_call *call)
{
    char *id;
    uint32_t length;
    uint32_t error = device_id(port, &id, &length);
    uint32_t size = length + 1; /* little-endian, as every machine that we know */
    free(id);
    return error ? error : give(call, &size, sizeof(size));
}

/* The length has its most significant byte first, and counts itself but not the NUL (IEEE 1284). */
static uint32_t prefix(const char *id, uint32_t length, struct data_call *call)
{
    char *raw = malloc((size_t)length + 3);
    if (!raw)
        return PLATEN_NOT_ENOUGH_MEMORY;
    raw[0] = (char)((length + 2) >> 8);
    raw[1] = (char)(length + 2);
    memcpy(raw + 2, id, length + 1);
    uint32_t error = give(call, raw, length + 3);
    free(raw);
    return error;
}

static uint32_t id_with_length(struct port *port, struct data_call *call)
{
    char *id;
    uint32_t length;
    uint32_t error = device_id(port, &id, &length);
    if (!error)
        error = prefix(id, length, call);
    free(id);
    return error;
}

static uint32_t usb_status(struct port *port, struct data_call *call)
{
    uint8_t status;
    uint32_t error = device_status(port, &status);
    uint32_t wide = printer_usb_status(status);
    return error ? error : give(call, &wide, sizeof(wide));
}

static uint32_t initialise(struct port *port, struct data_call *call)
{
    uint32_t returned;
    if (*(const uint8_t *)call->in != PARALLEL_INIT)
        return PLATEN_INVALID_PARAMETER;
    return device_control(port, IOCTL_USBPRINT_SOFT_RESET, NULL, 0, NULL, 0, &returned);
}

/* Only where there is a parallel port, or something like it, and that shows in the status. */
static uint32_t port_free(struct port *port, struct data_call *call)
{
    uint8_t status;
    uint32_t error = device_status(port, &status);
    uint8_t is_free = !device_is_working(port);
    return error ? error : give(call, &is_free, sizeof(is_free));
}

/* "LPT1" of a port that is called "LPT1:". */
static uint32_t location(struct port *port, struct data_call *call)
{
    const char16_t *name = port->entry->name.text;
    char text[16] = "LPT";
    uint32_t length = 0;
    for (; length < 3; length++)
        if (platen_text_fold(name[length]) != (unsigned char)text[length])
            return PLATEN_INVALID_PARAMETER;
    for (; name[length] >= u'0' && name[length] <= u'9' && length < sizeof(text) - 1; length++)
        text[length] = (char)name[length];
    bool ends = name[length] == 0 || (name[length] == u':' && name[length + 1] == 0);
    if (length == 3 || !ends)
        return PLATEN_INVALID_PARAMETER;
    return give(call, text, length + 1);
}

/* ---- time-outs ----------------------------------------------------------------------------- */

/* Only a line has times; where its backend does not keep them, the library does. */
static uint32_t check_line(struct port *port)
{
    uint32_t rate, returned;
    return device_control(port, IOCTL_SERIAL_GET_BAUD_RATE, NULL, 0, &rate, sizeof(rate),
                          &returned);
}

static uint32_t ask_times(struct port *port, uint32_t times[PLATEN_TIMES])
{
    uint32_t returned;
    memset(times, 0, PLATEN_TIMES * sizeof(*times));
    return device_control(port, IOCTL_SERIAL_GET_TIMEOUTS, NULL, 0, times,
                          PLATEN_TIMES * sizeof(*times), &returned);
}

static uint32_t get_timeouts(struct port *port, struct data_call *call)
{
    uint32_t times[PLATEN_TIMES];
    uint32_t error = 0;
    if (ask_times(port, times)) {
        error = check_line(port);
        port_get_timeouts(port, times);
    }
    return error ? error : give(call, times, sizeof(times));
}

/* A backend that keeps them says whether they are good, and keeps a total of 0 as the line's, which
 * bounds nothing; the library's own bounds, which calls never pass, stay then. */
static uint32_t set_timeouts(struct port *port, struct data_call *call)
{
    uint32_t times[PLATEN_TIMES], returned;
    bool kept = !ask_times(port, times);
    uint32_t error = kept ? 0 : check_line(port);
    memcpy(times, call->in, sizeof(times));
    if (kept)
        error = device_control(port, call->code, times, sizeof(times), NULL, 0, &returned);
    return error ? error : port_set_timeouts(port, times);
}

/* ---- the call ------------------------------------------------------------------------------ */

static const struct row table[] = {
#define PLATEN_DATA(code, takes, gives, answer) {code, takes, gives, answer},
#include "data.def"
#undef PLATEN_DATA
};

static const struct row *find(uint32_t code)
{
    for (size_t i = 0; i < sizeof(table) / sizeof(table[0]); i++)
        if (table[i].code == code)
            return &table[i];
    return NULL;
}

/* What can be told without the device; so a code that does something does nothing when its answer
 * has no room. */
static uint32_t check(const struct row *row, struct data_call *call)
{
    if ((!call->in && call->in_size) || (!call->out && call->out_size))
        return PLATEN_INVALID_PARAMETER;
    if (call->in_size < row->takes)
        return PLATEN_INVALID_PARAMETER;
    if (row->gives == ANY || row->gives <= call->out_size)
        return 0;
    call->returned = row->gives;
    return PLATEN_INSUFFICIENT_BUFFER;
}

uint32_t data_ask(struct port *port, struct data_call *call)
{
    const struct row *row = find(call->code);
    call->returned = 0;
    if (!row || !port->backend->control)
        return PLATEN_INVALID_PARAMETER;
    uint32_t error = check(row, call);
    if (error)
        return error;
    if (row->answer == location) /* the name tells: nobody waits for the device */
        return location(port, call);
    uint64_t now = instance_now(port->instance);
    error = device_begin(port, instance_after(now, DEVICE_PATIENCE));
    if (error)
        return error;
    error = row->answer(port, call);
    device_end(port);
    return error;
}
