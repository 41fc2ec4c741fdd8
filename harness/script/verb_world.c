/* SPDX-License-Identifier: MIT
 *
 * Verbs of the world: spooler, monitor, language, unload, port, printer and what is done to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "script/foreign.h"
#include "script/trace.h"
#include "spooler/shadow.h"

#define BUILTIN_NAME "Platen Port"

/* ---- spoolers -------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    enum platen_open_mode mode;
} open_modes[] = {
    {"first-job", PLATEN_OPEN_FIRST_JOB},
    {"connected", PLATEN_OPEN_CONNECTED},
    {"at-start", PLATEN_OPEN_AT_START},
};

static bool take_open_mode(struct script_lane *lane, const struct script_words *words,
                           struct platen_spooler_options *options)
{
    const char *name = "first-job";
    if (!script_text(lane, script_word(words, "open"), &name)) {
        return false;
    }
    for (size_t i = 0; i < sizeof open_modes / sizeof *open_modes; i++) {
        if (strcmp(open_modes[i].name, name) == 0) {
            options->open_mode = open_modes[i].mode;
            return true;
        }
    }
    return script_fail(lane, script_word(words, "open"),
                       "open= is one of first-job, connected, at-start");
}

static bool take_registry(struct script_lane *lane, const struct script_words *words,
                          struct platen_spooler_options *options)
{
    const char *other = NULL;
    if (!script_text(lane, script_word(words, "registry"), &other) || other == NULL) {
        return script_word(words, "registry") == NULL;
    }
    const struct script_spooler *spooler = script_spooler_named(lane->test, other);
    if (spooler == NULL) {
        return script_fail(lane, script_word(words, "registry"), "there is no such spooler");
    }
    options->registry = spooler->registry;
    return true;
}

static bool take_options(struct script_lane *lane, const struct script_words *words,
                         struct platen_spooler_options *options)
{
    uint64_t chunk = 0;
    uint64_t retries = 0;
    bool fine = script_switch(lane, script_word(words, "cluster"), &options->cluster) &&
                script_text(lane, script_word(words, "server"), &options->server_name) &&
                script_size(lane, script_word(words, "chunk"), &chunk) &&
                script_number(lane, script_word(words, "retries"), &retries) &&
                script_text(lane, script_word(words, "profile"), &options->profile) &&
                script_seconds(lane, script_word(words, "job-timeout"), &options->job_timeout) &&
                take_open_mode(lane, words, options) && take_registry(lane, words, options);
    options->chunk = (uint32_t)chunk;
    options->retries = (uint32_t)retries;
    return fine;
}

bool script_verb_spooler(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    struct platen_spooler_options options = {.size = sizeof options};
    const char *name = "";

    if (!script_text(lane, script_word(words, "NAME"), &name)) {
        return false;
    }
    struct script_spooler *known = script_spooler_named(lane->test, name);
    if (known != NULL && words->count > 1) {
        return script_fail(lane, script_word(words, "NAME"),
                           "this spooler is there already: its options cannot be changed");
    }
    if (known != NULL) {
        script_spooler_record(known, false, false, NULL, NULL);
        script_lane_turn(lane, known);
        return true;
    }
    if (!take_options(lane, words, &options)) {
        return false;
    }
    outcome->error = script_spooler_make(lane, name, &options);
    return outcome->error == 0 || script_fail(lane, NULL, "the spooler cannot be made");
}

/* ---- monitors -------------------------------------------------------------------------------- */

struct loading {
    const char *module; /* as it is written */
    const char *path;
    const char *root;
    const char *program_root;
    const struct script_spooler *beside; /* whose process it shares; NULL: nobody's */
    char name[256];
    bool builtin;
    bool language;
};

