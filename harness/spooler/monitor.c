/* SPDX-License-Identifier: MIT
 *
 * Monitors: loading and init (contract 3.1). The way back: unload.c.
 */
#include <stdlib.h>
#include <string.h>

#include "call/served.h"
#include "os/lasterror.h"
#include "spooler/carry.h"
#include "spooler/inside.h"

#define MONITORS_KEY "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\"

struct monitor *spool_monitor_named(platen_spooler *spooler, const char *name)
{
    struct monitor *at = spooler->monitors;

    while (at != NULL && !platen_text_equal_folded8(at->name, name))
        at = at->next;
    return at;
}

bool spool_monitor_enter(struct monitor *monitor)
{
    lock(monitor->spooler);
    bool may = monitor->ready && !monitor->closing && !monitor->leaving;
    monitor->calls += may;
    unlock(monitor->spooler);
    return may;
}

void spool_monitor_leave(struct monitor *monitor)
{
    platen_spooler *spooler = monitor->spooler;

    lock(spooler);
    monitor->calls--;
    if (monitor->closing && monitor->calls == 0)
        wake(spooler, &spooler->done);
    unlock(spooler);
}

/* ---- from a name to an instance -------------------------------------------------------------- */

void spool_monitor_free(struct monitor *monitor)
{
    platen_registry_view_destroy(monitor->view);
    spool_ports_release(monitor->list);
    free(monitor->server);
    free(monitor->name16);
    free(monitor->name);
    free(monitor);
}

/* The monitor's key, and MONITORINIT with all it leads to. */
static uint32_t make_init(struct monitor *monitor)
{
    platen_spooler *spooler = monitor->spooler;
    size_t length = strlen(MONITORS_KEY) + strlen(monitor->name) + 1;
    char *root = malloc(length);

    if (root == NULL)
        return PLATEN_NOT_ENOUGH_MEMORY;
    memcpy(root, MONITORS_KEY, sizeof MONITORS_KEY);
    strcat(root, monitor->name);
    uint32_t error = platen_registry_view_create(spooler->registry, root, &monitor->view);
    free(root);
    if (error)
        return error;
    if (spooler->server_name != NULL)
        monitor->server = platen_text_new16(spooler->server_name, SIZE_MAX);
    lock(spooler); /* a thread of another monitor's may look whose hSpooler it has */
    monitor->init = (MONITORINIT){
        .cbSize = sizeof(MONITORINIT),
        .hSpooler = platen_registry_view_spooler(monitor->view),
        .hckRegistryRoot = platen_registry_view_root(monitor->view),
        .pMonitorReg = writable(&platen_served_registry),
        .bLocal = !spooler->options.cluster,
        .pszServerName = monitor->server,
    };
    unlock(spooler);
    return spooler->server_name != NULL && monitor->server == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
}

/* On the list from here on, so that the name is taken; but not ready. */
static uint32_t list_monitor(struct monitor *monitor, char **complaint)
{
    platen_spooler *spooler = monitor->spooler;
    struct monitor **at = &spooler->monitors;
    uint32_t error = 0;

    lock(spooler);
    if (spool_monitor_named(spooler, monitor->name) != NULL)
        error = PLATEN_ALREADY_EXISTS;
    while (*at != NULL)
        at = &(*at)->next;
    monitor->number = ++spooler->last_monitor;
    if (!error)
        *at = monitor;
    unlock(spooler);
    if (error)
        *complaint = spool_complain("there is a monitor '%s' already", monitor->name);
    return error;
}

void spool_monitor_unlist(struct monitor *monitor)
{
    struct monitor **at = &monitor->spooler->monitors;

    lock(monitor->spooler);
    while (*at != monitor)
        at = &(*at)->next;
    *at = monitor->next;
    unlock(monitor->spooler);
}

static uint32_t new_monitor(platen_spooler *spooler, const char *name, struct monitor **monitor,
                            char **complaint)
{
    struct monitor *made = calloc(1, sizeof *made);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    *monitor = NULL;
    if (made == NULL)
        return error;
    made->spooler = spooler;
    made->name = strdup(name);
    made->name16 = platen_text_new16(name, SIZE_MAX);
    if (made->name != NULL && made->name16 != NULL)
        error = list_monitor(made, complaint);
    if (error) {
        spool_monitor_free(made);
        return error;
    }
    *monitor = made;
    return 0;
}

static void drop_monitor(struct monitor *monitor)
{
    spool_monitor_unlist(monitor);
    spool_monitor_free(monitor);
}

/* ---- init and Shutdown ----------------------------------------------------------------------- */

