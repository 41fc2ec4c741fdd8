/* SPDX-License-Identifier: MIT
 *
 * The world of a test: its spoolers, their monitors, and how all of it ends.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock/virtual.h"
#include "script/inside.h"
#include "spooler/observe.h"

#define MAIN_SPOOLER "spooler"

bool script_world_is_empty(struct script_test *test)
{
    return test->spoolers == NULL && test->devices == NULL && test->sims == NULL;
}

/* ---- spoolers -------------------------------------------------------------------------------- */

struct script_spooler *script_spooler_named(struct script_test *test, const char *name)
{
    platen_os_mutex_lock(&test->lock);
    struct script_spooler *spooler = test->spoolers;
    while (spooler != NULL && strcmp(spooler->name, name) != 0) {
        spooler = spooler->next;
    }
    platen_os_mutex_unlock(&test->lock);
    return spooler;
}

/* Empty, or with what --registry names; a trace brings its own. */
static uint32_t make_registry(struct script_spooler *spooler)
{
    const char *path = spooler->test->run->options->registry;
    char *complaint = NULL;
    uint32_t error = platen_registry_create(&spooler->registry);

    if (error == 0 && path != NULL && spooler->test->replay == NULL) {
        error = platen_registry_load(spooler->registry, path, &complaint);
        platen_free(complaint);
    }
    return error;
}

