/* SPDX-License-Identifier: MIT
 *
 * R86, R87, R120: how far a table goes, what it must have, and what nobody calls.
 */
#include "break.h"

#include <string.h>

#include "os/memory.h"

/* ---- R86: tables that end at a page that nobody may touch ------------------------------------ */

static const DWORD sizes[] = {PLATEN_MONITOR2_WIN2K, PLATEN_MONITOR2_WINXP, PLATEN_MONITOR2_WIN7,
                              PLATEN_MONITOR2_WIN8, PLATEN_MONITOR2_WIN8 + 64};
#define SIZES (sizeof sizes / sizeof *sizes)

static void prepare_by_hand(struct stage *s)
{
    s->by_hand = true;
}

struct guarded {
    unsigned char *pages;
    size_t size;
};

static void *guarded_alloc(struct guarded *memory, size_t size)
{
    size_t page = platen_os_page_size();

    memory->size = 2 * page;
    memory->pages = platen_os_pages_alloc(memory->size);
    platen_os_pages_protect(memory->pages + page, page, PLATEN_OS_NO_ACCESS);
    return memory->pages + page - size;
}

/* A life from attaching to Shutdown, all that a spooler does in between. */
static void live(struct stage *s)
{
    uint32_t error;

    KEPT(s, platen_printer_add(s->spooler, "Printer", "V1:") == 0, "no printer on V1:");
    stage_print(s, 3, 150);
    platen_xcv *xcv = stage_xcv(s, ",XcvPort V1:");
    if (xcv == NULL)
        return;
    stage_port_command(s, xcv, "AddPort", u"V9:", &error);
    platen_xcv_close(xcv);
}

static void renew(struct stage *s)
{
    platen_spooler_destroy(s->spooler);
    verify_settle(&s->v);
    s->spooler = NULL;
    platen_spooler_create(&s->options, &s->spooler);
}

/* What a former life found stays; everything else is new. */
static void revive(struct stage *s, struct verify *kept)
{
    memcpy(kept->findings, s->v.findings, sizeof kept->findings);
    unsigned count = atomic_load(&s->v.finding_count);
    verify_forget(&s->v);
    verify_prepare(&s->v, &s->imports);
    s->v.clock = &s->clock.clock;
    s->v.queue = u"Printer";
    memcpy(s->v.findings, kept->findings, sizeof kept->findings);
    atomic_store(&s->v.finding_count, count);
}

static void play_sizes(struct stage *s)
{
    static struct verify kept;

    for (size_t i = 0; i < SIZES; i++) {
        struct guarded memory;
        if (i != 0)
            revive(s, &kept);
        s->v.table_size = sizes[i];
        s->v.table_at = guarded_alloc(&memory, sizes[i]);
        uint32_t error = stage_attach(s, &s->v, "Verify");
        if (KEPT(s, error == 0, "a table of %u bytes is refused with %u", (unsigned)sizes[i],
                 (unsigned)error))
            live(s);
        renew(s);
        platen_os_pages_free(memory.pages, memory.size);
    }
}

ENTRY_BREAK(newest_alone)
{
    LPMONITOR2 table = stage_layer(init, monitor);

    return table != NULL && table->cbSize >= PLATEN_MONITOR2_WIN7 ? table : NULL;
}

ENTRY_BREAK(known_alone)
{
    LPMONITOR2 table = stage_layer(init, monitor);

    return table != NULL && table->cbSize <= sizeof *table ? table : NULL;
}

/* Beyond cbSize lie functions that tell when they are called. */
static void prepare_traps(struct stage *s)
{
    s->v.table_size = PLATEN_MONITOR2_WINXP;
    s->v.traps = true;
}

static void play_traps(struct stage *s)
{
    live(s);
}

static void prepare_traps_by_hand(struct stage *s)
{
    prepare_traps(s);
    s->no_printer = true;
}

