/* SPDX-License-Identifier: MIT
 *
 * Printers: queues on ports.
 */
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

/* ---- with the lock held ---------------------------------------------------------------------- */

struct printer *spool_printer_named(platen_spooler *spooler, const char16_t *name)
{
    uint64_t hash = platen_text_hash_folded(name);
    struct printer *at = spooler->printers[hash % PRINTER_ROWS];

    while (at != NULL && (at->hash != hash || !platen_text_equal_folded(at->name16, name)))
        at = at->next;
    return at;
}

void spool_printer_unref(struct printer *printer)
{
    if (printer == NULL || --printer->refs != 0)
        return;
    free(printer->name);
    free(printer->name16);
    free(printer);
}

static void unlist(struct printer *printer)
{
    struct printer **at = &printer->spooler->printers[printer->hash % PRINTER_ROWS];

    while (*at != printer)
        at = &(*at)->next;
    *at = printer->next;
}

static void bind(struct printer *printer, struct port *port)
{
    struct binding *binding = &printer->bindings[printer->port_count++];

    *binding = (struct binding){printer, port, port->bindings};
    port->bindings = binding;
}

static void unbind(struct binding *binding)
{
    struct port *port = binding->port;
    struct binding **at = &port->bindings;

    while (*at != binding)
        at = &(*at)->next;
    *at = binding->next;
    spool_lane_nudge(port);
}

static void unbind_all(struct printer *printer)
{
    for (uint32_t i = 0; i < printer->port_count; i++) {
        printer->bindings[i].port->pools -= printer->port_count > 1;
        unbind(&printer->bindings[i]);
    }
    printer->port_count = 0;
}

static bool is_being_deleted(const platen_spooler *spooler, const char16_t *port)
{
    const struct deletion *at = spooler->deletions;

    while (at != NULL && !platen_text_equal_folded(at->name, port))
        at = at->next;
    return at != NULL;
}

/* A port as its monitor lists it. */
struct place {
    struct monitor *monitor;
    char16_t *listed; /* to be freed */
};

static uint32_t bind_to(struct printer *printer, const struct place *place)
{
    platen_spooler *spooler = printer->spooler;
    struct port *port = spool_port_record(spooler, place->listed);

    if (place->monitor->closing || place->monitor->leaving ||
        is_being_deleted(spooler, place->listed))
        return PLATEN_UNKNOWN_PORT;
    if (port != NULL && spool_queue_bit(printer, port) != 0)
        return PLATEN_INVALID_PARAMETER;
    uint32_t error = port == NULL ? spool_port_make(place->monitor, place->listed, &port) : 0;
    if (error)
        return error;
    bind(printer, port);
    return 0;
}

/* With all ports bound: their lanes. */
static uint32_t start(struct printer *printer)
{
    bool at_once = printer->spooler->options.open_mode != PLATEN_OPEN_FIRST_JOB;

    for (uint32_t i = 0; i < printer->port_count; i++) {
        struct port *port = printer->bindings[i].port;
        port->connect |= at_once && !port->open;
        port->pools += printer->port_count > 1;
    }
    for (uint32_t i = 0; i < printer->port_count; i++) {
        uint32_t error = spool_lane_start(printer->bindings[i].port);
        if (error)
            return error;
        spool_lane_nudge(printer->bindings[i].port);
    }
    return 0;
}

static uint32_t settle_in(struct printer *printer, const struct place *places, uint32_t count)
{
    platen_spooler *spooler = printer->spooler;
    uint32_t error = spooler->ending ? PLATEN_UNKNOWN_PORT : 0;

    if (spool_printer_named(spooler, printer->name16) != NULL)
        return PLATEN_ALREADY_EXISTS;
    if (printer->way.language != NULL && printer->way.language->leaving)
        return PLATEN_UNKNOWN_PRINT_MONITOR;
    for (uint32_t i = 0; i < count && !error; i++)
        error = bind_to(printer, &places[i]);
    if (error) {
        while (printer->port_count > 0)
            unbind(&printer->bindings[--printer->port_count]);
        return error;
    }
    error = start(printer);
    if (error)
        unbind_all(printer);
    else
        spool_printer_list(printer);
    return error;
}