static uint32_t call_init(struct platen_lane *lane, struct monitor *monitor, char **complaint)
{
    const MONITOR2 *table = platen_call_InitializePrintMonitor2(lane, &monitor->entry,
                                                                &monitor->init, &monitor->instance);

    if (table == NULL) {
        uint32_t error =
            spool_reason_of(monitor->spooler, monitor->name, "InitializePrintMonitor2", NULL);
        *complaint = spool_complain("InitializePrintMonitor2 of '%s' failed with %s", monitor->name,
                                    spool_words_of(error).text);
        return error;
    }
    return spool_table_take(monitor, table, complaint);
}

/* Keys that the monitor did not close, and keys that were none (R6); calls in the name of another
 * spooler (R5). */
void spool_monitor_report_keys(struct monitor *monitor)
{
    size_t open = platen_registry_view_open_keys(monitor->view);
    size_t strangers = platen_registry_view_strangers(monitor->view);
    size_t misuses = platen_registry_view_misuses(monitor->view) - strangers;

    if (monitor->is_gone != NULL && monitor->is_gone(monitor->carried))
        return;
    if (open != 0)
        spool_say(monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0,
                  "the monitor '%s' left %u registry keys open (R6)", monitor->name,
                  (unsigned)open);
    if (strangers != 0)
        spool_say(monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0,
                  "the monitor '%s' used its registry keys %u times with an hSpooler that is not "
                  "the one that it was given (R5)",
                  monitor->name, (unsigned)strangers);
    if (misuses != 0)
        spool_say(
            monitor->spooler, PLATEN_EVENT_FINDING, NULL, 0,
            "the monitor '%s' used registry keys %u times that were not open, or closed its root "
            "key (R6)",
            monitor->name, (unsigned)misuses);
}

static uint32_t initialise(struct monitor *monitor, char **complaint)
{
    struct visit visit;
    uint32_t error = make_init(monitor);

    if (error)
        return error;
    spool_visit_begin(&visit, monitor->spooler);
    error = call_init(visit.lane, monitor, complaint);
    spool_visit_end(&visit);
    if (error) {
        spool_monitor_report_keys(monitor);
        return error;
    }
    monitor->shown = monitor->table;
    lock(monitor->spooler);
    monitor->ready = true;
    unlock(monitor->spooler);
    if (monitor->spooler->options.open_mode == PLATEN_OPEN_AT_START && !monitor->language)
        spool_way_open_all(monitor);
    return 0;
}

/* ---- modules --------------------------------------------------------------------------------- */

/* As much of the table as both sides know; cbSize stays the module's (<platen/winsplp.h>). */
static void fill_imports(struct monitor *monitor)
{
    const size_t head = offsetof(PLATEN_IMPORTS, GetLastError);
    PLATEN_IMPORTS *table = platen_os_module_data(monitor->module, "platen_imports");

    if (table == NULL)
        return;
    size_t size = table->cbSize < sizeof *table ? table->cbSize : sizeof *table;
    if (size > head)
        memcpy((char *)table + head, (const char *)&platen_served_imports + head, size - head);
}

bool spool_monitor_dll_main(struct monitor *monitor, DWORD reason)
{
    struct visit visit;

    if (monitor->entry.DllMain == NULL || platen_os_module_runs_dllmain())
        return true;
    spool_visit_begin(&visit, monitor->spooler);
    void *handle = monitor->module != NULL ? platen_os_module_handle(monitor->module) : NULL;
    bool fine = platen_call_DllMain(visit.lane, &monitor->entry, handle, reason, NULL);
    spool_visit_end(&visit);
    return fine;
}

static uint32_t find_entry(struct monitor *monitor, const char *path, char **complaint)
{
    platen_os_module *module = monitor->module;
    platen_os_function init = platen_os_module_function(module, "InitializePrintMonitor2");
    platen_os_function main = platen_os_module_function(module, "DllMain");
    bool older = platen_os_module_function(module, "InitializePrintMonitor") != NULL;

    memcpy(&monitor->entry.InitializePrintMonitor2, &init, sizeof init);
    memcpy(&monitor->entry.DllMain, &main, sizeof main);
    if (init != NULL)
        return 0;
    *complaint = spool_complain("'%s' does not export InitializePrintMonitor2 (R1)%s", path,
                                older ? ", only the older InitializePrintMonitor" : "");
    return PLATEN_PROC_NOT_FOUND;
}

