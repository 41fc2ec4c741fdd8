/* SPDX-License-Identifier: MIT */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "monitor2.h"
#include "os/clock.h"
#include "world_inside.h"

struct world *world_here;

/* Last-error of each thread. Not _Thread_local: where that is memory from the heap, it could fail
 * in the tests in which memory does. Threads that ended leave their row to the next of their
 * number. */
static struct {
    atomic_uint_fast64_t thread;
    DWORD error;
} last_errors[256];

void world_lock(void)
{
    platen_os_mutex_lock(&world_here->lock);
}

void world_unlock(void)
{
    platen_os_cond_broadcast(&world_here->changed);
    platen_os_mutex_unlock(&world_here->lock);
}

BOOL world_answer(uint32_t error)
{
    if (error)
        world_set_last_error(error);
    return error == 0;
}

/* ---- the spooler ---------------------------------------------------------------------------- */

static DWORD *my_last_error(void)
{
    uint_fast64_t me = platen_os_thread_id();
    size_t at = 0;
    for (;; at++) {
        uint_fast64_t nobody = 0;
        assert_true(at < sizeof(last_errors) / sizeof(last_errors[0]));
        if (atomic_load(&last_errors[at].thread) == me ||
            atomic_compare_exchange_strong(&last_errors[at].thread, &nobody, me))
            return &last_errors[at].error;
    }
}

DWORD world_last_error(void)
{
    return *my_last_error();
}

void world_set_last_error(DWORD error)
{
    *my_last_error() = error;
}

static DWORD WINAPI get_last_error(void)
{
    return *my_last_error();
}

static VOID WINAPI set_last_error(DWORD error)
{
    *my_last_error() = error;
}

static BOOL WINAPI open_printer(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    (void)name;
    (void)defaults;
    world_lock();
    bool fails = world_here->printer_fails;
    world_here->printers += !fails;
    *printer = fails ? NULL : (HANDLE)(uintptr_t)0x9191;
    world_unlock();
    return world_answer(fails ? PLATEN_INVALID_PRINTER_NAME : 0);
}

static BOOL WINAPI close_printer(HANDLE printer)
{
    assert_ptr_equal(printer, (HANDLE)(uintptr_t)0x9191);
    world_lock();
    world_here->printers--;
    world_unlock();
    return TRUE;
}

static BOOL WINAPI set_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD command)
{
    assert_ptr_equal(printer, (HANDLE)(uintptr_t)0x9191);
    assert_int_equal(level, 0);
    assert_null(data);
    world_lock();
    assert_true(world_here->set_job_count < RECORDS);
    world_here->set_jobs[world_here->set_job_count++] = (struct set_job){job, command};
    world_unlock();
    return TRUE;
}

static BOOL WINAPI get_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD size,
                           LPDWORD needed)
{
    JOB_INFO_1W info = {.JobId = job};
    (void)printer;
    assert_int_equal(level, 1);
    world_lock();
    info.Status = world_here->job_status;
    bool gone = world_here->job_gone;
    world_unlock();
    *needed = sizeof(info);
    if (gone)
        return world_answer(PLATEN_INVALID_PARAMETER);
    assert_true(size >= sizeof(info));
    memcpy(data, &info, sizeof(info));
    return TRUE;
}

static BOOL WINAPI set_port(LPWSTR server, LPWSTR port, DWORD level, LPBYTE data)
{
    PORT_INFO_3W info;
    assert_null(server);
    assert_int_equal(level, 3);
    memcpy(&info, data, sizeof(info));
    assert_null(info.pszStatus);
    assert_true(platen_text_equal_folded(port, u"P1:"));
    world_lock();
    assert_true(world_here->set_port_count < RECORDS);
    world_here->set_ports[world_here->set_port_count++] =
        (struct set_port){info.dwStatus, info.dwSeverity};
    world_unlock();
    return TRUE;
}

static LPVOID WINAPI new_memory(size_t size)
{
    return malloc(size ? size : 1);
}

static VOID WINAPI free_memory(LPVOID memory)
{
    free(memory);
}

static PBIDI_RESPONSE_CONTAINER WINAPI new_container(DWORD count)
{
    return calloc(1, sizeof(BIDI_RESPONSE_CONTAINER) + count * sizeof(BIDI_RESPONSE_DATA));
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER container)
{
    for (DWORD i = 0; i < container->Count; i++) {
        const BIDI_RESPONSE_DATA *row = &container->aData[i];
        if (row->data.dwBidiType == BIDI_STRING || row->data.dwBidiType == BIDI_TEXT)
            free(row->data.u.sData);
        free(row->pSchema);
    }
    free(container);
    return 0;
}

void world_free_answer(PBIDI_RESPONSE_CONTAINER answer)
{
    free_container(answer);
}

static LONG WINAPI query_value(HANDLE key, LPCWSTR name, PDWORD type, PBYTE data, PDWORD size,
                               HANDLE spooler)
{
    (void)key;
    (void)name;
    (void)spooler;
    if (world_here->eoj_timeout < 0)
        return PLATEN_FILE_NOT_FOUND;
    *type = REG_BINARY;
    *size = 8;
    memcpy(data, &world_here->eoj_timeout, 8);
    return 0;
}

static LONG WINAPI set_value(HANDLE key, LPCWSTR name, DWORD type, const BYTE *data, DWORD size,
                             HANDLE spooler)
{
    static const BYTE minute[8] = {0x60, 0xEA};
    (void)key;
    (void)spooler;
    assert_true(platen_text_equal_folded(name, u"EOJTimeout"));
    assert_int_equal(type, REG_BINARY);
    assert_int_equal(size, 8);
    assert_memory_equal(data, minute, 8);
    world_here->stored++;
    return 0;
}

