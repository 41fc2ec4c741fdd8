/* SPDX-License-Identifier: MIT */
#include <dirent.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "os/file.h"
#include "trial.h"

#define SETUP_ROOM  ((size_t)256 << 10)
#define BUFFER_ROOM ((size_t)2 << 20)

static uint64_t clock_now(struct platen_clock *clock)
{
    (void)clock;
    return platen_os_now();
}

static void clock_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                       uint64_t until)
{
    (void)clock;
    platen_os_wait(word, seen, until);
}

static void clock_wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    platen_os_wake(word);
}

static struct platen_clock system_clock = {clock_now, clock_wait, clock_wake};

static void ignore_log(void *context, enum platen_log_level level, const char *text)
{
    (void)context;
    (void)level;
    (void)text;
}

uint64_t soon(void)
{
    return platen_os_now() + 10 * SECOND;
}

bool was_long(uint64_t since)
{
    return platen_os_now() - since > 2 * SECOND;
}

bool handles_come_down_to(size_t count)
{
    static const uint32_t word;
    uint64_t until = soon();

    while (system_open_handles() > count) {
        if (platen_os_now() >= until)
            return false;
        platen_os_wait(&word, 0, platen_os_now() + SECOND / 50);
    }
    return true;
}

uint32_t next_random(uint32_t *state)
{
    *state ^= *state << 13;
    *state ^= *state >> 17;
    *state ^= *state << 5;
    return *state;
}

unsigned char *make_bytes(size_t size, uint32_t seed)
{
    unsigned char *bytes = malloc(size + 1);
    uint32_t state = seed * 2654435761u + 1;
    for (size_t i = 0; bytes && i < size; i++)
        bytes[i] = (unsigned char)(next_random(&state) >> 11);
    return bytes;
}

size_t count_entries(const char *folder)
{
    DIR *stream = opendir(folder);
    size_t count = 0;
    if (!stream)
        return SIZE_MAX;
    for (struct dirent *entry; (entry = readdir(stream)) != NULL;)
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            count++;
    closedir(stream);
    return count;
}

bool trial_expect(struct trial *trial, bool fine, const char *format, ...)
{
    va_list arguments;
    if (fine || trial->complaint[0])
        return fine;
    va_start(arguments, format);
    vsnprintf(trial->complaint, sizeof trial->complaint, format, arguments);
    va_end(arguments);
    return false;
}

void trial_begin(struct trial *trial, const struct platen_backend *backend, const char *example)
{
    size_t size = backend->size < sizeof *backend ? backend->size : sizeof *backend;
    memset(trial, 0, sizeof *trial);
    memcpy(&trial->backend, backend, size);
    trial->example = example;
    trial->root = trial->folder;
    trial->program_root = PLATEN_TEST_PROGRAMS;
    trial->clock = &system_clock;
    trial_expect(trial, platen_os_make_temporary_folder(trial->folder, sizeof trial->folder) == 0,
                 "no temporary folder");
    bool lpr = example && strstr(example, "{lpr}");
    for (int i = 0; i < SINKS && example && (lpr || strstr(example, "{sink}")); i++) {
        trial->sinks[i] = lpr ? sink_create_lpr() : sink_create();
        if (trial_expect(trial, trial->sinks[i] != NULL, "no sink"))
            sink_settle(trial->sinks[i]); /* what it needs, it has opened then */
    }
    for (int i = 0; i < SINKS && example && strstr(example, "{tty}"); i++) {
        trial->ttys[i] = tty_create();
        trial->impossible = trial->impossible || !trial->ttys[i];
    }
}

void trial_end(struct trial *trial)
{
    for (int i = 0; i < SINKS; i++) {
        sink_destroy(trial->sinks[i]);
        tty_destroy(trial->ttys[i]);
    }
    if (trial->folder[0])
        platen_os_remove_folder(trial->folder);
}

/* Ports. */

static void new_path(struct trial *trial, char *path, size_t size)
{
    snprintf(path, size, "%s/out-%u.prn", trial->folder, ++trial->serial);
}

static void put_text(struct trial *trial, char *to, size_t size, const char *from, size_t length)
{
    size_t used = strlen(to);
    if (trial_expect(trial, length < size - used, "the example is too long: %s", trial->example))
        snprintf(to + used, size - used, "%.*s", (int)length, from);
}

