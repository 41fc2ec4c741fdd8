/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <platen/errors.h>

#include "bidi/deviceid.h"
#include "device.h"

/* ---- the turn ------------------------------------------------------------------------------ */

/* A closing port is looked for this often: nobody wakes who waits for a turn then. */
#define SLICE (250 * MILLISECOND)

static bool take_turn(struct port *port)
{
    uint32_t nobody = 0;
    return atomic_compare_exchange_strong(&port->asking, &nobody, 1);
}

uint32_t device_begin(struct port *port, uint64_t deadline)
{
    struct platen_clock *clock = port->instance->clock;
    while (!atomic_load(&port->closing)) {
        if (take_turn(port))
            return 0;
        uint64_t now = clock->now(clock);
        if (now >= deadline)
            return PLATEN_BUSY;
        uint64_t stop = instance_after(now, SLICE);
        clock->wait(clock, (const uint32_t *)(uintptr_t)&port->asking, 1,
                    stop < deadline ? stop : deadline);
    }
    return PLATEN_OPERATION_ABORTED;
}

void device_end(struct port *port)
{
    struct platen_clock *clock = port->instance->clock;
    atomic_store(&port->asking, 0);
    clock->wake(clock, (const uint32_t *)(uintptr_t)&port->asking);
}

/* ---- the questions ------------------------------------------------------------------------- */

bool device_can_be_asked(const struct port *port)
{
    return port->backend->control || port->backend->bidi;
}

uint32_t device_control(struct port *port, uint32_t code, const void *in, uint32_t in_size,
                        void *out, uint32_t out_size, uint32_t *returned)
{
    *returned = 0;
    if (!port->backend->control)
        return PLATEN_INVALID_PARAMETER;
    uint32_t error =
        port->backend->control(port_state(port), code, in, in_size, out, out_size, returned);
    if (*returned > out_size)
        *returned = out_size;
    return error;
}

/* With room for one more byte, the NUL. */
static uint32_t ask_id(struct port *port, uint32_t room, char **id, uint32_t *length)
{
    *id = malloc((size_t)room + 1);
    if (!*id)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = device_control(port, IOCTL_PAR_QUERY_DEVICE_ID, NULL, 0, *id, room, length);
    if (!error) {
        *length = (uint32_t)device_id_clean(*id, *length);
        return 0;
    }
    free(*id);
    *id = NULL;
    *length = 0;
    return error;
}

uint32_t device_id(struct port *port, char **id, uint32_t *length)
{
    /* An id is at most 65533 bytes long, for its length has two; most have less than a few hundred.
     */
    uint32_t error = ask_id(port, 1024, id, length);
    return error == PLATEN_INSUFFICIENT_BUFFER ? ask_id(port, 65533, id, length) : error;
}

uint32_t device_status(struct port *port, uint8_t *status)
{
    uint32_t returned;
    *status = 0;
    uint32_t error =
        device_control(port, IOCTL_PAR_QUERY_INFORMATION, NULL, 0, status, 1, &returned);
    return error || returned ? error : PLATEN_INVALID_DATA;
}

bool device_is_working(const struct port *port)
{
    return atomic_load(&port->entry->job) != NULL;
}
