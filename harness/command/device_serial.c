/* SPDX-License-Identifier: MIT */
#include "command/device_serial.h"

#include <inttypes.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command/device_life.h"
#include "command/device_lines.h"
#include "command/device_tell.h"
#include "command/shown.h"
#include "device/serial.h"
#include "device/sha256.h"
#include "os/clock.h"
#include "os/console.h"
#include "os/file.h"
#include "os/thread.h"

#define TICK       10 /* milliseconds between two looks at lines and time */
#define KEPT_LIMIT ((size_t)256 << 20)

struct serial_run {
    const struct arguments *arguments;
    uint64_t wanted; /* jobs; 0: until an interrupt */
    uint64_t rate;
    struct serial_life *life;
    struct serial_printer printer;
    struct serial_wire *line;
    char path[64];
    struct report report;
    uint64_t jobs; /* that have ended */
    uint64_t whole;
    uint64_t bytes;
    struct platen_device_job job; /* the one that is there; number 0: none */
    struct device_sha256 digest;
    uint64_t start;
    char *data; /* of it, if it is to be kept */
    size_t room;
    int status;
};

static atomic_bool interrupted;

static void on_interrupt(void)
{
    atomic_store(&interrupted, true);
}

/* ---- lines of standard input -------------------------------------------------------------- */

static struct {
    platen_os_mutex lock;
    bool begun;
    struct serial_life *lives; /* that have come, in their order */
    bool now;                  /* the first of them takes the place of what is there */
} listening;

static void take_line(const char *line, unsigned number)
{
    bool now = strncmp(line, "now ", 4) == 0;
    struct serial_life *life;
    char *complaint;
    if (serial_life_parse(now ? line + 4 : line, &life, &complaint) != 0) {
        complain("standard input, line %u: %s", number, complaint == NULL ? "" : complaint);
        free(complaint);
        return;
    }
    platen_os_mutex_lock(&listening.lock);
    if (now) {
        serial_life_free(listening.lives);
        listening.lives = NULL;
        listening.now = true;
    }
    struct serial_life **end = &listening.lives;
    while (*end != NULL) {
        end = &(*end)->next;
    }
    *end = life;
    platen_os_mutex_unlock(&listening.lock);
}

static void live_lines(struct serial_printer *printer)
{
    if (!listening.begun) {
        return;
    }
    platen_os_mutex_lock(&listening.lock);
    if (listening.lives != NULL || listening.now) {
        serial_live(printer, listening.lives, listening.now);
    }
    listening.lives = NULL;
    listening.now = false;
    platen_os_mutex_unlock(&listening.lock);
}

static bool listen_to_input(void)
{
    platen_os_mutex_init(&listening.lock);
    listening.begun = true;
    return lines_listen(take_line);
}

/* ---- what is asked for -------------------------------------------------------------------- */

/* What only printers on TCP have. */
static bool check_options(const struct arguments *arguments)
{
    static const struct {
        enum option option;
        const char *name;
    } others[] = {
        {OPTION_port, "port"},
        {OPTION_address, "address"},
        {OPTION_at_once, "at-once"},
        {OPTION_timeout, "timeout"},
        {OPTION_largest, "largest"},
        {OPTION_show, "show"},
        {OPTION_output, "output"},
        {OPTION_stall_after, "stall-after"},
        {OPTION_stall_for, "stall-for"},
        {OPTION_reset_after, "reset-after"},
        {OPTION_close_early, "close-early"},
        {OPTION_close_late, "close-late"},
        {OPTION_refuse, "refuse"},
        {OPTION_never_answer, "never-answer"},
        {OPTION_trouble, "trouble"},
        {OPTION_reply, "reply"},
    };
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (arguments->values[others[i].option] != NULL) {
            complain("device: --%s is not for serial", others[i].name);
            return false;
        }
    }
    return true;
}

static uint32_t check_life(const char *text, char **complaint)
{
    struct serial_life *life;
    uint32_t error = serial_life_parse(text, &life, complaint);
    serial_life_free(error == 0 ? life : NULL);
    return error;
}