static bool is_sink(const char *word, size_t length)
{
    return (length == 6 && strncmp(word, "{sink}", 6) == 0) ||
           (length == 5 && strncmp(word, "{lpr}", 5) == 0);
}

/* Its path, and what makes it keep what it gets. */
static void put_program(struct trial *trial, struct port *port)
{
    static const char text[] = PLATEN_TEST_PUPPET "?args=keep \"";
    put_text(trial, port->name, sizeof port->name, text, strlen(text));
    put_text(trial, port->name, sizeof port->name, port->arrives, strlen(port->arrives));
    put_text(trial, port->name, sizeof port->name, "\"", 1);
}

static void put_word(struct trial *trial, struct port *port, const char *word, size_t length)
{
    new_path(trial, port->arrives, sizeof port->arrives);
    if (length == 6 && strncmp(word, "{file}", 6) == 0) {
        put_text(trial, port->name, sizeof port->name, port->arrives, strlen(port->arrives));
        return;
    }
    if (is_sink(word, length) && trial->sinks[0]) {
        port->sink = trial->sinks[trial->serial % SINKS];
        snprintf(port->arrives, sizeof port->arrives, "127.0.0.1:%u", sink_port(port->sink));
        put_text(trial, port->name, sizeof port->name, port->arrives, strlen(port->arrives));
        return;
    }
    if (length == 5 && strncmp(word, "{tty}", 5) == 0 && trial->ttys[0]) {
        port->tty = trial->ttys[trial->serial % SINKS];
        snprintf(port->arrives, sizeof port->arrives, "%s", tty_path(port->tty));
        put_text(trial, port->name, sizeof port->name, port->arrives, strlen(port->arrives));
        return;
    }
    if (length == 9 && strncmp(word, "{program}", 9) == 0) {
        put_program(trial, port);
        return;
    }
    if (length == 8 && strncmp(word, "{output}", 8) == 0) {
        memcpy(port->output, port->arrives, sizeof port->output);
        return;
    }
    port->arrives[0] = 0;
    trial_expect(trial, false, "the tests know no %.*s, as in the example %s", (int)length, word,
                 trial->example);
}

static void expand(struct trial *trial, struct port *port)
{
    const char *at = trial->example;
    while (*at) {
        size_t plain = strcspn(at, "{");
        size_t word = strcspn(at + plain, "}");
        put_text(trial, port->name, sizeof port->name, at, plain);
        at += plain;
        if (!*at)
            break;
        word += at[word] == '}';
        put_word(trial, port, at, word);
        at += word;
    }
}

/* A URI of this backend is divided into target and options; anything else is a port's name. */
static void divide(struct trial *trial, struct port *port)
{
    size_t scheme = strlen(trial->backend.name);
    const char *target = port->name, *options;
    if (strncmp(port->name, trial->backend.name, scheme) == 0 && port->name[scheme] == ':')
        target += scheme + 1;
    options = target == port->name ? NULL : strchr(target, '?');
    put_text(trial, port->target, sizeof port->target, target,
             options ? (size_t)(options - target) : strlen(target));
    if (options)
        put_text(trial, port->options, sizeof port->options, options + 1, strlen(options + 1));
}

void port_make(struct trial *trial, struct port *port, const struct port *like)
{
    memset(port, 0, sizeof *port);
    if (like) {
        memcpy(port->name, like->name, sizeof port->name);
        memcpy(port->output, like->output, sizeof port->output);
        memcpy(port->arrives, like->arrives, sizeof port->arrives);
        port->sink = like->sink;
        port->tty = like->tty;
    } else {
        expand(trial, port);
    }
    divide(trial, port);
    port->state = calloc(1, trial->backend.state_size + 1);
}

void port_dispose(struct port *port)
{
    loan_end(&port->setup);
    loan_end(&port->doc);
    loan_end(&port->buffer);
    free(port->state);
    port->state = NULL;
}

/* A switch is "0" or "1" by the time that a backend sees it. */
static const char *canonical(const struct platen_setting *setting, const char *value)
{
    if (setting->type != PLATEN_SETTING_BOOL)
        return value;
    return *value == '1' || *value == 'y' || *value == 't' || strcmp(value, "on") == 0 ? "1" : "0";
}

