/* SPDX-License-Identifier: MIT
 *
 * The command backend: a program for each job, which gets the job on its standard input. Its ports
 * are URIs, `exec:/path/to/program?args=...`; no port name is claimed.
 *
 * The program is one below the folder that whoever made the monitor has chosen for programs;
 * without such a folder there are none. It gets an argv, which the port's settings make, and never
 * a shell: what a job is called stands in the environment, as data. What it prints goes to the log.
 * The job is printed if it has read all of it and then ends with exit status 0; a job that is
 * cancelled or fails takes the program and its family with it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_port.h"
#include "os/clock.h"
#include "os/file.h"
#include "uri_path.h"

#define SECOND UINT64_C(1000000000)

enum { SETTING_ARGS, SETTING_FOLDER, SETTING_TIMEOUT };

static const struct platen_setting settings[] = {
    [SETTING_ARGS] =
        {"args", PLATEN_SETTING_TEXT, "", 0, 0,
         "its arguments, divided by blanks; \"...\" keeps blanks, \"\" in it is a quote"},
    [SETTING_FOLDER] = {"folder", PLATEN_SETTING_TEXT, "", 0, 0,
                        "where it begins to run; empty: where the spooler runs"},
    [SETTING_TIMEOUT] = {"timeout", PLATEN_SETTING_NUMBER, "300", 0, 86400,
                         "how long it may take after the last byte, in seconds; 0: for ever"},
    {0},
};

/* A moment of the port's clock as one of the system's, which programs are waited for by. */
static uint64_t moment(const struct command_port *port, uint64_t deadline)
{
    uint64_t now;
    if (deadline == PLATEN_FOREVER)
        return PLATEN_OS_FOREVER;
    now = port->clock->now(port->clock);
    return platen_os_now() + (deadline > now ? deadline - now : 0);
}

/* ---- open and close ------------------------------------------------------------------------ */

static unsigned claims(const char *port_name)
{
    (void)port_name;
    return 0;
}

static char *copy_text(const char *text)
{
    size_t size = strlen(text) + 1;
    char *copy = malloc(size);
    return copy ? memcpy(copy, text, size) : NULL;
}

static char *join(const char *folder, const char *name)
{
    size_t size = strlen(folder) + strlen(name) + 2;
    char *joined = malloc(size);
    if (joined)
        snprintf(joined, size, "%s/%s", folder, name);
    return joined;
}

/* "exec:///usr/bin/x" is a usual way to write exec:/usr/bin/x. The absolute path, malloc'ed. */
static uint32_t find_program(const struct platen_port_setup *setup, char **path)
{
    const char *below;
    char *root;
    uint32_t error;

    *path = NULL;
    if (!setup->program_root)
        return PLATEN_ACCESS_DENIED;
    error = platen_os_path_below(setup->program_root, uri_path(setup->target), &below);
    if (!error)
        error = platen_os_absolute_path(setup->program_root, &root);
    if (error)
        return error;
    *path = join(root, below);
    free(root);
    return *path ? 0 : PLATEN_OUTOFMEMORY;
}

static uint32_t check(const struct platen_port_setup *setup)
{
    char **words, *path;
    uint32_t error = find_program(setup, &path);
    if (!error)
        error = platen_os_program_check(path);
    free(path);
    if (error)
        return error;
    error = command_words(setup->values[SETTING_ARGS], &words);
    free(words);
    return error;
}

static void close_port(void *state)
{
    struct command_port *port = state;
    platen_os_mutex_destroy(&port->lock);
    free(port->name);
    free(port->path);
    free(port->folder);
    free(port->words);
}

static uint32_t open_port(void *state, const struct platen_port_setup *setup)
{
    struct command_port *port = state;
    const char *folder = setup->values[SETTING_FOLDER];
    char **words, *path;
    uint32_t error = command_words(setup->values[SETTING_ARGS], &words);
    if (error)
        return error;
    error = find_program(setup, &path);
    if (error) {
        free(words);
        return error;
    }
    port->clock = setup->clock;
    port->log = setup->log;
    port->log_context = setup->log_context;
    port->patience = strtoull(setup->values[SETTING_TIMEOUT], NULL, 10) * SECOND;
    port->words = words;
    port->path = path;
    port->name = copy_text(setup->port_name);
    port->folder = *folder ? copy_text(folder) : NULL;
    platen_os_mutex_init(&port->lock);
    if (port->name && (port->folder || !*folder))
        return 0;
    close_port(port);
    return PLATEN_OUTOFMEMORY;
}

