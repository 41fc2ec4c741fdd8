/* SPDX-License-Identifier: MIT */
#include "provider.h"

#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "tcpport.h"

/* One provider at work for one port. */
struct worker {
    const struct platen_provider *provider;
    void *state; /* NULL: not open */
};

struct providers {
    size_t count;
    uint32_t changes; /* of the settings that they were made for */
    struct worker workers[];
};

enum { HOST_BYTES = 3 * 128 + 1, COMMUNITY_BYTES = 3 * 33 + 1 };

bool provider_check(const struct platen_provider *const *providers)
{
    for (; providers && *providers; providers++) {
        const struct platen_provider *one = *providers;
        if (one->size < sizeof(*one) || !one->name || !one->open || !one->get || !one->list ||
            !one->close)
            return false;
    }
    return true;
}

/* ---- open ---------------------------------------------------------------------------------- */

/* A literal address may stand in brackets, for they are in URIs. */
static void put_host(const struct tcp_settings *settings, char host[HOST_BYTES])
{
    const char16_t *text = *settings->host ? settings->host : settings->address;
    size_t length = platen_text_length16(text, SIZE_MAX);
    bool brackets = length >= 2 && text[0] == u'[' && text[length - 1] == u']';
    platen_text_to8(text + brackets, length - 2 * brackets, host, HOST_BYTES);
}

static uint32_t open_worker(struct port *port, struct worker *worker,
                            const struct platen_provider_setup *setup)
{
    size_t size = worker->provider->state_size;
    worker->state = calloc(1, size ? size : 1);
    if (!worker->state)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = worker->provider->open(worker->state, setup);
    if (!error)
        return 0;
    instance_log(port->instance, PLATEN_LOG_WARNING, "port %s: %s cannot be used: error %u",
                 setup->port_name, worker->provider->name, (unsigned)error);
    free(worker->state);
    worker->state = NULL;
    return error;
}

static uint32_t open_workers(struct port *port, const struct tcp_settings *settings)
{
    char name[NAME_BYTES], host[HOST_BYTES], community[COMMUNITY_BYTES];
    uint32_t first = 0;
    put_host(settings, host);
    platen_text_to8(settings->community, SIZE_MAX, community, sizeof(community));
    struct platen_provider_setup setup = {
        .size = sizeof(setup),
        .port_name = name_to8(port->entry->name.text, name),
        .host = host,
        .community = community,
        .device_index = settings->snmp_index ? settings->snmp_index : 1,
        .clock = port->instance->clock,
        .log = instance_log_text,
        .log_context = port->instance,
    };
    for (size_t i = 0; i < port->providers->count; i++) {
        struct worker *worker = &port->providers->workers[i];
        uint32_t error = worker->state ? 0 : open_worker(port, worker, &setup);
        if (error && !first)
            first = error;
    }
    return first;
}

static uint32_t make_workers(struct port *port, bool wanted, uint32_t changes)
{
    const struct platen_provider *const *providers = port->instance->providers;
    size_t count = 0;
    while (wanted && providers[count])
        count++;
    struct providers *made = calloc(1, sizeof(*made) + count * sizeof(made->workers[0]));
    if (!made)
        return PLATEN_NOT_ENOUGH_MEMORY;
    for (size_t i = 0; i < count; i++)
        made->workers[i].provider = providers[i];
    made->count = count;
    made->changes = changes;
    port->providers = made;
    return 0;
}

static bool all_open(const struct providers *providers)
{
    size_t open = 0;
    while (open < providers->count && providers->workers[open].state)
        open++;
    return open == providers->count;
}

/* Settings that have changed are other providers. */
static bool is_old(const struct port *port)
{
    return port->providers && port->providers->changes != atomic_load(&port->entry->changes);
}

/* What the port is set to when it is first asked is kept until it changes; who could not be opened
 * is tried again. */
static uint32_t need(struct port *port)
{
    struct port_setting setting;
    if (is_old(port))
        provider_close(port);
    if (!port->instance->providers || (port->providers && all_open(port->providers)))
        return 0;
    uint32_t error = ports_setting(&port->instance->ports, port->entry, &setting);
    if (error)
        return error;
    bool wanted = setting.settings && setting.settings->snmp_enabled;
    if (!port->providers)
        error = make_workers(port, wanted, setting.changes);
    if (!error && wanted)
        error = open_workers(port, setting.settings);
    ports_free_setting(&setting);
    return error;
}

bool provider_is_there(struct port *port)
{
    need(port);
    return port->providers && port->providers->count;
}

/* ---- use ----------------------------------------------------------------------------------- */

static bool is_over(struct port *port, uint64_t deadline)
{
    return instance_now(port->instance) >= deadline;
}

uint32_t provider_get(struct port *port, const char *schema, char *value, size_t size,
                      uint64_t deadline)
{
    uint32_t answer = need(port);
    for (size_t i = 0; port->providers && i < port->providers->count; i++) {
        struct worker *worker = &port->providers->workers[i];
        if (!worker->state)
            continue;
        if (is_over(port, deadline))
            return PLATEN_TIMEOUT;
        uint32_t error = worker->provider->get(worker->state, schema, value, size, deadline);
        if (!error)
            return 0;
        if (!answer || answer == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED)
            answer = error;
    }
    return answer ? answer : PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

uint32_t provider_list(struct port *port, void *to, void (*add)(void *to, const char *schema),
                       uint64_t deadline)
{
    uint32_t answer = need(port);
    for (size_t i = 0; port->providers && i < port->providers->count; i++) {
        struct worker *worker = &port->providers->workers[i];
        if (!worker->state)
            continue;
        if (is_over(port, deadline))
            return PLATEN_TIMEOUT;
        uint32_t error = worker->provider->list(worker->state, to, add, deadline);
        if (error && !answer)
            answer = error;
    }
    return answer;
}

void provider_close(struct port *port)
{
    for (size_t i = 0; port->providers && i < port->providers->count; i++) {
        struct worker *worker = &port->providers->workers[i];
        if (worker->state)
            worker->provider->close(worker->state);
        free(worker->state);
    }
    free(port->providers);
    port->providers = NULL;
}
