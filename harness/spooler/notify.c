/* SPDX-License-Identifier: MIT
 *
 * What monitors are told of their own accord: which of their ports are bound to printers, and power
 * events (contract 2.19). Nothing follows from what they answer (R120). Wine tells none of it.
 */
#include <stdlib.h>

#include "call/call.h"
#include "spooler/inside.h"

struct names {
    char16_t *text[SPOOL_NOTICES];
    DWORD count;
};

/* With the lock held: ports whose use the monitor does not know yet, of those that are (not) used.
 */
static void collect(struct monitor *monitor, bool used, struct names *names)
{
    names->count = 0;
    for (struct port *at = monitor->spooler->ports; at != NULL; at = at->next) {
        bool news = at->monitor == monitor && at->told_used != used;
        if (!news || (at->bindings != NULL) != used || names->count == SPOOL_NOTICES)
            continue;
        char16_t *name = platen_text_copy16(at->name16, SIZE_MAX);
        if (name == NULL)
            return;
        at->told_used = used;
        names->text[names->count++] = name;
    }
}

static void call(struct monitor *monitor, bool used, struct names *names)
{
    const MONITOR2 *table = &monitor->table;
    PCWSTR list[SPOOL_NOTICES];
    struct visit visit;

    for (DWORD i = 0; i < names->count; i++)
        list[i] = names->text[i];
    spool_visit_begin(&visit, monitor->spooler);
    if (used && table->pfnNotifyUsedPorts != NULL)
        platen_call_NotifyUsedPorts(visit.lane, table, monitor->instance, names->count, list);
    if (!used && table->pfnNotifyUnusedPorts != NULL)
        platen_call_NotifyUnusedPorts(visit.lane, table, monitor->instance, names->count, list);
    spool_visit_end(&visit);
    for (DWORD i = 0; i < names->count; i++)
        free(names->text[i]);
}

/* With the lock held, which is given up meanwhile; false: there is nothing to tell. */
static bool tell_some(struct monitor *monitor)
{
    bool some = false;

    for (int used = 0; used <= 1; used++) {
        struct names names;
        collect(monitor, used, &names);
        if (names.count == 0)
            continue;
        some = true;
        unlock(monitor->spooler);
        call(monitor, used, &names);
        lock(monitor->spooler);
    }
    return some;
}

/* One thread at a time tells a monitor, so that it hears of things in their order. Who comes
 * meanwhile leaves the rest to that one. */
static void tell(struct monitor *monitor)
{
    const MONITOR2 *table = &monitor->table;

    if (table->pfnNotifyUsedPorts == NULL && table->pfnNotifyUnusedPorts == NULL)
        return;
    lock(monitor->spooler);
    if (!monitor->notifying) {
        monitor->notifying = true;
        while (tell_some(monitor)) {
        }
        monitor->notifying = false;
    }
    unlock(monitor->spooler);
}

static void tell_uses(struct monitor *monitor, uint32_t event)
{
    (void)event;
    tell(monitor);
}

static void tell_power(struct monitor *monitor, uint32_t event)
{
    struct visit visit;

    if (monitor->table.pfnPowerEvent == NULL)
        return;
    spool_visit_begin(&visit, monitor->spooler);
    platen_call_PowerEvent(visit.lane, &monitor->table, monitor->instance, event, NULL);
    spool_visit_end(&visit);
}

/* Language monitors, too. */
static struct monitor *monitor_after(platen_spooler *spooler, const struct monitor *monitor)
{
    uint32_t number = monitor != NULL ? monitor->number : 0; /* it may have been unloaded */

    lock(spooler);
    struct monitor *next = spooler->monitors;
    while (next != NULL && (next->number <= number || !next->ready || next->closing))
        next = next->next;
    unlock(spooler);
    return next;
}

static void tell_all(platen_spooler *spooler,
                     void (*teller)(struct monitor *monitor, uint32_t event), uint32_t event)
{
    struct monitor *at = NULL;

    if (spooler->spares)
        return;
    while ((at = monitor_after(spooler, at)) != NULL) {
        if (spool_monitor_enter(at)) {
            teller(at, event);
            spool_monitor_leave(at);
        }
    }
}

void spool_notify(platen_spooler *spooler)
{
    tell_all(spooler, tell_uses, 0);
}

void platen_spooler_power(platen_spooler *spooler, uint32_t event)
{
    tell_all(spooler, tell_power, event);
}
