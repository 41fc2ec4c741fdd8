/* SPDX-License-Identifier: MIT
 *
 * R83, R84, R90: how an instance begins, and what it is called by.
 */
#include "break.h"

#include <string.h>

/* ---- R83 ------------------------------------------------------------------------------------- */

static void play_print(struct stage *s)
{
    stage_print(s, 1, 300);
}

ENTRY_BREAK(enum_first)
{
    DWORD needed, returned;

    verify_functions(false)->pfnEnumPorts(NULL, NULL, 1, NULL, 0, &needed, &returned);
    return stage_layer(init, monitor);
}

ENTRY_BREAK(init_twice)
{
    HANDLE first;
    LPMONITOR2 table = stage_layer(init, &first);

    verify_entry(init, monitor);
    *monitor = first;
    return table;
}

static uint32_t refuse_init(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    return at == VERIFY_INIT ? PLATEN_NOT_READY : 0;
}

static void prepare_refusal(struct stage *s)
{
    s->v.inside = refuse_init;
}

static void play_refusal(struct stage *s)
{
    KEPT(s, s->attached == PLATEN_NOT_READY,
         "initialisation failed with 21, and the spooler says %u", (unsigned)s->attached);
}

ENTRY_BREAK(shut_down_though_refused)
{
    LPMONITOR2 table = stage_layer(init, monitor);

    verify_functions(false)->pfnShutdown(NULL);
    return table;
}

ENTRY_BREAK(go_on_though_refused)
{
    stage_layer(init, monitor);
    *monitor = NULL;
    return (LPMONITOR2)(uintptr_t)verify_functions(false);
}

/* ---- R84 ------------------------------------------------------------------------------------- */

static void forget_init(MONITORINIT *init, MONITORREG *store)
{
    (void)store;
    memset(init, 0xDD, sizeof *init);
}

static void forget_store(MONITORINIT *init, MONITORREG *store)
{
    (void)init;
    memset(store, 0xDD, sizeof *store);
}

static void older_init(MONITORINIT *init, MONITORREG *store)
{
    (void)store;
    init->cbSize = offsetof(MONITORINIT, pMonitorReg);
}

static void older_store(MONITORINIT *init, MONITORREG *store)
{
    (void)init;
    store->cbSize = offsetof(MONITORREG, fpQueryValue);
}

static void no_callback(MONITORINIT *init, MONITORREG *store)
{
    (void)init;
    store->fpDeleteKey = NULL;
}

static LONG WINAPI query_while_young(HANDLE key, LPCWSTR value, PDWORD type, PBYTE data,
                                     PDWORD size, HANDLE spooler)
{
    if (atomic_load(&stage_now()->mark) != 0)
        return PLATEN_INVALID_HANDLE;
    return stage_store()->fpQueryValue(key, value, type, data, size, spooler);
}

static void young_store(MONITORINIT *init, MONITORREG *store)
{
    (void)init;
    store->fpQueryValue = query_while_young;
}

static void grow_old(MONITORINIT *init, MONITORREG *store)
{
    (void)init;
    (void)store;
    atomic_store(&stage_now()->mark, 1);
}

/* Goes through every function that takes a handle. */
static void play_all(struct stage *s)
{
    uint32_t error;

    stage_print(s, 2, 200);
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");
    if (xcv == NULL)
        return;
    stage_port_command(s, xcv, "AddPort", u"More:", &error);
    platen_xcv_close(xcv);
}

/* ---- R90 ------------------------------------------------------------------------------------- */

static void prepare_null(struct stage *s)
{
    s->v.any_instance = true;
}

static void prepare_odd(struct stage *s)
{
    s->v.any_instance = true;
    s->v.instance = (HANDLE)(uintptr_t)0x8000BEEFu;
}

static void prepare_all_ones(struct stage *s)
{
    s->v.any_instance = true;
    s->v.instance = (HANDLE)UINTPTR_MAX;
}

static HANDLE other(HANDLE h)
{
    return (HANDLE)((uintptr_t)h ^ 1);
}

ENUM_BREAK(enum_of_another)
{
    h = other(h);
    return REAL_ENUM();
}
WRAP(break_enum, pfnEnumPorts, enum_of_another)

OPEN_BREAK(open_of_another)
{
    h = other(h);
    return REAL_OPEN();
}
WRAP(break_open, pfnOpenPort, open_of_another)

XCV_OPEN_BREAK(xcv_open_of_another)
{
    h = other(h);
    return REAL_XCV_OPEN();
}
WRAP(break_xcv_open, pfnXcvOpenPort, xcv_open_of_another)

SHUTDOWN_BREAK(shut_down_other)
{
    stage_real()->pfnShutdown(other(h));
    stage_real()->pfnShutdown(h);
}
WRAP(break_shutdown, pfnShutdown, shut_down_other)

/* NULL taken for "none": the monitor's own address instead. */
OPEN_BREAK(open_of_something)
{
    h = h != NULL ? h : (HANDLE)stage_now();
    return REAL_OPEN();
}
WRAP(break_null, pfnOpenPort, open_of_something)

OPEN_BREAK(open_of_a_half)
{
    h = (HANDLE)((uintptr_t)h & 0x7FFFFFFF);
    return REAL_OPEN();
}
WRAP(break_half, pfnOpenPort, open_of_a_half)

const struct stage_case stage_init_cases[] = {
    {83,
     "initialisation comes first, once",
     NULL,
     play_print,
     {{.how = "EnumPorts before initialisation", .entry = enum_first},
      {.how = "a second initialisation", .entry = init_twice}}},
    {83,
     "after NULL nothing comes",
     prepare_refusal,
     play_refusal,
     {{.how = "Shutdown though NULL was returned", .entry = shut_down_though_refused},
      {.how = "goes on with the functions it knows", .entry = go_on_though_refused}}},
    {84,
     "MONITORINIT is complete",
     NULL,
     play_print,
     {{.how = "a cbSize of an older time", .init = older_init},
      {.how = "a MONITORREG that ends too early", .init = older_store},
      {.how = "a callback is NULL", .init = no_callback}}},
    {84,
     "MONITORINIT lasts",
     NULL,
     play_all,
     {{.how = "the structure lay on the stack", .returned = forget_init},
      {.how = "MONITORREG is gone after initialisation", .returned = forget_store},
      {.how = "the root key is closed after initialisation",
       .init = young_store,
       .returned = grow_old}}},
    {90,
     "NULL is an instance",
     prepare_null,
     play_all,
     {{.how = "takes NULL for none", .wrap = break_null}}},
    {90,
     "odd bits are an instance",
     prepare_odd,
     play_all,
     {{.how = "EnumPorts with another bit", .wrap = break_enum},
      {.how = "OpenPort with another bit", .wrap = break_open},
      {.how = "XcvOpenPort with another bit", .wrap = break_xcv_open},
      {.how = "Shutdown with another bit", .wrap = break_shutdown}}},
    {90,
     "all ones are an instance",
     prepare_all_ones,
     play_all,
     {{.how = "keeps 31 bits of it", .wrap = break_half}}},
    {.rule = 0},
};
