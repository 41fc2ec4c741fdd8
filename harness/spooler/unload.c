/* SPDX-License-Identifier: MIT
 *
 * The end of a monitor: all is closed, Shutdown once and as the last call, DllMain, and only then
 * the module goes (R119). By itself, or with its spooler.
 */
#include "spooler/inside.h"

/* ---- Shutdown -------------------------------------------------------------------------------- */

/* Nobody comes in any more, and those who are in have left. */
static void close_door(struct monitor *monitor)
{
    platen_spooler *spooler = monitor->spooler;

    lock(spooler);
    monitor->closing = true;
    while (monitor->calls != 0)
        sleep_on(spooler, &spooler->done, PLATEN_FOREVER);
    unlock(spooler);
}

static void shut_down(struct monitor *monitor)
{
    struct visit visit;

    close_door(monitor);
    if (monitor->table.pfnShutdown != NULL) {
        spool_visit_begin(&visit, monitor->spooler);
        platen_call_Shutdown(visit.lane, &monitor->table, monitor->instance);
        spool_visit_end(&visit);
    }
    spool_monitor_report_keys(monitor);
    spool_monitor_dll_main(monitor, DLL_PROCESS_DETACH);
    platen_os_module_unload(monitor->module);
    if (monitor->release != NULL)
        monitor->release(monitor->carried);
}

/* ---- with the spooler ------------------------------------------------------------------------ */

/* Language monitors first, as they may still hold what a port monitor gave them; of each kind the
 * last that came is the first to go. */
static struct monitor *last_monitor(platen_spooler *spooler)
{
    struct monitor *last = NULL;

    lock(spooler);
    for (struct monitor *at = spooler->monitors; at != NULL; at = at->next)
        if (!at->closing && (last == NULL || at->language || !last->language))
            last = at;
    unlock(spooler);
    return last;
}

void spool_monitors_end(platen_spooler *spooler)
{
    struct monitor *monitor;

    while ((monitor = last_monitor(spooler)) != NULL)
        shut_down(monitor);
}

void spool_monitors_free(platen_spooler *spooler)
{
    while (spooler->monitors != NULL) {
        struct monitor *monitor = spooler->monitors;
        spooler->monitors = monitor->next;
        spool_monitor_free(monitor);
    }
    while (spooler->gone != NULL) {
        struct monitor *monitor = spooler->gone;
        spooler->gone = monitor->gone;
        spool_monitor_free(monitor);
    }
}

/* ---- by itself ------------------------------------------------------------------------------- */

static bool has_printers(const struct monitor *monitor)
{
    const platen_spooler *spooler = monitor->spooler;

    for (const struct port *at = spooler->ports; at != NULL; at = at->next)
        if (at->monitor == monitor && at->bindings != NULL)
            return true;
    for (size_t row = 0; row < PRINTER_ROWS; row++)
        for (const struct printer *at = spooler->printers[row]; at != NULL; at = at->next)
            if (at->way.language == monitor)
                return true;
    return false;
}

/* With the lock held; from here on nobody new comes. */
static uint32_t begin(platen_spooler *spooler, const char *name, struct monitor **monitor)
{
    struct monitor *found = spool_monitor_named(spooler, name);

    if (found == NULL || !found->ready || found->leaving || found->closing)
        return PLATEN_UNKNOWN_PRINT_MONITOR;
    if (found->xcvs != 0 || has_printers(found))
        return PLATEN_BUSY;
    found->leaving = true;
    *monitor = found;
    return 0;
}

static struct port *port_of(const struct monitor *monitor)
{
    struct port *at = monitor->spooler->ports;

    while (at != NULL && at->monitor != monitor)
        at = at->next;
    return at;
}

/* A port that is still open through the language monitor, for printers that no more want it. */
static struct port *port_through(const struct monitor *monitor)
{
    struct port *at = monitor->spooler->ports;

    while (at != NULL && !(at->open && at->way.language == monitor))
        at = at->next;
    return at;
}

/* With the lock held, which it gives up meanwhile. */
static void leave_ports(struct monitor *monitor)
{
    platen_spooler *spooler = monitor->spooler;
    struct port *port;

    while ((port = port_of(monitor)) != NULL) {
        port->stays = port->connect = false;
        spool_way_visit_close(port);
        spool_port_drop(port);
    }
    while ((port = port_through(monitor)) != NULL) {
        port->shut = true;
        spool_lane_nudge(port);
        sleep_on(spooler, &spooler->done, PLATEN_FOREVER);
    }
}

/* Who walks along the list may stand on it: it is kept, empty, until the spooler ends. */
static void bury(struct monitor *monitor)
{
    platen_spooler *spooler = monitor->spooler;

    spool_monitor_unlist(monitor);
    lock(spooler);
    struct port_list *list = monitor->list;
    monitor->list = NULL;
    monitor->fresh = false;
    monitor->gone = spooler->gone;
    spooler->gone = monitor;
    unlock(spooler);
    spool_ports_release(list);
    platen_registry_view_destroy(monitor->view);
    monitor->view = NULL;
}

uint32_t platen_spooler_unload(platen_spooler *spooler, const char *monitor)
{
    struct monitor *found = NULL;

    lock(spooler);
    uint32_t error = begin(spooler, monitor, &found);
    if (!error)
        leave_ports(found);
    unlock(spooler);
    if (error)
        return error;
    shut_down(found);
    bury(found);
    return 0;
}
