/* SPDX-License-Identifier: MIT
 *
 * Initialisation: that it leaves nothing behind when it fails, and keeps nothing of its argument
 * (R4, R8).
 */
#include <stdlib.h>
#include <string.h>

#include "break.h"
#include "call/served.h"
#include "os/lasterror.h"
#include "os/memory.h"
#include "os/text.h"

#define ADMIN SERVER_ACCESS_ADMINISTER
#define PORTS TRIAL_ROOT "\\Ports"

/* ---- R4 ----------------------------------------------------------------------------------------
 */

/* One initialisation more, on the same store, as an instance of its own. True if it failed. */
static bool init_fails(struct trial *t, PMONITORINIT init, const char *how)
{
    size_t keys = platen_registry_view_open_keys(t->view);
    HANDLE monitor = (HANDLE)(uintptr_t)UNSET;
    LPMONITOR2 table = trial_init(t, init, &monitor);
    uint32_t error = platen_os_get_last_error();
    if (table != NULL) {
        t->m.pfnShutdown(monitor);
    } else {
        KEPT(t, error != 0, "%s: NULL, and last-error 0", how);
    }
    KEPT(t,
         platen_registry_view_open_keys(t->view) == keys || t->fault.slot == PLATEN_SLOT_CloseKey,
         "%s: a key stays open", how);
    KEPT(t, platen_registry_view_misuses(t->view) == 0, "%s: a dead key is used", how);
    return table == NULL;
}

/* Every call back of initialisation fails once, and from there on. Returns how many did for init.
 */
static unsigned with_faults(struct trial *t)
{
    unsigned failures = 0;
    for (int slot = 0; slot < PLATEN_SLOT_COUNT; slot++) {
        bool reached = platen_slot_info(slot).table == PLATEN_TABLE_REGISTRY;
        for (unsigned n = 1; reached && n < 50 && t->breach[0] == '\0'; n++) {
            t->fault = (struct trial_fault){
                .slot = slot, .at = n, .for_good = n % 2 == 0, .code = PLATEN_NOT_ENOUGH_MEMORY};
            failures += init_fails(t, &t->init, "a call back that fails");
            reached = t->fault.seen >= n;
        }
    }
    t->fault.at = 0;
    return failures;
}

static void nothing_stays(struct trial *t)
{
    MONITORINIT small = t->init;
    HANDLE monitor = NULL;
    t->options.file_root = NULL; /* one value more to be read */
    trial_xcv(t, TEXT("AddPort"), TEXT("SIM:one"), ADMIN);
    trial_xcv(t, TEXT("AddPort"), TEXT("SIM:two"), ADMIN);
    unsigned failures = with_faults(t);
    KEPT(t, failures > 0, "nothing makes it fail");
    t->fault = (struct trial_fault){.at = 0};
    small.cbSize = 4;
    KEPT(t, init_fails(t, NULL, "no MONITORINIT") && init_fails(t, &small, "a short MONITORINIT"),
         "a MONITORINIT that is none is taken");
    platen_os_set_last_error(0);
    KEPT(t, trial_init(t, &t->init, NULL) == NULL && platen_os_get_last_error() != 0,
         "a NULL phMonitor is taken, or refused without a reason");
    LPMONITOR2 table = trial_init(t, &t->init, &monitor);
    if (KEPT(t, table != NULL, "no initialisation succeeds after one has failed")) {
        t->m.pfnShutdown(monitor);
    }
}

static HANDLE open_ports_key(PMONITORINIT init)
{
    HANDLE key = NULL;
    init->pMonitorReg->fpOpenKey(init->hckRegistryRoot, TEXT("Ports"), KEY_READ, &key,
                                 init->hSpooler);
    return key;
}

/* The way out of a failure passes the closing of the key by. */
ENTRY_BREAK(leaves_a_key)
{
    HANDLE key = init != NULL && init->cbSize >= sizeof *init ? open_ports_key(init) : NULL;
    LPMONITOR2 table = REAL_ENTRY();
    if (table != NULL && key != NULL) {
        init->pMonitorReg->fpCloseKey(key, init->hSpooler);
    }
    return table;
}

ENTRY_BREAK(gives_no_reason)
{
    LPMONITOR2 table = REAL_ENTRY();
    if (table == NULL) {
        platen_os_set_last_error(0);
    }
    return table;
}

static bool has_failed;

/* A global says that initialisation is under way, and nobody takes that back. */
ENTRY_BREAK(fails_for_good)
{
    LPMONITOR2 table = has_failed ? NULL : REAL_ENTRY();
    has_failed = has_failed || (table == NULL && init == NULL);
    if (has_failed) {
        platen_os_set_last_error(PLATEN_BUSY);
    }
    return table;
}

static void has_not_failed(MONITOR2 *table)
{
    (void)table;
    has_failed = false;
}

ENTRY_BREAK(closes_what_was_not_opened)
{
    LPMONITOR2 table = REAL_ENTRY();
    if (table == NULL && init != NULL && init->cbSize >= sizeof *init) {
        init->pMonitorReg->fpCloseKey((HANDLE)(uintptr_t)0xdddddddd, init->hSpooler);
    }
    return table;
}

/* ---- R8 ----------------------------------------------------------------------------------------
 */

static unsigned sprung;

static LONG spring(void)
{
    sprung++;
    return PLATEN_INVALID_HANDLE;
}

static LONG WINAPI trap_create(HANDLE a, LPCWSTR b, DWORD c, REGSAM d, PSECURITY_ATTRIBUTES e,
                               PHANDLE f, PDWORD g, HANDLE h)
{
    (void)a, (void)b, (void)c, (void)d, (void)e, (void)g, (void)h;
    *f = NULL;
    return spring();
}

