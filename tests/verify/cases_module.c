/* SPDX-License-Identifier: MIT
 *
 * R83, R87, R119, where the monitor is a file: loaded, refused, unloaded.
 */
#include "break.h"

#include <string.h>

#include "modules/door.h"

#define KEY "HKEY_LOCAL_MACHINE\\System\\CurrentControlSet\\Control\\Print\\Monitors\\File"

static struct verify_door door;
static atomic_uint gone;

static void tell_gone(void)
{
    atomic_fetch_add(&gone, 1);
    verify_unloaded(&stage_now()->v);
}

static void prepare_file(struct stage *s)
{
    s->by_hand = true;
}

static uint32_t load(struct stage *s)
{
    struct verify_door *at = &door;
    platen_monitor_entry entry = verify_entry;

    if (s->broken != NULL)
        entry = s->broken->entry != NULL ? s->broken->entry : stage_layer;
    door = (struct verify_door){.entry = entry, .gone = tell_gone};
    atomic_store(&gone, 0);
    platen_registry_set(s->registry, KEY, "Door", REG_BINARY, &at, sizeof at);
    verify_next(&s->v);
    return platen_spooler_load(s->spooler, "File", VERIFY_MODULE, NULL);
}

/* One life to its end, before the spooler's own. */
static void play_unload(struct stage *s)
{
    uint32_t error = load(s);

    if (!KEPT(s, error == 0, "the module is refused with %u", (unsigned)error))
        return;
    KEPT(s, platen_printer_add(s->spooler, "Printer", "V1:") == 0, "no printer on V1:");
    stage_print(s, 1, 100);
    KEPT(s, platen_spooler_unload(s->spooler, "File") == PLATEN_BUSY,
         "a monitor whose port has a printer is unloaded");
    platen_printer_delete(s->spooler, "Printer");
    error = platen_spooler_unload(s->spooler, "File");
    KEPT(s, error == 0, "the monitor cannot be unloaded: %u", (unsigned)error);
    KEPT(s, atomic_load(&gone) == 1, "unloaded %u times", atomic_load(&gone));
}

/* The other end: with the spooler. */
static void play_leave(struct stage *s)
{
    uint32_t error = load(s);

    if (!KEPT(s, error == 0, "the module is refused with %u", (unsigned)error))
        return;
    platen_printer_add(s->spooler, "Printer", "V1:");
    stage_print(s, 2, 100);
    platen_spooler_destroy(s->spooler);
    s->spooler = NULL;
    KEPT(s, atomic_load(&gone) == 1, "unloaded %u times", atomic_load(&gone));
}

SHUTDOWN_BREAK(unloads_first)
{
    door.dll_main(NULL, DLL_PROCESS_DETACH, NULL);
    REAL_SHUTDOWN();
}
WRAP(break_first, pfnShutdown, unloads_first)

SHUTDOWN_BREAK(never)
{
    (void)h;
}
WRAP(break_never, pfnShutdown, never)

static void prepare_lacking(struct stage *s)
{
    prepare_file(s);
    s->v.lacks = offsetof(MONITOR2, pfnEndDocPort);
}

static void play_lacking(struct stage *s)
{
    uint32_t error = load(s);

    KEPT(s, error == PLATEN_INVALID_PRINT_MONITOR, "without EndDocPort the spooler says %u",
         (unsigned)error);
    KEPT(s, atomic_load(&gone) == 1, "what was refused is unloaded %u times", atomic_load(&gone));
}

static BOOL WINAPI good_for_nothing(HANDLE port)
{
    (void)port;
    return TRUE;
}
WRAP(fill_gap, pfnEndDocPort, good_for_nothing)

static uint32_t refuse(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    return at == VERIFY_INIT ? PLATEN_NOT_READY : 0;
}

static void prepare_refusal(struct stage *s)
{
    prepare_file(s);
    s->v.inside = refuse;
}

static void play_refusal(struct stage *s)
{
    uint32_t error = load(s);

    KEPT(s, error == PLATEN_NOT_READY, "initialisation failed with 21, the spooler says %u",
         (unsigned)error);
    KEPT(s, atomic_load(&gone) == 1, "what said NULL is unloaded %u times", atomic_load(&gone));
}

ENTRY_BREAK(shut_down_too)
{
    LPMONITOR2 table = stage_layer(init, monitor);

    verify_functions(false)->pfnShutdown(NULL);
    return table;
}

const struct stage_case stage_module_cases[] = {
    {83,
     "a file that says NULL is unloaded, with no other call",
     prepare_refusal,
     play_refusal,
     {{.how = "Shutdown all the same", .entry = shut_down_too}}},
    {87,
     "a file that lacks a member is unloaded",
     prepare_lacking,
     play_lacking,
     {{.how = "makes do with what is there", .wrap = fill_gap}}},
    {119,
     "a file is unloaded after Shutdown",
     prepare_file,
     play_unload,
     {{.how = "before", .wrap = break_first}, {.how = "without", .wrap = break_never}}},
    {119,
     "and so it is at the spooler's end",
     prepare_file,
     play_leave,
     {{.how = "before", .wrap = break_first}, {.how = "without", .wrap = break_never}}},
    {.rule = 0},
};
