/* SPDX-License-Identifier: MIT */
#include "stub.h"

#include <stdio.h>
#include <stdlib.h>

#define MOST_STUBS 8

static struct {
    struct stub *next;
    struct stub *all[MOST_STUBS];
} stubs;

/* ---- who is meant? --------------------------------------------------------------------------- */

static struct stub *by_instance(HANDLE instance)
{
    for (int i = 0; i < MOST_STUBS; i++)
        if (stubs.all[i] != NULL && stubs.all[i]->alive && stubs.all[i]->instance == instance)
            return stubs.all[i];
    fail_msg("a call with an instance that no init has given (R90)");
    return NULL;
}

static struct stub_port *by_handle(HANDLE handle)
{
    for (int i = 0; i < MOST_STUBS; i++) {
        struct stub *stub = stubs.all[i];
        for (unsigned k = 0; stub != NULL && k < stub->port_count; k++) {
            platen_os_mutex_lock(&stub->lock);
            bool found = stub->ports[k].open && stub->ports[k].handle == handle;
            platen_os_mutex_unlock(&stub->lock);
            if (found)
                return &stub->ports[k];
        }
    }
    fail_msg("a call with a port handle that is not open (R93)");
    return NULL;
}

struct stub_port *stub_port(struct stub *stub, const char16_t *name)
{
    for (unsigned i = 0; i < stub->port_count; i++)
        if (platen_text_equal_folded(stub->ports[i].name, name))
            return &stub->ports[i];
    return NULL;
}

/* ---- what every call goes through ------------------------------------------------------------ */

static BOOL answer(uint32_t error)
{
    if (error == 0)
        return TRUE;
    if (error != UINT32_MAX)
        SPL->SetLastError(error);
    return FALSE;
}

static uint32_t enter(struct stub *stub, enum stub_at at, struct stub_port *port)
{
    atomic_fetch_add(&stub->in_flight, 1);
    platen_os_mutex_lock(&stub->lock);
    stub->calls[at]++;
    platen_os_mutex_unlock(&stub->lock);
    if (port != NULL && atomic_exchange(&port->busy, true))
        stub_violation(stub, "R102: two calls on one handle at once");
    return stub->inside != NULL ? stub->inside(stub, at, port) : 0;
}

static void leave(struct stub *stub, struct stub_port *port)
{
    if (port != NULL)
        atomic_store(&port->busy, false);
    atomic_fetch_sub(&stub->in_flight, 1);
}

static void copy_text(char16_t *to, size_t room, const char16_t *from)
{
    size_t length = from != NULL ? platen_text_length16(from, room - 1) : 0;

    if (length != 0)
        memcpy(to, from, length * sizeof *to);
    to[length] = 0;
}

/* ---- ports ----------------------------------------------------------------------------------- */

static BOOL pack_ports(struct stub *stub, DWORD level, LPBYTE to, DWORD size, LPDWORD needed,
                       LPDWORD returned)
{
    static const char16_t texts[] = u"Stub Monitor\0A port";
    const size_t text_sizes = sizeof texts;
    size_t each = level == 1 ? sizeof(PORT_INFO_1W) : sizeof(PORT_INFO_2W) + text_sizes;
    size_t total = 0;

    for (unsigned i = 0; i < stub->port_count; i++)
        total += each + (platen_text_length16(stub->ports[i].name, 64) + 1) * 2;
    *needed = (DWORD)total;
    if (size < total)
        return answer(PLATEN_INSUFFICIENT_BUFFER);
    LPBYTE end = to + size / 2 * 2;
    for (unsigned i = 0; i < stub->port_count; i++) {
        PORT_INFO_2W info = {.fPortType = PORT_TYPE_WRITE};
        size_t length = (platen_text_length16(stub->ports[i].name, 64) + 1) * 2;
        end -= length;
        memcpy(end, stub->ports[i].name, length);
        info.pPortName = (LPWSTR)(void *)end;
        if (level == 2) {
            end -= text_sizes;
            memcpy(end, texts, text_sizes);
            info.pMonitorName = (LPWSTR)(void *)end;
            info.pDescription = info.pMonitorName + 13;
        }
        size_t width = level == 1 ? sizeof(PORT_INFO_1W) : sizeof info;
        memcpy(to + i * width, &info, width);
    }
    *returned = stub->port_count;
    return TRUE;
}

