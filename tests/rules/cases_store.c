/* SPDX-License-Identifier: MIT
 *
 * The store: the only way to it, its keys, and instances beside each other (R5 to R7). What stands
 * in it when it was damaged is in cases_damage.c.
 */
#include <string.h>

#include "break.h"
#include "call/served.h"
#include "os/lasterror.h"
#include "os/text.h"

#define LAST  ((unsigned)platen_os_get_last_error())
#define ADMIN SERVER_ACCESS_ADMINISTER
#define PORTS TRIAL_ROOT "\\Ports"

static bool is(const WCHAR *command, const WCHAR *name)
{
    return probe_equal(command, name);
}

/* Ports that come, are used, go and are refused, and a restart in between. */
static bool tour(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    bool kept = probe_job(t, port, 1);
    t->m.pfnClosePort(port);
    trial_xcv(t, TEXT("AddPort"), TEXT("SIM:kept"), ADMIN);
    trial_xcv(t, TEXT("AddPort"), TEXT("SIM:gone"), ADMIN);
    trial_xcv(t, TEXT("AddPort"), TEXT("SIM:kept"), ADMIN);
    trial_xcv(t, TEXT("AddPort"), t->file_port, ADMIN);
    trial_xcv(t, TEXT("DeletePort"), TEXT("SIM:gone"), ADMIN);
    trial_xcv(t, TEXT("DeletePort"), TEXT("SIM:gone"), ADMIN);
    return kept && trial_restart(t) &&
           KEPT(t, trial_lists(t, TEXT("SIM:kept")), "a port is lost") &&
           KEPT(t, !trial_lists(t, TEXT("SIM:gone")), "a port that was deleted is back");
}

/* ---- R5 ----------------------------------------------------------------------------------------
 */

/* A store that is empty again knows nothing: what is known all the same was kept elsewhere. */
static bool nothing_elsewhere(struct trial *t)
{
    t->m.pfnShutdown(t->monitor);
    t->monitor = NULL;
    uint32_t error = platen_registry_delete(t->registry, PORTS, NULL);
    return KEPT(t, error == 0, "there are no ports in the store") && trial_restart(t) &&
           KEPT(t, !trial_lists(t, TEXT("SIM:kept")) && !trial_lists(t, t->file_port),
                "a port is known that is in no store");
}

static void one_way(struct trial *t)
{
    unsigned set = t->calls_back[PLATEN_SLOT_SetValue];
    if (tour(t) && nothing_elsewhere(t)) {
        KEPT(t, t->calls_back[PLATEN_SLOT_SetValue] > set, "nothing was stored");
        KEPT(t, t->wrong_spooler == 0, "%u calls with another hSpooler", t->wrong_spooler);
        KEPT(t, platen_registry_view_misuses(t->view) == 0,
             "a key that was not reached from the root");
    }
}

static bool kept_in_memory;

/* Its own memory outlives the instance: as a file of its own would. */
XCV_BREAK(remembers_itself)
{
    DWORD code = REAL_XCV();
    kept_in_memory = kept_in_memory || (code == 0 && is(command, TEXT("AddPort")));
    return code;
}

ENTRY_BREAK(knows_it_still)
{
    LPMONITOR2 table = REAL_ENTRY();
    if (table != NULL && kept_in_memory) {
        platen_monitor_add_port(*monitor, "SIM:kept", NULL);
    }
    return table;
}

static void forget_all(void)
{
    kept_in_memory = false;
}

static void wrap_remembers(MONITOR2 *table)
{
    table->pfnXcvDataPort = remembers_itself;
    trial_afterwards(forget_all);
}

/* One more look into the store, with handles of the breaker's choice, whenever ports are managed.
 */
static void look(HANDLE root, HANDLE spooler)
{
    HANDLE key = NULL;
    if (platen_served_registry.fpOpenKey(root, TEXT("Ports"), KEY_READ, &key, spooler) == 0) {
        platen_served_registry.fpCloseKey(key, spooler);
    }
}

XCV_BREAK(names_no_spooler)
{
    look(trial_now_running()->init.hckRegistryRoot, NULL);
    return REAL_XCV();
}

XCV_BREAK(takes_the_root_for_the_spooler)
{
    HANDLE root = trial_now_running()->init.hckRegistryRoot;
    look(root, root);
    return REAL_XCV();
}

XCV_BREAK(begins_at_the_local_machine)
{
    look((HANDLE)(uintptr_t)0x80000002, trial_now_running()->init.hSpooler);
    return REAL_XCV();
}

