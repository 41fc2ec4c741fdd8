/* SPDX-License-Identifier: MIT
 *
 * The channel for configuration: names (contract 4.1), XcvOpenPort, XcvDataPort, XcvClosePort.
 */
#include <stdlib.h>
#include <string.h>

#include "os/lasterror.h"
#include "spooler/inside.h"

/* ---- names ----------------------------------------------------------------------------------- */

static bool is_ours(const platen_spooler *spooler, const char *name, size_t length)
{
    const char *own = spooler->server_name;
    char server[256];

    if (length >= sizeof server)
        return false;
    memcpy(server, name, length);
    server[length] = '\0';
    while (own != NULL && *own == '\\')
        own++;
    return (own != NULL && platen_text_equal_folded8(server, own)) ||
           platen_text_equal_folded8(server, "localhost") || strcmp(server, ".") == 0;
}

const char *spool_after_server(const platen_spooler *spooler, const char *name)
{
    if (strncmp(name, "\\\\", 2) != 0)
        return name;
    name += 2;
    size_t length = strcspn(name, "\\");
    if (!is_ours(spooler, name, length))
        return NULL;
    return name[length] != '\0' ? name + length + 1 : name + length;
}

/* What stands behind ",<keyword> "; NULL if something else does. */
static const char *after_keyword(const char *object, const char *keyword)
{
    size_t length = strlen(keyword);

    if (*object++ != ',')
        return NULL;
    while (*object == ' ')
        object++;
    if (strncmp(object, keyword, length) != 0)
        return NULL;
    object += length;
    if (*object == '\0')
        return object;
    return *object == ' ' ? object + 1 : NULL;
}

bool spool_xcv_named(const char *object)
{
    return after_keyword(object, "XcvMonitor") != NULL || after_keyword(object, "XcvPort") != NULL;
}

/* ---- opening --------------------------------------------------------------------------------- */

static uint32_t find_monitor(platen_spooler *spooler, const char *name, struct monitor **monitor)
{
    lock(spooler);
    *monitor = spool_monitor_named(spooler, name);
    if (*monitor != NULL &&
        (!(*monitor)->ready || ((*monitor)->language && (*monitor)->table.pfnXcvOpenPort == NULL)))
        *monitor = NULL;
    unlock(spooler);
    return *monitor != NULL ? 0 : PLATEN_UNKNOWN_PRINT_MONITOR;
}

