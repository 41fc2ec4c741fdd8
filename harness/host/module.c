/* SPDX-License-Identifier: MIT
 *
 * The monitor: its module, its table, and the calls that are made to it.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/errors.h>

#include "call/apply.h"
#include "call/served.h"
#include "call/structs.h"
#include "host/host.h"
#include "host/native.h"
#include "host/older.h"
#include "host/rest.h"
#include "os/clock.h"
#include "os/file.h"
#include "os/module.h"
#include "os/process.h"
#include "os/text.h"

#define INSTANCES   16 /* that a call's flags can tell apart */
#define MILLISECOND UINT64_C(1000000)
#define PATIENCE    (1000 * MILLISECOND) /* for threads that are about to end */

/* What the process has beyond what is ours (R77). */
struct rest {
    int64_t threads;
    int64_t devices;
};

static struct {
    platen_os_module *module;
    struct platen_entry_table entry;
    const MONITOR2 *tables[INSTANCES];    /* what init returned last for each instance */
    struct platen_built *kept[INSTANCES]; /* its MONITORINIT, until Shutdown has returned (R84) */
    uint32_t copies;                      /* that were told */
    bool forgets; /* the monitor's MONITORINIT is no more once it has initialised itself (R8) */
    uint64_t habits;
    struct rest before;
} monitor;

/* ---- loading --------------------------------------------------------------------------------- */

/* As much of the table as both sides know; cbSize stays the module's (<platen/winsplp.h>). */
static void fill_imports(void)
{
    const size_t head = offsetof(PLATEN_IMPORTS, GetLastError);
    PLATEN_IMPORTS *table = platen_os_module_data(monitor.module, "platen_imports");
    if (table == NULL) {
        return;
    }
    size_t size = table->cbSize < sizeof *table ? table->cbSize : sizeof *table;
    if (size > head) {
        memcpy((char *)table + head, (const char *)&platen_served_imports + head, size - head);
    }
}

static void find_entry(const char *path)
{
    platen_os_function init = platen_os_module_function(monitor.module, "InitializePrintMonitor2");
    platen_os_function main = platen_os_module_function(monitor.module, "DllMain");
    memcpy(&monitor.entry.InitializePrintMonitor2, &init, sizeof init);
    memcpy(&monitor.entry.DllMain, &main, sizeof main);
    if (init == NULL) {
        char name[256];
        platen_os_path_stem(path, name, sizeof name);
        monitor.entry.InitializePrintMonitor2 = host_older(monitor.module, path, name);
    }
}

/* error= of loading, what it exports, and in a second line the system's own words. */
static void tell(uint32_t error, const char *words, char *to, size_t size)
{
    bool older =
        error == 0 && platen_os_module_function(monitor.module, "InitializePrintMonitor") != NULL;
    bool main = monitor.entry.DllMain != NULL && !platen_os_module_runs_dllmain();
    snprintf(to, size, "error=%lu init=%d dllmain=%d older=%d\n%s", (unsigned long)error,
             monitor.entry.InitializePrintMonitor2 != NULL, main, older,
             words == NULL ? "" : words);
}

/* ---- what is left ---------------------------------------------------------------------------- */

static struct rest rest_now(void)
{
    int64_t threads = host_rest_threads(platen_os_module_handle(monitor.module));
    int64_t devices = host_rest_devices();
    return (struct rest){
        .threads = threads < 0 ? 0 : threads - host_lanes(),
        .devices = devices < 0 ? 0 : devices - host_leave_kept(),
    };
}

/* More than before the monitor was initialised. A thread that has been joined may still be there
 * for a moment. */
static struct rest await_rest(void)
{
    struct rest more = {0, 0};
    uint64_t until = platen_os_now() + PATIENCE;
    for (;;) {
        struct rest now = rest_now();
        more.threads = now.threads - monitor.before.threads;
        more.devices = now.devices - monitor.before.devices;
        bool over = platen_os_now() >= until;
        if ((more.threads <= 0 && more.devices <= 0) || over) {
            return more;
        }
        const uint32_t nobody = 0;
        platen_os_wait(&nobody, 0, platen_os_now() + 5 * MILLISECOND);
    }
}

/* ---- from a file, and back ------------------------------------------------------------------- */

void host_load(const char *path, size_t length, char *to, size_t size)
{
    char *words = NULL;
    char *name = malloc(length + 1);
    uint32_t error = name == NULL ? PLATEN_NOT_ENOUGH_MEMORY : 0;
    if (error == 0) {
        memcpy(name, path, length);
        name[length] = '\0';
        char word[8];
        monitor.forgets = platen_os_environment_take("PLATEN_HOST_FORGETS", word, sizeof word);
        host_native_prepare(name);
        error = monitor.module != NULL ? PLATEN_BUSY
                                       : platen_os_module_load(name, &monitor.module, &words);
    }
    if (error == 0) {
        fill_imports();
        host_native_loaded(platen_os_module_handle(monitor.module));
        find_entry(name);
        monitor.habits = platen_os_process_habits();
        monitor.before = rest_now();
    }
    tell(error, words, to, size);
    free(words);
    free(name);
}

void host_unload(char *to, size_t size)
{
    struct rest more = {0, 0};
    if (monitor.module != NULL) {
        more = await_rest();
    }
    if (more.threads <= 0) {
        platen_os_module_unload(monitor.module); /* or what still runs there would crash */
    }
    monitor.module = NULL;
    memset(monitor.tables, 0, sizeof monitor.tables);
    memset(&monitor.entry, 0, sizeof monitor.entry);
    snprintf(to, size, "error=0 threads=%ld devices=%ld\n",
             more.threads > 0 ? (long)more.threads : 0L,
             more.devices > 0 ? (long)more.devices : 0L);
}

