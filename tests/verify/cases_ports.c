/* SPDX-License-Identifier: MIT
 *
 * R113, R114: ports that come and go.
 */
#include "break.h"

#include <string.h>

/* ---- R113 --------------------------------------------------------------------------------------
 */

static void play_new(struct stage *s)
{
    uint32_t error;
    struct platen_port *ports;
    size_t count;
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");

    if (xcv == NULL)
        return;
    if (platen_spooler_ports(s->spooler, NULL, &ports, &count) == 0)
        platen_free(ports); /* there is something to remember now */
    uint32_t status = stage_port_command(s, xcv, "AddPort", u"New:", &error);
    KEPT(s, error == 0 && status == 0, "AddPort says %u, %u", (unsigned)error, (unsigned)status);
    error = platen_printer_add(s->spooler, "New", "New:");
    if (KEPT(s, error == 0, "a port that was added cannot be used: %u", (unsigned)error)) {
        stage_wait(s, stage_submit(s, "New", 1, 100));
        platen_printer_delete(s->spooler, "New");
    }
    status = stage_port_command(s, xcv, "DeletePort", u"New:", &error);
    KEPT(s, error == 0 && status == 0, "DeletePort says %u, %u", (unsigned)error, (unsigned)status);
    error = platen_printer_add(s->spooler, "Gone", "New:");
    KEPT(s, error == PLATEN_UNKNOWN_PORT, "on a port that was deleted a printer is made: %u",
         (unsigned)error);
    platen_xcv_close(xcv);
}

/* 5 is no 0, and a name that is there already is not the spooler's business. */
static uint32_t refuse_commands(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    return at == VERIFY_XCV_DATA ? PLATEN_ACCESS_DENIED : 0;
}

static void prepare_refusal(struct stage *s)
{
    s->v.port_count = 2;
    s->v.inside = refuse_commands;
}

static void play_refusal(struct stage *s)
{
    uint32_t error;
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");

    if (xcv == NULL)
        return;
    stage_port_command(s, xcv, "AddPort", u"New:", &error);
    KEPT(s, platen_printer_add(s->spooler, "New", "New:") == PLATEN_UNKNOWN_PORT,
         "AddPort failed, and a printer is made on it");
    stage_port_command(s, xcv, "DeletePort", u"V2:", &error);
    error = platen_printer_add(s->spooler, "Second", "V2:");
    if (KEPT(s, error == 0, "DeletePort failed, and no printer can be made: %u", (unsigned)error))
        stage_wait(s, stage_submit(s, "Second", 3, 100));
    unsigned calls = atomic_load(&s->v.calls[VERIFY_XCV_DATA]);
    stage_port_command(s, xcv, "AddPort", u"V1:", &error);
    KEPT(s, atomic_load(&s->v.calls[VERIFY_XCV_DATA]) == calls + 1,
         "AddPort of a name that is there does not reach the monitor");
    platen_xcv_close(xcv);
}

/* A list that is asked for once: ports that came later are not seen. */
ENUM_BREAK(from_memory)
{
    struct stage *s = stage_now();
    unsigned now = s->v.port_count;
    unsigned first = atomic_load(&s->number);

    if (first != 0)
        s->v.port_count = first;
    BOOL fine = REAL_ENUM();
    s->v.port_count = now;
    if (fine && first == 0)
        atomic_store(&s->number, *returned);
    return fine;
}
WRAP(break_memory, pfnEnumPorts, from_memory)

/* What was there once is there for ever. */
ENUM_BREAK(never_forgets)
{
    struct verify *v = &stage_now()->v;
    bool was[VERIFY_PORTS];

    for (unsigned i = 0; i < v->port_count; i++) {
        was[i] = v->ports[i].listed;
        v->ports[i].listed = true;
    }
    BOOL fine = REAL_ENUM();
    for (unsigned i = 0; i < v->port_count; i++)
        v->ports[i].listed = was[i];
    return fine;
}
WRAP(break_for_ever, pfnEnumPorts, never_forgets)

/* It notes the port before it has the answer. */
XCV_BREAK(notes_first)
{
    if (command[0] == 'A')
        verify_add_port(&stage_now()->v, (const char16_t *)(const void *)input);
    return REAL_XCV();
}
WRAP(break_first, pfnXcvDataPort, notes_first)

XCV_BREAK(forgets_first)
{
    if (command[0] == 'D')
        verify_remove_port(&stage_now()->v, (const char16_t *)(const void *)input);
    return REAL_XCV();
}
WRAP(break_forget, pfnXcvDataPort, forgets_first)

/* Knows the names itself. */
static uint32_t refuses_known(platen_xcv *xcv, const char *name, const void *input,
                              uint32_t input_size, void *output, uint32_t output_size,
                              uint32_t *needed, uint32_t *status)
{
    if (strcmp(name, "AddPort") == 0 && verify_port_named(&stage_now()->v, input) != NULL) {
        *status = PLATEN_ALREADY_EXISTS;
        return 0;
    }
    return platen_xcv_data(xcv, name, input, input_size, output, output_size, needed, status);
}

