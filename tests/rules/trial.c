/* SPDX-License-Identifier: MIT */
#include "trial.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "call/served.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/lasterror.h"
#include "os/memory.h"
#include "os/text.h"
#include "world.h"

#define SECOND_ROOT TRIAL_ROOT " Two"
#define MAX_GUARDED 256

static struct trial *running;
static const struct trial_break *breaking;
static const MONITOR2 *real;
static void (*undo_break)(void);

static struct {
    void *pages;
    size_t size;
} guarded[MAX_GUARDED];
static unsigned guarded_count;

struct trial *trial_now_running(void)
{
    return running;
}

const MONITOR2 *trial_real(void)
{
    return real;
}

void trial_afterwards(void (*undo)(void))
{
    undo_break = undo;
}

bool trial_breach(struct trial *t, const char *format, ...)
{
    if (t->breach[0] == '\0') {
        va_list list;
        va_start(list, format);
        vsnprintf(t->breach, sizeof t->breach, format, list);
        va_end(list);
    }
    return false;
}

/* ---- the way back, watched
 * ------------------------------------------------------------------------ */

static struct trial *trial_of(struct platen_observer *observer)
{
    return (struct trial *)(void *)((char *)observer - offsetof(struct trial, observer));
}

static HANDLE spooler_of(const struct platen_call *call)
{
    struct platen_slot_info slot = platen_slot_info(call->slot);
    uint64_t value = platen_call_arg(call, &slot.args[slot.arg_count - 1]);
    return (HANDLE)(uintptr_t)value;
}

static void before(struct platen_observer *observer, struct platen_call *call)
{
    struct trial *t = trial_of(observer);
    struct platen_slot_info slot = platen_slot_info(call->slot);
    struct trial_fault *fault = &t->fault;
    if (slot.table != PLATEN_TABLE_REGISTRY && slot.table != PLATEN_TABLE_WINSPOOL) {
        return;
    }
    t->calls_back[call->slot]++;
    if (t->inside != NULL && t->inside_slot == call->slot) {
        t->inside(t);
    }
    if (slot.table == PLATEN_TABLE_REGISTRY && spooler_of(call) != t->init.hSpooler) {
        t->wrong_spooler++;
    }
    if (fault->at == 0 || fault->slot != call->slot) {
        return;
    }
    fault->seen++;
    if (fault->seen == fault->at || (fault->for_good && fault->seen > fault->at)) {
        call->answered = true;
        call->result.code = slot.result == PLATEN_RESULT_CODE ? fault->code : FALSE;
        call->last_error = fault->code;
    }
}

/* A thread without a lane is one that the monitor made, or the probe: its calls are counted only.
 */
static struct platen_lane *find_lane(HANDLE spooler)
{
    (void)spooler;
    if (running != NULL) {
        running->foreign_calls++;
    }
    return NULL;
}

/* ---- life
 * ---------------------------------------------------------------------------------------- */

LPMONITOR2 trial_init(struct trial *t, PMONITORINIT init, PHANDLE monitor)
{
    (void)t;
    platen_os_set_last_error(0);
    return breaking != NULL && breaking->entry != NULL
               ? breaking->entry(init, monitor)
               : platen_monitor_create(init, &t->options, monitor);
}

static void fill_init(struct trial *t)
{
    t->init = (MONITORINIT){
        .cbSize = sizeof t->init,
        .hSpooler = platen_registry_view_spooler(t->view),
        .hckRegistryRoot = (void *)platen_registry_view_root(t->view),
        .pMonitorReg = (MONITORREG *)(uintptr_t)&platen_served_registry,
        .bLocal = TRUE,
    };
}

/* Copies what the table says that it has; it may be a broken one, at an odd address (R2). */
static void take_table(struct trial *t, const void *table)
{
    DWORD size;
    memcpy(&size, table, sizeof size);
    memset(&t->m, 0, sizeof t->m);
    memcpy(&t->m, table, size < sizeof t->m ? size : sizeof t->m);
    real = table;
}

static bool start_instance(struct trial *t)
{
    fill_init(t);
    LPMONITOR2 table = trial_init(t, &t->init, &t->monitor);
    if (table == NULL) {
        return trial_breach(t, "init failed with %u", (unsigned)platen_os_get_last_error());
    }
    take_table(t, table);
    if (breaking != NULL && breaking->wrap != NULL) {
        breaking->wrap(&t->m);
    }
    return true;
}

/* The port of the simulated device, which is not stored. */
static bool add_device(struct trial *t)
{
    uint32_t error =
        t->test->no_fixed_ports ? 0 : platen_monitor_add_port(t->monitor, "SIM:trial", "sim:trial");
    return KEPT(t, error == 0 || error == PLATEN_ALREADY_EXISTS, "SIM:trial: %u", (unsigned)error);
}

