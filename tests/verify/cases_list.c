/* SPDX-License-Identifier: MIT
 *
 * R88, R89: EnumPorts, how it is asked and what is made of the answer.
 */
#include "break.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- R88 ------------------------------------------------------------------------------------- */

static bool is_port(const struct platen_port *port, unsigned number)
{
    char name[16];

    snprintf(name, sizeof name, "V%u:", number);
    return strcmp(port->name, name) == 0;
}

/* The list as the spooler tells it: V1: to the last that the monitor has. */
static void play_list(struct stage *s)
{
    struct platen_port *ports;
    size_t count;
    uint32_t error = platen_spooler_ports(s->spooler, "Verify", &ports, &count);

    if (!KEPT(s, error == 0, "EnumPorts succeeds in the end, and the spooler says %u",
              (unsigned)error))
        return;
    KEPT(s, count == s->v.port_count, "%u ports, and the monitor has %u", (unsigned)count,
         s->v.port_count);
    for (size_t i = 0; i < count; i++)
        KEPT(s, is_port(&ports[i], (unsigned)i + 1), "a port called %s", ports[i].name);
    platen_free(ports);
}

/* In the end it does not grow any more. */
static uint32_t grow_thrice(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)port;
    if (at == VERIFY_ENUM)
        v->growth = atomic_load(&v->calls[VERIFY_ENUM]) < 4 ? 3 : 0;
    return 0;
}

static void prepare_growth(struct stage *s)
{
    s->v.inside = grow_thrice;
}

static void prepare_gaps(struct stage *s)
{
    s->v.gaps = true;
    s->v.port_count = 5;
}

ENUM_BREAK(level_3)
{
    level = 3;
    return REAL_ENUM();
}
WRAP(break_level, pfnEnumPorts, level_3)

ENUM_BREAK(no_needed)
{
    *needed = 0;
    return stage_real()->pfnEnumPorts(h, server, level, ports, size, NULL, returned);
}
WRAP(break_needed, pfnEnumPorts, no_needed)

ENUM_BREAK(no_returned)
{
    *returned = 0;
    return stage_real()->pfnEnumPorts(h, server, level, ports, size, needed, NULL);
}
WRAP(break_returned, pfnEnumPorts, no_returned)

ENUM_BREAK(no_buffer)
{
    (void)ports;
    return stage_real()->pfnEnumPorts(h, server, level, NULL, size != 0 ? size : 64, needed,
                                      returned);
}
WRAP(break_buffer, pfnEnumPorts, no_buffer)

ENUM_BREAK(odd_buffer)
{
    if (size > 1)
        return stage_real()->pfnEnumPorts(h, server, level, ports + 1, size - 1, needed, returned);
    return REAL_ENUM();
}
WRAP(break_alignment, pfnEnumPorts, odd_buffer)

/* Asks for the size once, and then with what was said the first time. */
ENUM_BREAK(never_more)
{
    struct stage *s = stage_now();
    DWORD first = atomic_load(&s->number);

    if (first != 0 && size > first)
        size = first;
    BOOL fine = REAL_ENUM();
    if (!fine && first == 0)
        atomic_store(&s->number, *needed);
    return fine;
}
WRAP(break_repeat, pfnEnumPorts, never_more)

/* Gives up at the first 122. */
ENUM_BREAK(no_second_try)
{
    BOOL fine = REAL_ENUM();

    return fine || size == 0 ? fine : fails_with(PLATEN_INVALID_DATA);
}
WRAP(break_try, pfnEnumPorts, no_second_try)

/* FALSE with 77 ports is 77 ports. */
ENUM_BREAK(takes_false)
{
    BOOL fine = REAL_ENUM();

    if (!fine && size != 0) {
        memset(ports, 0, size);
        *returned = 0;
        return TRUE;
    }
    return fine;
}
WRAP(break_false, pfnEnumPorts, takes_false)

/* Takes the strings from where it would have put them itself: behind the last structure. */
ENUM_BREAK(looks_behind_the_last)
{
    BOOL fine = REAL_ENUM();
    size_t each = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);

    for (DWORD i = 0; fine && i < *returned; i++) {
        LPWSTR text = (LPWSTR)(void *)(ports + *returned * each);
        memcpy(ports + i * each, &text, sizeof text);
    }
    return fine;
}
WRAP(break_place, pfnEnumPorts, looks_behind_the_last)

/* ---- R89 ------------------------------------------------------------------------------------- */

static void prepare_level_1(struct stage *s)
{
    s->v.level1_only = true;
}

static void play_level_1(struct stage *s)
{
    play_list(s);
    stage_print(s, 6, 100);
}

ENUM_BREAK(level_2_alone)
{
    return level == 2 ? REAL_ENUM() : fails_with(PLATEN_INVALID_LEVEL);
}
WRAP(break_way_out, pfnEnumPorts, level_2_alone)

static void prepare_level_1_alone(struct stage *s)
{
    prepare_level_1(s);
    s->no_printer = true;
}

const struct stage_case stage_list_cases[] = {
    {88,
     "the arguments are usable",
     prepare_gaps,
     play_list,
     {{.how = "asks for level 3", .wrap = break_level},
      {.how = "no place for the size", .wrap = break_needed},
      {.how = "no place for the number", .wrap = break_returned},
      {.how = "a size, and no buffer", .wrap = break_buffer},
      {.how = "a buffer at an odd address", .wrap = break_alignment}}},
    {88,
     "a list that grows is caught up with",
     prepare_growth,
     play_list,
     {{.how = "takes the first answer for ever", .wrap = break_repeat},
      {.how = "does not ask again", .wrap = break_try},
      {.how = "takes a list that is none", .wrap = break_false}}},
    {88,
     "strings lie anywhere in the buffer",
     prepare_gaps,
     play_list,
     {{.how = "looks behind the last structure", .wrap = break_place}}},
    {89,
     "level 1 is the way out",
     prepare_level_1_alone,
     play_list,
     {{.how = "knows level 2 alone", .wrap = break_way_out}}},
    {89,
     "a port of level 1 prints",
     prepare_level_1,
     play_level_1,
     {{.how = "knows level 2 alone", .wrap = break_way_out}}},
    {.rule = 0},
};
