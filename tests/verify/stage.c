/* SPDX-License-Identifier: MIT
 *
 * The stage: how a performance is set up, with or without the layer, and taken down.
 */
#include "stage.h"

#include <stdlib.h>
#include <string.h>

static struct {
    struct stage *now;
    /* The layer: what the spooler gets is a copy of what the monitor has, and the other way. */
    const MONITOR2 *real[2];
    MONITOR2 table[2];
    HANDLE instance;
    MONITORINIT init[2];
    MONITORREG store[2];
    const MONITORREG *real_store;
} layer;

struct stage *stage_now(void)
{
    return layer.now;
}

const MONITOR2 *stage_real(void)
{
    return layer.real[0];
}

const MONITOR2 *stage_real_over(void)
{
    return layer.real[1];
}

HANDLE stage_instance(void)
{
    return layer.instance;
}

const MONITORREG *stage_store(void)
{
    return layer.real_store;
}

bool stage_once(void)
{
    return atomic_fetch_add(&layer.now->once, 1) == 0;
}

/* ---- the layer ------------------------------------------------------------------------------- */

/* As much of the table as it has; what the break adds may lie beyond. */
static LPMONITOR2 cover(int which, const MONITOR2 *real)
{
    const struct stage_break *broken = layer.now->broken;
    MONITOR2 *table = &layer.table[which];
    DWORD size;

    memcpy(&size, real, sizeof size);
    memset(table, 0, sizeof *table);
    memcpy(table, real, size < sizeof *table ? size : sizeof *table);
    layer.real[which] = &layer.now->v.table;
    if (which == 1)
        layer.real[which] = &layer.now->over.table;
    if (which == 0 && broken->wrap != NULL)
        broken->wrap(table);
    if (which == 1 && broken->over != NULL)
        broken->over(table);
    return table;
}

LPMONITOR2 WINAPI stage_layer(PMONITORINIT init, PHANDLE monitor)
{
    const struct stage_break *broken = layer.now->broken;
    int which = verify_expected() == &layer.now->over;
    MONITORINIT *own = &layer.init[which];

    *own = *init;
    layer.store[which] = *init->pMonitorReg;
    layer.real_store = init->pMonitorReg;
    own->pMonitorReg = &layer.store[which];
    if (broken->init != NULL)
        broken->init(own, &layer.store[which]);
    LPMONITOR2 table = verify_entry(own, monitor);
    if (which == 0)
        layer.instance = *monitor;
    if (broken->returned != NULL)
        broken->returned(own, &layer.store[which]);
    return table != NULL ? cover(which, table) : NULL;
}

uint32_t stage_attach(struct stage *s, struct verify *v, const char *name)
{
    platen_monitor_entry entry = verify_entry;

    if (s->broken != NULL)
        entry = s->broken->entry != NULL ? s->broken->entry : stage_layer;
    verify_next(v);
    return platen_spooler_attach(s->spooler, name, entry, NULL);
}

/* ---- setting up and taking down -------------------------------------------------------------- */

static void make_spooler(struct stage *s)
{
    s->options = (struct platen_spooler_options){
        .size = sizeof s->options, .registry = s->registry, .clock = &s->clock.clock, .chunk = 64};
    if (s->scene->prepare != NULL)
        s->scene->prepare(s);
    if (s->broken != NULL && s->broken->imports != NULL)
        s->broken->imports(&s->imports);
    if (s->broken != NULL && s->broken->door != NULL)
        s->broken->door(&s->door);
    if (s->broken != NULL && s->broken->meanwhile != NULL)
        s->v.meanwhile = s->broken->meanwhile;
    if (s->broken != NULL && s->broken->start != NULL)
        s->broken->start(s);
    if (platen_spooler_create(&s->options, &s->spooler) != 0)
        abort();
}

static void attach_over(struct stage *s)
{
    verify_next(&s->over);
    s->attached_over = platen_spooler_attach_language(
        s->spooler, "Over", s->broken != NULL ? stage_layer : verify_entry, NULL);
    KEPT(s, s->attached_over == 0, "the language monitor is refused with %u",
         (unsigned)s->attached_over);
}

static void attach_all(struct stage *s)
{
    static const char *const ports[] = {"V1:", "V2:", "V3:"};
    struct platen_printer_options options = {.size = sizeof options,
                                             .ports = ports,
                                             .port_count = s->pool != 0 ? s->pool : 1,
                                             .bidi = !s->no_bidi || s->forgets_bidi};

    s->v.wants_above = s->language && !s->no_bidi;
    s->over.wants_no_jobs = s->no_bidi;
    s->attached = stage_attach(s, &s->v, "Verify");
    if (s->language)
        attach_over(s);
    if (s->language && !s->forgets_over)
        options.language = "Over";
    if (s->attached == 0 && !s->no_printer)
        KEPT(s, platen_printer_create(s->spooler, "Printer", &options) == 0,
             "a printer on a port that is listed cannot be made");
}

