/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor's life: its table, its beginning, its Shutdown.
 */
#include "verify.h"

#include <stdio.h>
#include <string.h>

/* ---- the life of an instance ----------------------------------------------------------------- */

static void WINAPI shut_down(HANDLE monitor)
{
    struct verify *v = verify_of(monitor, "Shutdown");

    if (v == NULL)
        return;
    if (atomic_load(&v->in_flight) != 0)
        verify_breach(v, 119, "Shutdown while a call is under way");
    verify_enter(v, VERIFY_SHUTDOWN, NULL);
    for (unsigned i = 0; i < v->port_count; i++) {
        struct verify_port *port = &v->ports[i];
        if (port->open && !port->handle_used && port->handle == NULL)
            verify_breach(v, 93 | ALSO(104), "the handle NULL was taken for none");
        else if (port->open)
            verify_breach(v, 104 | ALSO(119), "Shutdown with a port open");
    }
    for (unsigned i = 0; i < VERIFY_XCVS; i++)
        if (v->xcvs[i].open)
            verify_breach(v, 119 | ALSO(115), "Shutdown with an Xcv handle open");
    verify_check_init(v, "the end of Shutdown");
    verify_leave(v, NULL);
    atomic_store(&v->state, VERIFY_ENDED);
}

static DWORD notified(HANDLE monitor, const char *function)
{
    struct verify *v = verify_of(monitor, function);

    if (v == NULL)
        return PLATEN_INVALID_HANDLE;
    verify_enter(v, VERIFY_NOTIFY, NULL);
    if (!v->members)
        verify_breach(v, 120 | ALSO(86), "%s, which the table does not have", function);
    verify_leave(v, NULL);
    return PLATEN_GEN_FAILURE;
}

static DWORD WINAPI notify_used(HANDLE monitor, DWORD count, PCWSTR *names)
{
    (void)count;
    (void)names;
    return notified(monitor, "NotifyUsedPorts");
}

static DWORD WINAPI notify_unused(HANDLE monitor, DWORD count, PCWSTR *names)
{
    (void)count;
    (void)names;
    return notified(monitor, "NotifyUnusedPorts");
}

static DWORD WINAPI power(HANDLE monitor, DWORD event, POWERBROADCAST_SETTING *settings)
{
    (void)event;
    (void)settings;
    return notified(monitor, "PowerEvent");
}

static BOOL obsolete(HANDLE monitor, const char *function)
{
    struct verify *v = verify_of(monitor, function);

    if (v == NULL)
        return FALSE;
    verify_breach(v, 120, "%s, though there are the UI DLL and Xcv", function);
    return verify_answer(v, PLATEN_NOT_SUPPORTED);
}

static BOOL WINAPI add_port(HANDLE monitor, LPWSTR name, HWND window, LPWSTR own)
{
    (void)name;
    (void)window;
    (void)own;
    return obsolete(monitor, "AddPort");
}

static BOOL WINAPI configure_port(HANDLE monitor, LPWSTR name, HWND window, LPWSTR port)
{
    (void)name;
    (void)window;
    (void)port;
    return obsolete(monitor, "ConfigurePort");
}

static BOOL WINAPI delete_port(HANDLE monitor, LPWSTR name, HWND window, LPWSTR port)
{
    (void)name;
    (void)window;
    (void)port;
    return obsolete(monitor, "DeletePort");
}

/* ---- the table ------------------------------------------------------------------------------- */

const MONITOR2 verify_port_functions = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = verify_EnumPorts,
    .pfnOpenPort = verify_OpenPort,
    .pfnStartDocPort = verify_StartDocPort,
    .pfnWritePort = verify_WritePort,
    .pfnReadPort = verify_ReadPort,
    .pfnEndDocPort = verify_EndDocPort,
    .pfnClosePort = verify_ClosePort,
    .pfnGetPrinterDataFromPort = verify_GetPrinterDataFromPort,
    .pfnSetPortTimeOuts = verify_SetPortTimeOuts,
    .pfnXcvOpenPort = verify_XcvOpenPort,
    .pfnXcvDataPort = verify_XcvDataPort,
    .pfnXcvClosePort = verify_XcvClosePort,
    .pfnShutdown = shut_down,
    .pfnSendRecvBidiDataFromPort = verify_Bidi,
};

const MONITOR2 verify_language_functions = {
    .cbSize = sizeof(MONITOR2),
    .pfnOpenPortEx = verify_OpenPortEx,
    .pfnStartDocPort = verify_StartDocPort,
    .pfnWritePort = verify_WritePort,
    .pfnReadPort = verify_ReadPort,
    .pfnEndDocPort = verify_EndDocPort,
    .pfnClosePort = verify_ClosePort,
    .pfnGetPrinterDataFromPort = verify_GetPrinterDataFromPort,
    .pfnShutdown = shut_down,
    .pfnSendRecvBidiDataFromPort = verify_Bidi,
};

const MONITOR2 *verify_functions(bool language)
{
    return language ? &verify_language_functions : &verify_port_functions;
}

