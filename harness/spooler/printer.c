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

static void bind(struct printer *printer, struct port *port)
{
    struct printer **row = &printer->spooler->printers[printer->hash % PRINTER_ROWS];

    printer->next = *row;
    *row = printer;
    printer->port = port;
    printer->sibling = port->printers;
    port->printers = printer;
}

static void unlist(struct printer *printer)
{
    struct printer **at = &printer->spooler->printers[printer->hash % PRINTER_ROWS];

    while (*at != printer)
        at = &(*at)->next;
    *at = printer->next;
}

static void unbind(struct printer *printer)
{
    struct printer **at = &printer->port->printers;

    unlist(printer);
    while (*at != printer)
        at = &(*at)->sibling;
    *at = printer->sibling;
    spool_lane_nudge(printer->port);
    printer->port = NULL;
}

static bool is_being_deleted(const platen_spooler *spooler, const char16_t *port)
{
    const struct deletion *at = spooler->deletions;

    while (at != NULL && !platen_text_equal_folded(at->name, port))
        at = at->next;
    return at != NULL;
}

static uint32_t bind_to(struct printer *printer, struct monitor *monitor, const char16_t *name)
{
    platen_spooler *spooler = printer->spooler;
    struct port *port;
    uint32_t error = 0;

    if (spooler->ending || monitor->closing || is_being_deleted(spooler, name))
        return PLATEN_UNKNOWN_PORT;
    if (spool_printer_named(spooler, printer->name16) != NULL)
        return PLATEN_ALREADY_EXISTS;
    port = spool_port_record(spooler, name);
    if (port == NULL)
        error = spool_port_make(monitor, name, &port);
    if (error)
        return error;
    bind(printer, port);
    error = spool_lane_start(port);
    if (error)
        unbind(printer);
    return error;
}

/* ---- the public side ------------------------------------------------------------------------- */

static bool is_good_name(const char *name)
{
    return name != NULL && *name != '\0' && strpbrk(name, ",\\") == NULL;
}

static struct printer *new_printer(platen_spooler *spooler, const char *name)
{
    struct printer *made = calloc(1, sizeof *made);

    if (made == NULL)
        return NULL;
    made->spooler = spooler;
    made->refs = 1;
    made->name = strdup(name);
    made->name16 = platen_text_new16(name, SIZE_MAX);
    if (made->name == NULL || made->name16 == NULL) {
        spool_printer_unref(made);
        return NULL;
    }
    made->hash = platen_text_hash_folded(made->name16);
    return made;
}

uint32_t spool_printer_new(platen_spooler *spooler, const char *name, uint32_t ports,
                           struct printer **printer)
{
    (void)ports;
    *printer = is_good_name(name) ? new_printer(spooler, name) : NULL;
    if (*printer != NULL)
        return 0;
    return is_good_name(name) ? PLATEN_NOT_ENOUGH_MEMORY : PLATEN_INVALID_PRINTER_NAME;
}

void spool_printer_list(struct printer *printer)
{
    struct printer **row = &printer->spooler->printers[printer->hash % PRINTER_ROWS];

    printer->next = *row;
    *row = printer;
}

/* The port's owner is asked for without the lock: monitors are called for that. */
static uint32_t find_port(platen_spooler *spooler, const char *port, struct monitor **monitor,
                          char16_t **listed)
{
    char16_t *name = platen_text_new16(port, SIZE_MAX);

    *listed = NULL;
    if (port == NULL || name == NULL)
        return port == NULL ? PLATEN_UNKNOWN_PORT : PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = spool_port_owner(spooler, name, monitor, listed);
    free(name);
    return error;
}

uint32_t platen_printer_add(platen_spooler *spooler, const char *name, const char *port)
{
    struct monitor *monitor;
    char16_t *listed;
    struct printer *printer;

    if (!is_good_name(name))
        return PLATEN_INVALID_PRINTER_NAME;
    uint32_t error = find_port(spooler, port, &monitor, &listed);
    if (error)
        return error;
    printer = new_printer(spooler, name);
    error = PLATEN_NOT_ENOUGH_MEMORY;
    if (printer != NULL) {
        lock(spooler);
        error = bind_to(printer, monitor, listed);
        if (error)
            spool_printer_unref(printer);
        unlock(spooler);
    }
    free(listed);
    return error;
}

uint32_t platen_printer_create(platen_spooler *spooler, const char *name,
                               const struct platen_printer_options *options)
{
    if (options->port_count != 1 || options->language != NULL)
        return PLATEN_NOT_SUPPORTED;
    return platen_printer_add(spooler, name, options->ports[0]);
}

uint32_t platen_printer_set_bidi(platen_spooler *spooler, const char *name, bool bidi)
{
    (void)spooler;
    (void)name;
    (void)bidi;
    return PLATEN_NOT_SUPPORTED;
}

/* Not on a lane: a handler that waited for a lane which waits for a handler would wait for ever. */
static void wait_until_closed(platen_spooler *spooler, const char16_t *name)
{
    struct port *port;

    if (platen_lane_here() != NULL)
        return;
    while ((port = spool_port_record(spooler, name)) != NULL && port->printers == NULL &&
           port->running)
        sleep_on(spooler, &spooler->done, PLATEN_FOREVER);
}

static uint32_t delete_printer(platen_spooler *spooler, const char16_t *name)
{
    struct printer *printer = spool_printer_named(spooler, name);

    if (printer == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    if (printer->jobs != 0)
        return PLATEN_BUSY;
    if (printer->port == NULL) {
        unlist(printer);
        spool_printer_unref(printer);
        return 0;
    }
    char16_t *port = platen_text_copy16(printer->port->name16, SIZE_MAX);
    if (port == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    unbind(printer);
    spool_printer_unref(printer);
    wait_until_closed(spooler, port);
    free(port);
    return 0;
}

uint32_t platen_printer_delete(platen_spooler *spooler, const char *name)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);

    if (name16 == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    lock(spooler);
    uint32_t error = delete_printer(spooler, name16);
    unlock(spooler);
    free(name16);
    return error;
}

uint32_t platen_printer_hold(platen_spooler *spooler, const char *name, bool hold)
{
    char16_t *name16 = platen_text_new16(name, SIZE_MAX);

    if (name16 == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    lock(spooler);
    struct printer *printer = spool_printer_named(spooler, name16);
    if (printer != NULL) {
        printer->held = hold;
        if (printer->port != NULL)
            spool_lane_nudge(printer->port);
    }
    unlock(spooler);
    free(name16);
    return printer != NULL ? 0 : PLATEN_INVALID_PRINTER_NAME;
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
        printer->port = NULL;
        spool_printer_unref(printer);
        unlock(spooler);
    }
}
