/* SPDX-License-Identifier: MIT
 *
 * The way in, and the tables that are shown instead of those that are meant.
 */
#include "record/record.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/served.h"
#include "host/older.h"
#include "os/lasterror.h"
#include "os/module.h"
#include "os/thread.h"

#define MONITORS 8 /* of one process, at a time; more are not recorded */

/* One that is recorded. */
static struct record {
    bool used;
    bool older;
    bool lasts; /* it has no Shutdown: the next one of the same driver is it again */
    char *driver;
    platen_os_module *module;
    struct platen_entry_table entry;
    MONITORINIT init;    /* what the monitor gets; some keep it */
    MONITORREG registry; /* in it */
    const MONITOR2 *real;
    MONITOR2 shown;
} records[MONITORS];

static platen_os_mutex lock; /* of who is used */
static atomic_int prepared;  /* 1: somebody is at it; 2: it is done */
static MONITORREG spoolers;  /* the functions of the spooler's that are recorded */

static void numbered_call(unsigned number, struct platen_call *call);

#define PLATEN_NUMBERED_EIGHT
#include "call/numbered.h"

static const MONITOR2 tables[MONITORS] = {
#define PLATEN_NUMBERED_ROWS
#include "call/numbered.h"
};

/* ---- tables ---------------------------------------------------------------------------------- */

/* Ours, with no more members than theirs has: what is NULL stays NULL. The size comes first, and
 * then, at the first place for a pointer, the functions. */
static void show(void *shown, const void *ours, const void *theirs, size_t size)
{
    static const char nothing[sizeof(void *)];
    DWORD known;

    memcpy(&known, theirs, sizeof known);
    known = known < size ? known : (DWORD)size;
    memset(shown, 0, size);
    memcpy(shown, &known, sizeof known);
    for (size_t at = sizeof nothing; at + sizeof nothing <= known; at += sizeof nothing) {
        if (memcmp((const char *)theirs + at, nothing, sizeof nothing) != 0) {
            memcpy((char *)shown + at, (const char *)ours + at, sizeof nothing);
        }
    }
}

static void copy_sized(void *to, const void *from, size_t size)
{
    DWORD known;

    memcpy(&known, from, sizeof known);
    known = known < size ? known : (DWORD)size;
    memset(to, 0, size);
    memcpy(to, from, known);
    memcpy(to, &known, sizeof known);
}

/* The spooler's functions are the same for all of its monitors. If once they are not, calls of
 * those are not recorded. */
static bool serve_registry(const MONITORREG *registry)
{
    MONITORREG whole;

    copy_sized(&whole, registry, sizeof whole);
    platen_os_mutex_lock(&lock);
    if (spoolers.cbSize == 0) {
        spoolers = whole;
        platen_serve(&spoolers, record_imports());
    }
    bool same = memcmp(&spoolers, &whole, sizeof whole) == 0;
    platen_os_mutex_unlock(&lock);
    return same;
}

/* ---- who is recorded ------------------------------------------------------------------------- */

static void prepare(void)
{
    int none = 0;

    if (!atomic_compare_exchange_strong(&prepared, &none, 1)) {
        while (atomic_load(&prepared) != 2) {
            platen_os_thread_yield();
        }
        return;
    }
    platen_os_mutex_init(&lock);
    record_journal_prepare();
    platen_os_module_pin(&lock); /* threads of ours, and what is kept for each, outlive a load */
    atomic_store(&prepared, 2);
}

/* With the lock. */
static struct record *find_record(const char *driver)
{
    struct record *place = NULL;

    for (struct record *at = records; at < records + MONITORS; at++) {
        if (at->lasts && strcmp(at->driver, driver) == 0) {
            return at;
        }
        place = place == NULL && !at->used ? at : place;
    }
    return place;
}

/* NULL: there are too many. */
static struct record *take_record(const char *driver)
{
    platen_os_mutex_lock(&lock);
    struct record *record = find_record(driver);
    if (record != NULL && !record->lasts) {
        *record = (struct record){.used = true, .driver = strdup(driver)};
        record->used = record->driver != NULL;
        record = record->used ? record : NULL;
    }
    platen_os_mutex_unlock(&lock);
    return record;
}

