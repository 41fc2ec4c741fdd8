/* SPDX-License-Identifier: MIT
 *
 * How a simulated device works through its script: steps that need no bytes are passed as soon as
 * the device comes to them, the others when a port writes. Nothing here waits; what cannot be done
 * yet says until when.
 */
#include <string.h>

#include "sim_device.h"

#define KEPT_MOST   ((size_t)64 << 20)
#define SECOND      UINT64_C(1000000000)
#define MILLISECOND UINT64_C(1000000)

static struct sim_step *current(struct platen_sim *device)
{
    return device->step < device->script.count ? &device->script.steps[device->step] : NULL;
}

static void next_step(struct platen_sim *device)
{
    device->step++;
    device->begun = false;
}

static bool take_is_over(struct platen_sim *device, const struct sim_step *step)
{
    if (!device->begun)
        device->left = step->number;
    device->begun = true;
    return device->left == 0;
}

static uint64_t after(uint64_t now, uint64_t milliseconds)
{
    return milliseconds == PLATEN_FOREVER ? PLATEN_FOREVER : now + milliseconds * MILLISECOND;
}

/* A stall begins when a port first meets it: before that there is no clock to measure it by. */
static bool stall_is_over(struct platen_sim *device, const struct sim_step *step, uint64_t now)
{
    if (now == PLATEN_FOREVER)
        return false;
    if (!device->begun)
        device->until = after(now, step->number);
    device->begun = true;
    return now >= device->until;
}

/* Does what the step asks for; false if the device stays at it. */
static bool pass(struct platen_sim *device, struct sim_step *step, uint64_t now)
{
    switch (step->verb) {
    case SIM_TAKE:
    case SIM_LOSE:
        return take_is_over(device, step);
    case SIM_STALL:
        return stall_is_over(device, step, now);
    case SIM_SHORT:
        device->short_limit = (uint32_t)step->number;
        return true;
    case SIM_RATE:
        device->rate = (uint32_t)step->number;
        return true;
    case SIM_REFUSE:
    case SIM_DRAIN:
    case SIM_END:
        step->armed = true;
        return true;
    case SIM_REPLY:
        return sim_add_reply(device, step->bytes, (size_t)step->number) == 0;
    case SIM_ID:
    case SIM_STATUS:
    case SIM_VALUE:
        return sim_note(device, step);
    case SIM_ERROR:
    case SIM_FAIL:
    case SIM_DISCONNECT:
        break;
    }
    return false;
}

void sim_progress(struct platen_sim *device, uint64_t now)
{
    for (struct sim_step *step; (step = current(device)) != NULL && pass(device, step, now);)
        next_step(device);
}

const struct sim_step *sim_stands_at(struct platen_sim *device, uint64_t now)
{
    sim_progress(device, now);
    return current(device);
}

/* The number of the first step of this kind that waits to be met; 0 if there is none. */
static uint64_t meet_armed(struct platen_sim *device, enum sim_verb verb)
{
    for (size_t i = 0; i < device->step && i < device->script.count; i++) {
        struct sim_step *step = &device->script.steps[i];
        if (step->verb == verb && step->armed) {
            step->armed = false;
            return step->number;
        }
    }
    return 0;
}

static bool is_gone(struct platen_sim *device)
{
    const struct sim_step *step = current(device);
    return step && step->verb == SIM_DISCONNECT;
}

void sim_attach(struct sim_port *port, struct platen_sim *device, struct platen_clock *clock)
{
    port->device = device;
    port->clock = clock;
    platen_os_mutex_lock(&device->lock);
    port->next = device->ports;
    device->ports = port;
    device->counts.open++;
    platen_os_mutex_unlock(&device->lock);
}

void sim_detach(struct sim_port *port)
{
    struct platen_sim *device = port->device;
    struct sim_port **link = &device->ports;

    platen_os_mutex_lock(&device->lock);
    while (*link != port)
        link = &(*link)->next;
    *link = port->next;
    device->counts.open--;
    if (device->owner == port)
        device->owner = NULL;
    platen_os_mutex_unlock(&device->lock);
}

static uint32_t start(struct sim_port *port, uint64_t now)
{
    struct platen_sim *device = port->device;
    uint32_t refused;

    atomic_store(&port->cancelled, false);
    sim_progress(device, now);
    if (is_gone(device))
        return PLATEN_DEVICE_NOT_CONNECTED;
    if (device->owner)
        return PLATEN_BUSY;
    refused = (uint32_t)meet_armed(device, SIM_REFUSE);
    if (refused)
        return refused;
    device->owner = port;
    device->counts.started++;
    return 0;
}

uint32_t sim_try_start(struct sim_port *port, uint64_t now)
{
    uint32_t error;
    platen_os_mutex_lock(&port->device->lock);
    error = start(port, now);
    platen_os_mutex_unlock(&port->device->lock);
    return error;
}

static struct sim_outcome failed(uint32_t error)
{
    return (struct sim_outcome){.error = error};
}

static struct sim_outcome wait_until(uint64_t until)
{
    return (struct sim_outcome){.wait = true, .until = until};
}

static uint32_t keep(struct platen_sim *device, const void *data, uint32_t size)
{
    size_t room = KEPT_MOST - device->kept.size;
    if (!sim_bytes_add(&device->kept, data, size < room ? size : room))
        return PLATEN_OUTOFMEMORY;
    device->received += size;
    return 0;
}

/* At a rate the device takes a twentieth of a second's bytes at a time, then none until they are
 * through: never more than the rate, whatever was left unused before. */
