/* SPDX-License-Identifier: MIT
 *
 * What a program prints goes to the log, line by line, up to a bound.
 */
#include <stdio.h>
#include <string.h>

#include "command_port.h"

static const char *name_of(const char *path)
{
    const char *name = path;
    for (; *path; path++)
        if ((*path == '/' || *path == '\\') && path[1])
            name = path + 1;
    return name;
}

void command_tell(const struct command_port *port, enum platen_log_level level, const char *what)
{
    char text[2 * COMMAND_LINE + 200];
    snprintf(text, sizeof text, "%.100s: %s", name_of(port->path), what);
    port->log(port->log_context, level, text);
}

static void tell_line(struct command_port *port)
{
    struct command_output *output = &port->output;
    output->line[output->used] = '\0';
    if (output->used) {
        memcpy(output->last, output->line, output->used + 1);
        if (output->lines++ < COMMAND_LINES)
            command_tell(port, PLATEN_LOG_INFO, output->line);
        else if (output->lines == COMMAND_LINES + 1)
            command_tell(port, PLATEN_LOG_INFO, "prints more, which is not told here");
    }
    output->used = 0;
}

/* A line that is too long becomes several. */
static void take(struct command_port *port, const char *data, size_t size)
{
    struct command_output *output = &port->output;
    for (size_t i = 0; i < size; i++) {
        if (data[i] != '\n' && data[i] != '\r' && data[i] != '\0')
            output->line[output->used++] = data[i];
        if (data[i] == '\n' || output->used == COMMAND_LINE)
            tell_line(port);
    }
}

void command_collect(struct command_port *port)
{
    char data[4096];
    uint32_t moved;
    for (int i = 0; i < 16 && !port->output.ended; i++) { /* a program may print for ever */
        uint32_t error = platen_os_program_read(port->program, data, sizeof data, &moved);
        port->output.ended = error != 0;
        take(port, data, moved);
        if (!moved)
            break;
    }
}

void command_collect_all(struct command_port *port)
{
    command_collect(port);
    tell_line(port);
}