static BOOL do_enum(struct stub *stub, DWORD level, LPBYTE to, DWORD size, LPDWORD needed,
                    LPDWORD returned)
{
    if (level != 1 && level != 2)
        stub_violation(stub, "R88: level %u", (unsigned)level);
    if (needed == NULL || returned == NULL || (to == NULL && size != 0))
        stub_violation(stub, "R88: a pointer is NULL");
    if ((uintptr_t)to % sizeof(void *) != 0)
        stub_violation(stub, "R88: the buffer is not aligned");
    if (to != NULL)
        memset(to, 0xA5, size);
    if (stub->enumerate != NULL)
        return stub->enumerate(stub, level, to, size, needed, returned);
    if (level == 2 && stub->level1_only)
        return answer(PLATEN_INVALID_LEVEL);
    if (stub->enum_empty) {
        *needed = *returned = 0;
        return TRUE;
    }
    return pack_ports(stub, level, to, size, needed, returned);
}

static BOOL WINAPI enum_ports(HANDLE monitor, LPWSTR server, DWORD level, LPBYTE to, DWORD size,
                              LPDWORD needed, LPDWORD returned)
{
    struct stub *stub = by_instance(monitor);
    uint32_t error = enter(stub, AT_ENUM, NULL);
    BOOL fine = error ? answer(error) : do_enum(stub, level, to, size, needed, returned);

    (void)server;
    leave(stub, NULL);
    return fine;
}

static BOOL do_open(struct stub *stub, LPWSTR name, PHANDLE handle)
{
    struct stub_port *port = name != NULL ? stub_port(stub, name) : NULL;

    if (handle == NULL || name == NULL || *name == 0) {
        stub_violation(stub, "R91: OpenPort without a name or a place for the handle");
        return FALSE;
    }
    if (port == NULL)
        return answer(PLATEN_UNKNOWN_PORT);
    uint32_t error = enter(stub, AT_OPEN, port);
    leave(stub, port);
    if (error) {
        *handle = (HANDLE)(uintptr_t)0xBAD;
        return answer(error);
    }
    platen_os_mutex_lock(&stub->lock);
    bool twice = port->open;
    port->open = true;
    port->opens++;
    port->handle = stub->any_handle ? stub->port_handle : port;
    *handle = port->handle;
    platen_os_mutex_unlock(&stub->lock);
    if (twice)
        stub_violation(stub, "R92: a port was opened twice");
    return TRUE;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE handle)
{
    return do_open(by_instance(monitor), name, handle);
}

static void check_start(struct stub_port *port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    const DOC_INFO_1W *doc = (const DOC_INFO_1W *)(const void *)info;
    HANDLE handle;

    if (level != 1 || info == NULL || printer == NULL || job == 0) {
        stub_violation(port->stub, "R96: StartDocPort's arguments");
        return;
    }
    if (!SPL->OpenPrinterW(printer, &handle, NULL))
        stub_violation(port->stub, "R96: OpenPrinter of StartDocPort's printer");
    else if (!SPL->ClosePrinter(handle))
        stub_violation(port->stub, "R96: ClosePrinter");
    copy_text(port->printer, 64, printer);
    copy_text(port->title, 64, doc->pDocName);
    copy_text(port->output, 64, doc->pOutputFile);
    copy_text(port->datatype, 16, doc->pDatatype);
    port->job = job;
}

static BOOL WINAPI start_doc_port(HANDLE handle, LPWSTR printer, DWORD job, DWORD level,
                                  LPBYTE info)
{
    struct stub_port *port = by_handle(handle);

    if (port->in_doc)
        stub_violation(port->stub, "R94: StartDocPort in a job");
    check_start(port, printer, job, level, info);
    port->thread = platen_os_thread_id();
    uint32_t error = enter(port->stub, AT_START, port);
    if (!error) {
        port->in_doc = true;
        port->starts++;
    }
    leave(port->stub, port);
    return answer(error);
}

static void take(struct stub_port *port, const BYTE *data, DWORD size)
{
    port->total += size;
    if (!port->stub->keep || size == 0)
        return;
    uint8_t *grown = realloc(port->data, port->size + size);
    if (grown == NULL)
        abort();
    memcpy(grown + port->size, data, size);
    port->data = grown;
    port->size += size;
}

