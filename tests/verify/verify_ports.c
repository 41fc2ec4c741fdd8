/* SPDX-License-Identifier: MIT
 *
 * The verifying monitor's ports: EnumPorts, OpenPort, ClosePort.
 */
#include "verify.h"

#include <string.h>

/* ---- by name --------------------------------------------------------------------------------- */

/* With the lock held. */
static struct verify_port *find(struct verify *v, const char16_t *name)
{
    for (unsigned i = 0; i < v->port_count; i++)
        if (platen_text_equal_folded(v->ports[i].name, name))
            return &v->ports[i];
    return NULL;
}

struct verify_port *verify_port_named(struct verify *v, const char16_t *name)
{
    platen_os_mutex_lock(&v->lock);
    struct verify_port *port = find(v, name);
    platen_os_mutex_unlock(&v->lock);
    return port;
}

bool verify_is_listed(struct verify *v, const struct verify_port *port)
{
    platen_os_mutex_lock(&v->lock);
    bool listed = port->listed;
    platen_os_mutex_unlock(&v->lock);
    return listed;
}

bool verify_is_open(struct verify *v, const struct verify_port *port)
{
    platen_os_mutex_lock(&v->lock);
    bool open = port->open;
    platen_os_mutex_unlock(&v->lock);
    return open;
}

bool verify_add_port(struct verify *v, const char16_t *name)
{
    platen_os_mutex_lock(&v->lock);
    struct verify_port *port = find(v, name);
    if (port == NULL && v->port_count < VERIFY_PORTS) {
        port = &v->ports[v->port_count++];
        verify_copy_text(port->name, name);
    }
    if (port != NULL)
        port->listed = true;
    platen_os_mutex_unlock(&v->lock);
    return port != NULL;
}

bool verify_remove_port(struct verify *v, const char16_t *name)
{
    platen_os_mutex_lock(&v->lock);
    struct verify_port *port = find(v, name);
    bool removed = port != NULL && port->listed;
    if (removed)
        port->listed = false;
    platen_os_mutex_unlock(&v->lock);
    return removed;
}

/* ---- EnumPorts ------------------------------------------------------------------------------- */

static const char16_t own_name[] = u"Verifying Monitor";
static const char16_t description[] = u"A port";

static DWORD text_room(const struct verify *v, size_t bytes)
{
    return (DWORD)(bytes + (v->gaps ? 10 : 0));
}

static DWORD need_of(const struct verify *v, DWORD level)
{
    DWORD total = 0;

    for (unsigned i = 0; i < v->port_count; i++) {
        if (!v->ports[i].listed)
            continue;
        size_t units = platen_text_length16(v->ports[i].name, VERIFY_NAME) + 1;
        total += text_room(v, units * sizeof(char16_t));
        total += level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
        if (level == 2)
            total += text_room(v, sizeof own_name) + text_room(v, sizeof description);
    }
    return total;
}

static LPWSTR put_text(const struct verify *v, LPBYTE *end, const char16_t *text)
{
    size_t bytes = (platen_text_length16(text, VERIFY_NAME) + 1) * sizeof *text;

    *end -= text_room(v, bytes);
    memcpy(*end, text, bytes);
    return (LPWSTR)(void *)*end;
}

static DWORD pack(const struct verify *v, DWORD level, LPBYTE to, DWORD size)
{
    size_t each = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W);
    LPBYTE end = size != 0 ? to + (size & ~(DWORD)1) : NULL;
    DWORD count = 0;

    for (unsigned i = 0; i < v->port_count; i++) {
        PORT_INFO_2W info = {.fPortType = PORT_TYPE_WRITE};
        if (!v->ports[i].listed)
            continue;
        info.pPortName = put_text(v, &end, v->ports[i].name);
        if (level == 2) {
            info.pMonitorName = put_text(v, &end, own_name);
            info.pDescription = put_text(v, &end, description);
        }
        memcpy(to + count++ * each, &info, each);
    }
    return count;
}

/* A buffer that was too small is followed by one that is not, unless nobody wants the list any
 * more: then the next question is one for the size alone. */
static void check_asking(struct verify *v, DWORD level, DWORD size)
{
    platen_os_mutex_lock(&v->lock);
    DWORD asked = v->asked_bytes;
    bool again = asked != 0 && v->asked_thread == platen_os_thread_id() &&
                 v->asked_level == level && size != 0;
    platen_os_mutex_unlock(&v->lock);
    if (again && size < asked)
        verify_breach(v, 88, "EnumPorts with %u bytes, after %u were asked for", (unsigned)size,
                      (unsigned)asked);
}

