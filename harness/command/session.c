/* SPDX-License-Identifier: MIT */
#include "command/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/guard.h"
#include "command/hosting.h"
#include "command/providers.h"
#include "hosted/hosted.h"
#include "os/file.h"
#include "spooler/observe.h"

#define BUILTIN_NAME "Platen Port"

/* What the builtin monitor is made with: InitializePrintMonitor2 has no room for a context, and a
 * command has one session. */
static struct platen_monitor_options builtin_options;
static bool builtin_verbose;

static void builtin_log(void *context, enum platen_log_level level, const char *text)
{
    (void)context;
    if (level >= PLATEN_LOG_WARNING || builtin_verbose) {
        complain("monitor: %s", text);
    }
}

static LPMONITOR2 WINAPI builtin_entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &builtin_options, monitor);
}

char *folder_of(const char *path)
{
    char *absolute;
    if (platen_os_absolute_path(path, &absolute) != 0) {
        return NULL;
    }
    size_t length = (size_t)(platen_os_path_name(absolute) - absolute);
    while (length > 1 && (absolute[length - 1] == '/' || absolute[length - 1] == '\\')) {
        length--;
    }
    absolute[length] = '\0';
    return absolute;
}

static bool is_absolute(const char *path)
{
    bool drive = path[0] != '\0' && path[1] == ':';
    return path[0] == '/' || path[0] == '\\' || drive;
}

char *root_of(const char *path)
{
    char *root = NULL;
    if (!is_absolute(path)) {
        platen_os_absolute_path(".", &root);
        return root;
    }
    size_t length = (size_t)(platen_os_path_name(path) - path);
    while (length > 1 && (path[length - 1] == '/' || path[length - 1] == '\\') &&
           path[length - 2] != ':') {
        length--;
    }
    root = malloc(length + 1);
    if (root != NULL) {
        memcpy(root, path, length);
        root[length] = '\0';
    }
    return root;
}

void tell_event(const struct platen_event *event, bool verbose)
{
    switch (event->kind) {
    case PLATEN_EVENT_FINDING:
        complain("finding: %s", event->text);
        break;
    case PLATEN_EVENT_PORT_STATUS:
        complain("port %s: status %u, severity %u%s%s", printable(event->port),
                 (unsigned)event->status, (unsigned)event->severity,
                 event->text == NULL ? "" : ": ", event->text == NULL ? "" : event->text);
        break;
    case PLATEN_EVENT_JOB_TROUBLE:
        complain("port %s: %s: %s; going on", printable(event->port), event->slot,
                 describe_error(event->error));
        break;
    default:
        if (verbose && event->kind == PLATEN_EVENT_LOG) {
            complain("%s", event->text);
        }
        break;
    }
}

/* From reading to writing back nobody else may change the file: what he adds would be lost. */
static int lock_registry(struct session *session, const char *path)
{
    size_t size = strlen(path) + sizeof ".lock";
    session->lock_path = malloc(size);
    uint32_t error = PLATEN_NOT_ENOUGH_MEMORY;
    if (session->lock_path != NULL) {
        snprintf(session->lock_path, size, "%s.lock", path);
        error = platen_os_lock_take(session->lock_path, &session->lock);
    }
    if (error != 0) {
        complain("--registry %s: its lock cannot be had: %s", printable(path),
                 describe_error(error));
    }
    return error == 0 ? EXIT_OK : EXIT_ENVIRONMENT;
}

static int open_registry(struct session *session, const char *path)
{
    char *complaint = NULL;
    uint32_t error = platen_registry_create(&session->registry);
    if (error != 0) {
        complain("%s", describe_error(error));
        return EXIT_ENVIRONMENT;
    }
    session->registry_path = path;
    if (path == NULL) {
        return EXIT_OK;
    }
    int status = lock_registry(session, path);
    if (status != EXIT_OK) {
        return status;
    }
    error = platen_registry_load(session->registry, path, &complaint);
    session->registry_loaded = error == 0;
    if (error == 0 || error == PLATEN_FILE_NOT_FOUND) {
        platen_free(complaint); /* a file that is not there yet is an empty registry */
        return EXIT_OK;
    }
    complain("--registry %s: %s", printable(path),
             complaint == NULL ? describe_error(error) : complaint);
    platen_free(complaint);
    return EXIT_USAGE;
}

/* ---- recording -------------------------------------------------------------------------------
 */

/* What is recorded to must not be what is worked on. */
static bool is_argument(const struct arguments *arguments, enum option option)
{
    const char *path = arguments->values[option];
    for (int i = 0; path != NULL && i < arguments->rest_count; i++) {
        if (platen_os_same_file(path, arguments->rest[i])) {
            complain("%s would be written over by what is recorded", printable(path));
            return true;
        }
    }
    return false;
}