static LONG WINAPI trap_open(HANDLE a, LPCWSTR b, REGSAM c, PHANDLE d, HANDLE e)
{
    (void)a, (void)b, (void)c, (void)e;
    *d = NULL;
    return spring();
}

/* What a monitor finds that looks into its MONITORINIT later: handles that are none, and a table of
 * traps where a table is asked for, so that it is told and does not crash. */
static const MONITORREG traps = {
    .cbSize = sizeof traps,
    .fpCreateKey = trap_create,
    .fpOpenKey = trap_open,
};

static void poison(MONITORINIT *init, WCHAR *server, size_t server_size)
{
    memset(init, 0xdd, sizeof *init);
    init->pMonitorReg = (MONITORREG *)(uintptr_t)&traps;
    memset(server, 0xdd, server_size);
}

static bool works_without(struct trial *t, HANDLE monitor)
{
    HANDLE before = t->monitor;
    t->monitor = monitor;
    HANDLE xcv = probe_xcv_open(t, ADMIN);
    struct probe_xcv add = probe_data(t, xcv, TEXT("AddPort"), TEXT("SIM:poison"), 22, NULL, 0);
    t->m.pfnXcvClosePort(xcv);
    struct probe_list list = probe_enum(t, NULL, 2, probe_canary(8192), 8192);
    t->m.pfnShutdown(monitor);
    t->monitor = before;
    return KEPT(t, sprung == 0 && t->wrong_spooler == 0, "MONITORINIT was looked into again") &&
           KEPT(t, add.code == 0 && list.ok, "AddPort %u, EnumPorts %u", (unsigned)add.code,
                (unsigned)list.error) &&
           KEPT(t, probe_stored(t, "SIM:poison"), "what was added is not in the store") &&
           KEPT(t, platen_registry_view_misuses(t->view) == 0, "a key that is none was used");
}

static void init_is_copied(struct trial *t)
{
    WCHAR server[] = TEXT("\\\\server");
    MONITORINIT init = t->init;
    HANDLE monitor;
    sprung = 0;
    init.pszServerName = server;
    LPMONITOR2 table = trial_init(t, &init, &monitor);
    poison(&init, server, sizeof server);
    if (!KEPT(t, table != NULL, "init failed") || !works_without(t, monitor)) {
        return;
    }
    /* Nobody was caught: now both are gone for good. */
    platen_registry_delete(t->registry, PORTS, "SIM:poison");
    size_t page = platen_os_page_size();
    unsigned char *pages = platen_os_pages_alloc(page);
    memcpy(pages, &t->init, sizeof t->init);
    ((MONITORINIT *)(void *)pages)->pszServerName = (LPCWSTR)(void *)(pages + 256);
    table = trial_init(t, (MONITORINIT *)(void *)pages, &monitor);
    platen_os_pages_protect(pages, page, PLATEN_OS_NO_ACCESS);
    if (KEPT(t, table != NULL, "init failed")) {
        works_without(t, monitor);
    }
    platen_os_pages_free(pages, page);
}

static PMONITORINIT remembered;
static LPCWSTR server_name;

ENTRY_BREAK(remembers_init)
{
    remembered = init;
    server_name = init->pszServerName;
    return REAL_ENTRY();
}

XCV_BREAK(uses_remembered_table)
{
    HANDLE key;
    remembered->pMonitorReg->fpOpenKey(remembered->hckRegistryRoot, TEXT("Ports"), KEY_READ, &key,
                                       remembered->hSpooler);
    if (key != NULL) {
        remembered->pMonitorReg->fpCloseKey(key, remembered->hSpooler);
    }
    return REAL_XCV();
}

XCV_BREAK(uses_remembered_handles)
{
    HANDLE key = NULL;
    platen_served_registry.fpOpenKey(remembered->hckRegistryRoot, TEXT("Ports"), KEY_READ, &key,
                                     remembered->hSpooler);
    if (key != NULL) {
        platen_served_registry.fpCloseKey(key, remembered->hSpooler);
    }
    return REAL_XCV();
}

/* Answers for the server that it was made for only, and compares names. */
XCV_BREAK(compares_the_server)
{
    return server_name != NULL && *server_name != '\\' ? PLATEN_INVALID_NAME : REAL_XCV();
}

WRAP(wrap_remembered_table, pfnXcvDataPort, uses_remembered_table)
WRAP(wrap_remembered_handles, pfnXcvDataPort, uses_remembered_handles)
WRAP(wrap_compares_server, pfnXcvDataPort, compares_the_server)

const struct trial_case trial_init_cases[] = {
    {.rule = "R4",
     .about = "each call back of initialisation failing",
     .probe = nothing_stays,
     .breaks = {{.how = "a failure leaves a key open", .entry = leaves_a_key},
                {.how = "NULL with last-error 0", .entry = gives_no_reason},
                {.how = "fails for good after one failure",
                 .entry = fails_for_good,
                 .wrap = has_not_failed},
                {.how = "closes what it did not open", .entry = closes_what_was_not_opened}}},
    {.rule = "R8",
     .about = "MONITORINIT and server name gone",
     .probe = init_is_copied,
     .breaks = {{.how = "keeps the pointer, for its table",
                 .entry = remembers_init,
                 .wrap = wrap_remembered_table},
                {.how = "keeps the pointer, for its handles",
                 .entry = remembers_init,
                 .wrap = wrap_remembered_handles},
                {.how = "keeps the server's name",
                 .entry = remembers_init,
                 .wrap = wrap_compares_server}}},
    {.rule = NULL},
};