static uint32_t find_owner(platen_spooler *spooler, const char *port, struct monitor **monitor)
{
    char16_t *name = platen_text_new16(port, SIZE_MAX);
    char16_t *listed = NULL;

    *monitor = NULL;
    if (name == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = spool_port_owner(spooler, name, monitor, &listed);
    free(listed);
    free(name);
    return error;
}

/* *bare is what the monitor gets as object (R109). */
static uint32_t resolve(platen_spooler *spooler, const char *object, struct monitor **monitor,
                        const char **bare)
{
    object = spool_after_server(spooler, object);
    if (object == NULL)
        return PLATEN_INVALID_PRINTER_NAME;
    *bare = after_keyword(object, "XcvMonitor");
    if (*bare != NULL)
        return find_monitor(spooler, *bare, monitor);
    *bare = after_keyword(object, "XcvPort");
    return *bare != NULL ? find_owner(spooler, *bare, monitor) : PLATEN_INVALID_PRINTER_NAME;
}

bool spool_xcv_known(platen_spooler *spooler, const char *object)
{
    struct monitor *monitor;
    const char *bare;

    return resolve(spooler, object, &monitor, &bare) == 0;
}

static uint32_t call_open(struct monitor *monitor, const char16_t *object, uint32_t granted,
                          HANDLE *handle)
{
    struct visit visit;
    uint32_t error = 0;

    spool_visit_begin(&visit, monitor->spooler);
    if (!platen_call_XcvOpenPort(visit.lane, &monitor->table, monitor->instance, object, granted,
                                 handle))
        error = spool_reason_of(monitor->spooler, monitor->name, "XcvOpenPort", NULL);
    spool_visit_end(&visit);
    return error;
}

/* A language monitor has none of it, nor has a port monitor that a profile spares (R87). */
static bool has_xcv(const struct monitor *monitor)
{
    const MONITOR2 *table = &monitor->table;

    return table->pfnXcvOpenPort != NULL && table->pfnXcvDataPort != NULL &&
           table->pfnXcvClosePort != NULL;
}

static uint32_t open_on(struct monitor *monitor, const char *bare, uint32_t granted,
                        platen_xcv **xcv)
{
    platen_xcv *made = calloc(1, sizeof *made);
    char16_t *object = platen_text_new16(bare, SIZE_MAX);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    if (made != NULL && object != NULL)
        error = call_open(monitor, object, granted, &made->handle);
    free(object);
    if (error) {
        free(made);
        return error;
    }
    made->monitor = monitor;
    lock(monitor->spooler);
    monitor->xcvs++;
    unlock(monitor->spooler);
    *xcv = made;
    return 0;
}

/* As long as the handle is open the monitor is not shut down. */
uint32_t spool_xcv_open(platen_spooler *spooler, const char *object, uint32_t granted, bool listed,
                        platen_xcv **xcv)
{
    struct monitor *monitor;
    const char *bare;

    *xcv = NULL;
    uint32_t error = resolve(spooler, object, &monitor, &bare);
    if (error)
        return error;
    if (!has_xcv(monitor))
        return PLATEN_NOT_SUPPORTED;
    if (!spool_monitor_enter(monitor))
        return PLATEN_UNKNOWN_PRINT_MONITOR;
    error = open_on(monitor, bare, granted, xcv);
    if (error) {
        spool_monitor_leave(monitor);
        return error;
    }
    if (listed) {
        lock(spooler);
        (*xcv)->listed = true;
        (*xcv)->next = spooler->xcvs;
        spooler->xcvs = *xcv;
        unlock(spooler);
    }
    return 0;
}

uint32_t platen_xcv_open(platen_spooler *spooler, const char *object, uint32_t granted,
                         platen_xcv **xcv)
{
    return spool_xcv_open(spooler, object, granted, true, xcv);
}

/* ---- closing: by the last one who uses it (R115) --------------------------------------------- */

static void close_now(platen_xcv *xcv)
{
    struct monitor *monitor = xcv->monitor;
    struct visit visit;

    spool_visit_begin(&visit, monitor->spooler);
    if (!platen_call_XcvClosePort(visit.lane, &monitor->table, xcv->handle) &&
        !spool_carrier_is_gone())
        spool_say(monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0,
                  "XcvClosePort of '%s' said FALSE (R69)", monitor->name);
    spool_visit_end(&visit);
    free(xcv);
    lock(monitor->spooler);
    monitor->xcvs--;
    unlock(monitor->spooler);
    spool_monitor_leave(monitor);
}

static void unlist(platen_xcv *xcv)
{
    platen_xcv **at = &xcv->monitor->spooler->xcvs;

    if (!xcv->listed)
        return;
    while (*at != xcv)
        at = &(*at)->next;
    *at = xcv->next;
}

void platen_xcv_close(platen_xcv *xcv)
{
    if (xcv == NULL)
        return;
    platen_spooler *spooler = xcv->monitor->spooler;
    lock(spooler);
    unlist(xcv);
    xcv->closing = true;
    bool now = xcv->calls == 0;
    unlock(spooler);
    if (now)
        close_now(xcv);
}

static void begin_call(platen_xcv *xcv)
{
    lock(xcv->monitor->spooler);
    xcv->calls++;
    unlock(xcv->monitor->spooler);
}

static void end_call(platen_xcv *xcv)
{
    platen_spooler *spooler = xcv->monitor->spooler;

    lock(spooler);
    bool last = --xcv->calls == 0 && xcv->closing;
    unlock(spooler);
    if (last)
        close_now(xcv);
}

/* ---- data ------------------------------------------------------------------------------------ */

/* What goes to the monitor, as it was sent (R111). */
struct request {
    const char *name;
    const void *input;
    uint32_t input_size;
    void *output;
    uint32_t output_size;
};

static uint32_t pass(platen_xcv *xcv, const struct request *request, uint32_t *needed)
{
    struct monitor *monitor = xcv->monitor;
    char16_t *name = platen_text_new16(request->name, SIZE_MAX);
    DWORD wanted = 0;
    struct visit visit;

    if (name == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    spool_visit_begin(&visit, monitor->spooler);
    uint32_t status = platen_call_XcvDataPort(visit.lane, &monitor->table, xcv->handle, name,
                                              writable(request->input), request->input_size,
                                              request->output, request->output_size, &wanted);
    spool_visit_end(&visit);
    free(name);
    *needed = wanted;
    /* A command that was asked for no output may have been one that changes the ports. */
    if (status == 0 && request->output_size == 0)
        spool_ports_changed(monitor);
    return status;
}

/* The name that DeletePort's input begins with: plain text, or the structure of TCPMON, whose first
 * member it is. Not terminated: the whole input. */
static char16_t *port_in(const struct request *request)
{
    size_t most = request->input_size / sizeof(char16_t);
    char16_t *name = malloc((most + 1) * sizeof *name);

    if (name == NULL)
        return NULL;
    if (most != 0)
        memcpy(name, request->input, most * sizeof *name);
    name[most] = 0;
    return name;
}

/* Nobody may bind the port while the monitor deletes it (R113, R114). One that is open only because
 * it was opened at the start is closed. */
static uint32_t begin_deletion(platen_spooler *spooler, struct deletion *deletion)
{
    lock(spooler);
    struct port *port = spool_port_record(spooler, deletion->name);
    if (port != NULL && (port->bindings != NULL || (port->open && !port->stays))) {
        unlock(spooler);
        return PLATEN_BUSY;
    }
    deletion->next = spooler->deletions;
    spooler->deletions = deletion;
    deletion->reopen = port != NULL && port->stays;
    if (deletion->reopen)
        spool_way_visit_close(port);
    unlock(spooler);
    return 0;
}

static void end_deletion(platen_spooler *spooler, const struct deletion *deletion, bool deleted)
{
    struct deletion **at = &spooler->deletions;

    lock(spooler);
    while (*at != deletion)
        at = &(*at)->next;
    *at = deletion->next;
    struct port *port = spool_port_record(spooler, deletion->name);
    if (port != NULL && deleted)
        spool_port_drop(port);
    else if (port != NULL && deletion->reopen && port->bindings == NULL)
        spool_way_visit_open(port);
    unlock(spooler);
}

static uint32_t delete_port(platen_xcv *xcv, const struct request *request, uint32_t *needed,
                            uint32_t *status)
{
    platen_spooler *spooler = xcv->monitor->spooler;
    char16_t *name = port_in(request);
    struct deletion deletion = {.name = name};

    if (name == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    uint32_t error = begin_deletion(spooler, &deletion);
    if (error) {
        *status = error;
    } else {
        *status = pass(xcv, request, needed);
        end_deletion(spooler, &deletion, *status == 0);
    }
    free(name);
    return error;
}

uint32_t platen_xcv_data(platen_xcv *xcv, const char *name, const void *input, uint32_t input_size,
                         void *output, uint32_t output_size, uint32_t *needed, uint32_t *status)
{
    struct request request = {name, input, input_size, output, output_size};
    uint32_t wanted = 0;
    uint32_t error = 0;

    *status = 0;
    if (needed != NULL)
        *needed = 0;
    if (name == NULL || (input == NULL && input_size != 0) || (output == NULL && output_size != 0))
        return PLATEN_INVALID_PARAMETER;
    begin_call(xcv);
    if (strcmp(name, "DeletePort") == 0)
        error = delete_port(xcv, &request, &wanted, status);
    else
        *status = pass(xcv, &request, &wanted);
    end_call(xcv);
    if (needed != NULL)
        *needed = wanted;
    return error;
}
