/* SPDX-License-Identifier: MIT
 *
 * Ports as monitors see them from outside: the merged list of EnumPorts, and what SetPort says.
 */
#include <stdlib.h>
#include <string.h>

#include "spooler/inside.h"

/* ---- EnumPorts over all monitors ------------------------------------------------------------- */

/* The lists of all monitors, in their order. */
struct lists {
    struct port_list **all;
    size_t count;
    size_t room;
};

static uint32_t add_list(struct lists *lists, struct port_list *list)
{
    if (lists->count == lists->room) {
        size_t room = lists->room * 2 + 8;
        struct port_list **all = realloc(lists->all, room * sizeof *all);
        if (all == NULL) {
            spool_ports_release(list);
            return PLATEN_NOT_ENOUGH_MEMORY;
        }
        lists->all = all;
        lists->room = room;
    }
    lists->all[lists->count++] = list;
    return 0;
}

static void drop_lists(struct lists *lists)
{
    for (size_t i = 0; i < lists->count; i++)
        spool_ports_release(lists->all[i]);
    free(lists->all);
}

/* Asks every monitor. One that cannot answer has no ports. */
static uint32_t gather(platen_spooler *spooler, struct lists *lists)
{
    struct monitor *monitor = NULL;
    struct visit visit;
    uint32_t error = 0;

    spool_visit_begin(&visit, spooler);
    while (!error && (monitor = spool_monitor_after(spooler, monitor)) != NULL) {
        struct port_list *list;
        if (spool_ports_ask(visit.lane, monitor, &list) == 0)
            error = add_list(lists, list);
    }
    spool_visit_end(&visit);
    return error;
}

/* A monitor's own answer speaks of level 1 alone: what level 2 tells more is ours to add. */
static uint32_t size_of(struct platen_lane *lane, struct monitor *monitor, DWORD level)
{
    struct port_list *list = NULL;
    uint32_t bytes = 0;

    if (level == 1)
        return spool_ports_size(lane, monitor, level, &bytes) == 0 ? bytes : 0;
    if (spool_ports_known(lane, monitor, &list) == 0)
        bytes = list->bytes[level];
    spool_ports_release(list);
    return bytes;
}

/* A question for the size costs no call as long as nothing has changed, and then, at level 1, one
 * for the size: monitors ask it for each port that they add. */
static uint32_t add_sizes(platen_spooler *spooler, DWORD level, LPDWORD needed)
{
    struct monitor *monitor = NULL;
    struct visit visit;

    spool_visit_begin(&visit, spooler);
    while ((monitor = spool_monitor_after(spooler, monitor)) != NULL)
        *needed += size_of(visit.lane, monitor, level);
    spool_visit_end(&visit);
    return *needed > 0 ? PLATEN_INSUFFICIENT_BUFFER : 0;
}

struct packing {
    LPBYTE next; /* structure */
    LPBYTE end;  /* of the room for strings */
};

static LPWSTR put_text(struct packing *packing, const char16_t *text)
{
    size_t size = (platen_text_length16(text, SIZE_MAX) + 1) * sizeof *text;

    packing->end -= size;
    memcpy(packing->end, text, size);
    return (LPWSTR)(void *)packing->end;
}

static void put_port(struct packing *packing, DWORD level, const struct port_entry *entry)
{
    PORT_INFO_2W info = {.pPortName = put_text(packing, entry->name)};
    size_t size = sizeof(PORT_INFO_1W); /* whose only member is the first of PORT_INFO_2 */

    if (level == 2) {
        info.pMonitorName = put_text(packing, entry->monitor);
        info.pDescription = put_text(packing, entry->description);
        info.fPortType = entry->type;
        size = sizeof info;
    }
    memcpy(packing->next, &info, size);
    packing->next += size;
}