void stage_open(struct stage *s, const struct stage_case *scene, const struct stage_break *broken)
{
    memset(s, 0, sizeof *s);
    layer.now = s;
    s->scene = scene;
    s->broken = broken;
    s->imports = *platen_spooler_imports();
    s->door = (struct stage_door){.xcv_data = platen_xcv_data, .xcv_open = platen_xcv_open};
    stage_clock_prepare(&s->clock);
    verify_prepare(&s->v, &s->imports);
    verify_prepare(&s->over, &s->imports);
    s->v.clock = s->over.clock = &s->clock.clock;
    s->v.queue = s->over.queue = u"Printer";
    s->over.language = true;
    s->over.book = &s->v;
    if (platen_registry_create(&s->registry) != 0)
        abort();
    make_spooler(s);
    if (!s->by_hand)
        attach_all(s);
}

void stage_close(struct stage *s)
{
    platen_spooler_destroy(s->spooler);
    verify_settle(&s->v);
    verify_settle(&s->over);
    verify_forget(&s->over);
    verify_forget(&s->v);
    platen_registry_destroy(s->registry);
    platen_os_mutex_destroy(&s->clock.lock);
    layer.now = NULL;
}

/* ---- what scenes do -------------------------------------------------------------------------- */

static uint32_t read_document(void *context, uint64_t offset, void *to, uint32_t size,
                              uint32_t *moved)
{
    uint64_t packed = (uintptr_t)context;
    uint64_t whole = packed & 0xFFFFFF;
    uint64_t left = offset < whole ? whole - offset : 0;

    *moved = left < size ? (uint32_t)left : size;
    verify_bytes((uint32_t)(packed >> 24), offset, to, *moved);
    return 0;
}

/* Seed and size stand in the context itself: seeds below 256, sizes below 16 MiB. */
uint32_t stage_submit(struct stage *s, const char *printer, uint32_t seed, uint32_t size)
{
    char title[VERIFY_NAME];
    uint32_t job;
    struct platen_document document = {
        .size = sizeof document,
        .title = title,
        .read_at = read_document,
        .read_context = (void *)((uintptr_t)seed << 24 | size),
    };

    verify_title(seed, size, title);
    uint32_t error = platen_job_submit(s->spooler, printer, &document, &job);
    KEPT(s, error == 0, "a job cannot be queued: %u", (unsigned)error);
    return job;
}

enum platen_job_state stage_state_at_rest(struct stage *s, uint32_t job, unsigned sleepers)
{
    struct platen_job_info info = {.state = PLATEN_JOB_FAILED};

    stage_clock_until_asleep(&s->clock, sleepers);
    platen_job_query(s->spooler, job, &info);
    return info.state;
}

struct platen_job_info stage_wait(struct stage *s, uint32_t job)
{
    struct platen_job_info info = {.id = 0};
    struct platen_clock *clock = &s->clock.clock;
    uint64_t deadline = s->clock.jumps ? PLATEN_FOREVER : clock->now(clock) + 3600 * SECOND;
    uint32_t error = platen_job_wait(s->spooler, job, deadline, &info);

    KEPT(s, error == 0, "a job is waited for in vain: %u, state %d", (unsigned)error,
         (int)info.state);
    return info;
}

struct platen_job_info stage_print(struct stage *s, uint32_t seed, uint32_t size)
{
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", seed, size));

    KEPT(s, info.state == PLATEN_JOB_PRINTED, "a job ended in state %d with %u of %s",
         (int)info.state, (unsigned)info.error, info.slot != NULL ? info.slot : "nobody");
    return info;
}

platen_xcv *stage_xcv(struct stage *s, const char *object)
{
    platen_xcv *xcv = NULL;
    uint32_t error = s->door.xcv_open(s->spooler, object, SERVER_ALL_ACCESS, &xcv);

    KEPT(s, error == 0, "%s cannot be opened: %u", object, (unsigned)error);
    return xcv;
}

uint32_t stage_port_command(struct stage *s, platen_xcv *xcv, const char *command,
                            const char16_t *port, uint32_t *error)
{
    uint32_t size = (uint32_t)(platen_text_length16(port, VERIFY_NAME) + 1) * sizeof *port;
    uint32_t status = 0;

    *error = s->door.xcv_data(xcv, command, port, size, NULL, 0, NULL, &status);
    return status;
}
