/* SPDX-License-Identifier: MIT
 *
 * `platen device`: a simulated printer, well or ill.
 */
#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/spooler.h>

#include "command/device_life.h"
#include "command/device_serial.h"
#include "command/device_tell.h"
#include "command/shown.h"
#include "os/clock.h"
#include "os/console.h"
#include "os/file.h"
#include "os/thread.h"

#define TICK         100000000u /* how often an interrupt is looked for */
#define WAITING_JOBS 1000       /* that have not been told of yet; then the device waits */
#define SCRIPT_LIMIT (8u << 20)
#define SECONDS      1000000000u

/* A job that has ended, or a state that has come. */
struct ended {
    struct ended *next;
    bool is_state;
    struct platen_device_state state;
    struct platen_device_job job;
};

struct simulation {
    const struct arguments *arguments;
    struct platen_device_options options;
    struct platen_device_manner manner;
    char *script; /* of answers, from a file; NULL: none, or from the command line */
    char *life;   /* the same */
    bool lines;   /* its life comes from standard input */
    struct report report;
    platen_device *device;
    struct platen_show *show; /* with pictures one for all jobs; NULL: one for each, or none */
    char temporary[512];      /* the folder of jobs that are only looked at; "": none */
    uint64_t jobs;            /* told of */
    uint64_t whole;
    uint64_t bytes;

    platen_os_mutex lock; /* what follows */
    platen_os_cond changed;
    struct ended *first;
    unsigned waiting;
    bool closing;
};

static atomic_bool interrupted;

static void on_interrupt(void)
{
    atomic_store(&interrupted, true);
}

/* ---- what is asked for -------------------------------------------------------------------- */

static bool number(const struct arguments *arguments, enum option option, uint64_t minimum,
                   uint64_t maximum, uint64_t *value)
{
    return option_number(arguments, option, minimum, maximum, 0, value);
}

static bool read_limits(struct simulation *simulation)
{
    const struct arguments *arguments = simulation->arguments;
    struct platen_device_options *options = &simulation->options;
    uint64_t port;
    uint64_t jobs;
    uint64_t at_once;
    uint64_t seconds;
    if (!number(arguments, OPTION_port, 0, 65535, &port) ||
        !number(arguments, OPTION_jobs, 1, UINT32_MAX, &jobs) ||
        !number(arguments, OPTION_at_once, 1, 65536, &at_once) ||
        !number(arguments, OPTION_timeout, 1, 1u << 30, &seconds) ||
        !number(arguments, OPTION_largest, 1, INT64_MAX, &options->largest)) {
        return false;
    }
    options->size = sizeof *options;
    options->address = arguments->values[OPTION_address];
    options->port = (uint16_t)port;
    options->jobs = (uint32_t)jobs;
    options->at_once = (uint32_t)at_once;
    options->limit = seconds * SECONDS;
    options->refuse = arguments->values[OPTION_refuse] != NULL;
    options->deaf = arguments->values[OPTION_never_answer] != NULL;
    options->keep = arguments->values[OPTION_keep];
    options->manner = &simulation->manner;
    return true;
}

static bool read_manner(struct simulation *simulation)
{
    const struct arguments *arguments = simulation->arguments;
    struct platen_device_manner *manner = &simulation->manner;
    uint64_t trouble;
    uint64_t stall_for;
    uint64_t late;
    if (!number(arguments, OPTION_slow, 1, INT64_MAX, &manner->rate) ||
        !number(arguments, OPTION_stall_after, 0, INT64_MAX, &manner->stall_after) ||
        !number(arguments, OPTION_stall_for, 1, 1u << 30, &stall_for) ||
        !number(arguments, OPTION_reset_after, 0, INT64_MAX, &manner->reset_after) ||
        !number(arguments, OPTION_close_early, 0, INT64_MAX, &manner->close_after) ||
        !number(arguments, OPTION_close_late, 1, 1u << 30, &late) ||
        !number(arguments, OPTION_trouble, 1, UINT32_MAX, &trouble)) {
        return false;
    }
    manner->size = sizeof *manner;
    manner->jobs = (uint32_t)trouble;
    manner->stall = arguments->values[OPTION_stall_after] != NULL;
    manner->stall_for = stall_for * SECONDS;
    manner->reset = arguments->values[OPTION_reset_after] != NULL;
    manner->close = arguments->values[OPTION_close_early] != NULL;
    manner->close_late = late * SECONDS;
    return true;
}

