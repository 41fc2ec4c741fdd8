/* SPDX-License-Identifier: MIT
 *
 * What a simulated device says of itself: its id, its status, and its values.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim_device.h"

/* It speaks no language that anybody would ask it something in. */
#define OWN_ID "MFG:Platen;MDL:Simulated Device;CMD:TEXT;CLS:PRINTER;DES:Platen Simulated Device;"

/* ---- steps --------------------------------------------------------------------------------- */

static char *copy(const char *text)
{
    size_t size = strlen(text) + 1;
    char *to = malloc(size);
    return to ? memcpy(to, text, size) : NULL;
}

static size_t name_length(const char *value)
{
    return strcspn(value, "=");
}

static bool is_named(const char *value, const char *schema, size_t length)
{
    return name_length(value) == length && memcmp(value, schema, length) == 0;
}

/* Where a value of that name stands; `count` if there is none. */
static size_t find(const struct sim_facts *facts, const char *schema, size_t length)
{
    size_t i = 0;
    while (i < facts->count && !is_named(facts->values[i], schema, length))
        i++;
    return i;
}

/* Takes the text over. */
static bool put_value(struct sim_facts *facts, char *value)
{
    size_t place = find(facts, value, name_length(value));
    if (place == facts->count) {
        char **values = realloc(facts->values, (place + 1) * sizeof *values);
        if (!values)
            return false;
        facts->values = values;
        facts->values[facts->count++] = NULL;
    }
    free(facts->values[place]);
    facts->values[place] = value;
    return true;
}

bool sim_note(struct platen_sim *device, const struct sim_step *step)
{
    struct sim_facts *facts = &device->facts;
    if (step->verb == SIM_STATUS) {
        facts->status = step->number == PLATEN_FOREVER ? -1 : (int)step->number;
        return true;
    }
    char *text = copy(step->bytes);
    if (!text)
        return false;
    if (step->verb == SIM_ID) {
        free(facts->id);
        facts->id = text;
        return true;
    }
    if (put_value(facts, text))
        return true;
    free(text);
    return false;
}

void sim_facts_free(struct sim_facts *facts)
{
    for (size_t i = 0; i < facts->count; i++)
        free(facts->values[i]);
    free(facts->values);
    free(facts->id);
}

/* ---- control ------------------------------------------------------------------------------- */

static struct platen_sim *hold(struct sim_port *port, const struct sim_step **step)
{
    platen_os_mutex_lock(&port->device->lock);
    *step = sim_stands_at(port->device, port->clock->now(port->clock));
    return port->device;
}

static uint8_t status_of(const struct platen_sim *device, const struct sim_step *step)
{
    if (device->facts.status >= 0)
        return (uint8_t)device->facts.status;
    if (step && (step->verb == SIM_ERROR || step->verb == SIM_FAIL))
        return step->number == PLATEN_OUT_OF_PAPER ? PARALLEL_PAPER_EMPTY : PARALLEL_OFF_LINE;
    return step && step->verb == SIM_STALL ? PARALLEL_SELECTED | PARALLEL_BUSY : PARALLEL_SELECTED;
}

static uint32_t give_id(const struct platen_sim *device, void *out, uint32_t size,
                        uint32_t *returned)
{
    const char *id = device->facts.id ? device->facts.id : OWN_ID;
    size_t length = strlen(id);
    if (!length)
        return PLATEN_INVALID_PARAMETER;
    if (length > size)
        return PLATEN_INSUFFICIENT_BUFFER;
    memcpy(out, id, length);
    *returned = (uint32_t)length;
    return 0;
}

static uint32_t answer(struct platen_sim *device, const struct sim_step *step, uint32_t code,
                       void *out, uint32_t size, uint32_t *returned)
{
    if (step && step->verb == SIM_DISCONNECT)
        return PLATEN_DEVICE_NOT_CONNECTED;
    switch (code) {
    case IOCTL_PAR_QUERY_DEVICE_ID:
        return give_id(device, out, size, returned);
    case IOCTL_PAR_QUERY_INFORMATION:
        *(uint8_t *)out = status_of(device, step);
        *returned = 1;
        return 0;
    case IOCTL_USBPRINT_SOFT_RESET:
        device->replies_read = device->replies.size = 0;
        return 0;
    default:
        return PLATEN_INVALID_PARAMETER;
    }
}

uint32_t sim_control(void *state, uint32_t code, const void *in, uint32_t in_size, void *out,
                     uint32_t out_size, uint32_t *returned)
{
    const struct sim_step *step;
    struct platen_sim *device = hold(state, &step);
    (void)in;
    (void)in_size;
    *returned = 0;
    uint32_t error = answer(device, step, code, out, out_size, returned);
    platen_os_mutex_unlock(&device->lock);
    return error;
}

/* ---- values -------------------------------------------------------------------------------- */

static uint32_t check(const struct sim_step *step)
{
    return step && step->verb == SIM_DISCONNECT ? PLATEN_DEVICE_NOT_CONNECTED : 0;
}

static uint32_t give_value(const struct sim_facts *facts, const char *schema, char *value,
                           size_t size)
{
    size_t length = strlen(schema), place = find(facts, schema, length);
    if (place == facts->count)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    const char *text = facts->values[place] + length + 1;
    if (strlen(text) >= size)
        return PLATEN_INVALID_DATA;
    memcpy(value, text, strlen(text) + 1);
    return 0;
}

uint32_t sim_bidi(void *state, const char *schema, char *value, size_t size)
{
    const struct sim_step *step;
    struct platen_sim *device = hold(state, &step);
    uint32_t error = check(step);
    if (!error)
        error = give_value(&device->facts, schema, value, size);
    platen_os_mutex_unlock(&device->lock);
    return error;
}

/* One by one, so that nobody is called with the lock held; what is changed meanwhile is told as it
 * then is. */
static char *name_at(struct platen_sim *device, size_t place)
{
    platen_os_mutex_lock(&device->lock);
    char *name = copy(device->facts.values[place]); /* there are never less than there were */
    platen_os_mutex_unlock(&device->lock);
    if (name)
        name[name_length(name)] = '\0';
    return name;
}

uint32_t sim_bidi_list(void *state, void *context, void (*add)(void *context, const char *schema))
{
    const struct sim_step *step;
    struct platen_sim *device = hold(state, &step);
    uint32_t error = check(step);
    size_t count = device->facts.count;
    platen_os_mutex_unlock(&device->lock);
    for (size_t i = 0; !error && i < count; i++) {
        char *name = name_at(device, i);
        if (!name)
            return PLATEN_NOT_ENOUGH_MEMORY;
        add(context, name);
        free(name);
    }
    return error;
}

static uint32_t change(struct sim_facts *facts, const char *schema, const char *value)
{
    size_t place = find(facts, schema, strlen(schema));
    if (place == facts->count)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    size_t size = strlen(schema) + strlen(value) + 2;
    char *text = malloc(size);
    if (!text)
        return PLATEN_NOT_ENOUGH_MEMORY;
    snprintf(text, size, "%s=%s", schema, value);
    free(facts->values[place]);
    facts->values[place] = text;
    return 0;
}

uint32_t sim_bidi_set(void *state, const char *schema, const char *value)
{
    const struct sim_step *step;
    struct platen_sim *device = hold(state, &step);
    uint32_t error = check(step);
    if (!error)
        error = change(&device->facts, schema, value);
    platen_os_mutex_unlock(&device->lock);
    return error;
}