static bool read_beside(struct script_lane *lane, const struct script_words *words,
                        struct loading *loading)
{
    const struct platen_word *word = script_word(words, "beside");
    const char *name = NULL;
    if (!script_text(lane, word, &name)) {
        return false;
    }
    loading->beside = name == NULL ? NULL : script_spooler_named(lane->test, name);
    return name == NULL || loading->beside != NULL ||
           script_fail(lane, word, "there is no such spooler");
}

/* A trace of another spooler names files of another machine: --monitor and --language say what is
 * meant here. */
static void choose_module(const struct script_lane *lane, struct loading *loading)
{
    const struct script_replay *replay = lane->test->replay;
    const struct platen_script_options *options = lane->test->run->options;
    const char *chosen = loading->language ? options->language : options->monitor;

    if (replay != NULL && replay->outside && chosen != NULL) {
        loading->module = chosen;
        loading->path = chosen;
    }
}

static bool read_loading(struct script_lane *lane, const struct script_words *words,
                         struct loading *loading)
{
    const char *name = NULL;
    if (!script_text(lane, script_word(words, "MODULE"), &loading->module) ||
        !script_path_of(lane, script_word(words, "MODULE"), &loading->path) ||
        !script_text(lane, script_word(words, "name"), &name) ||
        !script_path_of(lane, script_word(words, "file-root"), &loading->root) ||
        !script_path_of(lane, script_word(words, "program-root"), &loading->program_root) ||
        !read_beside(lane, words, loading)) {
        return false;
    }
    choose_module(lane, loading);
    loading->builtin = !loading->language && strcmp(loading->module, "builtin") == 0;
    if (name != NULL) {
        snprintf(loading->name, sizeof loading->name, "%s", name);
    } else if (loading->builtin) {
        snprintf(loading->name, sizeof loading->name, "%s", BUILTIN_NAME);
    } else {
        platen_os_path_stem(loading->path, loading->name, sizeof loading->name);
    }
    return true;
}

static uint32_t load(struct script_lane *lane, const struct loading *loading, char **complaint)
{
    struct script_test *test = lane->test;
    const struct platen_script_world *world = test->run->world;
    struct platen_trace *trace = test->run->options->trace;
    platen_spooler *spooler = lane->spooler->spooler;

    if (loading->builtin && world->attach_builtin != NULL) {
        platen_trace_monitor(trace, NULL, loading->name, loading->root, loading->program_root);
        return world->attach_builtin(world->context, spooler, loading->name, loading->root,
                                     loading->program_root, test->clock, complaint);
    }
    if (loading->beside != NULL) {
        platen_trace_beside(trace, loading->language, loading->path, loading->name,
                            loading->beside->recorded);
    } else if (loading->language) {
        platen_trace_language(trace, loading->path, loading->name);
    } else {
        platen_trace_monitor(trace, loading->path, loading->name, NULL, NULL);
    }
    if (loading->beside != NULL && world->load_beside != NULL) {
        return world->load_beside(world->context, spooler, loading->name, loading->path,
                                  loading->language, loading->beside->spooler, complaint);
    }
    if (world->load != NULL) {
        return world->load(world->context, spooler, loading->name, loading->path, loading->language,
                           complaint);
    }
    return loading->language
               ? platen_spooler_load_language(spooler, loading->name, loading->path, complaint)
               : platen_spooler_load(spooler, loading->name, loading->path, complaint);
}

static bool take_monitor(struct script_lane *lane, const struct script_words *words, bool language,
                         struct script_outcome *outcome)
{
    struct loading loading = {.language = language};
    const struct platen_script_world *world = lane->test->run->world;
    char *complaint = NULL;