static void remember_asking(struct verify *v, DWORD level, DWORD bytes)
{
    v->asked_thread = platen_os_thread_id();
    v->asked_level = level;
    v->asked_bytes = bytes;
}

static bool check_enum(struct verify *v, DWORD level, LPBYTE to, DWORD size, const DWORD *needed,
                       const DWORD *returned)
{
    if (level != 1 && level != 2)
        verify_breach(v, 88, "EnumPorts with level %u", (unsigned)level);
    else if (needed == NULL || returned == NULL || (to == NULL && size != 0))
        verify_breach(v, 88, "EnumPorts with a pointer that is NULL");
    else if (size != 0 && (uintptr_t)to % sizeof(void *) != 0)
        verify_breach(v, 88, "EnumPorts with a buffer that is not aligned");
    else
        return true;
    return false;
}

static uint32_t list_ports(struct verify *v, DWORD level, LPBYTE to, DWORD size, LPDWORD needed,
                           LPDWORD returned)
{
    uint32_t code = 0;

    platen_os_mutex_lock(&v->lock);
    if (level == 1)
        v->level1_asked = true;
    else if (v->level1_only)
        v->level2_refused = true;
    if (level == 2 && v->level1_only) {
        code = PLATEN_INVALID_LEVEL;
    } else {
        *needed = need_of(v, level);
        *returned = 77; /* it means nothing before TRUE */
        code = size < *needed ? PLATEN_INSUFFICIENT_BUFFER : 0;
        remember_asking(v, level, code != 0 ? *needed : 0);
        if (code == 0)
            *returned = pack(v, level, to, size);
        else if (v->port_count + v->growth <= VERIFY_PORTS)
            v->port_count += v->growth;
    }
    platen_os_mutex_unlock(&v->lock);
    return code;
}

BOOL WINAPI verify_EnumPorts(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                             LPDWORD needed, LPDWORD returned)
{
    struct verify *v = verify_of(monitor, "EnumPorts");

    (void)server;
    if (v == NULL)
        return FALSE;
    uint32_t code = verify_enter(v, VERIFY_ENUM, NULL);
    if (!check_enum(v, level, to, size, needed, returned)) {
        code = PLATEN_INVALID_PARAMETER;
    } else if (code == 0) {
        check_asking(v, level, size);
        if (to != NULL)
            verify_touch(to, size);
        code = list_ports(v, level, to, size, needed, returned);
    }
    verify_leave(v, NULL);
    return verify_answer(v, code);
}

/* ---- OpenPort, ClosePort --------------------------------------------------------------------- */

/* The port, or NULL with a finding. */
static struct verify_port *check_open(struct verify *v, LPWSTR name, const HANDLE *handle,
                                      const char *function)
{
    if (handle == NULL || name == NULL || *name == 0) {
        verify_breach(v, 91, "%s without a name, or without a place for the handle", function);
        return NULL;
    }
    if (!verify_text(v, 91, "the port's name", name, false))
        return NULL;
    struct verify_port *port = verify_port_named(v, name);
    bool listed = port != NULL && verify_is_listed(v, port);
    if (port == NULL)
        verify_breach(v, 91, "%s of a port that was never listed", function);
    else if (!listed)
        verify_breach(v, 113 | ALSO(91), "%s of a port that was deleted", function);
    return listed ? port : NULL;
}

static void open_it(struct verify_port *port, PHANDLE handle)
{
    struct verify *v = port->v;

    platen_os_mutex_lock(&v->lock);
    bool twice = port->open;
    port->open = true;
    port->opens++;
    port->handle_used = false;
    port->in_doc = false;
    port->above = verify_above;
    port->handle = verify_new_handle(v);
    *handle = port->handle;
    platen_os_mutex_unlock(&v->lock);
    if (v->wants_above && port->above == NULL)
        verify_breach(v, 118, "OpenPort of the port monitor, and there is a language monitor");
    if (twice)
        verify_breach(v, 92, "a port was opened that is open");
}

/* What nobody may use. */
static HANDLE leave_garbage(struct verify *v)
{
    HANDLE garbage = (HANDLE)(uintptr_t)0xBAD5;

    atomic_store(&v->garbage, garbage);
    return garbage;
}

