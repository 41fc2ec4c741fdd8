/* SPDX-License-Identifier: MIT
 *
 * `platen print`: documents through a port monitor, one job each.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/guard.h"
#include "command/hosting.h"
#include "command/progress.h"
#include "command/report.h"
#include "command/session.h"
#include "os/clock.h"
#include "os/console.h"
#include "os/error.h"
#include "os/text.h"

#define PRINTER_NAME "Platen"
#define TICK         100000000u /* how often an interrupt is looked for while a job runs */
#define GRACE        UINT64_C(30000000000) /* for a monitor to return once the job is cancelled */

struct printing {
    const struct arguments *arguments;
    struct session session;
    struct report report;
    struct progress progress;
    const char *port;
    char *root;               /* what --output or --to make the file root */
    char *program_root;       /* what --to makes the program root */
    uint64_t job_time;        /* nanoseconds a job may take */
    const char *cancelled_by; /* why we cancelled the job that is printing; NULL */
};

static void on_event(void *context, const struct platen_event *event)
{
    struct printing *printing = context;
    if (event->kind == PLATEN_EVENT_JOB_PROGRESS) {
        progress_show(&printing->progress, event);
    } else {
        tell_event(event, printing->arguments->values[OPTION_verbose] != NULL);
    }
}

/* ---- what is asked for ------------------------------------------------------------------------
 */

static bool output_is_folder(const struct arguments *arguments)
{
    const char *output = arguments->values[OPTION_output];
    size_t length = output == NULL ? 0 : strlen(output);
    return length > 0 && (output[length - 1] == '/' || output[length - 1] == '\\');
}

/* Two documents of one name would become one file in a folder. */
static const char *name_twice(const struct arguments *arguments)
{
    for (int i = 1; output_is_folder(arguments) && i < arguments->rest_count; i++) {
        const char *name = platen_os_path_name(arguments->rest[i]);
        for (int k = 0; k < i; k++) {
            if (platen_text_equal_folded8(platen_os_path_name(arguments->rest[k]), name)) {
                return name;
            }
        }
    }
    return NULL;
}

static bool check_arguments(const struct arguments *arguments)
{
    const char *port = arguments->values[OPTION_port];
    const char *to = arguments->values[OPTION_to];
    const char *monitor = arguments->values[OPTION_monitor];
    const char *output = arguments->values[OPTION_output];
    bool builtin = monitor == NULL || strcmp(monitor, "builtin") == 0;

    if (arguments->rest_count == 0) {
        complain("print: which FILE? (see platen print --help)");
    } else if ((port == NULL) == (to == NULL)) {
        complain("print: one of --port NAME and --to URI says where to (platen ports lists ports)");
    } else if (to != NULL && !builtin) {
        complain("print: --to is for the builtin monitor; %s has ports of its own (--port)",
                 printable(monitor));
    } else if (output != NULL && arguments->rest_count > 1 && !output_is_folder(arguments)) {
        complain("print: --output %s would be written over by each of %d jobs; name a folder (%s/)",
                 printable(output), arguments->rest_count, printable(output));
    } else if (name_twice(arguments) != NULL) {
        complain("print: two documents called %s cannot both be written to %s",
                 printable(name_twice(arguments)), printable(output));
    } else if (builtin && port != NULL && output == NULL &&
               platen_text_equal_folded8(port, "FILE:")) {
        complain("print: jobs on FILE: need --output PATH");
    } else {
        return true;
    }
    return false;
}

static int hex_digit(char c)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = c == '\0' ? NULL : strchr(digits, c >= 'A' && c <= 'F' ? c - 'A' + 'a' : c);
    return at == NULL ? -1 : (int)(at - digits);
}