static bool check_recording(const struct arguments *arguments)
{
    const char *trace = arguments->values[OPTION_trace];
    const char *timeline = arguments->values[OPTION_timeline];
    if (trace == NULL && arguments->values[OPTION_trace_brief] != NULL) {
        complain("--trace-brief says how --trace FILE is written, which is missing");
        return false;
    }
    if (trace != NULL && timeline != NULL &&
        (strcmp(trace, timeline) == 0 || platen_os_same_file(trace, timeline))) {
        complain("--trace and --timeline need a file each");
        return false;
    }
    return !is_argument(arguments, OPTION_trace) && !is_argument(arguments, OPTION_timeline);
}

static void last_words(void *trace)
{
    platen_trace_last_words(trace);
}

int recording_open(const struct arguments *arguments, struct platen_trace **trace)
{
    struct platen_trace_options options = {
        .path = arguments->values[OPTION_trace],
        .timeline = arguments->values[OPTION_timeline],
        .brief = arguments->values[OPTION_trace_brief] != NULL,
    };
    char *complaint = NULL;
    *trace = NULL;
    if (!check_recording(arguments)) {
        return EXIT_USAGE;
    }
    if (options.path == NULL && options.timeline == NULL) {
        return EXIT_OK;
    }
    uint32_t error = platen_trace_create(&options, trace, &complaint);
    if (error != 0) {
        complain("%s", complaint == NULL ? describe_error(error) : complaint);
        free(complaint);
        return error == PLATEN_ALREADY_EXISTS ? EXIT_USAGE : EXIT_ENVIRONMENT;
    }
    guard_last_words(last_words, *trace);
    return EXIT_OK;
}

int recording_close(struct platen_trace *trace, int status)
{
    char *complaint;
    guard_last_words(NULL, NULL);
    if (platen_trace_close(trace, &complaint) != 0) {
        complain("%s", complaint == NULL ? "the trace could not be written" : complaint);
        status = worse_exit(status, EXIT_ENVIRONMENT);
    }
    free(complaint);
    return status;
}

static void on_event(void *context, const struct platen_event *event)
{
    struct session *session = context;
    platen_trace_event(session->trace, event);
    if (session->on_event != NULL) {
        session->on_event(session->context, event);
    }
}

uint32_t session_add_port(struct session *session, const char *name, const char *uri)
{
    HANDLE instance;
    const MONITOR2 *table;
    uint32_t error = platen_spooler_monitor(session->spooler, session->monitor, &instance, &table);
    if (error == 0) {
        platen_trace_port(session->trace, name, uri);
        error = platen_monitor_add_port(instance, name, uri);
    }
    return error;
}

uint32_t session_submit(struct session *session, const char *printer,
                        const struct platen_document *document, uint32_t *job_id)
{
    return platen_trace_submit(session->trace, session->spooler, printer, document, job_id);
}

/* ---- the monitor ------------------------------------------------------------------------------
 */

/* A crash was told as a finding already, to those who listen. */
static int take_outcome(const struct session *session, const char *what, const char *path,
                        uint32_t error, char *complaint)
{
    if (error != 0 && (error != PLATEN_PROCESS_ABORTED || session->on_event == NULL)) {
        complain("%s %s: %s", what, printable(path),
                 complaint == NULL ? describe_error(error) : printable(complaint));
    }
    platen_free(complaint);
    return hosting_status(error);
}

/* What the spooler, and so the registry, calls it. */
static void name_monitor(struct session *session, const struct arguments *arguments)
{
    const char *path = arguments->values[OPTION_monitor];
    const char *name = arguments->values[OPTION_name];
    if (name != NULL) {
        snprintf(session->monitor, sizeof session->monitor, "%s", name);
    } else if (session->builtin) {
        snprintf(session->monitor, sizeof session->monitor, "%s", BUILTIN_NAME);
    } else {
        platen_os_path_stem(path, session->monitor, sizeof session->monitor);
    }
}

