/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_bench.h"
#include "os/file.h"

struct trial trial;
char command_log[1 << 18];
char command_note[700];

static struct port port;
static char *note_text;

int command_set_up(void **state)
{
    (void)state;
    trial_begin(&trial, &platen_backend_command, "exec:" PLATEN_TEST_PUPPET);
    snprintf(command_note, sizeof command_note, "%s/note", trial.folder);
    command_log[0] = '\0';
    return trial.complaint[0] ? -1 : 0;
}

int command_tear_down(void **state)
{
    (void)state;
    free(note_text);
    note_text = NULL;
    trial_end(&trial);
    return 0;
}

static void keep_log(void *context, enum platen_log_level level, const char *text)
{
    size_t used = strlen(command_log);
    (void)context;
    snprintf(command_log + used, sizeof command_log - used, "%d %s\n", (int)level, text);
}

/* The value of a setting behind '&' in `text`, else `otherwise`; up to the next '&'. */
static char *option(const char *text, const char *key, const char *otherwise)
{
    char *value = calloc(1, strlen(text) + strlen(otherwise) + 1);
    const char *at = strstr(text, key);
    assert_non_null(value);
    if (at)
        memcpy(value, at + strlen(key), strcspn(at + strlen(key), "&"));
    else
        strcpy(value, otherwise);
    return value;
}

struct port *command_open(const char *text)
{
    char all[2000];
    const char *mark = strstr(text, "%s");
    size_t before = mark ? (size_t)(mark - text) : strlen(text);
    snprintf(all, sizeof all, "args=%.*s%s%s", (int)before, text, mark ? command_note : "",
             mark ? mark + 2 : "");
    char *values[] = {option(all, "args=", ""), option(all, "&folder=", ""),
                      option(all, "&timeout=", "300")};
    const struct platen_port_setup setup = {
        .size = sizeof setup,
        .port_name = "Port $(x)",
        .target = PLATEN_TEST_PUPPET,
        .values = (const char *const *)values,
        .clock = trial.clock,
        .log = keep_log,
        .program_root = PLATEN_TEST_PROGRAMS,
    };
    memset(&port, 0, sizeof port);
    port.state = calloc(1, platen_backend_command.state_size);
    assert_non_null(port.state);
    assert_int_equal(platen_backend_command.check(&setup), 0);
    assert_int_equal(platen_backend_command.open(port.state, &setup), 0);
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        free(values[i]);
    return &port;
}

void command_close(void)
{
    port_close(&trial, &port);
    port_dispose(&port);
}

uint32_t command_start(const char *title)
{
    const struct platen_doc doc = {
        .size = sizeof doc,
        .job_id = 4711,
        .printer = "Printer \"1\"",
        .name = title,
        .user = "`id` %USERNAME%",
        .machine = "\\\\there",
    };
    return port_start(&trial, &port, &doc, soon());
}

uint32_t command_finish(size_t size)
{
    unsigned char *data = make_bytes(size, 7);
    assert_non_null(data);
    uint32_t error = port_write_all(&trial, &port, data, size);
    uint32_t ended = port_end(&trial, &port, error != 0);
    free(data);
    assert_string_equal(trial.complaint, "");
    return error ? error : ended;
}

uint32_t command_print(const char *args, const char *title, size_t size)
{
    command_open(args);
    uint32_t error = command_start(title);
    if (!error)
        error = command_finish(size);
    command_close();
    return error;
}

const char *command_read_note(void)
{
    size_t size;
    free(note_text);
    note_text = NULL;
    if (platen_os_file_load(command_note, 1 << 20, &note_text, &size) != 0)
        return "";
    return note_text;
}

bool command_note_has(const char *line)
{
    size_t length = strlen(line);
    const char *at = command_read_note();
    while (*at) {
        size_t whole = strcspn(at, "\n");
        if (whole == length && memcmp(at, line, length) == 0)
            return true;
        at += whole + (at[whole] == '\n');
    }
    return false;
}
