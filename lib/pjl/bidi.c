/* SPDX-License-Identifier: MIT
 *
 * SendRecvBidiDataFromPort: what the printer has told, by schema; the port monitor has the rest.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "bidi/bidi.h"
#include "codes.h"
#include "port.h"

/* One value as text; false: it is not known. The lock is held. */
typedef bool (*give)(const struct pjl_port *port, char *value, size_t size);

static bool give_text(const char *text, char *value, size_t size)
{
    snprintf(value, size, "%s", text);
    return *text != '\0';
}

static bool has_state(const struct pjl_port *port)
{
    return port->learned.has_state;
}

static struct pjl_meaning meaning_of(const struct pjl_port *port)
{
    return pjl_meaning_of(port->learned.code, port->learned.online);
}

static bool give_state(const struct pjl_port *port, char *value, size_t size)
{
    bool stopped = meaning_of(port).severity == PORT_STATUS_TYPE_ERROR;
    return has_state(port) && give_text(stopped     ? "Stopped"
                                        : port->job ? "Processing"
                                                    : "Idle",
                                        value, size);
}

static bool give_reason(const struct pjl_port *port, char *value, size_t size)
{
    return has_state(port) && give_text(meaning_of(port).reason, value, size);
}

static bool give_model(const struct pjl_port *port, char *value, size_t size)
{
    return give_text(port->learned.facts[PJL_FACT_MODEL], value, size);
}

/* In KB (contract 6); the printer tells bytes. */
static bool give_memory(const struct pjl_port *port, char *value, size_t size)
{
    const char *bytes = port->learned.facts[PJL_FACT_INSTALLED];
    snprintf(value, size, "%llu", strtoull(bytes, NULL, 10) / 1024);
    return *bytes != '\0';
}

static bool give_duplex(const struct pjl_port *port, char *value, size_t size)
{
    const char *there = port->learned.facts[PJL_FACT_DUPLEX];
    return *there && give_text(*there == '1' ? "true" : "false", value, size);
}

static const struct row {
    const char *schema;
    give give;
} rows[] = {
    {"\\Printer.Status.Summary:State", give_state},
    {"\\Printer.Status.Summary:StateReason", give_reason},
    {"\\Printer.DeviceInfo:ModelName", give_model},
    {"\\Printer.Configuration.Memory:Size", give_memory},
    {"\\Printer.Configuration.DuplexUnit:Installed", give_duplex},
};
#define ROWS (sizeof(rows) / sizeof(rows[0]))

static bool learn(struct pjl_port *port, const struct row *row, char *value, size_t size)
{
    platen_os_mutex_lock(&port->lock);
    bool known = row->give(port, value, size);
    platen_os_mutex_unlock(&port->lock);
    return known;
}

/* ---- the source ---------------------------------------------------------------------------- */

static uint32_t get(void *context, const char *schema, const char *argument, char *value,
                    size_t size)
{
    (void)argument;
    for (size_t i = 0; i < ROWS; i++)
        if (platen_text_equal_folded8(schema, rows[i].schema) &&
            learn(context, &rows[i], value, size))
            return 0;
    return PLATEN_BIDI_SCHEMA_NOT_SUPPORTED;
}

static uint32_t list(void *context, void *to, bidi_add add)
{
    char value[PJL_FACT_BYTES];
    for (size_t i = 0; i < ROWS; i++)
        if (learn(context, &rows[i], value, sizeof(value)))
            add(to, rows[i].schema);
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
    char value[PJL_FACT_BYTES];
    bool knows = false;
    for (size_t i = 0; i < ROWS && !knows; i++)
        knows = learn(port, &rows[i], value, sizeof(value));
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
    struct bidi_memory memory = memory_of(&port->instance->imports);
    struct bidi_source source = {
        .context = port, .get = get, .list = list, .next = more ? ask_below : NULL};
    struct bidi_call call = {access, action, request};
    return bidi_run(&source, &memory, &call, answer);
}