static bool read_life(struct serial_run *run, const char *value)
{
    const char *life;
    char *loaded;
    char *complaint;
    bool done = life_load(value, check_life, &life, &loaded);
    if (done && life != NULL && serial_life_parse(life, &run->life, &complaint) != 0) {
        complain("--life: %s",
                 complaint == NULL ? describe_error(PLATEN_NOT_ENOUGH_MEMORY) : complaint);
        free(complaint);
        done = false;
    }
    free(loaded);
    return done;
}

static bool read_arguments(struct serial_run *run)
{
    const struct arguments *arguments = run->arguments;
    const char *life = arguments->values[OPTION_life];
    if (!check_options(arguments) ||
        !option_number(arguments, OPTION_jobs, 1, UINT32_MAX, 0, &run->wanted) ||
        !option_number(arguments, OPTION_slow, 1, INT64_MAX, 0, &run->rate)) {
        return false;
    }
    return life == NULL || read_life(run, life);
}

/* ---- jobs --------------------------------------------------------------------------------- */

static void begin_job(struct serial_run *run)
{
    run->job = (struct platen_device_job){.number = (uint32_t)run->jobs + 1,
                                          .begun = platen_os_wall_time()};
    snprintf(run->job.client, sizeof run->job.client, "%s", run->path);
    run->start = platen_os_now();
    device_sha256_begin(&run->digest);
}

static void keep_data(struct serial_run *run, const void *data, size_t size)
{
    size_t used = (size_t)run->job.bytes;
    if (run->arguments->values[OPTION_keep] == NULL || run->job.error != 0) {
        return;
    }
    if (used + size > run->room) {
        size_t room = 2 * (used + size);
        char *grown = room > KEPT_LIMIT ? NULL : realloc(run->data, room);
        if (grown == NULL) {
            run->job.error = PLATEN_FILE_TOO_LARGE;
            return;
        }
        run->data = grown;
        run->room = room;
    }
    memcpy(run->data + used, data, size);
}

static void print_data(void *context, const void *data, size_t size)
{
    struct serial_run *run = context;
    keep_data(run, data, size);
    device_sha256_take(&run->digest, data, size);
    run->job.bytes += size;
}

static bool is_free(const char *path)
{
    platen_os_file file;
    if (platen_os_file_open_read(path, &file) != 0) {
        return true;
    }
    platen_os_file_close(file);
    return false;
}

/* The note last, as with other printers. */
static uint32_t write_job(struct serial_run *run, const char *folder)
{
    char path[4096];
    char note[1024];
    struct platen_device_job *job = &run->job;
    unsigned number = 0;
    do {
        number++;
        snprintf(path, sizeof path, "%s/job-%04u.json", folder, number);
    } while (!is_free(path) && number < 10000);
    snprintf(job->file, sizeof job->file, "job-%04u.%s", number, job->whole ? "prn" : "part");
    snprintf(path, sizeof path, "%s/%s", folder, job->file);
    uint32_t error =
        platen_os_file_replace(path, run->data == NULL ? "" : run->data, (size_t)job->bytes);
    snprintf(path, sizeof path, "%s/job-%04u.json", folder, number);
    size_t size = platen_device_note(job, note, sizeof note - 1);
    note[size++] = '\n';
    return error != 0 ? error : platen_os_file_replace(path, note, size);
}

static void finish_job(struct serial_run *run, enum platen_device_end end)
{
    struct platen_device_job *job = &run->job;
    const char *folder = run->arguments->values[OPTION_keep];
    job->end = end;
    job->whole = end == PLATEN_DEVICE_CLOSED;
    job->ended = platen_os_now() - run->start;
    device_sha256_end(&run->digest, job->sha256);
    if (folder != NULL && job->error == 0) {
        job->error = write_job(run, folder);
    }
    if (job->error != 0) {
        job->file[0] = '\0';
        complain("job %" PRIu32 " is not kept: %s", job->number, describe_error(job->error));
        run->status = worse_exit(run->status, EXIT_ENVIRONMENT);
    }
    run->status = worse_exit(run->status, job->whole ? EXIT_OK : EXIT_FAILED);
    run->jobs++;
    run->whole += job->whole;
    run->bytes += job->bytes;
    device_tell_job(&run->report, job);
    job->number = 0;
}

static void on_job_end(void *context)
{
    finish_job(context, PLATEN_DEVICE_CLOSED);
}