/* Does another monitor share its module? */
static bool is_shared(const struct record *record)
{
    void *module = platen_os_module_handle(record->module);
    bool shared = false;

    platen_os_mutex_lock(&lock);
    for (const struct record *at = records; at < records + MONITORS; at++) {
        shared = shared || (at != record && at->module != NULL &&
                            platen_os_module_handle(at->module) == module);
    }
    platen_os_mutex_unlock(&lock);
    return shared;
}

/* Where no loader does. */
static bool run_dllmain(const struct record *record, DWORD reason)
{
    return record->entry.DllMain == NULL || platen_os_module_runs_dllmain() || is_shared(record) ||
           record->entry.DllMain(platen_os_module_handle(record->module), reason, NULL);
}

static void give_back(struct record *record)
{
    platen_os_mutex_lock(&lock);
    platen_os_module *module = record->module;
    free(record->driver);
    *record = (struct record){.used = false};
    platen_os_mutex_unlock(&lock);
    platen_os_module_unload(module);
}

/* ---- loading --------------------------------------------------------------------------------- */

static void lend_imports(platen_os_module *module)
{
    const size_t head = offsetof(PLATEN_IMPORTS, GetLastError);
    PLATEN_IMPORTS *table = platen_os_module_data(module, "platen_imports");

    if (table == NULL || record_imports() == NULL) {
        return;
    }
    size_t size = table->cbSize < sizeof *table ? table->cbSize : sizeof *table;
    if (size > head) {
        memcpy((char *)table + head, (const char *)&platen_served_imports + head, size - head);
    }
}

/* Monitors of the older kind have no instances: there can be one at a time. */
static bool take_older(struct record *record, const struct record_settings *settings)
{
    bool free = true;

    platen_os_mutex_lock(&lock);
    for (const struct record *at = records; at < records + MONITORS; at++) {
        free = free && !at->older;
    }
    record->older = free;
    platen_os_mutex_unlock(&lock);
    if (free) {
        record->entry.InitializePrintMonitor2 =
            host_older(record->module, settings->driver, settings->name);
    }
    return record->entry.InitializePrintMonitor2 != NULL;
}

static void find_entry(struct record *record)
{
    platen_os_function init = platen_os_module_function(record->module, "InitializePrintMonitor2");
    platen_os_function main = platen_os_module_function(record->module, "DllMain");
    memcpy(&record->entry.InitializePrintMonitor2, &init, sizeof init);
    memcpy(&record->entry.DllMain, &main, sizeof main);
}

static uint32_t load(struct record *record, const struct record_settings *settings)
{
    uint32_t error = platen_os_module_load(settings->driver, &record->module, NULL);

    if (error != 0) {
        return error;
    }
    lend_imports(record->module);
    find_entry(record);
    if (record->entry.InitializePrintMonitor2 == NULL && !take_older(record, settings)) {
        return PLATEN_PROC_NOT_FOUND;
    }
    return run_dllmain(record, DLL_PROCESS_ATTACH) ? 0 : ERROR_DLL_INIT_FAILED;
}

/* ---- calls ----------------------------------------------------------------------------------- */

static void end(struct record *record)
{
    uint32_t error = platen_os_get_last_error();

    record_journal_end();
    run_dllmain(record, DLL_PROCESS_DETACH);
    give_back(record);
    platen_os_set_last_error(error);
}

/* The spooler's call, as it is, with nothing changed but who is called. */
static void pass(struct platen_call *call, const void *where)
{
    call->lane = record_journal_lane('s');
    call->passing = true;
    struct platen_lane *before = platen_lane_enter(call->lane);
    platen_call_run(call, where);
    platen_lane_enter(before);
}

static void numbered_call(unsigned number, struct platen_call *call)
{
    struct record *record = &records[number];

    pass(call, record->real);
    if (call->slot == PLATEN_SLOT_Shutdown) {
        end(record);
    }
}