/* A file in the folder, by a name that is a port's. */
static void name_file_port(struct trial *t)
{
    char path[1100];
    char *absolute;
    snprintf(path, sizeof path, "%s/trial.prn", t->folder);
    if (platen_os_absolute_path(path, &absolute) == 0) {
        platen_text_to16(absolute, SIZE_MAX, (char16_t *)t->file_port,
                         sizeof t->file_port / sizeof *t->file_port);
        free(absolute);
    }
}

static void choose_options(struct trial *t, const struct trial_case *test)
{
    static const struct platen_backend *chosen[8];
    t->options = (struct platen_monitor_options){
        .size = sizeof t->options,
        .imports = &platen_served_imports,
        .file_root = t->folder,
        .clock = test->real_clock ? world_real_clock() : world_clock(),
        .write_timeout = test->real_clock ? 400 : 4000,
        .read_timeout = test->real_clock ? 200 : 2000,
        .start_timeout = 3000,
        .drain_timeout = test->real_clock ? 400 : 4000,
    };
    if (test->no_fixed_ports) {
        unsigned count = 0;
        for (const struct platen_backend *const *b = platen_backends(); *b != NULL; b++) {
            if ((*b)->enumerate == NULL) {
                chosen[count++] = *b;
            }
        }
        chosen[count] = NULL;
        t->options.backends = chosen;
    }
}

void trial_begin(struct trial *t, const struct trial_case *test, const struct trial_break *how)
{
    memset(t, 0, sizeof *t);
    running = t;
    breaking = how;
    t->test = test;
    t->module = TRIAL_MODULE;
    t->observer.before = before;
    t->lane = (struct platen_lane){.name = "trial", .observers = &t->observer};
    platen_lane_enter(&t->lane);
    platen_serve(platen_registry_table(), &world_winspool);
    platen_serve_foreign_threads(find_lane);
    t->device = platen_sim_create("trial");
    platen_sim_forget(t->device);
    platen_sim_script(t->device, "", NULL);
    if (platen_os_make_temporary_folder(t->folder, sizeof t->folder) != 0 ||
        platen_registry_create(&t->registry) != 0 ||
        platen_registry_view_create(t->registry, TRIAL_ROOT, &t->view) != 0) {
        trial_breach(t, "the world cannot be made");
        return;
    }
    name_file_port(t);
    choose_options(t, test);
    if (start_instance(t)) {
        add_device(t);
    }
}

static void end_instance(struct trial *t)
{
    if (t->monitor != NULL && t->m.pfnShutdown != NULL) {
        t->m.pfnShutdown(t->monitor);
    }
    t->monitor = NULL;
}

bool trial_restart(struct trial *t)
{
    end_instance(t);
    return start_instance(t) && add_device(t);
}

bool trial_begin_second(struct trial *t, struct trial *other)
{
    memset(other, 0, sizeof *other);
    other->options = t->options;
    other->test = t->test;
    other->registry = t->registry;
    other->device = t->device;
    memcpy(other->folder, t->folder, sizeof t->folder);
    memcpy(other->file_port, t->file_port, sizeof t->file_port);
    if (platen_registry_view_create(t->registry, SECOND_ROOT, &other->view) != 0) {
        return trial_breach(t, "a second view cannot be made");
    }
    if (!start_instance(other)) {
        return trial_breach(t, "a second instance: %s", other->breach);
    }
    return true;
}

void trial_end(struct trial *t)
{
    bool first = t == running;
    end_instance(t);
    if (first && undo_break != NULL) {
        undo_break();
        undo_break = NULL;
    }
    if (t->view != NULL) {
        platen_registry_view_destroy(t->view);
    }
    if (!first) {
        return;
    }
    platen_registry_destroy(t->registry);
    platen_sim_release(t->device);
    platen_os_remove_folder(t->folder);
    while (guarded_count > 0) {
        guarded_count--;
        platen_os_pages_free(guarded[guarded_count].pages, guarded[guarded_count].size);
    }
    platen_lane_enter(NULL);
    running = NULL;
    breaking = NULL;
}

uint64_t trial_now(struct trial *t)
{
    return t->options.clock->now(t->options.clock);
}

void trial_pass(struct trial *t, uint64_t nanoseconds)
{
    static const uint32_t word;
    uint64_t until = trial_now(t) + nanoseconds;
    while (trial_now(t) < until) {
        t->options.clock->wait(t->options.clock, &word, 0, until);
    }
}

void *trial_guarded(struct trial *t, size_t size)
{
    size_t page = platen_os_page_size();
    size_t whole = (size + page - 1) / page * page;
    unsigned char *pages = platen_os_pages_alloc(whole + page);
    if (pages == NULL || guarded_count == MAX_GUARDED) {
        trial_breach(t, "no guarded memory");
        return NULL;
    }
    platen_os_pages_protect(pages + whole, page, PLATEN_OS_NO_ACCESS);
    guarded[guarded_count].pages = pages;
    guarded[guarded_count++].size = whole + page;
    return pages + whole - size;
}
