/* SPDX-License-Identifier: MIT
 *
 * A spooler's life: options, beginning, and an end in the order of R119.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/served.h"
#include "clock/system.h"
#include "os/console.h"
#include "spooler/inside.h"
#include "spooler/observe.h"

#define DEFAULT_CHUNK 65536u

const PLATEN_IMPORTS *platen_spooler_imports(void)
{
    return &platen_served_imports;
}

/* Members beyond the caller's idea of the structure keep their default. */
static void take_options(platen_spooler *spooler, const struct platen_spooler_options *options)
{
    size_t size = sizeof spooler->options;

    if (options != NULL)
        memcpy(&spooler->options, options, options->size < size ? options->size : size);
    if (spooler->options.chunk == 0)
        spooler->options.chunk = DEFAULT_CHUNK;
    spooler->clock = spooler->options.clock != NULL ? spooler->options.clock : &platen_system_clock;
    spooler->registry = spooler->options.registry;
}

/* Who submits jobs, as GetJob tells it: the user of this process. */
static char16_t *user_name(void)
{
    static const char *const variables[] = {"USER", "LOGNAME", "USERNAME"};
    char *name = NULL;

    for (size_t i = 0; i < sizeof variables / sizeof *variables && name == NULL; i++)
        name = platen_os_environment(variables[i]);
    char16_t *name16 = platen_text_new16(name != NULL ? name : "user", SIZE_MAX);
    free(name);
    return name16;
}

static char16_t *machine_name(const char *server)
{
    char name[256];

    while (server != NULL && *server == '\\')
        server++;
    snprintf(name, sizeof name, "\\\\%s", server != NULL ? server : "localhost");
    return platen_text_new16(name, SIZE_MAX);
}

/* What needs memory. */
static uint32_t furnish(platen_spooler *spooler)
{
    const char *server = spooler->options.server_name;

    spooler->user = user_name();
    spooler->machine = machine_name(server);
    spooler->server_name = server != NULL ? strdup(server) : NULL;
    if (spooler->user == NULL || spooler->machine == NULL ||
        (server != NULL && spooler->server_name == NULL))
        return PLATEN_NOT_ENOUGH_MEMORY;
    if (spooler->registry != NULL)
        return 0;
    uint32_t error = platen_registry_create(&spooler->own_registry);
    spooler->registry = spooler->own_registry;
    return error;
}

static void release(platen_spooler *spooler)
{
    platen_registry_destroy(spooler->own_registry);
    free(spooler->server_name);
    free(spooler->machine);
    free(spooler->user);
    free(spooler);
}

uint32_t platen_spooler_create(const struct platen_spooler_options *options,
                               platen_spooler **spooler)
{
    platen_spooler *made = calloc(1, sizeof *made);

    *spooler = NULL;
    if (made == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    take_options(made, options);
    uint32_t error = PLATEN_INVALID_PARAMETER;
    if (spool_reactions_take(&made->reactions, made->options.profile))
        error = furnish(made);
    made->spares = made->options.profile != NULL && strcmp(made->options.profile, "wine") == 0;
    if (error) {
        release(made);
        return error;
    }
    spool_process_prepare();
    platen_os_mutex_init(&made->lock);
    spool_process_add(made);
    *spooler = made;
    return 0;
}

void platen_spooler_observe(platen_spooler *spooler, struct platen_observer *observers)
{
    spooler->observers = observers;
}

/* Handles that a monitor left open. Those of Xcv must be closed before its Shutdown. */
static void sweep_handles(platen_spooler *spooler, bool xcv_alone)
{
    struct opened left;

    while (spool_handle_sweep(spooler, xcv_alone, &left)) {
        spool_say(spooler, PLATEN_EVENT_FINDING, NULL, 0, "a printer handle (%s) was never closed",
                  left.printer != NULL ? left.printer->name
                  : left.xcv != NULL   ? "Xcv"
                                       : "the server");
        platen_xcv_close(left.xcv);
        lock(spooler);
        spool_printer_unref(left.printer);
        unlock(spooler);
    }
}

static void close_xcvs(platen_spooler *spooler)
{
    while (spooler->xcvs != NULL)
        platen_xcv_close(spooler->xcvs);
}

void platen_spooler_destroy(platen_spooler *spooler)
{
    if (spooler == NULL)
        return;
    lock(spooler);
    spooler->ending = true;
    unlock(spooler);
    spool_lanes_end(spooler);
    spool_printers_end(spooler);
    spool_ports_end(spooler);
    close_xcvs(spooler);
    sweep_handles(spooler, true);
    spool_monitors_end(spooler);
    sweep_handles(spooler, false);
    spool_process_remove(spooler);
    spool_ports_end(spooler); /* SetPort may have come until the last monitor had gone */
    spool_monitors_free(spooler);
    spool_jobs_end(spooler);
    spool_strangers_end(spooler);
    platen_os_mutex_destroy(&spooler->lock);
    release(spooler);
}

void platen_free(void *memory)
{
    free(memory);
}