/* The value of a setting: from the port's options, or the default. */
static const char *lend_value(struct port *port, const struct platen_setting *setting)
{
    size_t length = strlen(setting->key);
    const char *at = port->options;
    for (; *at; at += strcspn(at, "&"), at += *at == '&') {
        if (strncmp(at, setting->key, length) == 0 && at[length] == '=') {
            char *value = loan_text(&port->setup, at + length + 1);
            value[strcspn(value, "&")] = 0;
            return canonical(setting, value);
        }
    }
    return loan_text(&port->setup, canonical(setting, setting->default_value));
}

static size_t count_settings(const struct trial *trial)
{
    size_t count = 0;
    while (trial->backend.settings && trial->backend.settings[count].key)
        count++;
    return count;
}

static const struct platen_port_setup *lend_setup(struct trial *trial, struct port *port,
                                                  const char *target)
{
    size_t count = count_settings(trial);
    struct platen_port_setup *setup;
    const char **values;

    loan_begin(&port->setup, SETUP_ROOM);
    setup = loan_room(&port->setup, sizeof *setup);
    values = loan_room(&port->setup, (count + 1) * sizeof *values);
    for (size_t i = 0; i < count; i++)
        values[i] = lend_value(port, &trial->backend.settings[i]);
    *setup = (struct platen_port_setup){
        .size = sizeof *setup,
        .port_name = loan_text(&port->setup, target ? target : port->name),
        .target = loan_text(&port->setup, target ? target : port->target),
        .values = values,
        .file_root = loan_text(&port->setup, trial->root),
        .program_root = loan_text(&port->setup, trial->program_root),
        .clock = trial->clock,
        .log = ignore_log,
    };
    return setup;
}

uint32_t port_open(struct trial *trial, struct port *port, const char *target)
{
    uint32_t error;
    memset(port->state, 0, trial->backend.state_size);
    error = trial->backend.open(port->state, lend_setup(trial, port, target));
    loan_call_in(trial, &port->setup);
    return error;
}

uint32_t port_check(struct trial *trial, struct port *port, const char *target)
{
    uint32_t error;
    if (!trial->backend.check)
        return 0;
    error = trial->backend.check(lend_setup(trial, port, target));
    loan_call_in(trial, &port->setup);
    return error;
}

void port_close(struct trial *trial, struct port *port)
{
    trial->backend.close(port->state);
}

bool port_open_new(struct trial *trial, struct port *port, const struct port *like)
{
    uint32_t error;
    port_make(trial, port, like);
    error = port_open(trial, port, NULL);
    if (trial_expect(trial, !error, "open: error %u", (unsigned)error))
        return true;
    port_dispose(port);
    return false;
}

void port_finish(struct trial *trial, struct port *port)
{
    port_close(trial, port);
    port_dispose(port);
}

struct platen_doc port_document(const struct port *port)
{
    return (struct platen_doc){
        .size = sizeof(struct platen_doc),
        .job_id = 7,
        .printer = "Printer \xC3\xA9 $(id) %n%s",
        .name = "`touch x`; \"%CMD%\" \x1b%-12345X@PJL\r\n \xED\xA0\x80 ..\\..\\x",
        .output_file = port->output[0] ? port->output : NULL,
        .datatype = "RAW",
    };
}

uint32_t port_start(struct trial *trial, struct port *port, const struct platen_doc *doc,
                    uint64_t deadline)
{
    struct platen_doc *lent;
    uint32_t error;

    if (port->tty) { /* what comes late is no part of this job */
        tty_settle(port->tty);
        tty_forget(port->tty);
    }
    loan_begin(&port->doc, SETUP_ROOM);
    lent = loan_room(&port->doc, sizeof *lent);
    *lent = *doc;
    lent->printer = loan_text(&port->doc, doc->printer);
    lent->name = loan_text(&port->doc, doc->name);
    lent->output_file = loan_text(&port->doc, doc->output_file);
    lent->datatype = loan_text(&port->doc, doc->datatype);
    error = trial->backend.start_doc(port->state, lent, deadline);
    loan_call_in(trial, &port->doc);
    return error;
}

