/* SPDX-License-Identifier: MIT */
#include "facts.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static bool make_room(struct facts *facts)
{
    size_t room = facts->room ? 2 * facts->room : 16;
    struct fact *list;
    if (facts->count < facts->room)
        return true;
    list = realloc(facts->list, room * sizeof *list);
    if (!list)
        return false;
    facts->list = list;
    facts->room = room;
    return true;
}

void facts_add(struct facts *facts, const char *value, const char *schema, ...)
{
    char name[300];
    struct fact *fact;
    va_list more;

    va_start(more, schema);
    vsnprintf(name, sizeof name, schema, more);
    va_end(more);
    if (!make_room(facts)) {
        facts->incomplete = true;
        return;
    }
    fact = &facts->list[facts->count++];
    fact->schema = strdup(name);
    fact->value = strdup(value);
    if (fact->schema && fact->value)
        return;
    facts->incomplete = true;
    facts->count--;
    free(fact->schema);
    free(fact->value);
}

const char *facts_find(const struct facts *facts, const char *schema)
{
    for (size_t i = 0; i < facts->count; i++)
        if (strcmp(facts->list[i].schema, schema) == 0)
            return facts->list[i].value;
    return NULL;
}

void facts_clear(struct facts *facts)
{
    for (size_t i = 0; i < facts->count; i++) {
        free(facts->list[i].schema);
        free(facts->list[i].value);
    }
    free(facts->list);
    *facts = (struct facts){0};
}