/* The path in a file or exec URI, without its options; malloc'ed. */
static char *path_in_uri(const char *uri)
{
    const char *from = strchr(uri, ':') + 1;
    from += strncmp(from, "//", 2) == 0 ? 2 : 0;
    char *path = malloc(strlen(from) + 1);
    size_t length = 0;
    for (; path != NULL && *from != '\0' && *from != '?'; from++) {
        int high = *from == '%' ? hex_digit(from[1]) : -1;
        int low = high < 0 ? -1 : hex_digit(from[2]);
        path[length++] = low < 0 ? *from : (char)(high * 16 + low);
        from += low < 0 ? 0 : 2;
    }
    if (path != NULL) {
        path[length] = '\0';
    }
    return path;
}

/* The path of the file that a port of this name or URI writes to, malloc'ed; NULL if it is no such
 * port. */
static char *file_of(const struct arguments *arguments)
{
    const char *to = arguments->values[OPTION_to];
    const char *port = arguments->values[OPTION_port];
    if (to != NULL) {
        return strncmp(to, "file:", 5) == 0 ? path_in_uri(to) : NULL;
    }
    if (port == NULL || strpbrk(port, "/\\") == NULL) {
        return NULL;
    }
    char *copy = malloc(strlen(port) + 1);
    return copy == NULL ? NULL : strcpy(copy, port);
}

/* A file target's own folder is the root for this run. */
static char *choose_root(const struct arguments *arguments)
{
    const char *output = arguments->values[OPTION_output];
    char *file = file_of(arguments);
    if (file != NULL) {
        char *root = root_of(file);
        free(file);
        return root;
    }
    if (output != NULL && output_is_folder(arguments)) {
        char *folder = NULL;
        platen_os_absolute_path(output, &folder);
        return folder;
    }
    return output != NULL ? folder_of(output) : NULL;
}

/* The program that is named on the command line may be run, and what else is in its folder. */
static char *choose_program_root(const struct arguments *arguments)
{
    const char *to = arguments->values[OPTION_to];
    if (to == NULL || strncmp(to, "exec:", 5) != 0) {
        return NULL;
    }
    char *path = path_in_uri(to);
    char *root = path == NULL ? NULL : root_of(path);
    free(path);
    return root;
}

/* The port that is asked for, made if it is a URI. */
static int choose_port(struct printing *printing)
{
    const char *to = printing->arguments->values[OPTION_to];

    printing->port = printing->arguments->values[OPTION_port];
    if (to == NULL) {
        return EXIT_OK;
    }
    printing->port = to;
    uint32_t error = session_add_port(&printing->session, to, to);
    if (error != 0) {
        complain("--to %s: %s", printable(to), describe_error(error));
    }
    return error == 0 ? EXIT_OK : EXIT_USAGE;
}

static int complain_of_port(struct printing *printing)
{
    struct platen_port *ports;
    size_t count;
    char names[512] = "";
    size_t used = 0;
    uint32_t error = platen_spooler_ports(printing->session.spooler, NULL, &ports, &count);
    if (error != 0) {
        complain("print: the monitor does not list its ports: EnumPorts: %s",
                 describe_error(error));
        return EXIT_FAILED;
    }
    for (size_t i = 0; i < count && used < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ",
                                 printable(ports[i].name));
    }
    platen_free(ports);
    complain("print: the monitor lists no port \"%s\"; it lists: %s", printable(printing->port),
             count == 0 ? "none" : names);
    return EXIT_USAGE;
}

static int add_printer(struct printing *printing)
{
    uint32_t error = session_add_printer(&printing->session, PRINTER_NAME, printing->port);
    if (error == PLATEN_UNKNOWN_PORT) {
        return complain_of_port(printing);
    }
    if (error != 0) {
        complain("print: port %s: %s", printable(printing->port), describe_error(error));
        return EXIT_FAILED;
    }
    return EXIT_OK;
}

/* ---- one job ----------------------------------------------------------------------------------
 */