/* What --reply names, as text. */
static bool load_script(struct simulation *simulation, const char *value)
{
    size_t size;
    if (strchr(value, '"') != NULL) {
        simulation->manner.answers = value;
        return true;
    }
    uint32_t error = platen_os_file_load(value, SCRIPT_LIMIT, &simulation->script, &size);
    if (error != 0) {
        complain("--reply %s: %s", printable(value), describe_error(error));
        return false;
    }
    simulation->manner.answers = simulation->script;
    if (strlen(simulation->script) != size) {
        complain("--reply %s: the file is no text", printable(value));
        return false;
    }
    return true;
}

static bool read_script(struct simulation *simulation)
{
    const char *value = simulation->arguments->values[OPTION_reply];
    char *complaint;
    if (value == NULL) {
        return true;
    }
    if (!load_script(simulation, value)) {
        return false;
    }
    if (platen_device_check_answers(simulation->manner.answers, &complaint) != 0) {
        complain("%s:%s", simulation->script == NULL ? "--reply" : printable(value), complaint);
        platen_free(complaint);
        return false;
    }
    return true;
}

static life_check check_of(const struct simulation *simulation)
{
    return simulation->options.lpr ? platen_device_check_lpr_life : platen_device_check_life;
}

/* raw, or a kind that has a life. */
static bool read_kind(struct simulation *simulation)
{
    const struct arguments *arguments = simulation->arguments;
    struct platen_device_options *options = &simulation->options;
    const char *kind = arguments->rest_count == 1 ? arguments->rest[0] : "";
    const char *life = arguments->values[OPTION_life];
    options->pjl = strcmp(kind, "pjl") == 0;
    options->lpr = strcmp(kind, "lpr") == 0;
    if (!options->pjl && !options->lpr && strcmp(kind, "raw") != 0) {
        complain("device: which KIND? There are: raw pjl lpr serial (see platen device --help)");
        return false;
    }
    if (!options->pjl && !options->lpr && life != NULL) {
        complain("device: --life is for pjl, lpr and serial");
        return false;
    }
    bool done =
        life == NULL || life_load(life, check_of(simulation), &options->life, &simulation->life);
    simulation->lines = done && life != NULL && options->life == NULL;
    return done;
}

static bool read_arguments(struct simulation *simulation)
{
    const struct arguments *arguments = simulation->arguments;
    if (!read_kind(simulation)) {
        return false;
    }
    if (arguments->values[OPTION_output] != NULL && arguments->values[OPTION_show] == NULL) {
        complain("device: --output is for the pictures of --show; --keep keeps the jobs");
        return false;
    }
    return read_limits(simulation) && read_manner(simulation) && read_script(simulation);
}

/* ---- jobs that have ended ----------------------------------------------------------------- */

/* On the device's thread, which waits for us where too many have not been told of. */
static void add(struct simulation *simulation, struct ended *ended)
{
    platen_os_mutex_lock(&simulation->lock);
    while (simulation->waiting >= WAITING_JOBS && !simulation->closing) {
        platen_os_cond_wait(&simulation->changed, &simulation->lock);
    }
    if (ended != NULL) {
        struct ended **end = &simulation->first;
        while (*end != NULL) {
            end = &(*end)->next;
        }
        *end = ended;
        simulation->waiting++;
    }
    platen_os_cond_broadcast(&simulation->changed);
    platen_os_mutex_unlock(&simulation->lock);
}

static void on_job(void *context, const struct platen_device_job *job)
{
    struct ended *ended = malloc(sizeof *ended);
    if (ended != NULL) {
        *ended = (struct ended){.job = *job};
    }
    add(context, ended);
}

static void on_state(void *context, const struct platen_device_state *state)
{
    struct ended *ended = malloc(sizeof *ended);
    if (ended != NULL) {
        *ended = (struct ended){.is_state = true, .state = *state};
    }
    add(context, ended);
}

/* NULL: none has ended until a tick was over. */
static struct ended *next_job(struct simulation *simulation)
{
    uint64_t until = platen_os_now() + TICK;
    platen_os_mutex_lock(&simulation->lock);
    bool in_time = !simulation->closing;
    while (simulation->first == NULL && in_time) {
        in_time = platen_os_cond_wait_until(&simulation->changed, &simulation->lock, until);
    }
    struct ended *ended = simulation->first;
    if (ended != NULL) {
        simulation->first = ended->next;
        simulation->waiting--;
        platen_os_cond_broadcast(&simulation->changed);
    }
    platen_os_mutex_unlock(&simulation->lock);
    return ended;
}

