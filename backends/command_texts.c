/* SPDX-License-Identifier: MIT
 *
 * What a program is told: its argv, which the port's settings alone make, and its environment, in
 * which the job's names are data. Nothing here is ever read by a shell.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "command_port.h"

/* ---- argv ---------------------------------------------------------------------------------- */

/* Copies one word to `to` and puts a NUL behind it; where it ends in the text, NULL if a quote is
 * left open. */
static const char *copy_word(const char *at, char **to)
{
    bool quoted = false;
    for (; *at && (quoted || *at != ' '); at++) {
        if (*at != '"')
            *(*to)++ = *at;
        else if (quoted && at[1] == '"')
            *(*to)++ = *at++;
        else
            quoted = !quoted;
    }
    *(*to)++ = '\0';
    return quoted ? NULL : at;
}

uint32_t command_words(const char *text, char ***words)
{
    const size_t length = strlen(text), most = length / 2 + 1;
    char **made = calloc(1, (most + 1) * sizeof *made + length + most + 1);
    char *room = (char *)(made + most + 1);
    size_t count = 0;

    *words = NULL;
    if (!made)
        return PLATEN_OUTOFMEMORY;
    for (const char *at = text + strspn(text, " "); *at; at += strspn(at, " ")) {
        made[count++] = room;
        at = copy_word(at, &room);
        if (!at) {
            free(made);
            return PLATEN_INVALID_PARAMETER;
        }
    }
    *words = made;
    return 0;
}

/* ---- environment --------------------------------------------------------------------------- */

struct variable {
    const char *name;
    const char *value; /* NULL: there is none */
};

static size_t room_of(const struct variable *variable)
{
    if (!variable->value)
        return 0;
    return sizeof COMMAND_VARIABLES + strlen(variable->name) + 1 + strlen(variable->value);
}

static char *put_variable(const struct variable *variable, char *to)
{
    return to + sprintf(to, COMMAND_VARIABLES "%s=%s", variable->name, variable->value) + 1;
}

char **command_environment(const char *port_name, const struct platen_doc *doc)
{
    char job[16];
    const struct variable variables[] = {
        {"DOCNAME", doc->name},    {"JOB", job},
        {"MACHINE", doc->machine}, {"PORT", port_name},
        {"PRINTER", doc->printer}, {"USER", doc->user},
    };
    enum { COUNT = sizeof variables / sizeof *variables };
    size_t size = (COUNT + 1) * sizeof(char *), count = 0;

    snprintf(job, sizeof job, "%u", (unsigned)doc->job_id);
    for (size_t i = 0; i < COUNT; i++)
        size += room_of(&variables[i]);
    char **made = calloc(1, size);
    char *room = (char *)(made + COUNT + 1);
    for (size_t i = 0; made && i < COUNT; i++) {
        if (!variables[i].value)
            continue;
        made[count++] = room;
        room = put_variable(&variables[i], room);
    }
    return made;
}