/* ---- calls ----------------------------------------------------------------------------------- */

/* Of the call that is coming on this thread. */
static _Thread_local struct platen_built *arrived;

struct platen_built *host_memory(void *context, enum platen_slot slot)
{
    (void)context;
    if (slot != PLATEN_SLOT_InitializePrintMonitor2) {
        return NULL;
    }
    arrived = platen_built_new();
    return arrived;
}

/* What an instance that is no more was given is freed; what it is given now is kept. */
static void keep(unsigned instance, struct platen_built *given)
{
    platen_built_free(monitor.kept[instance]);
    monitor.kept[instance] = given;
}

/* Where the functions of that slot's table are; NULL: this one is not there. */
static const void *table_of(enum platen_slot slot, const MONITOR2 *table)
{
    struct platen_slot_info info = platen_slot_info(slot);
    static const char nothing[sizeof(void *)];
    size_t count;
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    if (slot == PLATEN_SLOT_InitializePrintMonitor2) {
        return monitor.entry.InitializePrintMonitor2 == NULL ? NULL : &monitor.entry;
    }
    if (slot == PLATEN_SLOT_DllMain) {
        return monitor.entry.DllMain == NULL ? NULL : &monitor.entry;
    }
    while (count > 0 && strcmp(members->name, info.name) != 0) {
        members++;
        count--;
    }
    bool there = table != NULL && count > 0 &&
                 memcmp((const char *)table + members->offset, nothing, sizeof nothing) != 0;
    return there ? table : NULL;
}

/* What stands in it belongs to a spooler that needs it no more; hSpooler, the root key and the
 * table of callbacks remain what they were (R8). */
static void forget_init(const struct platen_call *call)
{
    MONITORINIT *init = call->args.InitializePrintMonitor2.pMonitorInit;
    if (!monitor.forgets || init == NULL) {
        return;
    }
    LPCWSTR server = init->pszServerName;
    if (server != NULL) {
        size_t units = platen_text_length16(server, SIZE_MAX);
        memset((void *)(uintptr_t)server, 0xDD, units * sizeof *server);
    }
    memset(init, 0xDD, sizeof *init);
}

/* Of the flags the lowest eight bits number the table for OpenPortEx, the next four say what is to
 * be looked at, and the rest which instance the call is for. */
void host_run(void *context, struct platen_call *call, uint16_t flags)
{
    struct host_lane *lane = context;
    const MONITOR2 **of = &monitor.tables[flags >> 12];
    const void *table = table_of(call->slot, *of);
    struct platen_facts facts;
    if (call->slot == PLATEN_SLOT_InitializePrintMonitor2) {
        keep(flags >> 12, arrived);
    }
    if (call->slot == PLATEN_SLOT_DllMain && monitor.module != NULL) {
        call->args.DllMain.hModule = platen_os_module_handle(monitor.module);
    }
    if (table == NULL) {
        platen_call_refuse(call, PLATEN_PROC_NOT_FOUND);
        return;
    }
    host_native_client();
    call->wanted = flags >> 8 & 0xf;
    platen_facts_begin(&facts, call, *of);
    platen_call_run(call, table);
    if (call->slot == PLATEN_SLOT_InitializePrintMonitor2) {
        *of = call->result.pointer;
        forget_init(call);
    }
    if (call->slot == PLATEN_SLOT_Shutdown) {
        keep(flags >> 12, NULL);
    }
    platen_facts_look(&facts, call);
    facts.table.inner = facts.table.known ? host_older_size(*of) : 0;
    lane->facts = facts; /* calls may have come within this one */
}

/* ---- behind the answer ----------------------------------------------------------------------- */

/* table={cbSize=184 ReadPort=NULL}: its size and what is missing of the members that there are. */
static size_t tell_table(const MONITOR2 *table, char *to, size_t size)
{
    size_t count;
    DWORD bytes;
    static const char nothing[sizeof(void *)];
    const struct call_member *members = call_table_members(PLATEN_TABLE_MONITOR, &count);
    memcpy(&bytes, table, sizeof bytes);
    size_t used = (size_t)snprintf(to, size, "table={cbSize=%lu", (unsigned long)bytes);
    for (size_t i = 0; i < count && used + 64 < size; i++) {
        size_t at = members[i].offset;
        if (at + sizeof nothing <= bytes &&
            memcmp((const char *)table + at, nothing, sizeof nothing) == 0) {
            used += (size_t)snprintf(to + used, size - used, " %s=NULL", members[i].name);
        }
    }
    return used + (size_t)snprintf(to + used, size - used, "}");
}

size_t host_add(void *context, const struct platen_call *call, char *to, size_t size)
{
    size_t used = 0;
    uint32_t copies = host_copies();
    uint64_t habits = host_looks(context) ? platen_os_process_habits() : monitor.habits;
    if (call->slot == PLATEN_SLOT_InitializePrintMonitor2 && call->result.pointer != NULL) {
        used = tell_table(call->result.pointer, to, size);
    }
    if (copies != monitor.copies && used + 32 < size) {
        used += (size_t)snprintf(to + used, size - used, " copied=%lu",
                                 (unsigned long)(copies - monitor.copies));
        monitor.copies = copies;
    }
    if (habits != monitor.habits && used + 32 < size) {
        used += (size_t)snprintf(to + used, size - used, " signals=1");
        monitor.habits = habits;
    }
    used += platen_facts_print(&((const struct host_lane *)context)->facts, to + used, size - used);
    return used + host_native_tell(to + used, size - used);
}