uint32_t port_write(struct trial *trial, struct port *port, const void *data, uint32_t size,
                    uint64_t deadline, uint32_t *moved)
{
    uint32_t error;
    char *lent;

    loan_begin(&port->buffer, BUFFER_ROOM);
    lent = loan_room(&port->buffer, size);
    memcpy(lent, data, size);
    if (trial->strict)
        loan_lock(&port->buffer, PLATEN_OS_READ_ONLY);
    *moved = 0xA5A5A5A5;
    error = trial->backend.write(port->state, lent, size, deadline, moved);
    loan_call_in(trial, &port->buffer);
    if (!trial_expect(trial, *moved <= size, "write of %u bytes said %u were moved (error %u)",
                      (unsigned)size, (unsigned)*moved, (unsigned)error))
        *moved = size;
    trial_expect(trial, error || *moved, "write moved nothing and gave no error");
    return error;
}

uint32_t port_write_all(struct trial *trial, struct port *port, const void *data, size_t size)
{
    uint32_t random = (uint32_t)size + 99, moved;
    const char *at = data;
    while (size) {
        uint32_t most = next_random(&random) % 3 ? 70000 : 600;
        uint32_t piece = next_random(&random) % most + 1;
        uint32_t error =
            port_write(trial, port, at, piece < size ? piece : (uint32_t)size, soon(), &moved);
        at += moved;
        size -= moved;
        if (error)
            return error;
        if (!moved)
            return PLATEN_WRITE_FAULT;
    }
    return 0;
}

static uint32_t drain(struct trial *trial, struct port *port)
{
    uint64_t until = soon();
    uint32_t error;
    do
        error = trial->backend.drain(port->state, platen_os_now() + SECOND / 50);
    while ((error == PLATEN_TIMEOUT || error == PLATEN_IO_PENDING) && platen_os_now() < until);
    return error == PLATEN_TIMEOUT ? 0 : error;
}

uint32_t port_end(struct trial *trial, struct port *port, bool abandoned)
{
    bool drains = trial->backend.drain && !abandoned && trial->ends++ % 2;
    uint32_t error = drains ? drain(trial, port) : 0;
    uint32_t ended = trial->backend.end_doc(port->state, abandoned || error, soon());
    if (port->sink) /* so that it holds no handle when somebody counts them */
        sink_settle(port->sink);
    return error ? error : ended;
}

static void expect_at_peer(struct trial *trial, struct port *port, const void *data, size_t size)
{
    size_t there;
    if (port->sink)
        sink_settle(port->sink);
    else
        tty_settle(port->tty);
    bool equal = port->sink ? sink_has(port->sink, data, size, &there)
                            : tty_has(port->tty, data, size, &there);
    trial_expect(trial, equal,
                 there == size ? "other bytes arrived than were printed (%u, %u)"
                               : "%u bytes were printed, %u arrived",
                 (unsigned)size, (unsigned)there);
}

void port_expect_arrived(struct trial *trial, struct port *port, const void *data, size_t size)
{
    char *there = NULL;
    size_t there_size = 0;
    uint32_t error;

    if (!port->arrives[0])
        return;
    if (port->sink || port->tty) {
        expect_at_peer(trial, port, data, size);
        return;
    }
    error = platen_os_file_load(port->arrives, (size_t)64 << 20, &there, &there_size);
    if (trial_expect(trial, !error, "%s cannot be read: error %u", port->arrives,
                     (unsigned)error) &&
        trial_expect(trial, there_size == size, "%u bytes were printed, %u arrived", (unsigned)size,
                     (unsigned)there_size))
        trial_expect(trial, memcmp(there, data, size) == 0,
                     "other bytes arrived than were printed");
    free(there);
}

void port_print(struct trial *trial, struct port *port, const void *data, size_t size)
{
    struct platen_doc doc = port_document(port);
    uint32_t error = port_start(trial, port, &doc, soon());
    if (!trial_expect(trial, !error, "start_doc: error %u", (unsigned)error))
        return;
    error = port_write_all(trial, port, data, size);
    trial_expect(trial, !error, "write: error %u", (unsigned)error);
    error = port_end(trial, port, error != 0);
    trial_expect(trial, !error, "end_doc: error %u", (unsigned)error);
    port_expect_arrived(trial, port, data, size);
}