/* ---- start --------------------------------------------------------------------------------- */

/* From here on a cancel means this job. */
static void begin(struct command_port *port)
{
    platen_os_mutex_lock(&port->lock);
    atomic_store(&port->cancelled, false);
    platen_os_mutex_unlock(&port->lock);
}

static void take_up(struct command_port *port, platen_os_program *program)
{
    port->input_closed = port->drained = false;
    port->impatient = 0;
    port->broken = 0;
    port->output = (struct command_output){0};
    platen_os_mutex_lock(&port->lock);
    port->program = program;
    if (atomic_load(&port->cancelled))
        platen_os_program_interrupt(program);
    platen_os_mutex_unlock(&port->lock);
}

static uint32_t start_doc(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    struct command_port *port = state;
    platen_os_program *program;

    (void)deadline;
    if (port->program)
        return PLATEN_BUSY;
    begin(port);
    char **environment = command_environment(port->name, doc);
    if (!environment)
        return PLATEN_OUTOFMEMORY;
    const struct platen_os_program_setup setup = {
        .path = port->path,
        .arguments = (const char *const *)port->words,
        .environment = (const char *const *)environment,
        .hidden = COMMAND_VARIABLES,
        .folder = port->folder,
    };
    uint32_t error = platen_os_program_start(&setup, &program);
    free(environment);
    if (!error)
        take_up(port, program);
    return error;
}

/* ---- how it ended -------------------------------------------------------------------------- */

/* What it said last is most often why. */
static void tell_end(struct command_port *port, const char *how, uint32_t number)
{
    char text[COMMAND_LINE + 120];
    const char *last = port->output.last;
    snprintf(text, sizeof text, "%s %u%s%s", how, (unsigned)number, *last ? "; it said last: " : "",
             last);
    command_tell(port, PLATEN_LOG_WARNING, text);
}

/* It has ended: what has the job come to? */
static uint32_t judge(struct command_port *port)
{
    struct platen_os_program_end end;
    uint32_t error = platen_os_program_result(port->program, &end);

    command_collect_all(port);
    if (error)
        return error;
    if (!end.exited) {
        tell_end(port, "ended unexpectedly, by signal or exception", end.status);
        return PLATEN_PROCESS_ABORTED;
    }
    if (end.status) {
        tell_end(port, "ended with exit status", end.status);
        return PLATEN_WRITE_FAULT;
    }
    if (!end.left_input)
        return 0;
    tell_end(port, "had not read the whole job when it ended with exit status", 0);
    return PLATEN_BROKEN_PIPE;
}

/* In mid-job it has ended too early, whatever it says. */
static uint32_t ended_early(struct command_port *port)
{
    uint32_t error = judge(port);
    if (!error)
        tell_end(port, "had not got the whole job when it ended with exit status", 0);
    return error ? error : PLATEN_BROKEN_PIPE;
}

/* ---- write --------------------------------------------------------------------------------- */

static uint32_t obstacle(struct command_port *port)
{
    if (!port->program)
        return PLATEN_INVALID_HANDLE;
    return atomic_load(&port->cancelled) ? PLATEN_OPERATION_ABORTED : port->broken;
}

/* Waits for one of these news, and for what it prints: a program that is not listened to stops
 * reading, too. */
static uint32_t wait_for(struct command_port *port, unsigned wanted, uint64_t until, unsigned *news)
{
    if (!port->output.ended)
        wanted |= PLATEN_OS_HAS_OUTPUT;
    uint32_t error = platen_os_program_wait(port->program, wanted, until, news);
    if (*news & PLATEN_OS_HAS_OUTPUT)
        command_collect(port);
    return error;
}

static uint32_t wait_to_write(struct command_port *port, uint64_t until)
{
    unsigned news;
    uint32_t error = wait_for(port, PLATEN_OS_TAKES_INPUT | PLATEN_OS_HAS_ENDED, until, &news);
    if (!error && (news & PLATEN_OS_HAS_ENDED))
        error = port->broken = ended_early(port);
    return error;
}

