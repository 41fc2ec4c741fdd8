/* SPDX-License-Identifier: MIT
 *
 * A table of functions that leave the instance out. There is one monitor in this process, and so
 * one table.
 */
#include "host/older.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "host/native.h"
#include "os/lasterror.h"
#include "os/text.h"
#include "os/thread.h"

#define ROOT "System\\CurrentControlSet\\Control\\Print\\Monitors\\"

static struct {
    LPMONITOREX(WINAPI *init)(LPWSTR root);
    MONITOR monitor;
    MONITOR2 table;
    char root[300];
    uint32_t size; /* dwMonitorSize, as the monitor has it */
} older;

/* The monitors that a language monitor of this kind stands on. */
#define BELOW_MOST 8u
static struct below {
    const MONITOR2 *table;
    HANDLE instance;
    MONITOR monitor;
} belows[BELOW_MOST];
static platen_os_mutex lock;
/* The one that OpenPortEx is about on this thread: the two functions that lack an instance are
 * called from there. */
static _Thread_local const struct below *below_here;

/* ---- with an instance, and without ----------------------------------------------------------- */

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR name, DWORD level, LPBYTE rows, DWORD size,
                              LPDWORD needed, LPDWORD count)
{
    (void)monitor;
    return older.monitor.pfnEnumPorts(name, level, rows, size, needed, count);
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    (void)monitor;
    return older.monitor.pfnOpenPort(name, port);
}

static BOOL WINAPI add_port(HANDLE monitor, LPWSTR name, HWND window, LPWSTR own)
{
    (void)monitor;
    return older.monitor.pfnAddPort(name, window, own);
}

static BOOL WINAPI add_port_ex(HANDLE monitor, LPWSTR name, DWORD level, LPBYTE info, LPWSTR own)
{
    (void)monitor;
    return older.monitor.pfnAddPortEx(name, level, info, own);
}

static BOOL WINAPI configure_port(HANDLE monitor, LPWSTR name, HWND window, LPWSTR port)
{
    (void)monitor;
    return older.monitor.pfnConfigurePort(name, window, port);
}

static BOOL WINAPI delete_port(HANDLE monitor, LPWSTR name, HWND window, LPWSTR port)
{
    (void)monitor;
    return older.monitor.pfnDeletePort(name, window, port);
}

static BOOL WINAPI xcv_open_port(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor;
    return older.monitor.pfnXcvOpenPort(object, access, xcv);
}

/* Windows NT 4 had no Xcv yet: its MONITOR ends before that (contract 1.2). */
static BOOL WINAPI no_xcv_open_port(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE xcv)
{
    (void)monitor, (void)object, (void)access;
    *xcv = NULL;
    platen_os_set_last_error(ERROR_NOT_SUPPORTED);
    return FALSE;
}

static DWORD WINAPI no_xcv_data_port(HANDLE xcv, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                                     DWORD out_size, PDWORD needed)
{
    (void)xcv, (void)name, (void)in, (void)in_size, (void)out, (void)out_size, (void)needed;
    return ERROR_NOT_SUPPORTED;
}

static BOOL WINAPI no_xcv_close_port(HANDLE xcv)
{
    (void)xcv;
    return FALSE;
}

/* ---- the other way: the monitor below, without its instance ---------------------------------- */

static BOOL WINAPI below_enum_ports(LPWSTR name, DWORD level, LPBYTE rows, DWORD size,
                                    LPDWORD needed, LPDWORD count)
{
    const struct below *below = below_here == NULL ? &belows[0] : below_here;
    return below->table->pfnEnumPorts(below->instance, name, level, rows, size, needed, count);
}

static BOOL WINAPI below_open_port(LPWSTR name, PHANDLE port)
{
    const struct below *below = below_here == NULL ? &belows[0] : below_here;
    return below->table->pfnOpenPort(below->instance, name, port);
}

/* Has the table that member? */
static bool has(const MONITOR2 *table, size_t offset)
{
    static const char nothing[sizeof(void *)];
    return table->cbSize >= offset + sizeof nothing &&
           memcmp((const char *)table + offset, nothing, sizeof nothing) != 0;
}

/* clang-format off */
#define HAS(table, member) has(table, offsetof(MONITOR2, member))
#define BELOW(member) .member = HAS(table, member) ? table->member : NULL
/* clang-format on */
static MONITOR without_instance(const MONITOR2 *table)
{
    return (MONITOR){
        .pfnEnumPorts = HAS(table, pfnEnumPorts) ? below_enum_ports : NULL,
        .pfnOpenPort = HAS(table, pfnOpenPort) ? below_open_port : NULL,
        BELOW(pfnStartDocPort),
        BELOW(pfnWritePort),
        BELOW(pfnReadPort),
        BELOW(pfnEndDocPort),
        BELOW(pfnClosePort),
        BELOW(pfnGetPrinterDataFromPort),
        BELOW(pfnSetPortTimeOuts),
        BELOW(pfnXcvDataPort),
        BELOW(pfnXcvClosePort),
    };
}