static void break_known(struct stage_door *door)
{
    door->xcv_data = refuses_known;
}

/* ---- R114 --------------------------------------------------------------------------------------
 */

static void prepare_used(struct stage *s)
{
    atomic_store(&s->v.ports[0].used, true);
}

static void try_deletion(struct stage *s, platen_xcv *xcv, const void *input, uint32_t size)
{
    uint32_t status = 0;
    uint32_t error = s->door.xcv_data(xcv, "DeletePort", input, size, NULL, 0, NULL, &status);

    KEPT(s, error != 0, "DeletePort of a port in use says TRUE");
    KEPT(s, status == PLATEN_BUSY, "DeletePort of a port in use says %u", (unsigned)status);
}

/* By its name, by another spelling, and at the head of TCPMON's structure. */
static void play_used(struct stage *s)
{
    union {
        BYTE bytes[236];
        char16_t name[118];
    } structure = {{0}};
    platen_xcv *xcv = stage_xcv(s, ",XcvPort V1:");

    if (xcv == NULL)
        return;
    verify_copy_text(structure.name, u"V1:");
    try_deletion(s, xcv, u"V1:", 8);
    try_deletion(s, xcv, u"v1:", 8);
    try_deletion(s, xcv, structure.bytes, sizeof structure.bytes);
    stage_print(s, 2, 100);
    try_deletion(s, xcv, u"V1:", 8);
    platen_xcv_close(xcv);
}

static HANDLE xcv_here;

XCV_OPEN_BREAK(remembers)
{
    BOOL fine = REAL_XCV_OPEN();

    xcv_here = *xcv;
    return fine;
}
WRAP(remember_xcv, pfnXcvOpenPort, remembers)

/* Leaves it to the monitor. */
static uint32_t passes_all(platen_xcv *xcv, const char *name, const void *input,
                           uint32_t input_size, void *output, uint32_t output_size,
                           uint32_t *needed, uint32_t *status)
{
    DWORD wanted = 0;

    (void)xcv;
    (void)name;
    (void)needed;
    *status = stage_real()->pfnXcvDataPort(xcv_here, u"DeletePort", (PBYTE)(uintptr_t)input,
                                           input_size, output, output_size, &wanted);
    return 0;
}

static void break_pass(struct stage_door *door)
{
    door->xcv_data = passes_all;
}

static uint32_t refuses_with_true(platen_xcv *xcv, const char *name, const void *input,
                                  uint32_t input_size, void *output, uint32_t output_size,
                                  uint32_t *needed, uint32_t *status)
{
    platen_xcv_data(xcv, name, input, input_size, output, output_size, needed, status);
    return 0;
}

static void break_true(struct stage_door *door)
{
    door->xcv_data = refuses_with_true;
}

static uint32_t refuses_with_5(platen_xcv *xcv, const char *name, const void *input,
                               uint32_t input_size, void *output, uint32_t output_size,
                               uint32_t *needed, uint32_t *status)
{
    uint32_t error =
        platen_xcv_data(xcv, name, input, input_size, output, output_size, needed, status);

    if (*status == PLATEN_BUSY)
        *status = PLATEN_ACCESS_DENIED;
    return error;
}

static void break_status(struct stage_door *door)
{
    door->xcv_data = refuses_with_5;
}

/* D6: open since the start and in nobody's use, it is closed before it is deleted. */
static void prepare_at_start(struct stage *s)
{
    s->v.port_count = 2;
    s->options.open_mode = PLATEN_OPEN_AT_START;
}

static void play_at_start(struct stage *s)
{
    uint32_t error;
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");

    if (xcv == NULL)
        return;
    KEPT(s, s->v.ports[1].opens == 1, "a port was opened %u times at the start",
         s->v.ports[1].opens);
    uint32_t status = stage_port_command(s, xcv, "DeletePort", u"V2:", &error);
    KEPT(s, error == 0 && status == 0, "DeletePort of a port that nobody uses says %u, %u",
         (unsigned)error, (unsigned)status);
    platen_xcv_close(xcv);
}

const struct stage_case stage_ports_cases[] = {
    {114,
     "a port that is open since the start is closed first",
     prepare_at_start,
     play_at_start,
     {{.how = "leaves it to the monitor", .wrap = remember_xcv, .door = break_pass}}},
    {113,
     "added ports are there, deleted ones are not",
     NULL,
     play_new,
     {{.how = "asks for the list once", .wrap = break_memory},
      {.how = "forgets no port", .wrap = break_for_ever}}},
    {113,
     "another code than 0 has changed nothing",
     prepare_refusal,
     play_refusal,
     {{.how = "notes the port before the answer", .wrap = break_first},
      {.how = "forgets the port before the answer", .wrap = break_forget},
      {.how = "knows the names itself", .door = break_known}}},
    {114,
     "a port in use is not deleted",
     prepare_used,
     play_used,
     {{.how = "leaves it to the monitor", .wrap = remember_xcv, .door = break_pass},
      {.how = "says TRUE", .door = break_true},
      {.how = "says 5", .door = break_status}}},
    {.rule = 0},
};