static void check_write(struct stub_port *port, const BYTE *data, DWORD size, LPDWORD written)
{
    if (!port->in_doc)
        stub_violation(port->stub, "R98: WritePort outside a job");
    if (data == NULL || size == 0 || written == NULL)
        stub_violation(port->stub, "R98: WritePort's arguments");
    if (port->thread != platen_os_thread_id())
        stub_violation(port->stub, "R102: one job on two threads");
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct stub_port *port = by_handle(handle);
    struct stub *stub = port->stub;
    uint32_t accepted;

    check_write(port, data, size, written);
    port->writes++;
    uint32_t error = enter(stub, AT_WRITE, port);
    accepted = error ? 0 : stub->accept != NULL ? stub->accept(stub, size) : size;
    take(port, data, accepted < size ? accepted : size);
    *written = accepted;
    leave(stub, port);
    return answer(error);
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)data;
    (void)size;
    (void)moved;
    stub_violation(by_handle(handle)->stub, "R103: ReadPort");
    return FALSE;
}

static void send_completion(struct stub_port *port)
{
    HANDLE handle;

    if (!SPL->OpenPrinterW(port->printer, &handle, NULL) ||
        !SPL->SetJobW(handle, port->job, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER) ||
        !SPL->ClosePrinter(handle))
        stub_violation(port->stub, "R96: SetJob in EndDocPort: %u", (unsigned)SPL->GetLastError());
}

static BOOL WINAPI end_doc_port(HANDLE handle)
{
    struct stub_port *port = by_handle(handle);

    if (!port->in_doc)
        stub_violation(port->stub, "R94: EndDocPort without a job");
    uint32_t error = enter(port->stub, AT_END, port);
    if (!error && port->stub->complete)
        send_completion(port);
    port->in_doc = false;
    port->ends++;
    leave(port->stub, port);
    return answer(error);
}

static BOOL WINAPI close_port(HANDLE handle)
{
    struct stub_port *port = by_handle(handle);
    struct stub *stub = port->stub;

    if (port->in_doc)
        stub_violation(stub, "R104: ClosePort in a job");
    uint32_t error = enter(stub, AT_CLOSE, port);
    port->closes++;
    leave(stub, port);
    platen_os_mutex_lock(&stub->lock);
    port->open = false;
    platen_os_mutex_unlock(&stub->lock);
    return answer(error);
}

/* ---- Xcv ------------------------------------------------------------------------------------- */

struct stub_xcv {
    struct stub *stub;
    atomic_int calls;
    bool closed;
};

static BOOL WINAPI xcv_open(HANDLE monitor, LPCWSTR object, ACCESS_MASK access, PHANDLE handle)
{
    struct stub *stub = by_instance(monitor);
    struct stub_xcv *xcv = calloc(1, sizeof *xcv);
    uint32_t error = enter(stub, AT_XCV_OPEN, NULL);

    if (object == NULL || handle == NULL || xcv == NULL)
        stub_violation(stub, "R109: XcvOpenPort's arguments");
    for (const WCHAR *at = object; at != NULL && *at != 0; at++)
        if (*at == ',' || *at == '\\')
            stub_violation(stub, "R109: the object is not bare");
    copy_text(stub->xcv_object, 64, object);
    stub->xcv_access = access;
    leave(stub, NULL);
    if (error) {
        free(xcv);
        return answer(error);
    }
    xcv->stub = stub;
    platen_os_mutex_lock(&stub->lock);
    stub->xcvs_open++;
    platen_os_mutex_unlock(&stub->lock);
    *handle = xcv;
    return TRUE;
}

static DWORD WINAPI xcv_data(HANDLE handle, LPCWSTR name, PBYTE in, DWORD in_size, PBYTE out,
                             DWORD out_size, PDWORD needed)
{
    struct stub_xcv *xcv = handle;
    struct stub *stub = xcv->stub;

    atomic_fetch_add(&xcv->calls, 1);
    if (name == NULL || needed == NULL || *needed != 0 || (out == NULL && out_size != 0))
        stub_violation(stub, "R111: XcvDataPort's arguments");
    if (out != NULL)
        memset(out, 0xA5, out_size);
    uint32_t error = enter(stub, AT_XCV_DATA, NULL);
    DWORD status = error;
    if (!error && stub->xcv != NULL)
        status = stub->xcv(stub, name, in, in_size, out, out_size, needed);
    leave(stub, NULL);
    atomic_fetch_sub(&xcv->calls, 1);
    return status;
}