/* The place of that monitor, which stays where it is; NULL: there are too many. */
static struct below *stand_on(HANDLE instance, const MONITOR2 *table)
{
    struct below *found = NULL;
    platen_os_mutex_lock(&lock);
    for (unsigned i = 0; found == NULL && i < BELOW_MOST; i++) {
        bool is_it = belows[i].table == table && belows[i].instance == instance;
        found = is_it || belows[i].table == NULL ? &belows[i] : NULL;
    }
    if (found != NULL && found->table == NULL) {
        *found = (struct below){table, instance, without_instance(table)};
    }
    platen_os_mutex_unlock(&lock);
    return found;
}

static BOOL WINAPI open_port_ex(HANDLE monitor, HANDLE instance, LPWSTR port, LPWSTR printer,
                                PHANDLE handle, MONITOR2 *table)
{
    const struct below *before = below_here;
    struct below *below = table == NULL ? NULL : stand_on(instance, table);
    (void)monitor;
    if (table != NULL && below == NULL) {
        platen_os_set_last_error(ERROR_NOT_ENOUGH_MEMORY);
        return FALSE;
    }
    below_here = below;
    BOOL fine =
        older.monitor.pfnOpenPortEx(port, printer, handle, below == NULL ? NULL : &below->monitor);
    below_here = before;
    return fine;
}

/* ---- the table ------------------------------------------------------------------------------- */

/* clang-format off */
#define SAME(member) .member = older.monitor.member
#define THUNK(member, function) .member = older.monitor.member == NULL ? NULL : (function)
/* clang-format on */
static void make_table(void)
{
    older.table = (MONITOR2){
        .cbSize = PLATEN_MONITOR2_WIN2K,
        THUNK(pfnEnumPorts, enum_ports),
        THUNK(pfnOpenPort, open_port),
        THUNK(pfnOpenPortEx, open_port_ex),
        SAME(pfnStartDocPort),
        SAME(pfnWritePort),
        SAME(pfnReadPort),
        SAME(pfnEndDocPort),
        SAME(pfnClosePort),
        THUNK(pfnAddPort, add_port),
        THUNK(pfnAddPortEx, add_port_ex),
        THUNK(pfnConfigurePort, configure_port),
        THUNK(pfnDeletePort, delete_port),
        SAME(pfnGetPrinterDataFromPort),
        SAME(pfnSetPortTimeOuts),
        THUNK(pfnXcvOpenPort, xcv_open_port),
        SAME(pfnXcvDataPort),
        SAME(pfnXcvClosePort),
    };
}

/* As many members as it says that it has. */
static LPMONITOR2 take(const MONITOREX *made)
{
    if (made == NULL) {
        return NULL;
    }
    older.size = made->dwMonitorSize;
    size_t size =
        made->dwMonitorSize < sizeof older.monitor ? made->dwMonitorSize : sizeof older.monitor;
    memset(&older.monitor, 0, sizeof older.monitor);
    memcpy(&older.monitor, &made->Monitor, size);
    make_table();
    if (size <= offsetof(MONITOR, pfnXcvOpenPort) && older.monitor.pfnEnumPorts != NULL) {
        older.table.pfnXcvOpenPort = no_xcv_open_port;
        older.table.pfnXcvDataPort = no_xcv_data_port;
        older.table.pfnXcvClosePort = no_xcv_close_port;
    }
    return &older.table;
}

static LPMONITOR2 WINAPI initialise(PMONITORINIT init, PHANDLE monitor)
{
    WCHAR *root = (WCHAR *)platen_text_new16(older.root, SIZE_MAX);
    (void)init;
    if (root == NULL) {
        platen_os_set_last_error(ERROR_NOT_ENOUGH_MEMORY);
        return NULL;
    }
    *monitor = &older;
    LPMONITOR2 table = take(older.init(root));
    uint32_t error = platen_os_get_last_error();
    free(root);
    platen_os_set_last_error(error);
    return table;
}

uint32_t host_older_size(const void *table)
{
    return table == &older.table ? older.size : 0;
}

LPMONITOR2(WINAPI *host_older(platen_os_module *module, const char *path, const char *name))
(PMONITORINIT init, PHANDLE monitor)
{
    platen_os_function function = platen_os_module_function(module, "InitializePrintMonitor");
    if (function == NULL) {
        return NULL;
    }
    platen_os_mutex_init(&lock);
    memcpy(&older.init, &function, sizeof function);
    snprintf(older.root, sizeof older.root, ROOT "%s", name);
    host_native_root(path, older.root);
    return initialise;
}