/* Without one of these a monitor is none (R87). */
static bool is_required(const struct verify *v, size_t offset)
{
    static const size_t of_ports[] = {
        offsetof(MONITOR2, pfnEnumPorts),    offsetof(MONITOR2, pfnOpenPort),
        offsetof(MONITOR2, pfnStartDocPort), offsetof(MONITOR2, pfnWritePort),
        offsetof(MONITOR2, pfnReadPort),     offsetof(MONITOR2, pfnEndDocPort),
        offsetof(MONITOR2, pfnClosePort),    offsetof(MONITOR2, pfnXcvOpenPort),
        offsetof(MONITOR2, pfnXcvDataPort),  offsetof(MONITOR2, pfnXcvClosePort),
    };
    static const size_t of_languages[] = {
        offsetof(MONITOR2, pfnOpenPortEx), offsetof(MONITOR2, pfnStartDocPort),
        offsetof(MONITOR2, pfnWritePort),  offsetof(MONITOR2, pfnReadPort),
        offsetof(MONITOR2, pfnEndDocPort), offsetof(MONITOR2, pfnClosePort),
    };
    const size_t *list = v->language ? of_languages : of_ports;
    size_t count = v->language ? sizeof of_languages : sizeof of_ports;

    for (size_t i = 0; i < count / sizeof *list; i++)
        if (list[i] == offset)
            return true;
    return false;
}

static void fill_table(struct verify *v)
{
    static const char none[sizeof(void *)];

    v->table = *verify_functions(v->language);
    if (v->members || v->traps) {
        v->table.pfnNotifyUsedPorts = notify_used;
        v->table.pfnNotifyUnusedPorts = notify_unused;
        v->table.pfnPowerEvent = power;
    }
    if (v->members) {
        v->table.pfnAddPort = add_port;
        v->table.pfnConfigurePort = configure_port;
        v->table.pfnDeletePort = delete_port;
    }
    if (v->lacks != 0)
        memcpy((char *)&v->table + v->lacks, none, sizeof none);
    if (v->table_size != 0)
        v->table.cbSize = v->table_size;
}

/* Only as many bytes as cbSize says are there. */
static LPMONITOR2 place_table(struct verify *v)
{
    DWORD size = v->table.cbSize;

    if (v->table_at == NULL)
        return &v->table;
    memset(v->table_at, 0xAB, size);
    memcpy(v->table_at, &v->table, size < sizeof v->table ? size : sizeof v->table);
    return v->table_at;
}

static void keep_init(struct verify *v, PMONITORINIT init)
{
    v->init = init;
    memcpy(&v->init_copy, init, sizeof v->init_copy); /* with what lies between the members */
    if (init->pMonitorReg != NULL && init->pMonitorReg->cbSize >= sizeof(MONITORREG))
        memcpy(&v->registry_copy, init->pMonitorReg, sizeof v->registry_copy);
}

static void check_init(struct verify *v, PMONITORINIT init)
{
    static const char none[sizeof(void *)];

    if (init->cbSize < sizeof *init || init->pMonitorReg == NULL ||
        init->pMonitorReg->cbSize < sizeof(MONITORREG)) {
        verify_breach(v, 84, "MONITORINIT is too small");
        return;
    }
    for (size_t at = offsetof(MONITORREG, fpCreateKey); at < sizeof(MONITORREG);
         at += sizeof(void *))
        if (memcmp((const char *)init->pMonitorReg + at, none, sizeof none) == 0) {
            verify_breach(v, 84, "a callback of MONITORREG is missing");
            return;
        }
    keep_init(v, init);
    verify_store(v);
}

LPMONITOR2 WINAPI verify_entry(PMONITORINIT init, PHANDLE monitor)
{
    struct verify *v = verify_expected();

    if (v == NULL)
        return NULL;
    if (atomic_load(&v->state) != VERIFY_NEW) {
        verify_breach(v, 83, "InitializePrintMonitor2 a second time");
        return NULL;
    }
    if (init == NULL || monitor == NULL) {
        verify_breach(v, 83 | ALSO(84), "InitializePrintMonitor2 with NULL");
        return NULL;
    }
    check_init(v, init);
    uint32_t code = verify_enter(v, VERIFY_INIT, NULL);
    verify_leave(v, NULL);
    if (code != 0) {
        verify_answer(v, code);
        atomic_store(&v->state, VERIFY_REFUSED);
        return NULL;
    }
    fill_table(v);
    v->stored_instance = v->any_instance ? v->instance : (HANDLE)v;
    *monitor = v->stored_instance;
    atomic_store(&v->lacking, is_required(v, v->lacks));
    atomic_store(&v->state, VERIFY_READY);
    return place_table(v);
}

void verify_unloaded(struct verify *v)
{
    if (atomic_load(&v->state) == VERIFY_READY && v->table.pfnShutdown != NULL &&
        !atomic_load(&v->lacking))
        verify_breach(v, 119, "the module is unloaded before Shutdown");
    atomic_store(&v->state, VERIFY_ENDED);
}

static void settle_port(struct verify *v, const struct verify_port *port)
{
    if (port->in_doc)
        verify_breach(v, 95, "StartDocPort succeeded and EndDocPort never came");
    if (port->opens != port->closes)
        verify_breach(v, 104, "%u times OpenPort, %u times ClosePort", port->opens, port->closes);
}

void verify_settle(struct verify *v)
{
    bool ready = atomic_load(&v->state) == VERIFY_READY;

    for (unsigned i = 0; i < v->port_count; i++)
        settle_port(v, &v->ports[i]);
    for (unsigned i = 0; i < VERIFY_XCVS; i++)
        if (v->xcvs[i].open)
            verify_breach(v, 115, "an Xcv handle was never closed");
    for (unsigned i = 0; i < VERIFY_DEAD; i++)
        if (v->trees[i] != NULL)
            verify_breach(v, 117, "an answer was never freed");
    if (v->level2_refused && !v->level1_asked)
        verify_breach(v, 89, "level 2 was refused, and nobody asked for level 1");
    if (ready && !atomic_load(&v->lacking) && v->table.pfnShutdown != NULL)
        verify_breach(v, 119, "Shutdown never came");
}
