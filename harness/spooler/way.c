/* SPDX-License-Identifier: MIT
 *
 * Opening and closing ports: on one way only, through one language monitor or none (R92, R118).
 *
 * With bidi switched off the documents leave open which handle the port monitor's calls get
 * (contract 10.2, point 7). Here the language monitor has its OpenPortEx, and ClosePort at once;
 * then the port monitor is opened on its own. So the port monitor never sees a second OpenPort for
 * a name, and the language monitor none of the job's calls.
 */
#include "os/lasterror.h"
#include "spooler/inside.h"

static void set_open(struct port *port, struct monitor *through, HANDLE handle)
{
    lock(port->spooler);
    port->open = through != NULL;
    port->through = through;
    port->handle = handle;
    if (!port->open)
        wake(port->spooler, &port->spooler->done);
    unlock(port->spooler);
}

static enum spool_action refused(const struct port *port, const struct monitor *monitor,
                                 const char *slot, enum spool_condition condition,
                                 struct fault *fault)
{
    fault->slot = slot;
    fault->error = spool_reason_of(port->spooler, monitor->name, slot, port->name);
    return spool_reaction(&port->spooler->reactions, condition);
}

/* ---- closing --------------------------------------------------------------------------------- */

/* The handle is gone, whatever ClosePort says (contract 2.10). */
static void close_handle(struct port *port, const struct monitor *through, HANDLE handle)
{
    platen_spooler *spooler = port->spooler;

    if (platen_call_ClosePort(&port->lane, &through->table, handle) || spool_carrier_is_gone() ||
        spool_reaction(&spooler->reactions, SPOOL_WHEN_CLOSE_REFUSED) == SPOOL_IGNORE)
        return;
    spool_say(spooler, PLATEN_EVENT_FINDING, port->name, 0, "ClosePort of '%s' said FALSE (%s)",
              through->name, spool_words_of(platen_os_get_last_error()).text);
}

void spool_way_close(struct port *port)
{
    if (!port->open)
        return;
    close_handle(port, port->through, port->handle);
    set_open(port, NULL, NULL);
}

/* ---- opening --------------------------------------------------------------------------------- */

static enum spool_action open_plain(struct port *port, struct fault *fault)
{
    struct monitor *monitor = port->monitor;
    HANDLE handle = NULL;

    if (!platen_call_OpenPort(&port->lane, &monitor->table, monitor->instance, port->name16,
                              &handle))
        return refused(port, monitor, "OpenPort", SPOOL_WHEN_OPEN_REFUSED, fault);
    set_open(port, monitor, handle);
    return SPOOL_GO_ON;
}

static enum spool_action open_language(struct port *port, const struct way *way, char16_t *printer,
                                       struct fault *fault)
{
    struct monitor *language = way->language;
    struct monitor *monitor = port->monitor;
    HANDLE handle = NULL;

    if (!platen_call_OpenPortEx(&port->lane, &language->table, language->instance,
                                monitor->instance, port->name16, printer, &handle, &monitor->shown))
        return refused(port, language, "OpenPortEx", SPOOL_WHEN_OPEN_EX_REFUSED, fault);
    if (!way->bidi) {
        close_handle(port, language, handle);
        return open_plain(port, fault);
    }
    set_open(port, language, handle);
    return SPOOL_GO_ON;
}

static bool is_same(const struct way *a, const struct way *b)
{
    return a->language == b->language && (a->language == NULL || a->bidi == b->bidi);
}

enum spool_action spool_way_open(struct port *port, const struct way *way, char16_t *printer,
                                 struct fault *fault)
{
    if (port->open && is_same(&port->way, way))
        return SPOOL_GO_ON;
    spool_way_close(port);
    lock(port->spooler);
    port->way = *way;
    unlock(port->spooler);
    return way->language != NULL ? open_language(port, way, printer, fault)
                                 : open_plain(port, fault);
}

/* ---- before a job wants it, and by others than its lane -------------------------------------- */

/* With the lock held: the printer that a port without a job is opened for, with a reference; NULL:
 * for none. */
static struct printer *first_printer(const struct port *port, struct way *way)
{
    struct printer *printer = NULL;

    *way = (struct way){.language = NULL};
    for (const struct binding *at = port->bindings; at != NULL; at = at->next)
        printer = at->printer;
    if (printer == NULL)
        return NULL;
    *way = printer->way;
    printer->refs++;
    return printer;
}

/* With the lock held, which it gives up meanwhile. A failure is told; the first job tries again. */
void spool_way_connect(struct port *port)
{
    platen_spooler *spooler = port->spooler;
    struct fault fault = {.slot = NULL};
    struct way way;
    struct printer *printer = first_printer(port, &way);

    port->connect = false;
    unlock(spooler);
    if (spool_way_open(port, &way, printer != NULL ? printer->name16 : NULL, &fault) != SPOOL_GO_ON)
        spool_say(spooler, PLATEN_EVENT_LOG, port->name, 0, "%s of '%s' failed with %s", fault.slot,
                  port->monitor->name, spool_words_of(fault.error).text);
    lock(spooler);
    spool_printer_unref(printer);
}

/* With the lock held: neither a lane nor another visitor is at the port from here on. */
static void begin_visit(struct port *port, struct platen_lane **before)
{
    port->visitors++;
    while (port->running || port->visited)
        sleep_on(port->spooler, &port->spooler->done, PLATEN_FOREVER);
    port->visitors--;
    spool_lane_bury(port);
    port->visited = true;
    *before = platen_lane_enter(&port->lane);
}

static void end_visit(struct port *port, struct platen_lane *before)
{
    platen_lane_enter(before);
    port->visited = false;
    wake(port->spooler, &port->spooler->done);
}

void spool_way_visit_open(struct port *port)
{
    struct platen_lane *before;

    begin_visit(port, &before);
    if (!port->open)
        spool_way_connect(port);
    end_visit(port, before);
}

void spool_way_visit_close(struct port *port)
{
    struct platen_lane *before;

    begin_visit(port, &before);
    unlock(port->spooler);
    spool_way_close(port);
    lock(port->spooler);
    end_visit(port, before);
}

/* ---- at the start (D6) ----------------------------------------------------------------------- */

/* With the lock held. A port that has a lane by now is that one's to open. */
static void open_one(struct monitor *monitor, const char16_t *name)
{
    struct port *port = spool_port_record(monitor->spooler, name);

    if (port == NULL && spool_port_make(monitor, name, &port) != 0)
        return;
    if (port->monitor != monitor)
        return;
    port->stays = true;
    if (port->running) {
        port->connect = true;
        spool_lane_nudge(port);
    } else {
        spool_way_visit_open(port);
    }
}

void spool_way_open_all(struct monitor *monitor)
{
    struct port_list *list;
    struct visit visit;

    spool_visit_begin(&visit, monitor->spooler);
    uint32_t error = spool_ports_known(visit.lane, monitor, &list);
    spool_visit_end(&visit);
    if (error)
        return;
    lock(monitor->spooler);
    for (uint32_t i = 0; i < list->count; i++)
        open_one(monitor, list->entries[i].name);
    unlock(monitor->spooler);
    spool_ports_release(list);
}