static LPMONITOR2 initialise(struct record *record, const struct record_settings *settings,
                             const MONITORINIT *init, PHANDLE monitor)
{
    copy_sized(&record->init, init, sizeof record->init);
    if (init->pMonitorReg != NULL && serve_registry(init->pMonitorReg)) {
        show(&record->registry, &platen_served_registry, init->pMonitorReg,
             sizeof record->registry);
        record->init.pMonitorReg = &record->registry;
    }
    struct platen_call call = {
        .slot = PLATEN_SLOT_InitializePrintMonitor2,
        .args.InitializePrintMonitor2 = {.pMonitorInit = &record->init, .phMonitor = monitor},
    };
    record_journal_name(settings);
    pass(&call, &record->entry);
    record_journal_name(NULL);
    if (call.result.pointer == NULL) {
        return NULL;
    }
    record->real = call.result.pointer;
    show(&record->shown, &tables[record - records], record->real, sizeof record->shown);
    platen_os_mutex_lock(&lock);
    record->lasts = record->shown.pfnShutdown == NULL;
    platen_os_mutex_unlock(&lock);
    return &record->shown;
}

static LPMONITOR2 refuse(uint32_t error)
{
    platen_os_set_last_error(error);
    return NULL;
}

/* One too many: it is loaded for ever, and speaks with the spooler itself. */
static LPMONITOR2 stand_aside(const struct record_settings *settings, PMONITORINIT init,
                              PHANDLE monitor)
{
    struct record aside = {.used = true};
    uint32_t error = load(&aside, settings);

    if (error == 0 && aside.older) {
        error = PLATEN_BUSY; /* it has no instances, and no place for one */
    }
    if (error == 0) {
        platen_os_module_pin(platen_os_module_data(aside.module, "InitializePrintMonitor2"));
    }
    platen_os_module_unload(aside.module);
    return error != 0 ? refuse(error) : aside.entry.InitializePrintMonitor2(init, monitor);
}

static LPMONITOR2 stand_before(struct record *record, const struct record_root *root,
                               const struct record_settings *settings, const MONITORINIT *init,
                               PHANDLE monitor)
{
    bool again = record->lasts;
    uint32_t error = again ? 0 : load(record, settings);

    if (error != 0) {
        give_back(record);
        return refuse(error);
    }
    if (!again) {
        record_journal_begin(settings);
        record_root_tell(root, settings->name, record_journal_line);
    }
    LPMONITOR2 shown = initialise(record, settings, init, monitor);
    if (shown == NULL && !again) {
        end(record);
    }
    return shown;
}

static LPMONITOR2 stand_in(const struct record_root *root, const struct record_settings *settings,
                           const MONITORINIT *init, PMONITORINIT given, PHANDLE monitor)
{
    struct record *record = take_record(settings->driver);
    return record == NULL ? stand_aside(settings, given, monitor)
                          : stand_before(record, root, settings, init, monitor);
}

LPMONITOR2 WINAPI InitializePrintMonitor2(PMONITORINIT pMonitorInit, PHANDLE phMonitor)
{
    MONITORINIT init = {.cbSize = 0};
    struct record_settings settings = {.driver = NULL};
    struct record_root root = {.key = NULL};
    LPMONITOR2 shown = NULL;

    if (pMonitorInit == NULL) {
        return refuse(PLATEN_INVALID_PARAMETER);
    }
    prepare();
    copy_sized(&init, pMonitorInit, sizeof init);
    uint32_t error = record_root_open(&init, &root);
    error = error != 0 ? error : record_settings_read(&root, &settings);
    if (error == 0) {
        shown = stand_in(&root, &settings, &init, pMonitorInit, phMonitor);
        error = platen_os_get_last_error();
    }
    record_settings_free(&settings);
    record_root_close(&root);
    platen_os_set_last_error(error);
    return shown;
}

BOOL WINAPI DllMain(HINSTANCE hinstDLL, DWORD fdwReason, LPVOID lpvReserved);

/* Behind a pointer the process ends: its other threads are gone, and nobody called Shutdown. */
BOOL WINAPI DllMain(HINSTANCE hinstDLL, DWORD fdwReason, LPVOID lpvReserved)
{
    (void)hinstDLL;
    if (fdwReason == DLL_PROCESS_DETACH && lpvReserved != NULL) {
        record_journal_last_words();
    }
    return TRUE;
}