static uint32_t command_write(void *state, const void *data, uint32_t size, uint64_t deadline,
                              uint32_t *moved)
{
    struct command_port *port = state;
    uint32_t error = obstacle(port);

    *moved = 0;
    while (!error) {
        error = platen_os_program_write(port->program, data, size, moved);
        if (error)
            port->broken = error;
        if (error || *moved)
            break;
        error = wait_to_write(port, moment(port, deadline));
    }
    return error;
}

/* ---- the end ------------------------------------------------------------------------------- */

/* From the end of the job on its time runs. */
static void begin_to_end(struct command_port *port)
{
    if (port->impatient)
        return;
    uint64_t now = platen_os_now();
    port->impatient = port->patience ? now + port->patience : PLATEN_OS_FOREVER;
}

static uint32_t close_input(struct command_port *port)
{
    if (port->input_closed)
        return 0;
    uint32_t error = platen_os_program_close_input(port->program);
    port->input_closed = !error;
    return error == PLATEN_NOT_READY ? 0 : error;
}

/* Its time is over, or only the call's: then it is taken to be at work. */
static uint32_t out_of_time(struct command_port *port)
{
    if (platen_os_now() < port->impatient)
        return PLATEN_IO_PENDING;
    tell_end(port, "is ended, after these seconds:", (uint32_t)(port->patience / SECOND));
    return PLATEN_SEM_TIMEOUT;
}

static uint32_t wait_for_end(struct command_port *port, uint64_t until)
{
    unsigned news = 0;
    uint32_t error = 0;
    if (until > port->impatient)
        until = port->impatient;
    while (!error && !(news & PLATEN_OS_HAS_ENDED)) {
        error = close_input(port);
        if (error)
            break;
        unsigned input = port->input_closed ? 0u : (unsigned)PLATEN_OS_TAKES_INPUT;
        error = wait_for(port, PLATEN_OS_HAS_ENDED | input, until, &news);
    }
    if (error == PLATEN_TIMEOUT)
        return out_of_time(port);
    return error ? error : judge(port);
}

static uint32_t drain(void *state, uint64_t deadline)
{
    struct command_port *port = state;
    uint32_t error;

    if (!port->program || port->drained)
        return 0;
    error = obstacle(port);
    if (error)
        return error;
    begin_to_end(port);
    error = wait_for_end(port, moment(port, deadline));
    port->drained = !error;
    if (error != PLATEN_IO_PENDING)
        port->broken = error;
    return error;
}

static platen_os_program *take_program(struct command_port *port)
{
    platen_os_mutex_lock(&port->lock);
    platen_os_program *program = port->program;
    port->program = NULL;
    platen_os_mutex_unlock(&port->lock);
    return program;
}

static uint32_t end_doc(void *state, bool abandoned, uint64_t deadline)
{
    struct command_port *port = state;
    uint32_t error;

    if (!port->program)
        return 0;
    error = abandoned ? 0 : drain(state, deadline);
    command_collect_all(port);
    platen_os_program_release(take_program(port), abandoned || error);
    return error == PLATEN_IO_PENDING ? PLATEN_TIMEOUT : error;
}

static void cancel(void *state)
{
    struct command_port *port = state;
    platen_os_mutex_lock(&port->lock);
    atomic_store(&port->cancelled, true);
    if (port->program)
        platen_os_program_interrupt(port->program);
    platen_os_mutex_unlock(&port->lock);
}

const struct platen_backend platen_backend_command = {
    .size = sizeof(struct platen_backend),
    .name = "exec",
    .summary = "a program for each job, on its standard input (exec:/path/to/program)",
    .state_size = sizeof(struct command_port),
    .capabilities = PLATEN_RUNS_PROGRAMS | PLATEN_WANTS_OWNER | PLATEN_SENDS_AT_END,
    .settings = settings,
    .example = "exec:{program}",
    .claims = claims,
    .check = check,
    .open = open_port,
    .start_doc = start_doc,
    .write = command_write,
    .end_doc = end_doc,
    .close = close_port,
    .cancel = cancel,
    .drain = drain,
};