/* DllMain, then init. */
static uint32_t begin_module(struct monitor *monitor, const char *path, char **complaint)
{
    uint32_t error;

    platen_os_set_last_error(0);
    if (!spool_monitor_dll_main(monitor, DLL_PROCESS_ATTACH)) {
        error = platen_os_get_last_error();
        error = error ? error : ERROR_DLL_INIT_FAILED;
        *complaint =
            spool_complain("DllMain of '%s' refused with %s", path, spool_words_of(error).text);
        return error;
    }
    error = initialise(monitor, complaint);
    if (error)
        spool_monitor_dll_main(monitor, DLL_PROCESS_DETACH);
    return error;
}

static uint32_t attach_module(struct monitor *monitor, const char *path, char **complaint)
{
    fill_imports(monitor);
    uint32_t error = find_entry(monitor, path, complaint);
    return error ? error : begin_module(monitor, path, complaint);
}

static uint32_t load_module(struct monitor *monitor, const char *path, char **complaint)
{
    char *words = NULL;
    uint32_t error = platen_os_module_load(path, &monitor->module, &words);

    if (error) {
        *complaint =
            spool_complain("'%s' cannot be loaded: %s%s%s", path, spool_words_of(error).text,
                           words != NULL ? ": " : "", words != NULL ? words : "");
        free(words);
        return error;
    }
    error = attach_module(monitor, path, complaint);
    if (error)
        platen_os_module_unload(monitor->module);
    return error;
}

/* ---- the public side ------------------------------------------------------------------------- */

/* The caller may not want the complaint, and gets one for every failure. */
static uint32_t hand_over(uint32_t error, char *complaint, char **to)
{
    if (error && complaint == NULL)
        complaint = spool_complain("the monitor cannot be made: %s", spool_words_of(error).text);
    if (to != NULL)
        *to = complaint;
    else
        free(complaint);
    return error;
}

static uint32_t load(platen_spooler *spooler, const char *name, const char *path, bool language,
                     char **complaint)
{
    char *words = NULL;
    struct monitor *monitor;
    uint32_t error = new_monitor(spooler, name, &monitor, &words);

    if (!error) {
        monitor->language = language;
        error = load_module(monitor, path, &words);
        if (error)
            drop_monitor(monitor);
    }
    return hand_over(error, words, complaint);
}

static uint32_t attach(platen_spooler *spooler, const char *name, platen_monitor_entry entry,
                       bool language, char **complaint)
{
    char *words = NULL;
    struct monitor *monitor;
    uint32_t error = new_monitor(spooler, name, &monitor, &words);

    if (!error) {
        monitor->language = language;
        monitor->entry.InitializePrintMonitor2 = entry;
        error = initialise(monitor, &words);
        if (error)
            drop_monitor(monitor);
    }
    return hand_over(error, words, complaint);
}

uint32_t platen_spooler_carry(platen_spooler *spooler, const char *name,
                              const struct platen_spooler_carrier *carrier, char **complaint)
{
    char *words = NULL;
    struct monitor *monitor;
    uint32_t error = new_monitor(spooler, name, &monitor, &words);

    if (!error) {
        monitor->language = carrier->language;
        monitor->entry = carrier->entry;
        monitor->release = carrier->release;
        monitor->is_gone = carrier->is_gone;
        monitor->carried = carrier->context;
        error = begin_module(monitor, carrier->path, &words);
        if (error)
            drop_monitor(monitor);
    }
    return hand_over(error, words, complaint);
}

uint32_t platen_spooler_load(platen_spooler *spooler, const char *name, const char *path,
                             char **complaint)
{
    return load(spooler, name, path, false, complaint);
}

uint32_t platen_spooler_load_language(platen_spooler *spooler, const char *name, const char *path,
                                      char **complaint)
{
    return load(spooler, name, path, true, complaint);
}

uint32_t platen_spooler_attach(platen_spooler *spooler, const char *name,
                               platen_monitor_entry entry, char **complaint)
{
    return attach(spooler, name, entry, false, complaint);
}

uint32_t platen_spooler_attach_language(platen_spooler *spooler, const char *name,
                                        platen_monitor_entry entry, char **complaint)
{
    return attach(spooler, name, entry, true, complaint);
}

uint32_t platen_spooler_monitor(platen_spooler *spooler, const char *name, HANDLE *instance,
                                const MONITOR2 **table)
{
    lock(spooler);
    struct monitor *monitor = spool_monitor_named(spooler, name);
    bool ready = monitor != NULL && monitor->ready;
    *instance = ready ? monitor->instance : NULL;
    *table = ready ? &monitor->table : NULL;
    unlock(spooler);
    return ready ? 0 : PLATEN_UNKNOWN_PRINT_MONITOR;
}