static uint32_t put_lists(const struct lists *lists, DWORD level, LPBYTE to, DWORD room,
                          LPDWORD needed, LPDWORD returned)
{
    struct packing packing = {.next = to};
    DWORD count = 0;

    for (size_t i = 0; i < lists->count; i++) {
        *needed += lists->all[i]->bytes[level];
        count += lists->all[i]->count;
    }
    if (room < *needed)
        return PLATEN_INSUFFICIENT_BUFFER;
    if (count == 0)
        return 0;
    packing.end = to + (room & ~(DWORD)1);
    for (size_t i = 0; i < lists->count; i++)
        for (uint32_t k = 0; k < lists->all[i]->count; k++)
            put_port(&packing, level, &lists->all[i]->entries[k]);
    *returned = count;
    return 0;
}

uint32_t spool_portinfo_pack(platen_spooler *spooler, DWORD level, LPBYTE to, DWORD size,
                             LPDWORD needed, LPDWORD returned)
{
    struct lists lists = {.all = NULL};
    uint32_t error;

    if (size == 0)
        return add_sizes(spooler, level, needed);
    error = gather(spooler, &lists);
    if (!error)
        error = put_lists(&lists, level, to, size, needed, returned);
    drop_lists(&lists);
    return error;
}

/* ---- SetPort --------------------------------------------------------------------------------- */

/* How a port's trouble shows in the status of its jobs. */
static uint32_t job_bit(DWORD status)
{
    switch (status) {
    case PORT_STATUS_OFFLINE:
        return JOB_STATUS_OFFLINE;
    case PORT_STATUS_PAPER_OUT:
        return JOB_STATUS_PAPEROUT;
    default:
        return JOB_STATUS_USER_INTERVENTION;
    }
}

static enum spool_action reaction_to(const struct port *port, DWORD severity)
{
    static const enum spool_condition conditions[] = {
        [PORT_STATUS_TYPE_ERROR] = SPOOL_WHEN_PORT_ERROR,
        [PORT_STATUS_TYPE_WARNING] = SPOOL_WHEN_PORT_WARNING,
        [PORT_STATUS_TYPE_INFO] = SPOOL_WHEN_PORT_INFORMATION,
    };

    /* 0 is no severity; it informs of what is not cleared with it. */
    return severity == 0 ? SPOOL_INFORM
                         : spool_reaction(&port->spooler->reactions, conditions[severity]);
}

/* With the lock held. Only clearing the status lets a parked port go again (R108). */
static void apply(struct port *port, const PORT_INFO_3W *info)
{
    bool clear = info->pszStatus == NULL && info->dwStatus == 0;

    spool_status_note(port, info);
    if (!clear && reaction_to(port, info->dwSeverity) != SPOOL_PARK)
        return;
    port->parked = !clear;
    port->status = clear ? 0 : job_bit(info->pszStatus == NULL ? info->dwStatus : 0);
    spool_lane_nudge(port);
    spool_queue_offer_others(port);
}

static uint32_t record(platen_spooler *spooler, const char16_t *name, const PORT_INFO_3W *info)
{
    struct monitor *monitor;
    char16_t *listed;
    struct port *port;
    uint32_t error = spool_port_owner(spooler, name, &monitor, &listed);

    if (error)
        return error;
    lock(spooler);
    port = spool_port_record(spooler, listed);
    if (port == NULL && (monitor->closing || monitor->leaving))
        error = PLATEN_UNKNOWN_PORT;
    else if (port == NULL)
        error = spool_port_make(monitor, listed, &port);
    if (port != NULL)
        apply(port, info);
    unlock(spooler);
    free(listed);
    return error;
}

static bool apply_to_known(platen_spooler *spooler, const char16_t *name, const PORT_INFO_3W *info)
{
    lock(spooler);
    struct port *port = spool_port_record(spooler, name);
    if (port != NULL)
        apply(port, info);
    unlock(spooler);
    return port != NULL;
}

uint32_t spool_port_set_status(platen_spooler *spooler, const char16_t *name,
                               const PORT_INFO_3W *info)
{
    uint32_t error = 0;

    if (info->dwSeverity > PORT_STATUS_TYPE_INFO)
        return PLATEN_INVALID_PARAMETER;
    if (!apply_to_known(spooler, name, info))
        error = record(spooler, name, info);
    if (!error)
        spool_tell_port(spooler, name, info);
    return error;
}
