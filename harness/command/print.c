/* SPDX-License-Identifier: MIT
 *
 * `platen print`: documents through a port monitor, one job each.
 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/progress.h"
#include "command/report.h"
#include "command/session.h"
#include "os/clock.h"
#include "os/console.h"
#include "os/error.h"
#include "os/text.h"

#define PRINTER_NAME "Platen"
#define TICK         100000000u /* how often an interrupt is looked for while a job runs */

struct printing {
    const struct arguments *arguments;
    struct session session;
    struct report report;
    struct progress progress;
    const char *port;
    char *root;        /* what --output or --to make the file root */
    uint64_t job_time; /* nanoseconds a job may take */
};

static atomic_bool interrupted;

static void on_interrupt(void)
{
    atomic_store(&interrupted, true);
}

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
    } else if (builtin && port != NULL && output == NULL &&
               platen_text_equal_folded8(port, "FILE:")) {
        complain("print: jobs on FILE: need --output PATH");
    } else {
        return true;
    }
    return false;
}

/* A file target's own folder is the root for this run. */
static char *choose_root(const struct arguments *arguments)
{
    const char *to = arguments->values[OPTION_to];
    const char *port = arguments->values[OPTION_port];
    const char *output = arguments->values[OPTION_output];
    if (output != NULL && output_is_folder(arguments)) {
        char *folder = NULL;
        platen_os_absolute_path(output, &folder);
        return folder;
    }
    if (output != NULL) {
        return folder_of(output);
    }
    if (to != NULL && strncmp(to, "file:", 5) == 0) {
        return folder_of(strncmp(to, "file://", 7) == 0 ? to + 7 : to + 5);
    }
    return port != NULL && strpbrk(port, "/\\") != NULL ? folder_of(port) : NULL;
}

/* The port that is asked for, made if it is a URI. */
static int choose_port(struct printing *printing)
{
    const char *to = printing->arguments->values[OPTION_to];
    HANDLE instance;
    const MONITOR2 *table;

    printing->port = printing->arguments->values[OPTION_port];
    if (to == NULL) {
        return EXIT_OK;
    }
    printing->port = to;
    uint32_t error = platen_spooler_monitor(printing->session.spooler, printing->session.monitor,
                                            &instance, &table);
    if (error == 0) {
        error = platen_monitor_add_port(instance, to, to);
    }
    if (error != 0) {
        complain("--to %s: %s", printable(to), describe_error(error));
    }
    return error == 0 ? EXIT_OK : EXIT_USAGE;
}

static void complain_of_port(struct printing *printing)
{
    struct platen_port *ports;
    size_t count;
    char names[512] = "";
    size_t used = 0;
    platen_spooler_ports(printing->session.spooler, NULL, &ports, &count);
    for (size_t i = 0; i < count && used < sizeof names; i++) {
        used += (size_t)snprintf(names + used, sizeof names - used, "%s%s", i == 0 ? "" : ", ",
                                 printable(ports[i].name));
    }
    platen_free(ports);
    complain("print: the monitor lists no port \"%s\"; it lists: %s", printable(printing->port),
             count == 0 ? "none" : names);
}

static int add_printer(struct printing *printing)
{
    uint32_t error = platen_printer_add(printing->session.spooler, PRINTER_NAME, printing->port);
    if (error == PLATEN_UNKNOWN_PORT) {
        complain_of_port(printing);
        return EXIT_USAGE;
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
    [PLATEN_JOB_CANCELLED] = "cancelled",
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
                 describe_error(info->error));
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

/* Until the job has ended; an interrupt or the time limit cancels it. */
static uint32_t wait_for(struct printing *printing, uint32_t job, struct platen_job_info *info)
{
    uint64_t limit =
        printing->job_time == 0 ? PLATEN_FOREVER : platen_os_now() + printing->job_time;
    bool cancelled = false;
    for (;;) {
        uint32_t error =
            platen_job_wait(printing->session.spooler, job, platen_os_now() + TICK, info);
        if (error != PLATEN_TIMEOUT) {
            return error;
        }
        if (!cancelled && (atomic_load(&interrupted) || platen_os_now() >= limit)) {
            platen_job_cancel(printing->session.spooler, job);
            cancelled = true;
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

static int print_one(struct printing *printing, const char *document)
{
    struct platen_job_info info;
    uint32_t job;
    char *output = output_for(printing, document);
    struct platen_document request = {
        .size = sizeof request,
        .title = printing->arguments->values[OPTION_title],
        .output_file = output,
        .datatype = printing->arguments->values[OPTION_datatype],
        .path = document,
    };
    progress_start(&printing->progress, document);
    uint32_t error = platen_job_submit(printing->session.spooler, PRINTER_NAME, &request, &job);
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
        if (atomic_load(&interrupted)) {
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
    progress_init(&printing.progress);
    platen_os_on_interrupt(on_interrupt);

    struct session_setup setup = {
        .arguments = arguments,
        .file_root = printing.root,
        .chunk = (uint32_t)chunk,
        .on_event = on_event,
        .context = &printing,
    };
    status = session_open(&printing.session, &setup);
    if (status == EXIT_OK) {
        status = session_close(&printing.session, print_all(&printing));
    }
    free(printing.root);
    return report_close(&printing.report, status);
}
