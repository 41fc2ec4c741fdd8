/* SPDX-License-Identifier: MIT
 *
 * All ports of all monitors: who owns a name, the list for programs, and the records of the ports
 * that printers are bound to. One record per name, so one OpenPort per name (R92).
 */
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

struct monitor *spool_monitor_after(platen_spooler *spooler, struct monitor *monitor)
{
    uint32_t number = monitor != NULL ? monitor->number : 0; /* it may have been unloaded */

    lock(spooler);
    struct monitor *next = spooler->monitors;
    while (next != NULL &&
           (next->number <= number || !next->ready || next->closing || next->language))
        next = next->next;
    unlock(spooler);
    return next;
}

/* ---- owners ---------------------------------------------------------------------------------- */

typedef uint32_t (*asker)(struct platen_lane *lane, struct monitor *monitor,
                          struct port_list **list);

static const char16_t *find_in(const struct port_list *list, const char16_t *name)
{
    for (uint32_t i = 0; i < list->count; i++)
        if (platen_text_equal_folded(list->entries[i].name, name))
            return list->entries[i].name;
    return NULL;
}

/* The first monitor that lists the name; a monitor that cannot answer has no ports. */
static uint32_t search(struct platen_lane *lane, platen_spooler *spooler, const char16_t *name,
                       asker ask, struct monitor **monitor, char16_t **listed)
{
    struct monitor *at = NULL;

    while ((at = spool_monitor_after(spooler, at)) != NULL) {
        struct port_list *list;
        if (ask(lane, at, &list) != 0)
            continue;
        const char16_t *found = find_in(list, name);
        if (found != NULL)
            *listed = platen_text_copy16(found, SIZE_MAX);
        spool_ports_release(list);
        if (found != NULL) {
            *monitor = at;
            return *listed != NULL ? 0 : PLATEN_NOT_ENOUGH_MEMORY;
        }
    }
    return PLATEN_UNKNOWN_PORT;
}

/* First in what is known, then by asking again: a port may have been plugged in. */
uint32_t spool_port_owner(platen_spooler *spooler, const char16_t *name, struct monitor **monitor,
                          char16_t **listed)
{
    struct visit visit;

    *monitor = NULL;
    *listed = NULL;
    spool_visit_begin(&visit, spooler);
    uint32_t error = search(visit.lane, spooler, name, spool_ports_known, monitor, listed);
    if (error == PLATEN_UNKNOWN_PORT)
        error = search(visit.lane, spooler, name, spool_ports_ask, monitor, listed);
    spool_visit_end(&visit);
    return error;
}

/* ---- the list for programs: one block -------------------------------------------------------- */

struct collection {
    struct port_list **lists;
    struct monitor **owners;
    size_t lists_count;
    size_t room;
    size_t ports;
    size_t bytes; /* of text */
};

