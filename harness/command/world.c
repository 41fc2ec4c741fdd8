/* SPDX-License-Identifier: MIT */
#include "command/world.h"

#include <platen/monitor.h>
#include <platen/sim.h>

#include "command/guard.h"
#include "command/hosting.h"
#include "command/providers.h"

/* InitializePrintMonitor2 has no room for a context: what the monitor is made with goes past it, on
 * the thread that attaches it. */
static _Thread_local const struct platen_monitor_options *being_attached;

static void say(void *context, enum platen_log_level level, const char *text)
{
    const struct world *world = context;
    if (level >= PLATEN_LOG_WARNING || world->verbose) {
        complain("monitor: %s", text);
    }
}

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, being_attached, monitor);
}

static uint32_t attach_builtin(void *context, platen_spooler *spooler, const char *name,
                               const char *file_root, const char *program_root,
                               struct platen_clock *clock, char **complaint)
{
    struct world *world = context;
    struct platen_monitor_options options = {
        .size = sizeof options,
        .imports = platen_spooler_imports(),
        .file_root = file_root == NULL ? world->file_root : file_root,
        .program_root = program_root == NULL ? world->program_root : program_root,
        .clock = clock,
        .read_timeout = world->read_timeout,
        .log = world->verbose ? say : NULL,
        .log_context = world,
        .providers = command_providers(),
    };
    being_attached = &options;
    uint32_t error = platen_spooler_attach(spooler, name, entry, complaint);
    being_attached = NULL;
    return error;
}

static uint32_t add_port(void *context, HANDLE instance, const char *name, const char *uri)
{
    (void)context;
    return platen_monitor_add_port(instance, name, uri);
}

/* ---- simulated devices ----------------------------------------------------------------------- */

static void *sim_create(const char *name)
{
    return platen_sim_create(name);
}

static void sim_release(void *device)
{
    platen_sim_release(device);
}

static uint32_t sim_script(void *device, const char *script, const char **complaint)
{
    return platen_sim_script(device, script, complaint);
}

static uint32_t sim_reply(void *device, const void *data, size_t size)
{
    return platen_sim_reply(device, data, size);
}

static uint64_t sim_received(void *device)
{
    return platen_sim_received(device);
}

static size_t sim_copy(void *device, uint64_t offset, void *to, size_t size)
{
    return platen_sim_copy(device, offset, to, size);
}

static void sim_forget(void *device)
{
    platen_sim_forget(device);
}

static void sim_counts(void *device, uint32_t counts[4])
{
    struct platen_sim_tally tally = platen_sim_counts(device);
    counts[0] = tally.started;
    counts[1] = tally.ended;
    counts[2] = tally.abandoned;
    counts[3] = tally.open;
}

/* ---- the process ----------------------------------------------------------------------------- */

static bool interrupted(void *context)
{
    (void)context;
    return guard_interrupted();
}

static void give_up(void *context, const char *what)
{
    (void)context;
    guard_give_up(what);
}

static void monitors(void *context, bool loaded)
{
    (void)context;
    guard_monitor(loaded);
}

static void say_wrong(void *context, const char *text)
{
    (void)context;
    complain("%s", text);
}

static uint32_t load(void *context, platen_spooler *spooler, const char *name, const char *path,
                     bool language, char **complaint)
{
    const struct world *world = context;
    return hosting_load(world->arguments, spooler, name, path, language, complaint);
}

static uint32_t load_beside(void *context, platen_spooler *spooler, const char *name,
                            const char *path, bool language, platen_spooler *other,
                            char **complaint)
{
    const struct world *world = context;
    return hosting_load_beside(world->arguments, spooler, name, path, language, other, complaint);
}

static char *name_there(void *context, const char *path)
{
    const struct world *world = context;
    return hosting_path(world->arguments, path);
}

bool world_accepts_registry(const char *path)
{
    platen_registry *registry = NULL;
    char *complaint = NULL;
    uint32_t error = path == NULL ? 0 : platen_registry_create(&registry);

    if (path != NULL && error == 0) {
        error = platen_registry_load(registry, path, &complaint);
    }
    if (error != 0) {
        complain("--registry %s: %s", printable(path),
                 complaint == NULL ? describe_error(error) : complaint);
    }
    platen_free(complaint);
    platen_registry_destroy(registry);
    return error == 0;
}

void world_fill(struct world *world, struct platen_script_world *to)
{
    *to = (struct platen_script_world){
        .context = world,
        .attach_builtin = attach_builtin,
        .load = load,
        .load_beside = load_beside,
        .name_there = name_there,
        .add_port = add_port,
        .sim_create = sim_create,
        .sim_release = sim_release,
        .sim_script = sim_script,
        .sim_reply = sim_reply,
        .sim_received = sim_received,
        .sim_copy = sim_copy,
        .sim_forget = sim_forget,
        .sim_counts = sim_counts,
        .interrupted = interrupted,
        .give_up = give_up,
        .monitors = monitors,
        .complain = say_wrong,
    };
}
