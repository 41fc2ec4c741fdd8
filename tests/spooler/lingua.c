/* SPDX-License-Identifier: MIT */
#include "lingua.h"

static struct lingua *next;

static BOOL answer(uint32_t error)
{
    if (error == 0)
        return TRUE;
    if (error != UINT32_MAX)
        SPL->SetLastError(error);
    return FALSE;
}

static uint32_t enter(struct lingua *lingua, enum stub_at at, struct lingua_port *port)
{
    platen_os_mutex_lock(&lingua->lock);
    lingua->calls[at]++;
    platen_os_mutex_unlock(&lingua->lock);
    return lingua->inside != NULL ? lingua->inside(lingua, at, port) : 0;
}

static void copy_text(char16_t *to, size_t room, const char16_t *from)
{
    size_t length = platen_text_length16(from, room - 1);

    memcpy(to, from, length * sizeof *to);
    to[length] = 0;
}

void set_job(const char16_t *printer, DWORD job, DWORD command)
{
    HANDLE handle;

    assert_true(SPL->OpenPrinterW((LPWSTR)(uintptr_t)printer, &handle, NULL));
    assert_true(SPL->SetJobW(handle, job, 0, NULL, command));
    assert_true(SPL->ClosePrinter(handle));
}

static struct lingua_port *take_port(struct lingua *lingua)
{
    struct lingua_port *port = NULL;

    platen_os_mutex_lock(&lingua->lock);
    for (int i = 0; i < LINGUA_PORTS && port == NULL; i++)
        if (!lingua->ports[i].taken)
            port = &lingua->ports[i];
    if (port != NULL)
        *port = (struct lingua_port){.lingua = lingua, .taken = true};
    platen_os_mutex_unlock(&lingua->lock);
    assert_non_null(port); /* OpenPortEx again and again, without ClosePort */
    return port;
}

static void leave_port(struct lingua_port *port)
{
    platen_os_mutex_lock(&port->lingua->lock);
    port->open = port->taken = false;
    platen_os_mutex_unlock(&port->lingua->lock);
}

static BOOL WINAPI open_port_ex(HANDLE monitor, HANDLE below, LPWSTR name, LPWSTR printer,
                                PHANDLE handle, struct _MONITOR2 *table)
{
    struct lingua *lingua = monitor;
    struct lingua_port *port = take_port(lingua);

    assert_true(lingua->alive);
    assert_non_null(name);
    assert_non_null(printer);
    assert_non_null(table);
    platen_os_mutex_lock(&lingua->lock); /* several lanes may be here */
    copy_text(lingua->port_name, 64, name);
    copy_text(lingua->printer_name, 64, printer);
    lingua->monitor = below;
    platen_os_mutex_unlock(&lingua->lock);
    *handle = (HANDLE)(uintptr_t)0xBAD;
    memcpy(&port->table, table, table->cbSize < sizeof *table ? table->cbSize : sizeof *table);
    if (lingua->spoils)
        memset(table, 0, sizeof *table);
    uint32_t error = enter(lingua, AT_OPEN, port);
    if (error || !port->table.pfnOpenPort(below, name, &port->below)) {
        leave_port(port);
        return answer(error != 0 ? error : UINT32_MAX);
    }
    port->open = true;
    *handle = port;
    return TRUE;
}

static BOOL WINAPI start_doc_port(HANDLE handle, LPWSTR printer, DWORD job, DWORD level,
                                  LPBYTE info)
{
    struct lingua_port *port = handle;

    assert_true(port->open && !port->in_doc);
    copy_text(port->printer, 64, printer);
    port->job = job;
    uint32_t error = enter(port->lingua, AT_START, port);
    if (error)
        return answer(error);
    port->in_doc = port->table.pfnStartDocPort(port->below, printer, job, level, info);
    return port->in_doc;
}

static BOOL WINAPI write_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD written)
{
    struct lingua_port *port = handle;

    assert_true(port->open && port->in_doc);
    uint32_t error = enter(port->lingua, AT_WRITE, port);
    return error ? answer(error) : port->table.pfnWritePort(port->below, data, size, written);
}

static BOOL WINAPI read_port(HANDLE handle, LPBYTE data, DWORD size, LPDWORD moved)
{
    (void)handle;
    (void)data;
    (void)size;
    (void)moved;
    fail_msg("ReadPort (R103)");
    return FALSE;
}

static BOOL WINAPI end_doc_port(HANDLE handle)
{
    struct lingua_port *port = handle;

    assert_true(port->open && port->in_doc);
    uint32_t error = enter(port->lingua, AT_END, port);
    port->in_doc = false;
    BOOL fine = port->table.pfnEndDocPort(port->below);
    if (error)
        return answer(error);
    if (fine && port->lingua->ejects)
        set_job(port->printer, port->job, JOB_CONTROL_LAST_PAGE_EJECTED);
    return fine;
}

static BOOL WINAPI close_port(HANDLE handle)
{
    struct lingua_port *port = handle;

    assert_true(port->open && !port->in_doc);
    uint32_t error = enter(port->lingua, AT_CLOSE, port);
    BOOL fine = port->table.pfnClosePort(port->below);
    leave_port(port);
    return error ? answer(error) : fine;
}

static void WINAPI shutdown_monitor(HANDLE monitor)
{
    struct lingua *lingua = monitor;

    for (int i = 0; i < LINGUA_PORTS; i++)
        assert_false(lingua->ports[i].open);
    enter(lingua, AT_SHUTDOWN, NULL);
    lingua->alive = false;
}

static LPMONITOR2 WINAPI entry(PMONITORINIT init, PHANDLE monitor)
{
    (void)init;
    *monitor = next;
    next->alive = true;
    return &next->table;
}

void lingua_prepare(struct lingua *lingua)
{
    *lingua = (struct lingua){
        .ejects = true,
        .table = {.cbSize = sizeof(MONITOR2),
                  .pfnOpenPortEx = open_port_ex,
                  .pfnStartDocPort = start_doc_port,
                  .pfnWritePort = write_port,
                  .pfnReadPort = read_port,
                  .pfnEndDocPort = end_doc_port,
                  .pfnClosePort = close_port,
                  .pfnShutdown = shutdown_monitor},
    };
    platen_os_mutex_init(&lingua->lock);
}

void lingua_attach(platen_spooler *spooler, struct lingua *lingua)
{
    next = lingua;
    assert_int_equal(platen_spooler_attach_language(spooler, "Lingua", entry, NULL), 0);
}

void lingua_check(struct lingua *lingua)
{
    assert_false(lingua->alive);
    assert_int_equal(lingua->calls[AT_SHUTDOWN], 1);
    platen_os_mutex_destroy(&lingua->lock);
}