OPEN_BREAK(tells_of_use)
{
    PCWSTR name = port;
    const MONITOR2 *table = stage_real();

    if (stage_once()) /* without a look at cbSize */
        table->pfnNotifyUsedPorts(h, 1, (PCWSTR *)(void *)&name);
    return REAL_OPEN();
}
WRAP(break_used, pfnOpenPort, tells_of_use)

/* ---- R87 ------------------------------------------------------------------------------------- */

#define MEMBER(name)                                                                               \
    {                                                                                              \
#        name, offsetof(MONITOR2, pfn##name)                                                       \
    }
static const struct {
    const char *name;
    size_t offset;
} required[] = {
    MEMBER(EnumPorts),   MEMBER(OpenPort),     MEMBER(StartDocPort), MEMBER(WritePort),
    MEMBER(ReadPort),    MEMBER(EndDocPort),   MEMBER(ClosePort),    MEMBER(XcvOpenPort),
    MEMBER(XcvDataPort), MEMBER(XcvClosePort),
};
#undef MEMBER

static void play_lacking(struct stage *s)
{
    static struct verify kept;

    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        if (i != 0)
            revive(s, &kept);
        s->v.lacks = required[i].offset;
        uint32_t error = stage_attach(s, &s->v, "Verify");
        KEPT(s, error == PLATEN_INVALID_PRINT_MONITOR, "without %s the spooler says %u",
             required[i].name, (unsigned)error);
        if (error == 0)
            platen_printer_add(s->spooler, "Printer", "V1:");
        renew(s);
    }
}

/* What is missing is put in its place: whole, and good for nothing. */
static BOOL WINAPI good_for_nothing(void)
{
    return FALSE;
}

static void fill_gaps(MONITOR2 *table)
{
    BOOL(WINAPI * filler)(void) = good_for_nothing;

    for (size_t i = 0; i < sizeof required / sizeof *required; i++) {
        static const char none[sizeof(void *)];
        char *at = (char *)table + required[i].offset;
        if (memcmp(at, none, sizeof none) == 0)
            memcpy(at, &filler, sizeof filler);
    }
}

ENTRY_BREAK(shut_down_the_lacking)
{
    LPMONITOR2 table = stage_layer(init, monitor);

    stage_real()->pfnShutdown(*monitor);
    return table;
}

/* Optional members may be missing. */
static const size_t optional[] = {
    offsetof(MONITOR2, pfnGetPrinterDataFromPort), offsetof(MONITOR2, pfnSetPortTimeOuts),
    offsetof(MONITOR2, pfnShutdown), offsetof(MONITOR2, pfnSendRecvBidiDataFromPort)};

static void play_optional(struct stage *s)
{
    static struct verify kept;

    for (size_t i = 0; i < sizeof optional / sizeof *optional; i++) {
        if (i != 0)
            revive(s, &kept);
        s->v.lacks = optional[i];
        uint32_t error = stage_attach(s, &s->v, "Verify");
        if (KEPT(s, error == 0, "a monitor is refused with %u for a member that it may lack",
                 (unsigned)error))
            live(s);
        renew(s);
    }
}

ENTRY_BREAK(wants_all)
{
    LPMONITOR2 table = stage_layer(init, monitor);

    return table != NULL && table->pfnShutdown != NULL ? table : NULL;
}

static void prepare_empty(struct stage *s)
{
    s->v.ports[0].listed = false;
    s->no_printer = true;
}

static void play_empty(struct stage *s)
{
    KEPT(s, s->attached == 0, "a monitor without ports is refused with %u", (unsigned)s->attached);
}

ENTRY_BREAK(wants_ports)
{
    LPMONITOR2 table = stage_layer(init, monitor);
    DWORD needed = 0, returned = 0;

    table->pfnEnumPorts(*monitor, NULL, 1, NULL, 0, &needed, &returned);
    if (needed != 0)
        return table;
    table->pfnShutdown(*monitor);
    return NULL;
}

