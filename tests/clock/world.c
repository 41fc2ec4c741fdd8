/* SPDX-License-Identifier: MIT */
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <setjmp.h>
#include <cmocka.h>

#include "world.h"

#include <stdio.h>
#include <string.h>

#include <platen/monitor.h>

#include "os/format.h"
#include "spooler/observe.h"

static struct platen_monitor_options monitor_options;

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    return platen_monitor_create(init, &monitor_options, monitor);
}

/* ---- the diary ------------------------------------------------------------------------------- */

static struct lane_diary *diary_of(struct diary *diary, const char *lane)
{
    for (size_t i = 0; i < WORLD_LANES; i++) {
        struct lane_diary *at = &diary->lanes[i];
        if (at->name[0] == '\0')
            snprintf(at->name, sizeof at->name, "%s", lane);
        if (strcmp(at->name, lane) == 0)
            return at;
    }
    return NULL;
}

PLATEN_OS_PRINTF(2, 3)
static void note(struct lane_diary *at, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    int size = vsnprintf(at->text + at->size, sizeof at->text - at->size, format, arguments);
    va_end(arguments);
    if (size > 0 && at->size + (size_t)size < sizeof at->text)
        at->size += (size_t)size;
}

static void note_call(struct platen_observer *observer, struct platen_call *call, const char *mark)
{
    struct diary *diary = (struct diary *)observer;
    struct world *world = (struct world *)(void *)((char *)diary - offsetof(struct world, diary));

    platen_os_mutex_lock(&diary->lock);
    struct lane_diary *at = diary->on ? diary_of(diary, call->lane->name) : NULL;
    if (at != NULL)
        note(at, "%llu%s%s%u ", (unsigned long long)(platen_virtual_clock_now(world->clock)), mark,
             platen_slot_info(call->slot).name, (unsigned)call->result.code);
    platen_os_mutex_unlock(&diary->lock);
}

static void note_before(struct platen_observer *observer, struct platen_call *call)
{
    note_call(observer, call, ">");
}

static void note_after(struct platen_observer *observer, struct platen_call *call)
{
    note_call(observer, call, "<");
}

const char *world_diary(struct world *world, const char *lane)
{
    struct lane_diary *at = diary_of(&world->diary, lane);
    return at != NULL ? at->text : "";
}

/* ---- life ------------------------------------------------------------------------------------ */

void world_make(struct world *world, const struct platen_spooler_options *options, bool attached)
{
    struct platen_spooler_options own =
        options != NULL ? *options : (struct platen_spooler_options){.size = 0};

    memset(world, 0, sizeof *world);
    world->clock = platen_virtual_clock_create();
    assert_non_null(world->clock);
    platen_virtual_clock_enter(world->clock);
    world->faults = platen_faults_create(world->clock);
    assert_non_null(world->faults);
    world->diary.observer = (struct platen_observer){.before = note_before, .after = note_after};
    platen_os_mutex_init(&world->diary.lock);
    world->diary.on = true;
    platen_faults_observer(world->faults)->next = &world->diary.observer;
    own.size = sizeof own;
    own.clock = world->clock;
    assert_int_equal(platen_spooler_create(&own, &world->spooler), 0);
    platen_spooler_observe(world->spooler, platen_faults_observer(world->faults));
    if (attached)
        assert_int_equal(world_attach(world), 0);
}

uint32_t world_attach(struct world *world)
{
    monitor_options = (struct platen_monitor_options){
        .size = sizeof monitor_options, .imports = platen_spooler_imports(), .clock = world->clock};
    return platen_spooler_attach(world->spooler, "Platen", entry, NULL);
}

void world_end(struct world *world)
{
    platen_faults_end(world->faults);
    platen_spooler_destroy(world->spooler);
    platen_faults_destroy(world->faults);
    platen_os_mutex_destroy(&world->diary.lock);
    struct platen_virtual_clock_counts counts = platen_virtual_clock_counts(world->clock);
    assert_int_equal(counts.holding, 1);
    assert_int_equal(counts.sleeping, 0);
    platen_virtual_clock_destroy(world->clock);
}

/* ---- printing -------------------------------------------------------------------------------- */

platen_sim *world_printer(struct world *world, const char *name, const char *script)
{
    char uri[64];
    HANDLE instance;
    const MONITOR2 *table;
    platen_sim *device = platen_sim_create(name);

    assert_non_null(device);
    assert_int_equal(platen_sim_script(device, script, NULL), 0);
    snprintf(uri, sizeof uri, "sim:%s", name);
    assert_int_equal(platen_spooler_monitor(world->spooler, "Platen", &instance, &table), 0);
    assert_int_equal(platen_monitor_add_port(instance, name, uri), 0);
    assert_int_equal(platen_printer_add(world->spooler, name, name), 0);
    return device;
}

uint32_t world_submit(struct world *world, const char *printer, const void *data, size_t size)
{
    struct platen_document document = {.size = sizeof document, .data = data, .data_size = size};
    uint32_t id = 0;

    assert_int_equal(platen_job_submit(world->spooler, printer, &document, &id), 0);
    return id;
}

struct platen_job_info world_wait(struct world *world, uint32_t job)
{
    struct platen_job_info info;

    assert_int_equal(platen_job_wait(world->spooler, job, PLATEN_FOREVER, &info), 0);
    return info;
}

struct platen_job_info world_print(struct world *world, const char *printer, size_t size)
{
    static const unsigned char data[4096];

    assert_true(size <= sizeof data);
    return world_wait(world, world_submit(world, printer, data, size));
}

platen_fault *world_fault(struct world *world, struct platen_fault_rule rule)
{
    platen_fault *fault;

    assert_int_equal(platen_fault_add(world->faults, &rule, &fault, NULL), 0);
    return fault;
}