static BOOL WINAPI xcv_close(HANDLE handle)
{
    struct stub_xcv *xcv = handle;
    struct stub *stub = xcv->stub;
    uint32_t error = enter(stub, AT_XCV_CLOSE, NULL);

    if (atomic_load(&xcv->calls) != 0)
        stub_violation(stub, "R115: XcvClosePort during XcvDataPort");
    platen_os_mutex_lock(&stub->lock);
    stub->xcvs_open--;
    platen_os_mutex_unlock(&stub->lock);
    free(xcv);
    leave(stub, NULL);
    return answer(error);
}

/* ---- life ------------------------------------------------------------------------------------ */

static void WINAPI shutdown_monitor(HANDLE monitor)
{
    struct stub *stub = by_instance(monitor);

    if (atomic_load(&stub->in_flight) != 0)
        stub_violation(stub, "R119: Shutdown while a call is under way");
    enter(stub, AT_SHUTDOWN, NULL);
    for (unsigned i = 0; i < stub->port_count; i++)
        if (stub->ports[i].open)
            stub_violation(stub, "R104: Shutdown with a port open");
    if (stub->xcvs_open != 0)
        stub_violation(stub, "R119: Shutdown with an Xcv handle open");
    if (stub->init->cbSize < sizeof(MONITORINIT) ||
        stub->init->pMonitorReg->cbSize < sizeof(MONITORREG))
        stub_violation(stub, "R84: MONITORINIT is gone before Shutdown");
    leave(stub, NULL);
    stub->alive = false;
}

static const MONITOR2 whole = {
    .cbSize = sizeof(MONITOR2),
    .pfnEnumPorts = enum_ports,
    .pfnOpenPort = open_port,
    .pfnStartDocPort = start_doc_port,
    .pfnWritePort = write_port,
    .pfnReadPort = read_port,
    .pfnEndDocPort = end_doc_port,
    .pfnClosePort = close_port,
    .pfnXcvOpenPort = xcv_open,
    .pfnXcvDataPort = xcv_data,
    .pfnXcvClosePort = xcv_close,
    .pfnShutdown = shutdown_monitor,
};

void stub_prepare(struct stub *stub)
{
    memset(stub, 0, sizeof *stub);
    platen_os_mutex_init(&stub->lock);
    stub->table = whole;
    stub->port_count = 1;
    stub->keep = true;
    for (unsigned i = 0; i < STUB_PORTS; i++) {
        char name[16];
        snprintf(name, sizeof name, "P%u:", i + 1);
        platen_text_to16(name, SIZE_MAX, stub->ports[i].name, 64);
        stub->ports[i].stub = stub;
    }
}

LPMONITOR2 WINAPI stub_entry(PMONITORINIT init, PHANDLE monitor)
{
    struct stub *stub = stubs.next;
    int i = 0;

    assert_non_null(stub);
    stub->init = init;
    uint32_t error = enter(stub, AT_INIT, NULL);
    leave(stub, NULL);
    if (error) {
        answer(error);
        return NULL;
    }
    while (i < MOST_STUBS && stubs.all[i] != NULL && stubs.all[i] != stub)
        i++;
    assert_true(i < MOST_STUBS);
    stubs.all[i] = stub;
    if (!stub->any_instance)
        stub->instance = stub;
    if (stub->table_size != 0)
        stub->table.cbSize = stub->table_size;
    *monitor = stub->instance;
    stub->alive = true;
    return &stub->table;
}

void stub_next(struct stub *stub)
{
    stubs.next = stub;
}

uint32_t stub_attach(platen_spooler *spooler, struct stub *stub, const char *name, char **complaint)
{
    stubs.next = stub;
    uint32_t error = platen_spooler_attach(spooler, name, stub_entry, complaint);
    stubs.next = NULL;
    return error;
}

void stub_check(struct stub *stub)
{
    for (int i = 0; i < MOST_STUBS; i++)
        if (stubs.all[i] == stub)
            stubs.all[i] = NULL;
    assert_string_equal(stub->violation, "");
    for (unsigned i = 0; i < stub->port_count; i++) {
        struct stub_port *port = &stub->ports[i];
        assert_int_equal(port->starts, port->ends);
        assert_int_equal(port->opens, port->closes);
        assert_false(port->open);
        free(port->data);
    }
    assert_int_equal(stub->calls[AT_SHUTDOWN], stub->table.pfnShutdown != NULL);
    assert_int_equal(stub->xcvs_open, 0);
    platen_os_mutex_destroy(&stub->lock);
}