/* ---- the test's side ------------------------------------------------------------------------ */

struct world *world_new(void)
{
    struct world *world = calloc(1, sizeof(*world));
    assert_non_null(world);
    platen_os_mutex_init(&world->lock);
    platen_os_cond_init(&world->changed);
    world->eoj_timeout = 30000;
    world->table = world_port_monitor();
    world_here = world;
    return world;
}

void world_free(struct world *world)
{
    assert_int_equal(world->strays, 0);
    assert_int_equal(world->printers, 0);
    assert_int_equal(world->opens, world->closes);
    platen_os_cond_destroy(&world->changed);
    platen_os_mutex_destroy(&world->lock);
    free(world);
    world_here = NULL;
}

BOOL world_make(struct world *world)
{
    static const PLATEN_IMPORTS imports = {.cbSize = sizeof(imports),
                                           .GetLastError = get_last_error,
                                           .SetLastError = set_last_error,
                                           .OpenPrinterW = open_printer,
                                           .ClosePrinter = close_printer,
                                           .SetJobW = set_job,
                                           .GetJobW = get_job,
                                           .SetPortW = set_port,
                                           .RouterAllocBidiResponseContainer = new_container,
                                           .RouterAllocBidiMem = new_memory,
                                           .RouterFreeBidiResponseContainer = free_container,
                                           .RouterFreeBidiMem = free_memory};
    MONITORREG reg = {.cbSize = sizeof(reg), .fpQueryValue = query_value, .fpSetValue = set_value};
    MONITORINIT init = {.cbSize = sizeof(init), .pMonitorReg = &reg, .bLocal = TRUE};
    world->lm = pjl_monitor_create(&init, &imports, &world->instance);
    memset(&init, 0xDD, sizeof(init)); /* R8 */
    memset(&reg, 0xDD, sizeof(reg));
    return world->lm != NULL;
}

BOOL world_open_ex(struct world *world, MONITOR2 *table)
{
    static char16_t name[] = u"P1:";
    static char16_t printer[] = u"Printer";
    if (!world->lm)
        assert_true(world_make(world));
    return world->lm->pfnOpenPortEx(world->instance, INSTANCE, name, printer, &world->port, table);
}

void world_open(struct world *world)
{
    MONITOR2 copy = world->table;
    assert_true(world_open_ex(world, &copy));
    memset(&copy, 0xDD, sizeof(copy)); /* R79 */
}

void world_close(struct world *world)
{
    assert_true(world->lm->pfnClosePort(world->port));
    world_lock();
    unsigned reads = world->reads;
    world_unlock();
    assert_false(world->open);
    assert_int_equal(world->reads, reads);
}

void world_shutdown(struct world *world)
{
    world->lm->pfnShutdown(world->instance);
    world->lm = NULL;
}

BOOL world_start(struct world *world, DWORD job, const char16_t *title)
{
    char16_t name[64] = {0};
    char16_t printer[] = u"Printer";
    DOC_INFO_1W info = {.pDocName = name};
    memcpy(name, title, platen_text_length16(title, 63) * sizeof(char16_t));
    BOOL done = world->lm->pfnStartDocPort(world->port, printer, job, 1, (LPBYTE)(void *)&info);
    memset(name, 0xDD, sizeof(name)); /* R35 */
    return done;
}

void world_write(struct world *world, const char *bytes, size_t size)
{
    size_t sent = 0;
    for (unsigned tries = 0; sent < size && tries < 1000000; tries++) {
        DWORD count = 0xDEADBEEF;
        assert_true(world->lm->pfnWritePort(world->port, (LPBYTE)(uintptr_t)(bytes + sent),
                                            (DWORD)(size - sent), &count));
        assert_true(count <= size - sent); /* R38 */
        sent += count;
    }
    assert_int_equal(sent, size);
}

BOOL world_end(struct world *world)
{
    return world->lm->pfnEndDocPort(world->port);
}

void world_print(struct world *world, DWORD job, const char16_t *title, const char *text)
{
    assert_true(world_start(world, job, title));
    world_write(world, text, strlen(text));
    assert_true(world_end(world));
}

void world_change(struct world *world, bool *what, bool to)
{
    assert_ptr_equal(world, world_here);
    world_lock();
    *what = to;
    world_unlock();
}

void world_say(struct world *world, const char *text)
{
    assert_ptr_equal(world, world_here);
    world_lock();
    world_reply(text, strlen(text));
    world_unlock();
}

/* Nothing that is waited for here comes by itself in the time between. */
static void await(struct world *world, const unsigned *counter, unsigned count)
{
    uint64_t until = platen_os_now() + PATIENT;
    world_lock();
    while (*counter < count)
        if (!platen_os_cond_wait_until(&world->changed, &world->lock, until))
            break;
    unsigned came = *counter;
    world_unlock();
    assert_int_equal(came, count);
}

void world_await_set_jobs(struct world *world, unsigned count)
{
    await(world, &world->set_job_count, count);
}

void world_await_set_ports(struct world *world, unsigned count)
{
    await(world, &world->set_port_count, count);
}

void world_await_size(struct world *world, size_t size)
{
    uint64_t until = platen_os_now() + PATIENT;
    world_lock();
    while (world->size < size)
        if (!platen_os_cond_wait_until(&world->changed, &world->lock, until))
            break;
    world_unlock();
    assert_int_equal(world->size, size);
}

void world_assert_received(struct world *world, const char *expected)
{
    world_lock();
    world->received[world->size] = '\0';
    world_unlock();
    assert_string_equal(world->received, expected);
}