static uint32_t collect(struct collection *all, struct monitor *monitor, struct port_list *list)
{
    if (all->lists_count == all->room) {
        size_t room = all->room * 2 + 8;
        struct port_list **lists = realloc(all->lists, room * sizeof *lists);
        all->lists = lists != NULL ? lists : all->lists;
        struct monitor **owners = realloc(all->owners, room * sizeof *owners);
        all->owners = owners != NULL ? owners : all->owners;
        if (lists == NULL || owners == NULL) {
            spool_ports_release(list);
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
        all->room = room;
    }
    for (uint32_t i = 0; i < list->count; i++)
        all->bytes += platen_text_to8(list->entries[i].name, SIZE_MAX, NULL, 0) + 1 +
                      platen_text_to8(list->entries[i].description, SIZE_MAX, NULL, 0) + 1;
    all->bytes += strlen(monitor->name) + 1;
    all->ports += list->count;
    all->lists[all->lists_count] = list;
    all->owners[all->lists_count++] = monitor;
    return 0;
}

static void discard(struct collection *all)
{
    for (size_t i = 0; i < all->lists_count; i++)
        spool_ports_release(all->lists[i]);
    free(all->lists);
    free(all->owners);
}

static const char *put_text(const char16_t *from, char **to)
{
    char *begin = *to;
    size_t size = platen_text_to8(from, SIZE_MAX, NULL, 0) + 1;

    platen_text_to8(from, SIZE_MAX, begin, size);
    *to += size;
    return begin;
}

static void put_list(const struct port_list *list, const char *monitor, struct platen_port *ports,
                     char **to)
{
    char *name = *to;

    *to += strlen(monitor) + 1;
    memcpy(name, monitor, strlen(monitor) + 1);
    for (uint32_t i = 0; i < list->count; i++) {
        const struct port_entry *entry = &list->entries[i];
        ports[i] = (struct platen_port){.name = put_text(entry->name, to),
                                        .monitor = name,
                                        .description = put_text(entry->description, to),
                                        .type = entry->type};
    }
}

static uint32_t put_all(const struct collection *all, struct platen_port **ports, size_t *count)
{
    size_t head = all->ports * sizeof **ports;
    char *block = malloc(head + all->bytes + 1);

    if (block == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    struct platen_port *at = (struct platen_port *)(void *)block;
    char *text = block + head;
    *ports = at;
    *count = all->ports;
    for (size_t i = 0; i < all->lists_count; i++) {
        put_list(all->lists[i], all->owners[i]->name, at, &text);
        at += all->lists[i]->count;
    }
    return 0;
}

/* One monitor that cannot answer does not hide the ports of the others. */
static uint32_t ask_all(struct platen_lane *lane, platen_spooler *spooler, struct collection *all)
{
    struct monitor *monitor = NULL;
    uint32_t error = 0;

    while ((monitor = spool_monitor_after(spooler, monitor)) != NULL) {
        struct port_list *list;
        uint32_t this_one = spool_ports_ask(lane, monitor, &list);
        if (this_one != 0)
            spool_say(spooler, PLATEN_EVENT_LOG, NULL, 0, "EnumPorts of '%s' failed with %s",
                      monitor->name, spool_words_of(this_one).text);
        else
            this_one = collect(all, monitor, list);
        error = this_one != 0 ? this_one : error;
    }
    return all->lists_count != 0 ? 0 : error;
}

static uint32_t ask_one(struct platen_lane *lane, platen_spooler *spooler, const char *name,
                        struct collection *all)
{
    struct port_list *list;

    lock(spooler);
    struct monitor *monitor = spool_monitor_named(spooler, name);
    bool ready = monitor != NULL && monitor->ready && !monitor->language;
    unlock(spooler);
    if (!ready)
        return PLATEN_UNKNOWN_PRINT_MONITOR;
    uint32_t error = spool_ports_ask(lane, monitor, &list);
    return error ? error : collect(all, monitor, list);
}

uint32_t platen_spooler_ports(platen_spooler *spooler, const char *monitor,
                              struct platen_port **ports, size_t *count)
{
    struct collection all = {.lists = NULL};
    struct visit visit;

    *ports = NULL;
    *count = 0;
    spool_visit_begin(&visit, spooler);
    uint32_t error = monitor != NULL ? ask_one(visit.lane, spooler, monitor, &all)
                                     : ask_all(visit.lane, spooler, &all);
    spool_visit_end(&visit);
    if (!error)
        error = put_all(&all, ports, count);
    discard(&all);
    return error;
}

/* ---- records: with the lock held ------------------------------------------------------------- */

struct port *spool_port_record(platen_spooler *spooler, const char16_t *name)
{
    struct port *at = spooler->ports;

    while (at != NULL && !platen_text_equal_folded(at->name16, name))
        at = at->next;
    return at;
}

static void free_port(struct port *port)
{
    free(port->buffer);
    free(port->name);
    free(port->name16);
    free(port);
}

uint32_t spool_port_make(struct monitor *monitor, const char16_t *name, struct port **port)
{
    struct port *made = calloc(1, sizeof *made);

    *port = NULL;
    if (made == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    made->spooler = monitor->spooler;
    made->monitor = monitor;
    made->name16 = platen_text_copy16(name, SIZE_MAX);
    made->name = platen_text_new8(name, SIZE_MAX);
    if (made->name == NULL || made->name16 == NULL) {
        free_port(made);
        return PLATEN_NOT_ENOUGH_MEMORY;
    }
    made->lane = (struct platen_lane){
        .name = made->name, .spooler = made->spooler, .observers = made->spooler->observers};
    made->next = made->spooler->ports;
    made->spooler->ports = made;
    *port = made;
    return 0;
}

static void take_off(struct port *port)
{
    struct port **at = &port->spooler->ports;

    while (*at != port)
        at = &(*at)->next;
    *at = port->next;
}

void spool_port_drop(struct port *port)
{
    if (port->bindings != NULL || port->open || port->running || port->visited ||
        port->visitors != 0)
        return;
    take_off(port);
    spool_lane_bury(port);
    free_port(port);
}

/* Every lane ends its job as cancelled, closes its port and leaves. */
void spool_lanes_end(platen_spooler *spooler)
{
    lock(spooler);
    for (struct port *port = spooler->ports; port != NULL; port = port->next) {
        if (port->current != NULL)
            atomic_fetch_or(&port->current->orders, ORDER_CANCEL | ORDER_STOP);
        spool_lane_nudge(port);
    }
    for (struct port *port = spooler->ports; port != NULL; port = port->next)
        spool_way_visit_close(port);
    unlock(spooler);
}

void spool_ports_end(platen_spooler *spooler)
{
    lock(spooler);
    while (spooler->ports != NULL) {
        struct port *port = spooler->ports;
        spooler->ports = port->next;
        free_port(port);
    }
    unlock(spooler);
}

char *spool_port_name_copy(const struct port *port)
{
    return port->spooler->options.on_event != NULL ? strdup(port->name) : NULL;
}

char *spool_printer_port_copy(const struct printer *printer)
{
    return printer->port_count == 1 ? spool_port_name_copy(printer->bindings[0].port) : NULL;
}