    if (!read_loading(lane, words, &loading)) {
        return false;
    }
    if (!language && !loading.builtin && !script_foreign_begin(lane->test)) {
        return true;
    }
    if (script_spooler_of(lane) == NULL) {
        return true;
    }
    if (world->monitors != NULL) {
        world->monitors(world->context, true);
    }
    outcome->error = load(lane, &loading, &complaint);
    if (outcome->error == 0 &&
        !script_monitor_enter(lane, loading.name, loading.builtin, language)) {
        outcome->error = PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (complaint != NULL) {
        char *kept = script_alloc(lane, strlen(complaint) + 1);
        outcome->why = kept == NULL ? NULL : strcpy(kept, complaint);
        platen_free(complaint);
    }
    lane->test->monitor_failed |=
        outcome->error != 0 && !words->expects && lane->test->replay == NULL;
    return true;
}

const char *script_default_language(struct script_lane *lane)
{
    char name[256];
    const char *path = lane->test->run->options->language;
    if (path == NULL || lane->test->replay != NULL) {
        return NULL;
    }
    platen_os_path_stem(path, name, sizeof name);
    const struct script_monitor *found = script_monitor_named(lane, name);
    return found == NULL ? NULL : found->name;
}

/* What --language names stands over the monitors of every spooler, once. */
static void stack_language(struct script_lane *lane, struct script_outcome *outcome)
{
    struct loading loading = {.language = true, .path = lane->test->run->options->language};
    char *complaint = NULL;
    if (loading.path == NULL || lane->test->replay != NULL || outcome->error != 0 ||
        script_default_language(lane) != NULL) {
        return;
    }
    loading.module = loading.path;
    platen_os_path_stem(loading.path, loading.name, sizeof loading.name);
    outcome->error = load(lane, &loading, &complaint);
    if (outcome->error == 0 && !script_monitor_enter(lane, loading.name, false, true)) {
        outcome->error = PLATEN_NOT_ENOUGH_MEMORY;
    }
    if (complaint != NULL) {
        char *kept = script_alloc(lane, strlen(complaint) + 1);
        outcome->why = kept == NULL ? NULL : strcpy(kept, complaint);
        platen_free(complaint);
    }
}

bool script_verb_monitor(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    bool taken = take_monitor(lane, words, false, outcome);
    if (taken && lane->spooler != NULL) {
        stack_language(lane, outcome);
        lane->test->monitor_failed |= outcome->error != 0 && !words->expects;
    }
    return taken;
}

bool script_verb_language(struct script_lane *lane, const struct script_words *words,
                          struct script_outcome *outcome)
{
    return take_monitor(lane, words, true, outcome);
}

bool script_trace_monitor(struct script_lane *lane, const struct script_words *words,
                          struct script_outcome *outcome)
{
    return take_monitor(lane, words, words->verb->id == SCRIPT_VERB_language, outcome);
}

uint32_t script_monitor_unload(struct script_lane *lane, const char *name)
{
    struct script_monitor *monitor = script_monitor_named(lane, name);
    uint32_t error = platen_spooler_unload(lane->spooler->spooler, name);

    if (error == 0 && monitor != NULL) {
        platen_os_mutex_lock(&lane->test->lock);
        monitor->ended = true;
        platen_os_mutex_unlock(&lane->test->lock);
    }
    return error;
}

bool script_verb_unload(struct script_lane *lane, const struct script_words *words,
                        struct script_outcome *outcome)
{
    const char *name = "";
    if (!script_text(lane, script_word(words, "NAME"), &name) || script_spooler_of(lane) == NULL) {
        return script_is_over(lane->test);
    }
    outcome->error = script_monitor_unload(lane, name);
    return true;
}

/* Whose port it becomes: the builtin monitor's, or of the monitor that there is. */
static const struct script_monitor *port_owner(struct script_lane *lane, const char *owner)
{
    if (owner != NULL) {
        return script_monitor_named(lane, owner);
    }
    const struct script_monitor *monitor = script_monitor_named(lane, BUILTIN_NAME);
    return monitor != NULL ? monitor : script_monitor_newest(lane, false);
}

bool script_verb_port(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const struct platen_script_world *world = lane->test->run->world;
    const char *name = "";
    const char *uri = "";
    const char *owner = NULL;

    if (!script_text(lane, script_word(words, "NAME"), &name) ||
        !script_text(lane, script_word(words, "URI"), &uri) ||
        !script_text(lane, script_word(words, "MONITOR"), &owner)) {
        return false;
    }
    if (lane->test->clock != NULL && !script_has_virtual_time(uri, strlen(uri))) {
        return script_fail(lane, script_word(words, "URI"),
                           "with a virtual clock there are only sim and null ports");
    }
    const struct script_monitor *monitor = port_owner(lane, owner);
    if (monitor == NULL) {
        return script_fail(lane, NULL, "a port wants a monitor, and \"%s\" is not there",
                           owner == NULL ? BUILTIN_NAME : owner);
    }
    if (!monitor->builtin || world->add_port == NULL) {
        return script_foreign_port(lane, monitor, name, uri, &outcome->error);
    }
    platen_trace_port(lane->test->run->options->trace, name, uri);
    outcome->error = world->add_port(world->context, monitor->instance, name, uri);
    return true;
}

/* ---- printers -------------------------------------------------------------------------------- */

#define MAX_PORTS 64

static bool read_ports(struct script_lane *lane, const struct script_words *words,
                       const char *ports[MAX_PORTS], uint32_t *count)
{
    const struct platen_word *word = script_word(words, "PORT");
    for (*count = 0; word != NULL && *count < MAX_PORTS; word = word->next) {
        if (word->name == NULL && !script_text(lane, word, &ports[(*count)++])) {
            return false;
        }
    }
    return true;
}

bool script_verb_printer(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    const char *ports[MAX_PORTS];
    struct platen_printer_options options = {.size = sizeof options, .ports = ports, .bidi = true};
    const char *name = "";

    if (!script_text(lane, script_word(words, "NAME"), &name) ||
        !script_text(lane, script_word(words, "language"), &options.language) ||
        !script_switch(lane, script_word(words, "bidi"), &options.bidi) ||
        !read_ports(lane, words, ports, &options.port_count)) {
        return false;
    }
    if (script_spooler_of(lane) == NULL) {
        return true;
    }
    if (options.language == NULL) {
        options.language = script_default_language(lane);
    }
    outcome->error = options.port_count == 0
                         ? platen_shadow_printer(lane->spooler->spooler, name)
                         : platen_printer_create(lane->spooler->spooler, name, &options);
    return true;
}

static bool with_printer(struct script_lane *lane, const struct script_words *words,
                         const char *what, const char **name)
{
    return script_text(lane, script_word(words, what), name) &&
           (script_spooler_of(lane) != NULL || script_fail(lane, NULL, "there is no spooler"));
}

bool script_verb_remove_printer(struct script_lane *lane, const struct script_words *words,
                                struct script_outcome *outcome)
{
    const char *name = "";
    if (!with_printer(lane, words, "NAME", &name)) {
        return false;
    }
    outcome->error = platen_printer_delete(lane->spooler->spooler, name);
    return true;
}

bool script_verb_hold(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const char *name = "";
    if (!with_printer(lane, words, "PRINTER", &name)) {
        return false;
    }
    outcome->error = platen_printer_hold(lane->spooler->spooler, name, true);
    return true;
}

bool script_verb_release(struct script_lane *lane, const struct script_words *words,
                         struct script_outcome *outcome)
{
    const char *name = "";
    if (!with_printer(lane, words, "PRINTER", &name)) {
        return false;
    }
    outcome->error = platen_printer_hold(lane->spooler->spooler, name, false);
    return true;
}

bool script_verb_bidi(struct script_lane *lane, const struct script_words *words,
                      struct script_outcome *outcome)
{
    const char *name = "";
    bool on = false;
    if (!with_printer(lane, words, "PRINTER", &name) ||
        !script_switch(lane, script_word(words, "on|off"), &on)) {
        return false;
    }
    outcome->error = platen_printer_set_bidi(lane->spooler->spooler, name, on);
    return true;
}