/* ---- the public side ------------------------------------------------------------------------- */

static bool is_good_name(const char *name)
{
    return name != NULL && *name != '\0' && strpbrk(name, ",\\") == NULL;
}

uint32_t spool_printer_new(platen_spooler *spooler, const char *name, uint32_t ports,
                           struct printer **printer)
{
    struct printer *made;

    *printer = NULL;
    if (!is_good_name(name))
        return PLATEN_INVALID_PRINTER_NAME;
    made = calloc(1, sizeof *made + ports * sizeof *made->bindings);
    if (made == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    made->spooler = spooler;
    made->refs = 1;
    made->name = strdup(name);
    made->name16 = platen_text_new16(name, SIZE_MAX);
    if (made->name == NULL || made->name16 == NULL) {
        spool_printer_unref(made);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    made->hash = platen_text_hash_folded(made->name16);
    *printer = made;
    return 0;
}

void spool_printer_list(struct printer *printer)
{
    struct printer **row = &printer->spooler->printers[printer->hash % PRINTER_ROWS];

    printer->next = *row;
    *row = printer;
}

/* The port's owner is asked for without the lock: monitors are called for that. */
static uint32_t find_port(platen_spooler *spooler, const char *port, struct place *place)
{
    char16_t *name = platen_text_new16(port, SIZE_MAX);

    if (port == NULL || name == NULL)
        return port == NULL ? PLATEN_UNKNOWN_PORT : PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = spool_port_owner(spooler, name, &place->monitor, &place->listed);
    free(name);
    return error;
}

static uint32_t find_language(platen_spooler *spooler, const char *name, struct monitor **language)
{
    uint32_t error = 0;

    *language = NULL;
    if (name == NULL)
        return 0;
    lock(spooler);
    struct monitor *found = spool_monitor_named(spooler, name);
    if (found == NULL || !found->ready || found->leaving)
        error = PLATEN_UNKNOWN_PRINT_MONITOR;
    else if (found->table.pfnOpenPortEx == NULL)
        error = PLATEN_INVALID_PRINT_MONITOR;
    else
        *language = found;
    unlock(spooler);
    return error;
}

static uint32_t create(platen_spooler *spooler, const char *name,
                       const struct platen_printer_options *options, const struct place *places)
{
    struct printer *printer;
    struct way way = {.bidi = options->bidi};
    uint32_t error = find_language(spooler, options->language, &way.language);

    if (!error)
        error = spool_printer_new(spooler, name, options->port_count, &printer);
    if (error)
        return error;
    printer->way = way;
    lock(spooler);
    error = settle_in(printer, places, options->port_count);
    if (error)
        spool_printer_unref(printer);
    unlock(spooler);
    return error;
}

uint32_t platen_printer_create(platen_spooler *spooler, const char *name,
                               const struct platen_printer_options *options)
{
    struct platen_printer_options all = {.size = 0};
    struct place places[MOST_PORTS] = {{.monitor = NULL}};
    uint32_t error = 0;

    if (!is_good_name(name))
        return PLATEN_INVALID_PRINTER_NAME;
    memcpy(&all, options, options->size < sizeof all ? options->size : sizeof all);
    if (all.port_count == 0 || all.port_count > MOST_PORTS)
        return PLATEN_INVALID_PARAMETER;
    for (uint32_t i = 0; i < all.port_count && !error; i++)
        error = find_port(spooler, all.ports[i], &places[i]);
    if (!error)
        error = create(spooler, name, &all, places);
    for (uint32_t i = 0; i < all.port_count; i++)
        free(places[i].listed);
    if (!error)
        spool_notify(spooler);
    return error;
}

uint32_t platen_printer_add(platen_spooler *spooler, const char *name, const char *port)
{
    struct platen_printer_options options = {
        .size = sizeof options, .ports = &port, .port_count = 1};

    return platen_printer_create(spooler, name, &options);
}

/* The ports of a printer that is being deleted; each is waited for. Their names, as the records may
 * go meanwhile. */
struct farewell {
    char16_t *names[MOST_PORTS];
    uint32_t count;
};

static uint32_t note_ports(const struct printer *printer, struct farewell *farewell)
{
    for (uint32_t i = 0; i < printer->port_count; i++) {
        char16_t *name = platen_text_copy16(printer->bindings[i].port->name16, SIZE_MAX);
        if (name == NULL)
            return PLATEN_NOT_ENOUGH_MEMORY;
        farewell->names[farewell->count++] = name;
    }
    return 0;
}

/* Not on a lane: a handler that waited for a lane which waits for a handler would wait for ever. */
static void wait_until_closed(platen_spooler *spooler, const char16_t *name)
{
    const struct port *port;

    if (platen_lane_here() != NULL)
        return;
    while ((port = spool_port_record(spooler, name)) != NULL && port->bindings == NULL &&
           port->running)
        sleep_on(spooler, &spooler->done, PLATEN_FOREVER);
}

static uint32_t delete_printer(platen_spooler *spooler, const char16_t *name,
                               struct farewell *farewell)
{
    struct printer *printer = spool_printer_named(spooler, name);

    if (printer == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    if (printer->jobs != 0)
        return PLATEN_BUSY;
    uint32_t error = note_ports(printer, farewell);
    if (error)
        return error;
    unlist(printer);
    unbind_all(printer);
    spool_printer_unref(printer);
    for (uint32_t i = 0; i < farewell->count; i++)
        wait_until_closed(spooler, farewell->names[i]);
    return 0;
}

uint32_t platen_printer_delete(platen_spooler *spooler, const char *name)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);
    struct farewell farewell = {.count = 0};

    if (name16 == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    lock(spooler);
    uint32_t error = delete_printer(spooler, name16, &farewell);
    unlock(spooler);
    while (farewell.count > 0)
        free(farewell.names[--farewell.count]);
    free(name16);
    if (!error)
        spool_notify(spooler);
    return error;
}

/* Runs something on the printer of that name, with the lock held. */
static uint32_t change(platen_spooler *spooler, const char *name,
                       void (*apply)(struct printer *printer, bool value), bool value)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);

