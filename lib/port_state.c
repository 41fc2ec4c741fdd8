/* SPDX-License-Identifier: MIT */
#include <stdlib.h>

#include <platen/errors.h>

#include "manage.h"
#include "port_state.h"

#define ALIGNMENT _Alignof(max_align_t)

static const size_t state_offset = (sizeof(struct port) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;

/* The backend opened again, with settings that came while the port was open. Who is in a call keeps
 * the state that it began with: no state is closed before the port is. */
struct renewal {
    struct renewal *before;
    _Alignas(max_align_t) char state[];
};

static void *first_state(struct port *port)
{
    return (char *)port + state_offset;
}

void *port_state(struct port *port)
{
    struct renewal *renewal = atomic_load(&port->renewal);
    return renewal ? renewal->state : first_state(port);
}

size_t port_state_room(const struct kind *kind)
{
    return state_offset + kind->ops.state_size;
}

static uint32_t open_backend(struct port *port, const struct port_setting *setting, void *state)
{
    char room[NAME_BYTES];
    const char *name = name_to8(port->entry->name.text, room);
    struct uri uri;
    uint32_t error = manage_allowed(port->instance, setting->kind);
    if (error)
        return error;
    error = manage_resolve(port->instance, setting->kind, name, setting->uri, &uri);
    if (error)
        return error;
    struct platen_port_setup setup = manage_setup(port->instance, name, &uri);
    error = port->backend->open(state, &setup);
    uri_free(&uri);
    return error;
}

uint32_t port_state_open(struct port *port, const struct port_setting *setting)
{
    port->changes = setting->changes;
    return open_backend(port, setting, first_state(port));
}

void port_state_close(struct port *port)
{
    for (struct renewal *at = atomic_load(&port->renewal), *before; at; at = before) {
        before = at->before;
        port->backend->close(at->state);
        free(at);
    }
    port->backend->close(first_state(port));
}

/* Time-outs that are set while this goes on come to the new state by one way or the other. */
static void put_in_place(struct port *port, struct renewal *renewal)
{
    renewal->before = atomic_load(&port->renewal);
    atomic_store(&port->renewal, renewal);
    uint32_t times[PLATEN_TIMES];
    for (size_t i = 0; i < PLATEN_TIMES; i++)
        times[i] = atomic_load(&port->times[i]);
    if (port->backend->set_timeouts && atomic_load(&port->has_times))
        port->backend->set_timeouts(renewal->state, times);
}

static uint32_t open_again(struct port *port, const struct port_setting *setting)
{
    struct renewal *renewal = calloc(1, sizeof(*renewal) + port->backend->state_size);
    if (!renewal)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = open_backend(port, setting, renewal->state);
    if (error) {
        free(renewal);
        return error;
    }
    put_in_place(port, renewal);
    port->changes = setting->changes;
    return 0;
}

/* Spoolers keep ports open from job to job: settings that have changed since count from the next
 * job on. Another backend would be another port: that waits for the next OpenPort. */
uint32_t port_state_renew(struct port *port)
{
    struct port_setting setting;
    if (atomic_load(&port->entry->changes) == port->changes)
        return 0;
    uint32_t error = ports_setting(&port->instance->ports, port->entry, &setting);
    if (error)
        return error;
    if (&setting.kind->ops == port->backend)
        error = open_again(port, &setting);
    ports_free_setting(&setting);
    return error;
}

uint32_t port_state_set_timeouts(struct port *port, const uint32_t times[PLATEN_TIMES])
{
    for (size_t i = 0; i < PLATEN_TIMES; i++)
        atomic_store(&port->times[i], times[i]);
    atomic_store(&port->has_times, true);
    if (!port->backend->set_timeouts)
        return 0;
    return port->backend->set_timeouts(port_state(port), times);
}