BOOL WINAPI verify_OpenPort(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    struct verify *v = verify_of(monitor, "OpenPort");

    if (v == NULL)
        return FALSE;
    uint32_t code = PLATEN_UNKNOWN_PORT;
    struct verify_port *port = check_open(v, name, handle, "OpenPort");
    if (port != NULL) {
        code = verify_enter(v, VERIFY_OPEN, NULL);
        verify_leave(v, NULL);
    }
    if (port != NULL && code == 0)
        open_it(port, handle);
    else if (handle != NULL)
        *handle = leave_garbage(v);
    return verify_answer(v, code);
}

static void close_it(struct verify_port *port)
{
    struct verify *v = port->v;

    platen_os_mutex_lock(&v->lock);
    port->open = false;
    port->in_doc = false;
    port->closes++;
    if (port->dead_count < VERIFY_DEAD)
        port->dead[port->dead_count++] = port->handle;
    platen_os_mutex_unlock(&v->lock);
}

static uint32_t close_below(struct verify_port *port)
{
    uint32_t code = 0;

    port->stacked = false;
    verify_above = port->v;
    if (!port->below_table.pfnClosePort(port->below_handle))
        code = port->v->spl->GetLastError();
    verify_above = NULL;
    return code;
}

BOOL WINAPI verify_ClosePort(HANDLE handle)
{
    struct verify_port *port = verify_port_of(handle, "ClosePort");

    if (port == NULL)
        return FALSE;
    struct verify *v = port->v;
    if (!v->language)
        verify_check_way(port, "ClosePort");
    if (port->in_doc)
        verify_breach(v, 104 | ALSO(95), "ClosePort while a job is active");
    uint32_t code = verify_enter(v, VERIFY_CLOSE, port);
    if (port->stacked)
        code = close_below(port);
    verify_leave(v, port);
    close_it(port);
    return verify_answer(v, code);
}

/* ---- a language monitor's way to its port ---------------------------------------------------- */

static bool is_port_monitor(HANDLE monitor)
{
    const struct verify *other = verify_known(monitor);

    return other != NULL && !other->language;
}

static bool is_usable(const MONITOR2 *table)
{
    return table != NULL && table->cbSize >= PLATEN_MONITOR2_WIN2K && table->pfnOpenPort != NULL &&
           table->pfnStartDocPort != NULL && table->pfnWritePort != NULL &&
           table->pfnReadPort != NULL && table->pfnEndDocPort != NULL &&
           table->pfnClosePort != NULL;
}

static bool check_open_ex(struct verify *v, HANDLE below, LPWSTR printer, const MONITOR2 *table)
{
    if (!verify_text(v, 118, "OpenPortEx's printer", printer, false))
        return false;
    if (v->queue != NULL && !platen_text_equal_folded(printer, v->queue))
        verify_breach(v, 118, "OpenPortEx with another printer");
    else if (!is_usable(table))
        verify_breach(v, 118, "OpenPortEx with a table that cannot be used");
    else if (!v->language)
        verify_breach(v, 118 | ALSO(90), "OpenPortEx with the port monitor's hMonitor");
    else if (!is_port_monitor(below))
        verify_breach(v, 118, "OpenPortEx with something else than the port monitor's hMonitor");
    else
        return true;
    return false;
}

static uint32_t open_below(struct verify_port *port, HANDLE below, LPWSTR name,
                           const MONITOR2 *table)
{
    struct verify *v = port->v;
    uint32_t code = 0;

    memcpy(&port->below_table, table,
           table->cbSize < sizeof *table ? table->cbSize : sizeof *table);
    verify_above = v;
    if (!table->pfnOpenPort(below, name, &port->below_handle))
        code = v->spl->GetLastError();
    verify_above = NULL;
    return code;
}

BOOL WINAPI verify_OpenPortEx(HANDLE monitor, HANDLE below, LPWSTR name, LPWSTR printer,
                              PHANDLE handle, MONITOR2 *table)
{
    struct verify *v = verify_of(monitor, "OpenPortEx");

    if (v == NULL)
        return FALSE;
    bool fine = check_open_ex(v, below, printer, table);
    struct verify_port *port = check_open(v, name, handle, "OpenPortEx");
    if (port == NULL || !fine)
        return verify_answer(v, PLATEN_INVALID_PARAMETER);
    uint32_t code = verify_enter(v, VERIFY_OPEN_EX, NULL);
    if (code == 0)
        code = open_below(port, below, name, table);
    verify_leave(v, NULL);
    if (code == 0) {
        open_it(port, handle);
        port->stacked = true;
        verify_copy_text(port->printer, printer);
    }
    return verify_answer(v, code);
}