static uint32_t create(struct script_spooler *spooler, const struct platen_spooler_options *wanted)
{
    struct platen_spooler_options options = *wanted;
    uint32_t error = 0;

    options.size = sizeof options;
    options.on_event = script_on_event;
    options.event_context = spooler;
    options.clock = spooler->test->clock;
    if (!spooler->borrows) {
        error = make_registry(spooler);
    }
    options.registry = spooler->registry;
    if (error == 0 && !script_observe(spooler->test)) {
        error = PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (error == 0) {
        error = platen_spooler_create(&options, &spooler->spooler);
    }
    if (error == 0) {
        platen_spooler_observe(spooler->spooler, spooler->test->observers);
    }
    return error;
}

static void free_spooler(struct script_spooler *spooler)
{
    if (!spooler->borrows) {
        platen_registry_destroy(spooler->registry);
    }
    free(spooler->name);
    free(spooler);
}

void script_spooler_record(const struct script_spooler *spooler, bool made, bool cluster,
                           const char *server, const char *other)
{
    struct platen_trace *trace = spooler->test->run->options->trace;
    char line[1400];
    char *name = trace == NULL ? NULL : script_quote(spooler->recorded);
    char *host = server == NULL ? NULL : script_quote(server);
    char *whose = other == NULL ? NULL : script_quote(other);

    if (name != NULL) {
        snprintf(line, sizeof line, "spooler %s%s%s%.400s%s%.400s", name,
                 made && cluster ? " cluster=on" : "", made && host != NULL ? " server=" : "",
                 made && host != NULL ? host : "", made && whose != NULL ? " registry=" : "",
                 made && whose != NULL ? whose : "");
        platen_trace_line(trace, line);
    }
    free(whose);
    free(host);
    free(name);
}

/* In the trace of a run two tests have spoolers of one name. */
static void name_for_trace(struct script_spooler *spooler)
{
    platen_os_mutex_lock(&spooler->test->lock);
    uint32_t number = ++spooler->test->run->recorded;
    platen_os_mutex_unlock(&spooler->test->lock);
    if (number == 1) {
        snprintf(spooler->recorded, sizeof spooler->recorded, "%.250s", spooler->name);
    } else {
        snprintf(spooler->recorded, sizeof spooler->recorded, "%.250s %u", spooler->name,
                 (unsigned)number);
    }
}

/* Whose registry it is, as the trace calls him. */
static const char *owner_of(struct script_test *test, const platen_registry *registry)
{
    platen_os_mutex_lock(&test->lock);
    const struct script_spooler *at = test->spoolers;
    while (at != NULL && (at->registry != registry || at->borrows)) {
        at = at->next;
    }
    platen_os_mutex_unlock(&test->lock);
    return at == NULL ? NULL : at->recorded;
}

uint32_t script_spooler_make(struct script_lane *lane, const char *name,
                             const struct platen_spooler_options *options)
{
    struct script_test *test = lane->test;
    struct script_spooler *spooler = calloc(1, sizeof *spooler);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;

    if (spooler == NULL) {
        return error;
    }
    spooler->test = test;
    spooler->registry = options->registry;
    spooler->borrows = options->registry != NULL;
    spooler->name = malloc(strlen(name) + 1);
    if (spooler->name != NULL) {
        strcpy(spooler->name, name);
        name_for_trace(spooler);
        error = create(spooler, options);
    }
    if (error != 0) {
        free_spooler(spooler);
        return error;
    }
    script_spooler_record(spooler, true, options->cluster, options->server_name,
                          owner_of(test, options->registry));
    if (!spooler->borrows && test->run->options->registry != NULL && test->replay == NULL) {
        platen_trace_registry(test->run->options->trace, spooler->registry,
                              test->run->options->registry);
    }
    platen_os_mutex_lock(&test->lock);
    spooler->next = test->spoolers;
    test->spoolers = spooler;
    platen_os_mutex_unlock(&test->lock);
    script_lane_turn(lane, spooler);
    return 0;
}

struct script_spooler *script_spooler_of(struct script_lane *lane)
{
    static const struct platen_spooler_options none = {.size = sizeof none};

    if (lane->spooler == NULL) {
        struct script_spooler *first = script_spooler_named(lane->test, MAIN_SPOOLER);
        uint32_t error = 0;
        if (first != NULL) {
            script_lane_turn(lane, first);
        } else {
            error = script_spooler_make(lane, MAIN_SPOOLER, &none);
        }
        if (error != 0) {
            script_break(lane->test, SCRIPT_BROKEN, "the spooler cannot be made");
        }
    }
    return lane->spooler;
}

/* ---- monitors -------------------------------------------------------------------------------- */

struct script_monitor *script_monitor_named(struct script_lane *lane, const char *name)
{
    platen_os_mutex_lock(&lane->test->lock);
    struct script_monitor *monitor = lane->test->monitors;
    while (monitor != NULL && (monitor->ended || monitor->spooler != lane->spooler ||
                               strcmp(monitor->name, name) != 0)) {
        monitor = monitor->next;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return monitor;
}

struct script_monitor *script_monitor_newest(struct script_lane *lane, bool language)
{
    platen_os_mutex_lock(&lane->test->lock);
    struct script_monitor *monitor = lane->test->monitors;
    while (monitor != NULL &&
           (monitor->ended || monitor->spooler != lane->spooler || monitor->language != language)) {
        monitor = monitor->next;
    }
    platen_os_mutex_unlock(&lane->test->lock);
    return monitor;
}

bool script_monitor_enter(struct script_lane *lane, const char *name, bool builtin, bool language)
{
    struct script_monitor *monitor = calloc(1, sizeof *monitor);
    char *copy = monitor == NULL ? NULL : malloc(strlen(name) + 1);

    if (copy == NULL) {
        free(monitor);
        return false;
    }
    strcpy(copy, name);
    monitor->name = copy;
    monitor->spooler = lane->spooler;
    monitor->builtin = builtin;
    monitor->language = language;
    platen_spooler_monitor(lane->spooler->spooler, name, &monitor->instance, &monitor->table);
    platen_os_mutex_lock(&lane->test->lock);
    monitor->next = lane->test->monitors;
    lane->test->monitors = monitor;
    platen_os_mutex_unlock(&lane->test->lock);
    return true;
}

/* ---- the end --------------------------------------------------------------------------------- */

/* Calls of the spooler's own making, so that the monitors see all handles closed before Shutdown
 * (R104, R115). */
static void close_opens(struct script_lane *lane)
{
    struct script_test *test = lane->test;
    while (test->opens != NULL) {
        struct script_open *open = test->opens;
        HANDLE handle = (HANDLE)(uintptr_t)open->bits;
        const MONITOR2 *table = open->monitor->table;
        test->opens = open->next;
        script_lane_turn(lane, open->monitor->spooler);
        if (open->monitor->ended) {
            free(open);
            continue;
        }
        if (open->kind == PLATEN_KIND_PORT && open->in_job && table->pfnEndDocPort != NULL) {
            platen_call_EndDocPort(&lane->lane, table, handle);
        }
        if (open->kind == PLATEN_KIND_PORT && table->pfnClosePort != NULL) {
            platen_call_ClosePort(&lane->lane, table, handle);
        } else if (open->kind == PLATEN_KIND_XCV && table->pfnXcvClosePort != NULL) {
            platen_call_XcvClosePort(&lane->lane, table, handle);
        }
        free(open);
    }
}

static void free_monitors(struct script_test *test)
{
    while (test->monitors != NULL) {
        struct script_monitor *monitor = test->monitors;
        test->monitors = monitor->next;
        free(monitor->name);
        free(monitor);
    }
}

static void end_spoolers(struct script_test *test)
{
    /* Registries that are borrowed live as long as all spoolers. */
    for (struct script_spooler *at = test->spoolers; at != NULL; at = at->next) {
        platen_spooler_destroy(at->spooler);
    }
    while (test->spoolers != NULL) {
        struct script_spooler *spooler = test->spoolers;
        test->spoolers = spooler->next;
        free_spooler(spooler);
    }
}

/* Whoever stops it from outside is out, and stays out. */
static void close_world(struct script_test *test, bool closed)
{
    platen_os_mutex_lock(&test->lock);
    test->world_ends = closed;
    while (test->stopping) {
        platen_os_cond_wait(&test->changed, &test->lock);
    }
    platen_os_mutex_unlock(&test->lock);
}

/* Names of what is gone. Values stay. */
static void forget_names(struct script_test *test)
{
    for (unsigned row = 0; row < SCRIPT_NAME_ROWS; row++) {
        for (struct script_name *name = test->names[row]; name != NULL; name = name->next) {
            if (name->sort != SCRIPT_WORD) {
                name->sort = SCRIPT_WORD;
                name->word = NULL;
            }
        }
    }
}

void script_world_end(struct script_lane *lane)
{
    struct script_test *test = lane->test;

    close_world(test, true);
    if (test->faults != NULL) {
        platen_faults_end(test->faults);
    }
    close_opens(lane);
    script_lane_turn(lane, NULL);
    end_spoolers(test);
    free_monitors(test);
    if (test->run->world->monitors != NULL) {
        test->run->world->monitors(test->run->world->context, false);
    }
    platen_faults_destroy(test->faults);
    test->faults = NULL;
    test->observers = NULL;
    script_faults_forget(test);
    script_devices_end(test);
    script_pipes_end(test);
    script_sims_end(test);
    script_check_findings(lane);
    script_events_free(test);
    forget_names(test);
    for (unsigned slot = 0; slot < PLATEN_SLOT_COUNT; slot++) {
        atomic_store(&test->calls[slot], 0);
    }
    close_world(test, false);
}