WRAP(wrap_no_spooler, pfnXcvDataPort, names_no_spooler)
WRAP(wrap_root_spooler, pfnXcvDataPort, takes_the_root_for_the_spooler)
WRAP(wrap_local_machine, pfnXcvDataPort, begins_at_the_local_machine)

/* ---- R6 ----------------------------------------------------------------------------------------
 */

static void keys_are_closed(struct trial *t)
{
    bool kept = tour(t);
    size_t open = platen_registry_view_open_keys(t->view);
    KEPT(t, open == 0, "%u keys are open when nothing happens", (unsigned)open);
    t->m.pfnShutdown(t->monitor);
    t->monitor = NULL;
    KEPT(t, platen_registry_view_open_keys(t->view) == 0, "a key is open after Shutdown");
    KEPT(t, platen_registry_view_misuses(t->view) == 0,
         "a key is closed twice, used when it was closed, or the root is closed");
    KEPT(t,
         !kept || t->calls_back[PLATEN_SLOT_CloseKey] <=
                      t->calls_back[PLATEN_SLOT_CreateKey] + t->calls_back[PLATEN_SLOT_OpenKey],
         "more keys are closed than opened");
}

static HANDLE one_key(void)
{
    struct trial *t = trial_now_running();
    HANDLE key = NULL;
    platen_served_registry.fpCreateKey(t->init.hckRegistryRoot, TEXT("Ports"), 0, KEY_READ, NULL,
                                       &key, NULL, t->init.hSpooler);
    return key;
}

XCV_BREAK(leaves_it_open)
{
    if (is(command, TEXT("DeletePort"))) {
        one_key();
    }
    return REAL_XCV();
}

XCV_BREAK(closes_it_twice)
{
    struct trial *t = trial_now_running();
    HANDLE key = one_key();
    platen_served_registry.fpCloseKey(key, t->init.hSpooler);
    platen_served_registry.fpCloseKey(key, t->init.hSpooler);
    return REAL_XCV();
}

XCV_BREAK(uses_it_afterwards)
{
    struct trial *t = trial_now_running();
    HANDLE key = one_key();
    platen_served_registry.fpCloseKey(key, t->init.hSpooler);
    platen_served_registry.fpDeleteValue(key, TEXT("x"), t->init.hSpooler);
    return REAL_XCV();
}

static VOID WINAPI closes_the_root(HANDLE h)
{
    struct trial *t = trial_now_running();
    trial_real()->pfnShutdown(h);
    platen_served_registry.fpCloseKey(t->init.hckRegistryRoot, t->init.hSpooler);
}

WRAP(wrap_leaves_open, pfnXcvDataPort, leaves_it_open)
WRAP(wrap_closes_twice, pfnXcvDataPort, closes_it_twice)
WRAP(wrap_uses_after, pfnXcvDataPort, uses_it_afterwards)
WRAP(wrap_closes_root, pfnShutdown, closes_the_root)

/* ---- R7 ----------------------------------------------------------------------------------------
 */

static bool lists_apart(struct trial *t, struct trial *other)
{
    DWORD here = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:here"), ADMIN);
    DWORD there = trial_xcv(other, TEXT("AddPort"), TEXT("SIM:there"), ADMIN);
    DWORD both = trial_xcv(t, TEXT("AddPort"), TEXT("SIM:both"), ADMIN);
    DWORD again = trial_xcv(other, TEXT("AddPort"), TEXT("SIM:both"), ADMIN);
    return KEPT(t, here == 0 && there == 0 && both == 0 && again == 0, "AddPort: %u, %u, %u, %u",
                (unsigned)here, (unsigned)there, (unsigned)both, (unsigned)again) &&
           KEPT(t, trial_lists(t, TEXT("SIM:here")) && !trial_lists(t, TEXT("SIM:there")),
                "the first instance lists what the second has") &&
           KEPT(t, trial_lists(other, TEXT("SIM:there")) && !trial_lists(other, TEXT("SIM:here")),
                "the second instance lists what the first has") &&
           KEPT(t, probe_stored(t, "SIM:here") && !probe_stored(t, "SIM:there"),
                "a port is in the other instance's store");
}