/* ---- what it says ------------------------------------------------------------------------- */

static void on_answer(void *context, const void *data, size_t size)
{
    struct serial_run *run = context;
    run->job.answered += serial_wire_write(run->line, data, size);
}

static void on_state(void *context)
{
    struct serial_run *run = context;
    const char *display = serial_display(&run->printer);
    printf("state: %s\n", display);
    fflush(stdout);
    report_write(
        &run->report,
        json_pack("{s:s, s:s, s:b, s:[i, i, i, i]}", "event", "state", "display", display, "takes",
                  (int)serial_is_ready(&run->printer), "status",
                  (int)serial_status(&run->printer, 1), (int)serial_status(&run->printer, 2),
                  (int)serial_status(&run->printer, 3), (int)serial_status(&run->printer, 4)));
}

/* ---- the run ------------------------------------------------------------------------------ */

static void look(struct serial_run *run)
{
    char data[SERIAL_ROOM];
    bool closed;
    live_lines(&run->printer);
    size_t room = serial_room(&run->printer);
    size_t size = serial_wire_read(run->line, data, room, TICK, &closed);
    if (size > 0) {
        if (run->job.number == 0) {
            begin_job(run);
        }
        run->job.last = platen_os_now() - run->start;
        run->job.first = run->job.first == 0 ? run->job.last : run->job.first;
        serial_receive(&run->printer, data, size);
    } else if (closed) {
        serial_hang_up(&run->printer);
    }
    serial_go_on(&run->printer, platen_os_now());
}

static void serve(struct serial_run *run)
{
    while (!atomic_load(&interrupted) && (run->wanted == 0 || run->jobs < run->wanted)) {
        look(run);
    }
    if (run->job.number != 0) {
        finish_job(run, PLATEN_DEVICE_STOPPED);
    }
    if (run->jobs < run->wanted) {
        complain("device: %" PRIu64 " of %" PRIu64 " jobs came", run->jobs, run->wanted);
        run->status = worse_exit(run->status, EXIT_FAILED);
    }
    printf("%" PRIu64 " job%s, %" PRIu64 " whole, %" PRIu64 " bytes\n", run->jobs,
           run->jobs == 1 ? "" : "s", run->whole, run->bytes);
    report_write(&run->report,
                 json_pack("{s:s, s:I, s:I, s:I}", "event", "end", "jobs", (json_int_t)run->jobs,
                           "whole", (json_int_t)run->whole, "bytes", (json_int_t)run->bytes));
}

static void start_and_serve(struct serial_run *run)
{
    const struct serial_events events = {run, on_answer, print_data, on_job_end, on_state};
    const char *folder = run->arguments->values[OPTION_keep];
    const char *life = run->arguments->values[OPTION_life];
    uint32_t error = folder == NULL ? 0 : platen_os_make_folder(folder);
    if (error == 0) {
        error = serial_wire_open(&run->line, run->path, sizeof run->path);
    }
    if (error != 0) {
        complain("device: no serial line: %s", describe_error(error));
        run->status = EXIT_ENVIRONMENT;
        return;
    }
    serial_begin(&run->printer, &events);
    run->printer.rate = run->rate;
    serial_live(&run->printer, run->life, false);
    run->life = NULL;
    printf("listening on %s\n", run->path);
    fflush(stdout);
    report_write(&run->report, json_pack("{s:s, s:s}", "event", "listening", "path", run->path));
    if (life == NULL || strcmp(life, "-") != 0 || listen_to_input()) {
        serve(run);
    } else {
        run->status = EXIT_ENVIRONMENT;
    }
    serial_end(&run->printer);
    serial_wire_close(run->line);
}

int device_serial(const struct arguments *arguments)
{
    struct serial_run run = {.arguments = arguments};
    if (!read_arguments(&run)) {
        serial_life_free(run.life);
        return EXIT_USAGE;
    }
    int status = report_open(&run.report, arguments);
    if (status == EXIT_OK) {
        platen_os_on_interrupt(on_interrupt);
        start_and_serve(&run);
        status = report_close(&run.report, run.status);
    }
    serial_life_free(run.life);
    free(run.data);
    return status;
}
