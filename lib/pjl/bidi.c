/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort: what the printer has told, by schema; the port monitor has the rest.
 */
#include <stdio.h>

#include <platen/errors.h>

#include "bidi/bidi.h"
#include "codes.h"
#include "events.h"
#include "port.h"

/* One value as text; false: it is not known. The lock is held. */
typedef bool (*give)(const struct pjl_port *port, char *value, size_t size);

static bool give_text(const char *text, char *value, size_t size)
{
    snprintf(value, size, "%s", text);
    return *text != '\0';
}

static struct pjl_meaning meaning_of(const struct pjl_port *port)
{
    return pjl_meaning_of(port->learned.state.codes[0], port->learned.state.online);
}

static bool give_state(const struct pjl_port *port, char *value, size_t size)
{
    bool stopped = meaning_of(port).severity == PORT_STATUS_TYPE_ERROR;
    return port->learned.has_state && give_text(stopped     ? "Stopped"
                                                : port->job ? "Processing"
                                                            : "Idle",
                                                value, size);
}

static bool give_reason(const struct pjl_port *port, char *value, size_t size)
{
    return port->learned.has_state && give_text(meaning_of(port).reason, value, size);
}

static bool give_model(const struct pjl_port *port, char *value, size_t size)
{
    return give_text(port->learned.facts[PJL_FACT_MODEL], value, size);
}

static const struct row {
    const char *schema;
    give give;
} rows[] = {
    {"\\Printer.Status.Summary:State", give_state},
    {"\\Printer.Status.Summary:StateReason", give_reason},
    {"\\Printer.DeviceInfo:ModelName", give_model},
};
enum { ROWS = sizeof(rows) / sizeof(rows[0]), PLACES = ROWS + PJL_EVENT_NAMES + PJL_VALUES };

struct told {
    char name[PJL_SCHEMA];
    char value[PJL_FACT_BYTES];
};

/* All that is known has a place: first the rows above, then what is the matter, then what the
 * printer has. False: nothing is there. The lock is held. */
static bool at_place(const struct pjl_port *port, unsigned place, struct told *told)
{
    if (place < ROWS) {
        snprintf(told->name, sizeof(told->name), "%s", rows[place].schema);
        return rows[place].give(port, told->value, sizeof(told->value));
    }
    place -= ROWS;
    if (place < PJL_EVENT_NAMES)
        return port->learned.has_state &&
               pjl_event_value(&port->learned.state, place, told->name, told->value);
    place -= PJL_EVENT_NAMES;
    if (place >= port->learned.values.count)
        return false;
    pjl_value_name(&port->learned.values.list[place], told->name);
    return give_text(port->learned.values.list[place].text, told->value, sizeof(told->value));
}

static bool look(struct pjl_port *port, unsigned place, struct told *told)
{
    platen_os_mutex_lock(&port->lock);
    bool there = at_place(port, place, told);
    platen_os_mutex_unlock(&port->lock);
    return there;
}

/* ---- the source ---------------------------------------------------------------------------- */

/* Of two that have the same name the first counts. */
static uint32_t get(void *context, const char *schema, const char *argument, char *value,
                    size_t size)
{
    struct pjl_port *port = context;
    struct told told;
    bool found = false;
    (void)argument;
    platen_os_mutex_lock(&port->lock);
    for (unsigned place = 0; !found && place < PLACES; place++)
        found = at_place(port, place, &told) && platen_text_equal_folded8(schema, told.name);
    platen_os_mutex_unlock(&port->lock);
    if (!found)
        return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
    give_text(told.value, value, size);
    return 0;
}

static uint32_t list(void *context, void *to, bidi_add add)
{
    struct told told;
    for (unsigned place = 0; place < PLACES; place++)
        if (look(context, place, &told))
            add(to, told.name);
    return 0;
}

static uint32_t ask_below(void *context, uint32_t access, const char16_t *action,
                          PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer)
{
    const struct pjl_port *port = context;
    *answer = NULL;
    return port->below.table.pfnSendRecvBidiDataFromPort(port->below.port, access, action, request,
                                                         answer);
}

/* ---- the call ------------------------------------------------------------------------------ */

static bool knows_anything(struct pjl_port *port)
{
    struct told told;
    bool knows = false;
    for (unsigned place = 0; place < PLACES && !knows; place++)
        knows = look(port, place, &told);
    return knows;
}

/* A spooler fills in all four or none (winsplp.h). */
static struct bidi_memory memory_of(const PLATEN_IMPORTS *imports)
{
    if (!imports->RouterAllocBidiMem)
        return (struct bidi_memory){RouterAllocBidiResponseContainer, RouterAllocBidiMem,
                                    RouterFreeBidiResponseContainer, RouterFreeBidiMem};
    return (struct bidi_memory){
        imports->RouterAllocBidiResponseContainer, imports->RouterAllocBidiMem,
        imports->RouterFreeBidiResponseContainer, imports->RouterFreeBidiMem};
}

/* As long as the printer has told nothing, the call is the port monitor's as it stands (R82). */
uint32_t pjl_bidi(struct pjl_port *port, uint32_t access, const char16_t *action,
                  PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *answer)
{
    bool more = port->below.table.pfnSendRecvBidiDataFromPort != NULL;
    if (!knows_anything(port))
        return more ? ask_below(port, access, action, request, answer) : PLATEN_NOT_SUPPORTED;
    pjl_data_refresh(port);
    struct bidi_memory memory = memory_of(&port->instance->imports);
    struct bidi_source source = {
        .context = port, .get = get, .list = list, .next = more ? ask_below : NULL};
    struct bidi_call call = {access, action, request};
    return bidi_run(&source, &memory, &call, answer);
}