static bool jobs_apart(struct trial *t, struct trial *other)
{
    uint32_t error = platen_monitor_add_port(other->monitor, "SIM:second", "sim:trial");
    HANDLE port = trial_open(other, TEXT("SIM:second"));
    HANDLE xcv = probe_xcv_open(other, ADMIN);
    platen_sim_forget(t->device);
    bool kept = KEPT(t, error == 0, "SIM:second: %u", (unsigned)error) &&
                trial_start(other, port, 1) && trial_write(other, port, "ab", 2, 2);
    t->m.pfnShutdown(t->monitor);
    t->monitor = NULL;
    kept = kept && trial_write(other, port, "cd", 2, 2) &&
           KEPT(other, other->m.pfnEndDocPort(port), "EndDocPort failed with %u", LAST) &&
           trial_device_has(t, "abcd", 4);
    DWORD code = probe_data(other, xcv, TEXT("DeletePort"), TEXT("SIM:both"), 18, NULL, 0).code;
    return KEPT(t, kept, "after Shutdown of the other: %s", other->breach) &&
           KEPT(t, code == 0, "after Shutdown of the other: DeletePort %u", (unsigned)code) &&
           KEPT(t, other->m.pfnClosePort(port), "ClosePort failed with %u", LAST) &&
           KEPT(t, other->m.pfnXcvClosePort(xcv), "XcvClosePort failed with %u", LAST) &&
           KEPT(t, trial_lists(other, TEXT("SIM:there")), "the list has gone with the other's");
}

static void apart(struct trial *t)
{
    static struct trial other;
    if (!trial_begin_second(t, &other)) {
        return;
    }
    if (KEPT(t, other.monitor != t->monitor, "two instances have one handle") &&
        lists_apart(t, &other)) {
        jobs_apart(t, &other);
    }
    trial_end(&other);
}

static HANDLE instances[2];
static unsigned instance_count;

/* Notes who there is; what the wrappers below make of it is the fault. */
ENTRY_BREAK(notes_instances)
{
    LPMONITOR2 table = REAL_ENTRY();
    instances[instance_count++ % 2] = *monitor;
    return table;
}

static void forget_instances(void)
{
    instance_count = 0;
}

XCV_OPEN_BREAK(manages_the_last)
{
    h = instances[(instance_count - 1) % 2];
    return REAL_XCV_OPEN();
}

ENUM_BREAK(lists_the_first)
{
    h = instances[0];
    return REAL_ENUM();
}

static VOID WINAPI ends_all(HANDLE h)
{
    (void)h;
    trial_real()->pfnShutdown(instances[1]);
    trial_real()->pfnShutdown(instances[0]);
}

/* The second initialisation finds that there is an instance, and hands that out. */
ENTRY_BREAK(has_one_instance)
{
    if (instance_count == 0) {
        return notes_instances(init, monitor);
    }
    *monitor = instances[0];
    return (LPMONITOR2)(uintptr_t)trial_real();
}

static void wrap_manages_last(MONITOR2 *table)
{
    table->pfnXcvOpenPort = manages_the_last;
    trial_afterwards(forget_instances);
}

static void wrap_lists_first(MONITOR2 *table)
{
    table->pfnEnumPorts = lists_the_first;
    trial_afterwards(forget_instances);
}

static void wrap_ends_all(MONITOR2 *table)
{
    table->pfnShutdown = ends_all;
    trial_afterwards(forget_instances);
}

static void wrap_one_instance(MONITOR2 *table)
{
    (void)table;
    trial_afterwards(forget_instances);
}

const struct trial_case trial_store_cases[] = {
    {.rule = "R5",
     .about = "settings go one way",
     .probe = one_way,
     .breaks = {{.how = "keeps ports elsewhere as well",
                 .entry = knows_it_still,
                 .wrap = wrap_remembers},
                {.how = "hSpooler is NULL", .wrap = wrap_no_spooler},
                {.how = "the root key for hSpooler", .wrap = wrap_root_spooler},
                {.how = "begins at HKEY_LOCAL_MACHINE", .wrap = wrap_local_machine}}},
    {.rule = "R6",
     .about = "keys are closed once",
     .probe = keys_are_closed,
     .breaks = {{.how = "DeletePort leaves a key open", .wrap = wrap_leaves_open},
                {.how = "closes a key twice", .wrap = wrap_closes_twice},
                {.how = "uses a key that it has closed", .wrap = wrap_uses_after},
                {.how = "closes the root", .wrap = wrap_closes_root}}},
    {.rule = "R7",
     .about = "two instances",
     .probe = apart,
     .breaks = {{.how = "manages the last instance that was made",
                 .entry = notes_instances,
                 .wrap = wrap_manages_last},
                {.how = "lists the first instance",
                 .entry = notes_instances,
                 .wrap = wrap_lists_first},
                {.how = "Shutdown ends both", .entry = notes_instances, .wrap = wrap_ends_all},
                {.how = "there is only one instance",
                 .entry = has_one_instance,
                 .wrap = wrap_one_instance}}},
    {.rule = NULL},
};