static uint32_t limit_size(const struct platen_sim *device, uint32_t size)
{
    uint32_t portion = device->rate / 20 ? device->rate / 20 : 1;
    if (device->rate && size > portion)
        size = portion;
    if (device->short_limit && size > device->short_limit)
        size = device->short_limit;
    return size;
}

static struct sim_outcome take(struct platen_sim *device, const void *data, uint32_t size,
                               uint64_t now)
{
    const struct sim_step *step = current(device);
    uint32_t error = 0;

    if (device->rate && now < device->rate_free)
        return wait_until(device->rate_free);
    size = limit_size(device, size);
    if (step && size > device->left)
        size = (uint32_t)device->left;
    if (!step || step->verb == SIM_TAKE)
        error = keep(device, data, size);
    if (error)
        return failed(error);
    if (step)
        device->left -= size;
    if (device->rate)
        device->rate_free = now + size * SECOND / device->rate;
    sim_progress(device, now);
    return (struct sim_outcome){.moved = size};
}

static struct sim_outcome write_to(struct platen_sim *device, const void *data, uint32_t size,
                                   uint64_t now)
{
    const struct sim_step *step;

    sim_progress(device, now);
    step = current(device);
    if (!step || step->verb == SIM_TAKE || step->verb == SIM_LOSE)
        return take(device, data, size, now);
    if (step->verb == SIM_STALL)
        return wait_until(device->until);
    if (step->verb == SIM_DISCONNECT)
        return failed(PLATEN_DEVICE_NOT_CONNECTED);
    if (step->verb != SIM_ERROR && step->verb != SIM_FAIL) /* memory holds it up */
        return failed(PLATEN_OUTOFMEMORY);
    if (step->verb == SIM_ERROR)
        next_step(device);
    return failed((uint32_t)step->number);
}

struct sim_outcome sim_try_write(struct sim_port *port, const void *data, uint32_t size,
                                 uint64_t now)
{
    struct sim_outcome outcome;
    platen_os_mutex_lock(&port->device->lock);
    if (port->device->owner != port)
        outcome = failed(PLATEN_INVALID_HANDLE);
    else if (atomic_load(&port->cancelled))
        outcome = failed(PLATEN_OPERATION_ABORTED);
    else
        outcome = write_to(port->device, data, size, now);
    platen_os_mutex_unlock(&port->device->lock);
    return outcome;
}

static struct sim_outcome read_from(struct platen_sim *device, void *data, uint32_t size,
                                    uint64_t now)
{
    const struct sim_step *step;
    size_t there;

    sim_progress(device, now);
    there = device->replies.size - device->replies_read;
    if (there) {
        uint32_t moved = there < size ? (uint32_t)there : size;
        memcpy(data, device->replies.data + device->replies_read, moved);
        device->replies_read += moved;
        return (struct sim_outcome){.moved = moved};
    }
    if (is_gone(device))
        return failed(PLATEN_DEVICE_NOT_CONNECTED);
    step = current(device);
    return wait_until(step && step->verb == SIM_STALL ? device->until : PLATEN_FOREVER);
}

struct sim_outcome sim_try_read(struct sim_port *port, void *data, uint32_t size, uint64_t now)
{
    struct sim_outcome outcome;
    platen_os_mutex_lock(&port->device->lock);
    outcome = read_from(port->device, data, size, now);
    platen_os_mutex_unlock(&port->device->lock);
    return outcome;
}

static struct sim_outcome drain(struct sim_port *port, uint64_t now)
{
    struct platen_sim *device = port->device;
    uint64_t wanted;

    if (device->owner != port)
        return failed(0);
    if (atomic_load(&port->cancelled))
        return failed(PLATEN_OPERATION_ABORTED);
    sim_progress(device, now);
    if (is_gone(device))
        return failed(PLATEN_DEVICE_NOT_CONNECTED);
    wanted = meet_armed(device, SIM_DRAIN);
    if (wanted)
        device->drained = after(now, wanted);
    return now < device->drained ? wait_until(device->drained) : failed(0);
}

struct sim_outcome sim_try_drain(struct sim_port *port, uint64_t now)
{
    struct sim_outcome outcome;
    platen_os_mutex_lock(&port->device->lock);
    outcome = drain(port, now);
    platen_os_mutex_unlock(&port->device->lock);
    return outcome;
}

static uint32_t end(struct sim_port *port, bool abandoned, uint64_t now)
{
    struct platen_sim *device = port->device;
    bool cancelled;
    uint32_t error;

    if (device->owner != port)
        return 0;
    device->owner = NULL;
    device->drained = 0;
    cancelled = atomic_load(&port->cancelled);
    if (abandoned || cancelled) {
        device->counts.abandoned++;
        return cancelled ? PLATEN_OPERATION_ABORTED : 0;
    }
    sim_progress(device, now);
    error = is_gone(device) ? PLATEN_DEVICE_NOT_CONNECTED : (uint32_t)meet_armed(device, SIM_END);
    if (!error)
        device->counts.ended++;
    return error;
}

uint32_t sim_end(struct sim_port *port, bool abandoned, uint64_t now)
{
    uint32_t error;
    platen_os_mutex_lock(&port->device->lock);
    error = end(port, abandoned, now);
    platen_os_mutex_unlock(&port->device->lock);
    return error;
}

void sim_cancel(struct sim_port *port)
{
    atomic_store(&port->cancelled, true);
    sim_tell(port);
}