static const char *const state_names[] = {
    [PLATEN_JOB_QUEUED] = "queued",       [PLATEN_JOB_PRINTING] = "printing",
    [PLATEN_JOB_PRINTED] = "printed",     [PLATEN_JOB_FAILED] = "failed",
    [PLATEN_JOB_CANCELLED] = "cancelled", [PLATEN_JOB_PAUSED] = "paused",
};

static void tell_job(struct printing *printing, const char *document,
                     const struct platen_job_info *info)
{
    double seconds = (double)(info->ended_at - info->queued_at) / 1e9;
    progress_clear(&printing->progress);
    if (info->state == PLATEN_JOB_PRINTED) {
        printf("%s: printed on %s, %" PRIu64 " bytes in %.3f s\n", printable(document),
               printable(printing->port), info->bytes, seconds);
    } else {
        complain("%s: %s on %s after %" PRIu64 " bytes%s%s: %s", printable(document),
                 state_names[info->state], printable(printing->port), info->bytes,
                 info->slot == NULL ? "" : ", in ", info->slot == NULL ? "" : info->slot,
                 info->error == 0 && printing->cancelled_by != NULL ? printing->cancelled_by
                                                                    : describe_error(info->error));
    }
    report_write(
        &printing->report,
        json_pack("{s:s, s:o, s:o, s:o, s:I, s:s, s:I, s:I, s:I, s:f, s:o, s:o}", "event", "job",
                  "document", report_text(document), "port", report_text(printing->port), "monitor",
                  report_text(printing->session.monitor), "id", (json_int_t)info->id, "state",
                  state_names[info->state], "bytes", (json_int_t)info->bytes, "writes",
                  (json_int_t)info->writes, "completions", (json_int_t)info->completions, "seconds",
                  seconds, "call", report_text(info->slot), "error", report_error(info->error)));
}

/* A document that never became a job. */
static void tell_missing(struct printing *printing, const char *document, uint32_t error)
{
    complain("%s: not printed: %s", printable(document), describe_error(error));
    report_write(&printing->report,
                 json_pack("{s:s, s:o, s:o, s:s, s:o}", "event", "job", "document",
                           report_text(document), "port", report_text(printing->port), "state",
                           "unreadable", "error", report_error(error)));
}

/* Has the time come to call the job off? Says why, once. */
static const char *why_cancel(const struct printing *printing, uint64_t limit)
{
    if (guard_interrupted()) {
        return "interrupted";
    }
    return platen_os_now() >= limit && printing->job_time != 0 ? "it took longer than --timeout"
                                                               : NULL;
}

/* Until the job has ended; an interrupt or the time limit cancels it. A monitor that then still
 * does not return from its call holds the port's thread for ever: the process ends with that. */
static uint32_t wait_for(struct printing *printing, uint32_t job, struct platen_job_info *info)
{
    uint64_t limit = platen_os_now() + printing->job_time;
    uint64_t last = PLATEN_FOREVER;
    printing->cancelled_by = NULL;
    for (;;) {
        uint32_t error =
            platen_job_wait(printing->session.spooler, job, platen_os_now() + TICK, info);
        if (error != PLATEN_TIMEOUT) {
            return error;
        }
        if (printing->cancelled_by == NULL) {
            printing->cancelled_by = why_cancel(printing, limit);
            if (printing->cancelled_by != NULL) {
                platen_job_cancel(printing->session.spooler, job);
                last = platen_os_now() + GRACE;
            }
        } else if (platen_os_now() >= last) {
            report_close(&printing->report, EXIT_CRASHED);
            guard_give_up("the monitor hangs: the job was cancelled 30 seconds ago and it has not "
                          "returned from its call");
        }
    }
}

static char *output_for(struct printing *printing, const char *document)
{
    const char *output = printing->arguments->values[OPTION_output];
    const char *name = output_is_folder(printing->arguments) ? platen_os_path_name(document) : "";
    if (output == NULL) {
        return NULL;
    }
    char *joined;
    size_t size = strlen(output) + strlen(name) + 1;
    char *path = malloc(size);
    if (path == NULL) {
        return NULL;
    }
    snprintf(path, size, "%s%s", output, name);
    uint32_t error = platen_os_absolute_path(path, &joined);
    free(path);
    return error == 0 ? joined : NULL;
}