static int load_monitor(struct session *session, const struct session_setup *setup)
{
    const char *path = setup->arguments->values[OPTION_monitor];
    const char *root = setup->arguments->values[OPTION_file_root];
    const char *programs = setup->arguments->values[OPTION_program_root];
    char *complaint = NULL;
    uint32_t error;

    session->builtin = path == NULL || strcmp(path, "builtin") == 0;
    name_monitor(session, setup->arguments);
    if (session->builtin) {
        guard_monitor(true);
        builtin_verbose = setup->arguments->values[OPTION_verbose] != NULL;
        builtin_options = (struct platen_monitor_options){
            .size = sizeof builtin_options,
            .imports = platen_spooler_imports(),
            .file_root = root == NULL ? setup->file_root : root,
            .program_root = programs == NULL ? setup->program_root : programs,
            .log = builtin_log,
            .providers = command_providers(),
        };
        platen_trace_monitor(session->trace, NULL, session->monitor, builtin_options.file_root,
                             builtin_options.program_root);
        error =
            platen_spooler_attach(session->spooler, session->monitor, builtin_entry, &complaint);
    } else {
        platen_trace_monitor(session->trace, path, session->monitor, NULL, NULL);
        error = hosting_load(setup->arguments, session->spooler, session->monitor, path, false,
                             &complaint);
    }
    return take_outcome(session, "monitor", path == NULL ? "builtin" : path, error, complaint);
}

/* The language monitor that --language puts over the port monitor. */
static int load_language(struct session *session, const struct session_setup *setup)
{
    const char *path = setup->arguments->values[OPTION_language];
    char *complaint = NULL;

    if (path == NULL) {
        return EXIT_OK;
    }
    platen_os_path_stem(path, session->language, sizeof session->language);
    platen_trace_language(session->trace, path, session->language);
    uint32_t error =
        hosting_load(setup->arguments, session->spooler, session->language, path, true, &complaint);
    return take_outcome(session, "language monitor", path, error, complaint);
}

uint32_t session_add_printer(struct session *session, const char *name, const char *port)
{
    struct platen_printer_options options = {
        .size = sizeof options,
        .ports = &port,
        .port_count = 1,
        .language = session->language[0] == '\0' ? NULL : session->language,
        .bidi = true,
    };
    return platen_printer_create(session->spooler, name, &options);
}

static int make_spooler(struct session *session, const struct session_setup *setup)
{
    bool heard = setup->on_event != NULL || session->trace != NULL;
    struct platen_spooler_options options = {
        .size = sizeof options,
        .registry = session->registry,
        .chunk = setup->chunk,
        .on_event = heard ? on_event : NULL,
        .event_context = session,
        .profile = setup->arguments->values[OPTION_profile],
    };
    uint32_t error = platen_spooler_create(&options, &session->spooler);
    if (error == PLATEN_INVALID_PARAMETER && options.profile != NULL) {
        complain("--profile %s: there is no such profile (platen list profiles)",
                 printable(options.profile));
        return EXIT_USAGE;
    }
    if (error != 0) {
        complain("the spooler cannot be made: %s", describe_error(error));
        return EXIT_ENVIRONMENT;
    }
    platen_spooler_observe(session->spooler, platen_trace_observer(session->trace));
    return EXIT_OK;
}

int session_open(struct session *session, const struct session_setup *setup)
{
    *session = (struct session){.lock = PLATEN_OS_NO_FILE,
                                .deaths = platen_hosted_deaths(),
                                .on_event = setup->on_event,
                                .context = setup->context};
    int status = open_registry(session, setup->arguments->values[OPTION_registry]);
    if (status == EXIT_OK) {
        status = recording_open(setup->arguments, &session->trace);
    }
    if (status == EXIT_OK) {
        status = make_spooler(session, setup);
    }
    if (status == EXIT_OK) {
        if (session->registry_loaded) {
            platen_trace_registry(session->trace, session->registry, session->registry_path);
        }
        status = load_monitor(session, setup);
    }
    if (status == EXIT_OK) {
        status = load_language(session, setup);
    }
    if (status != EXIT_OK) {
        session->registry_path = NULL; /* nothing worth keeping has happened */
        status = session_close(session, status);
    }
    return status;
}

int session_close(struct session *session, int status)
{
    platen_spooler_destroy(session->spooler);
    guard_monitor(false);
    if (platen_hosted_deaths() != session->deaths) {
        status = worse_exit(status, EXIT_CRASHED);
    }
    status = recording_close(session->trace, status);
    if (session->registry_path != NULL && platen_registry_changed(session->registry)) {
        uint32_t error = platen_registry_save(session->registry, session->registry_path);
        if (error != 0) {
            complain("--registry %s cannot be written: %s", printable(session->registry_path),
                     describe_error(error));
            status = worse_exit(status, EXIT_ENVIRONMENT);
        }
    }
    platen_registry_destroy(session->registry);
    if (session->lock_path != NULL) {
        platen_os_lock_drop(session->lock_path, session->lock);
        free(session->lock_path);
    }
    *session = (struct session){.lock = PLATEN_OS_NO_FILE};
    return status;
}