    if (name16 == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    lock(spooler);
    struct printer *printer = spool_printer_named(spooler, name16);
    if (printer != NULL)
        apply(printer, value);
    unlock(spooler);
    free(name16);
    return printer != NULL ? 0 : PLATEN_INVALID_PRINTER_NAME;
}

static void set_held(struct printer *printer, bool held)
{
    printer->held = held;
    spool_queue_offer(printer);
}

static void set_bidi(struct printer *printer, bool bidi)
{
    printer->way.bidi = bidi;
}

uint32_t platen_printer_hold(platen_spooler *spooler, const char *name, bool hold)
{
    return change(spooler, name, set_held, hold);
}

uint32_t platen_printer_set_bidi(platen_spooler *spooler, const char *name, bool bidi)
{
    return change(spooler, name, set_bidi, bidi);
}

/* ---- the end --------------------------------------------------------------------------------- */

static struct printer *first_printer(platen_spooler *spooler)
{
    for (size_t row = 0; row < PRINTER_ROWS; row++)
        if (spooler->printers[row] != NULL)
            return spooler->printers[row];
    return NULL;
}

/* With all lanes gone. What is queued ends as cancelled, with its event. */
void spool_printers_end(platen_spooler *spooler)
{
    struct printer *printer;

    while ((printer = first_printer(spooler)) != NULL) {
        lock(spooler);
        while (printer->first != NULL) {
            spool_job_cancel_queued(printer->first);
            lock(spooler);
        }
        spooler->printers[printer->hash % PRINTER_ROWS] = printer->next;
        printer->port_count = 0;
        spool_printer_unref(printer);
        unlock(spooler);
    }
}