/* Would the job empty the very file that it is made of? */
static bool is_onto_itself(const struct printing *printing, const char *document,
                           const char *output)
{
    char *file = file_of(printing->arguments);
    const char *target = file == NULL ? output : file;
    bool same = target != NULL && platen_os_same_file(document, target);
    if (same) {
        complain("%s: not printed: it would be printed onto itself", printable(document));
    }
    free(file);
    return same;
}

static uint32_t submit(struct printing *printing, const char *document, const char *output,
                       uint32_t *job)
{
    char *named = hosting_path(printing->arguments, output);
    struct platen_document request = {
        .size = sizeof request,
        .title = printing->arguments->values[OPTION_title],
        .output_file = named == NULL ? output : named,
        .datatype = printing->arguments->values[OPTION_datatype],
        .path = document,
    };
    guard_reading_begin(document, printing->job_time);
    uint32_t error = session_submit(&printing->session, PRINTER_NAME, &request, job);
    guard_reading_end();
    free(named);
    return error;
}

static int print_one(struct printing *printing, const char *document)
{
    struct platen_job_info info;
    uint32_t job;
    char *output = output_for(printing, document);
    if (is_onto_itself(printing, document, output)) {
        free(output);
        return EXIT_FAILED;
    }
    progress_start(&printing->progress, document);
    uint32_t error = submit(printing, document, output, &job);
    free(output);
    if (error != 0) {
        tell_missing(printing, document, error);
        return EXIT_FAILED;
    }
    error = wait_for(printing, job, &info);
    if (error != 0) {
        complain("%s: the job was lost: %s", printable(document), describe_error(error));
        return EXIT_HARNESS;
    }
    tell_job(printing, document, &info);
    platen_job_forget(printing->session.spooler, job);
    return info.state == PLATEN_JOB_PRINTED ? EXIT_OK : EXIT_FAILED;
}

static int print_all(struct printing *printing)
{
    int status = choose_port(printing);
    if (status == EXIT_OK) {
        status = add_printer(printing);
    }
    for (int i = 0; status != EXIT_USAGE && i < printing->arguments->rest_count; i++) {
        if (guard_interrupted()) {
            complain("%s: not printed: interrupted", printable(printing->arguments->rest[i]));
            status = worse_exit(status, EXIT_FAILED);
            continue;
        }
        status = worse_exit(status, print_one(printing, printing->arguments->rest[i]));
    }
    return status;
}

int command_print(const struct arguments *arguments)
{
    struct printing printing = {.arguments = arguments};
    uint64_t chunk;
    uint64_t seconds;

    if (!check_arguments(arguments) ||
        !option_number(arguments, OPTION_chunk, 1, 1u << 30, 0, &chunk) ||
        !option_number(arguments, OPTION_timeout, 1, 1u << 30, 0, &seconds)) {
        return EXIT_USAGE;
    }
    int status = report_open(&printing.report, arguments);
    if (status != EXIT_OK) {
        return status;
    }
    printing.job_time = seconds * 1000000000u;
    printing.root = choose_root(arguments);
    printing.program_root = choose_program_root(arguments);
    progress_init(&printing.progress);
    guard_begin();

    struct session_setup setup = {
        .arguments = arguments,
        .file_root = printing.root,
        .program_root = printing.program_root,
        .chunk = (uint32_t)chunk,
        .on_event = on_event,
        .context = &printing,
    };
    status = session_open(&printing.session, &setup);
    if (status == EXIT_OK) {
        status = session_close(&printing.session, print_all(&printing));
    }
    free(printing.root);
    free(printing.program_root);
    return report_close(&printing.report, status);
}