/* ---- R120 ------------------------------------------------------------------------------------ */

static void prepare_members(struct stage *s)
{
    s->v.members = true;
}

static void play_members(struct stage *s)
{
    uint32_t error;

    stage_print(s, 4, 150);
    platen_xcv *xcv = stage_xcv(s, ",XcvMonitor Verify");
    if (xcv == NULL)
        return;
    KEPT(s, stage_port_command(s, xcv, "AddPort", u"V9:", &error) == 0, "AddPort fails");
    KEPT(s, stage_port_command(s, xcv, "DeletePort", u"V9:", &error) == 0, "DeletePort fails");
    platen_xcv_close(xcv);
}

XCV_BREAK(the_old_way)
{
    (void)xcv;
    (void)input_size;
    (void)output;
    (void)output_size;
    (void)needed;
    if (command[0] == 'A')
        return stage_real()->pfnAddPort(stage_instance(), NULL, NULL, text_of(u"Verify")) ? 0 : 50;
    return stage_real()->pfnDeletePort(stage_instance(), NULL, NULL, (LPWSTR)(void *)input) ? 0
                                                                                            : 50;
}
WRAP(break_add, pfnXcvDataPort, the_old_way)

OPEN_BREAK(configures)
{
    stage_real()->pfnConfigurePort(h, NULL, NULL, port);
    return REAL_OPEN();
}
WRAP(break_configure, pfnOpenPort, configures)

/* What they return is taken for a verdict. */
START_BREAK(asks_for_power)
{
    DWORD code = stage_real()->pfnPowerEvent(stage_instance(), 0, NULL);

    return code == 0 ? REAL_START() : fails_with(code);
}
WRAP(break_power, pfnStartDocPort, asks_for_power)

static void play_without(struct stage *s)
{
    stage_print(s, 5, 150);
}

OPEN_BREAK(calls_null)
{
    PCWSTR name = port;
    /* where there is NULL a spooler that does not look calls: the monitor's trap stands there */
    stage_now()->v.members = false;
    stage_real()->pfnNotifyUnusedPorts(h, 1, (PCWSTR *)(void *)&name);
    return REAL_OPEN();
}
WRAP(break_without, pfnOpenPort, calls_null)

static void prepare_without(struct stage *s)
{
    s->v.traps = true;
    s->v.table_size = PLATEN_MONITOR2_WINXP;
}

const struct stage_case stage_table_cases[] = {
    {86,
     "tables of all sizes",
     prepare_by_hand,
     play_sizes,
     {{.how = "wants what Windows 7 has", .entry = newest_alone},
      {.how = "refuses what is larger than it knows", .entry = known_alone}}},
    {86,
     "beyond cbSize nothing is there",
     prepare_traps_by_hand,
     play_traps,
     {{.how = "tells of ports in use without a look at cbSize", .wrap = break_used}}},
    {87,
     "what lacks a member is refused",
     prepare_by_hand,
     play_lacking,
     {{.how = "makes do with what is there", .wrap = fill_gaps},
      {.how = "shuts down what it refuses", .entry = shut_down_the_lacking}}},
    {87,
     "optional members may lack",
     prepare_by_hand,
     play_optional,
     {{.how = "wants a Shutdown", .entry = wants_all}}},
    {87,
     "no ports are no reason",
     prepare_empty,
     play_empty,
     {{.how = "wants ports", .entry = wants_ports}}},
    {120,
     "newer members fail, and nobody minds",
     prepare_members,
     play_members,
     {{.how = "adds ports with AddPort", .wrap = break_add},
      {.how = "configures before it opens", .wrap = break_configure},
      {.how = "takes PowerEvent's result for a refusal", .wrap = break_power}}},
    {120,
     "newer members are not there",
     prepare_without,
     play_without,
     {{.how = "calls NotifyUnusedPorts all the same", .wrap = break_without}}},
    {.rule = 0},
};