/* Removes what was kept to be looked at alone. */
static void forget_file(const struct simulation *simulation, const char *path)
{
    char note[600];
    size_t length = strlen(path);
    if (simulation->temporary[0] == '\0') {
        return;
    }
    platen_os_remove_file(path);
    while (length > 0 && path[length - 1] != '.') {
        length--;
    }
    snprintf(note, sizeof note, "%.*sjson", (int)length, path);
    platen_os_remove_file(note);
}

static int show_file(struct simulation *simulation, struct platen_show *show, const char *path)
{
    const struct platen_show_result *result;
    struct platen_show_error error;
    if (platen_show_add(show, path, &result, &error) != 0) {
        complain("%s", error.message);
        return EXIT_FAILED;
    }
    bool stay = simulation->arguments->values[OPTION_output] != NULL;
    tell_document(result, stay);
    fflush(stdout);
    report_document(&simulation->report, result, stay);
    return EXIT_OK;
}

static int show_job(struct simulation *simulation, const struct platen_device_job *job)
{
    struct platen_show *once = NULL;
    struct platen_show_error error;
    int status = EXIT_ENVIRONMENT;
    if (simulation->arguments->values[OPTION_show] == NULL || job->file[0] == '\0') {
        return EXIT_OK;
    }
    size_t size = strlen(simulation->options.keep) + sizeof job->file + 2;
    char *path = malloc(size);
    if (path == NULL) {
        return EXIT_ENVIRONMENT;
    }
    snprintf(path, size, "%s/%s", simulation->options.keep, job->file);
    if (simulation->show == NULL && platen_show_open(NULL, &once, &error) != 0) {
        complain("%s", error.message);
    } else {
        status = show_file(simulation, simulation->show == NULL ? once : simulation->show, path);
    }
    platen_show_close(once);
    forget_file(simulation, path);
    free(path);
    return status;
}

static int judge_job(const struct platen_device_job *job)
{
    bool asked_for = job->end == PLATEN_DEVICE_CUT || job->end == PLATEN_DEVICE_STALLED;
    if (job->error != 0) {
        complain("job %" PRIu32 " is not kept: %s", job->number, describe_error(job->error));
        return EXIT_ENVIRONMENT;
    }
    return job->whole || asked_for ? EXIT_OK : EXIT_FAILED;
}

static int take_job(struct simulation *simulation, struct ended *ended)
{
    const struct platen_device_job *job = &ended->job;
    if (ended->is_state) {
        device_tell_state(&simulation->report, &ended->state);
        free(ended);
        return EXIT_OK;
    }
    simulation->jobs++;
    simulation->whole += job->whole;
    simulation->bytes += job->bytes;
    device_tell_job(&simulation->report, job);
    int status = worse_exit(judge_job(job), show_job(simulation, job));
    free(ended);
    return status;
}

/* ---- the run ------------------------------------------------------------------------------ */

static int serve(struct simulation *simulation)
{
    uint64_t wanted = simulation->options.jobs;
    int status = EXIT_OK;
    while (!atomic_load(&interrupted) && (wanted == 0 || simulation->jobs < wanted)) {
        struct ended *ended = next_job(simulation);
        if (ended != NULL) {
            status = worse_exit(status, take_job(simulation, ended));
        }
    }
    platen_os_mutex_lock(&simulation->lock);
    simulation->closing = true;
    platen_os_cond_broadcast(&simulation->changed);
    platen_os_mutex_unlock(&simulation->lock);
    life_end();
    platen_device_stop(simulation->device);
    for (struct ended *ended; (ended = next_job(simulation)) != NULL;) {
        status = worse_exit(status, take_job(simulation, ended));
    }
    if (simulation->jobs < wanted) {
        complain("device: %" PRIu64 " of %" PRIu64 " jobs came", simulation->jobs, wanted);
        status = worse_exit(status, EXIT_FAILED);
    }
    return status;
}

