/* SPDX-License-Identifier: MIT */
#include "values.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "bidi/deviceid.h"
#include "bidi/printerstate.h"
#include "bidi/schema.h"
#include "device.h"
#include "provider.h"

/* One request. The device is asked for its id and its status once, however many values come of
 * them. */
struct values {
    struct port *port;
    uint64_t deadline;

    bool id_known;
    uint32_t id_error;
    char *id;
    uint32_t id_length;

    bool status_known;
    uint32_t status_error;
    uint8_t status;
};

/* What of a device's troubles a caller of bidi is told: these as they are, all others say that the
 * device cannot be asked now. */
static uint32_t code_of(uint32_t error)
{
    switch (error) {
    case 0:
    case PLATEN_BIDI_SCHEMA_NOT_SUPPORTED:
    case PLATEN_BIDI_SCHEMA_READ_ONLY:
    case PLATEN_BIDI_SERVER_OFFLINE:
    case PLATEN_NOT_ENOUGH_MEMORY:
    case PLATEN_ACCESS_DENIED:
    case PLATEN_INVALID_DATA:
        return error;
    case PLATEN_OUTOFMEMORY:
        return PLATEN_NOT_ENOUGH_MEMORY;
    case PLATEN_INVALID_PARAMETER: /* a backend's word for a question that it does not know */
    case PLATEN_NOT_SUPPORTED:
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    default:
        return PLATEN_BIDI_DEVICE_OFFLINE;
    }
}

/* ---- what the id and the status tell ------------------------------------------------------- */

static uint32_t need_id(struct values *values)
{
    if (!values->id_known)
        values->id_error = device_id(values->port, &values->id, &values->id_length);
    values->id_known = true;
    if (!values->id_error && !values->id_length)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    return code_of(values->id_error);
}

static uint32_t need_status(struct values *values)
{
    if (!values->status_known)
        values->status_error = device_status(values->port, &values->status);
    values->status_known = true;
    return code_of(values->status_error);
}

static uint32_t copy(const char *text, char *value, size_t size)
{
    snprintf(value, size, "%s", text);
    return 0;
}

static uint32_t learn_from_id(struct values *values, const struct bidi_schema *row, char *value,
                              size_t size)
{
    uint32_t error = need_id(values);
    if (error)
        return error;
    if (row->learned == BIDI_ID)
        return copy(values->id, value, size);
    bool there = device_id_value(values->id, row->keys, value, size);
    return there ? 0 : PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

static uint32_t learn_from_status(struct values *values, const struct bidi_schema *row, char *value,
                                  size_t size)
{
    uint32_t error = need_status(values);
    if (error)
        return error;
    if (row->learned == BIDI_REASON)
        return copy(printer_state_reason(values->status), value, size);
    bool working = device_is_working(values->port);
    return copy(printer_state(values->status, working), value, size);
}

static uint32_t learn(struct values *values, const struct bidi_schema *row, char *value,
                      size_t size)
{
    switch (row->learned) {
    case BIDI_ID:
    case BIDI_KEY:
        return learn_from_id(values, row, value, size);
    case BIDI_STATE:
    case BIDI_REASON:
        return learn_from_status(values, row, value, size);
    case BIDI_ELSEWHERE:
        break;
    }
    return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

/* ---- the source ---------------------------------------------------------------------------- */

static uint32_t ask_backend(struct port *port, const char *schema, char *value, size_t size)
{
    if (!port->backend->bidi)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    return code_of(port->backend->bidi(port_state(port), schema, value, size));
}

/* Nobody who closes the port waits for what is left of a long request. */
static uint32_t look_up(const struct port *port)
{
    return atomic_load(&port->closing) ? PLATEN_BIDI_DEVICE_OFFLINE : 0;
}

/* An argument changes nothing about these values. */
static uint32_t get(void *context, const char *schema, const char *argument, char *value,
                    size_t size)
{
    struct values *values = context;
    const struct bidi_schema *row = bidi_schema_find(schema);
    uint32_t code = look_up(values->port);
    (void)argument;
    if (code)
        return code;
    code = ask_backend(values->port, schema, value, size);
    if (code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED && row)
        code = learn(values, row, value, size);
    if (code == PLATEN_BIDI_SCHEMA_NOT_SUPPORTED)
        code = code_of(provider_get(values->port, schema, value, size, values->deadline));
    return code;
}

static uint32_t set(void *context, const char *schema, const char *value)
{
    struct values *values = context;
    uint32_t code = look_up(values->port);
    if (code)
        return code;
    if (!values->port->backend->bidi_set)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    return code_of(values->port->backend->bidi_set(port_state(values->port), schema, value));
}

/* Rows of the table that can be learned now. */
static uint32_t list_learned(struct values *values, void *to, bidi_add add)
{
    const struct bidi_schema *row;
    uint32_t first = 0;
    for (size_t i = 0; (row = bidi_schema_at(i)) != NULL; i++) {
        char value[BIDI_SCHEMA_BYTES];
        uint32_t code = learn(values, row, value, sizeof(value));
        if (!code)
            add(to, row->name);
        else if (code != PLATEN_BIDI_SCHEMA_NOT_SUPPORTED && !first)
            first = code;
    }
    return first;
}

static uint32_t list_backend(struct port *port, void *to, bidi_add add)
{
    if (!port->backend->bidi_list)
        return 0;
    return code_of(port->backend->bidi_list(port_state(port), to, add));
}

static uint32_t list(void *context, void *to, bidi_add add)
{
    struct values *values = context;
    uint32_t code = look_up(values->port);
    if (code)
        return code;
    uint32_t codes[] = {
        list_backend(values->port, to, add),
        list_learned(values, to, add),
        code_of(provider_list(values->port, to, add, values->deadline)),
    };
    for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
        if (codes[i] && codes[i] != PLATEN_BIDI_SCHEMA_NOT_SUPPORTED)
            return codes[i];
    return 0;
}

/* ---- the call ------------------------------------------------------------------------------ */

static struct bidi_memory memory_of(const PLATEN_IMPORTS *imports)
{
    return (struct bidi_memory){
        .new_container = imports->RouterAllocBidiResponseContainer,
        .new_memory = imports->RouterAllocBidiMem,
        .free_container = imports->RouterFreeBidiResponseContainer,
        .free_memory = imports->RouterFreeBidiMem,
    };
}

static uint32_t run(struct port *port, uint64_t deadline, const struct bidi_call *call,
                    PBIDI_RESPONSE_CONTAINER *answer)
{
    if (!device_can_be_asked(port) && !provider_is_there(port))
        return PLATEN_NOT_SUPPORTED;
    struct values values = {.port = port, .deadline = deadline};
    struct bidi_memory memory = memory_of(&port->instance->imports);
    struct bidi_source source = {.context = &values, .get = get, .set = set, .list = list};
    uint32_t code = bidi_run(&source, &memory, call, answer);
    free(values.id);
    return code;
}

uint32_t values_ask(struct port *port, const struct bidi_call *call,
                    PBIDI_RESPONSE_CONTAINER *answer)
{
    *answer = NULL;
    if (!device_can_be_asked(port) && !port->instance->providers)
        return PLATEN_NOT_SUPPORTED;
    uint64_t deadline = instance_after(instance_now(port->instance), DEVICE_PATIENCE);
    uint32_t code = device_begin(port, deadline);
    if (code)
        return code;
    code = run(port, deadline, call, answer);
    device_end(port);
    return code;
}