static void tell_summary(struct simulation *simulation)
{
    printf("%" PRIu64 " job%s, %" PRIu64 " whole, %" PRIu64 " bytes\n", simulation->jobs,
           simulation->jobs == 1 ? "" : "s", simulation->whole, simulation->bytes);
    report_write(&simulation->report,
                 json_pack("{s:s, s:I, s:I, s:I}", "event", "end", "jobs",
                           (json_int_t)simulation->jobs, "whole", (json_int_t)simulation->whole,
                           "bytes", (json_int_t)simulation->bytes));
}

static void tell_where(struct simulation *simulation)
{
    const char *address = platen_device_address(simulation->device);
    unsigned port = platen_device_port(simulation->device);
    bool brackets = strchr(address, ':') != NULL;
    printf("listening on %s%s%s:%u\n", brackets ? "[" : "", address, brackets ? "]" : "", port);
    fflush(stdout);
    report_write(&simulation->report, json_pack("{s:s, s:s, s:i}", "event", "listening", "address",
                                                address, "port", (int)port));
}

static int start_and_serve(struct simulation *simulation)
{
    simulation->options.on_job = on_job;
    simulation->options.on_state = on_state;
    simulation->options.context = simulation;
    uint32_t error = platen_device_start(&simulation->options, &simulation->device);
    if (error == PLATEN_INVALID_PARAMETER) {
        complain("--address wants an address in numbers, not \"%s\"",
                 printable(simulation->options.address));
        return EXIT_USAGE;
    }
    if (error != 0) {
        const char *address = simulation->options.address;
        complain("device: cannot listen on %s, port %u: %s",
                 address == NULL ? "127.0.0.1" : printable(address),
                 (unsigned)simulation->options.port, describe_error(error));
        return EXIT_ENVIRONMENT;
    }
    tell_where(simulation);
    if (simulation->lines && !life_listen(simulation->device, check_of(simulation))) {
        platen_device_stop(simulation->device);
        return EXIT_ENVIRONMENT;
    }
    int status = serve(simulation);
    tell_summary(simulation);
    return status;
}

/* Where the jobs go, and what looks at them. */
static int prepare(struct simulation *simulation)
{
    struct platen_show_error error;
    struct platen_show_options options = {.output = simulation->arguments->values[OPTION_output]};
    bool show = simulation->arguments->values[OPTION_show] != NULL;
    uint32_t failed = 0;
    if (simulation->options.keep != NULL) {
        failed = platen_os_make_folder(simulation->options.keep);
    } else if (show) {
        failed =
            platen_os_make_temporary_folder(simulation->temporary, sizeof simulation->temporary);
        simulation->options.keep = simulation->temporary;
    }
    if (failed != 0) {
        complain("%s: %s", printable(simulation->options.keep), describe_error(failed));
        simulation->temporary[0] = '\0';
        return EXIT_ENVIRONMENT;
    }
    if (options.output != NULL && platen_show_open(&options, &simulation->show, &error) != 0) {
        complain("%s", error.message);
        return EXIT_ENVIRONMENT;
    }
    return EXIT_OK;
}

static int finish(struct simulation *simulation, int status)
{
    struct platen_show_error error;
    bool pictures = simulation->arguments->values[OPTION_output] != NULL;
    if (simulation->show != NULL && pictures && platen_show_index(simulation->show, &error) != 0) {
        complain("%s", error.message);
        status = worse_exit(status, EXIT_ENVIRONMENT);
    }
    platen_show_close(simulation->show);
    if (simulation->temporary[0] != '\0') {
        platen_os_remove_folder(simulation->temporary);
    }
    return status;
}

int command_device(const struct arguments *arguments)
{
    if (arguments->rest_count == 1 && strcmp(arguments->rest[0], "serial") == 0) {
        return device_serial(arguments);
    }
    struct simulation simulation = {.arguments = arguments};
    if (!read_arguments(&simulation)) {
        free(simulation.script);
        free(simulation.life);
        return EXIT_USAGE;
    }
    int status = report_open(&simulation.report, arguments);
    if (status == EXIT_OK) {
        platen_os_mutex_init(&simulation.lock);
        platen_os_cond_init(&simulation.changed);
        platen_os_on_interrupt(on_interrupt);
        status = prepare(&simulation);
        if (status == EXIT_OK) {
            status = start_and_serve(&simulation);
        }
        status = report_close(&simulation.report, finish(&simulation, status));
        platen_os_cond_destroy(&simulation.changed);
        platen_os_mutex_destroy(&simulation.lock);
    }
    free(simulation.script);
    free(simulation.life);
    return status;
}
