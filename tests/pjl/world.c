/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <platen/ioctl.h>

#include "monitor2.h"
#include "os/clock.h"
#include "os/text.h"

static struct world *here;
static _Thread_local DWORD last_error;

static void lock(void)
{
    platen_os_mutex_lock(&here->lock);
}

static void unlock(void)
{
    platen_os_cond_broadcast(&here->changed);
    platen_os_mutex_unlock(&here->lock);
}

static BOOL answer(uint32_t error)
{
    if (error)
        last_error = error;
    return error == 0;
}

/* ---- the printer ---------------------------------------------------------------------------- */

static void reply(const char *text, size_t size)
{
    if (here->reply_end + size <= REPLIES) {
        memcpy(here->replies + here->reply_end, text, size);
        here->reply_end += size;
    }
}

static void reply_text(const char *text)
{
    reply(text, strlen(text));
}

static void told(const char *line)
{
    static const struct {
        const char *line;
        const char *answer;
    } answers[] = {
        {"@PJL INFO ID", "@PJL INFO ID\r\n\"LASER 5\"\r\n\f"},
        {"@PJL INFO STATUS",
         "@PJL INFO STATUS\r\nCODE=10001\r\nDISPLAY=\"READY\"\r\nONLINE=TRUE\r\n\f"},
        {"@PJL INFO CONFIG", "@PJL INFO CONFIG\r\nDUPLEX\r\nMEMORY=8388608\r\n\f"},
        {"@PJL INFO MEMORY", "@PJL INFO MEMORY\r\nTOTAL=123456\r\nLARGEST=1\r\n\f"},
        {"@PJL INFO PAGECOUNT", "@PJL INFO PAGECOUNT\r\nPAGECOUNT=77\r\n\f"},
    };
    char end[256];
    for (size_t i = 0; here->speaks && i < sizeof(answers) / sizeof(answers[0]); i++)
        if (strcmp(line, answers[i].line) == 0)
            reply_text(answers[i].answer);
    if (strncmp(line, "@PJL JOB NAME = ", 16) == 0)
        snprintf(here->name, sizeof(here->name), "%s", line + 16);
    if (here->confirms && strncmp(line, "@PJL EOJ", 8) == 0) {
        snprintf(end, sizeof(end), "@PJL USTATUS JOB\r\nEND\r\nNAME=%s\r\n\f", here->name);
        reply_text(end);
    }
}

/* Lines count from their "@PJL" on. */
static void hear(char byte)
{
    if (byte == '\n' || here->line_size == sizeof(here->line) - 1) {
        here->line_size -= here->line_size > 0 && here->line[here->line_size - 1] == '\r';
        here->line[here->line_size] = '\0';
        const char *begin = strstr(here->line, "@PJL");
        if (begin)
            told(begin);
        here->line_size = 0;
    } else {
        here->line[here->line_size++] = byte ? byte : ' ';
    }
}

/* ---- the port monitor ----------------------------------------------------------------------- */

static void look_at(HANDLE port)
{
    here->strays += port != PORT || !here->open;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    lock();
    here->strays += monitor != INSTANCE || here->open;
    assert_true(platen_text_equal_folded(name, u"P1:"));
    here->opens++;
    here->open = true;
    *port = PORT;
    unlock();
    return TRUE;
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)printer;
    (void)job;
    (void)level;
    (void)info;
    lock();
    look_at(port);
    here->starts++;
    here->in_job = !here->start_fails;
    uint32_t error = here->start_fails ? here->error : 0;
    unlock();
    return answer(error);
}

static uint32_t room_for(DWORD size)
{
    uint64_t room = here->most && here->most < size ? here->most : size;
    if (here->stop_at && here->size + room > here->stop_at)
        room = here->stop_at - here->size;
    return (uint32_t)room;
}

static uint32_t take(const BYTE *bytes, DWORD size, DWORD *taken)
{
    if (!here->in_job && !here->between)
        return PLATEN_INVALID_HANDLE;
    if (here->failing && here->failing--)
        return here->error;
    if (here->nothing && here->nothing--)
        return 0;
    *taken = room_for(size);
    assert_true(here->size + *taken < RECEIVED);
    memcpy(here->received + here->size, bytes, *taken);
    here->size += *taken;
    for (DWORD i = 0; i < *taken; i++)
        hear((char)bytes[i]);
    if (here->loop)
        reply((const char *)bytes, *taken);
    return *taken || !size ? 0 : PLATEN_TIMEOUT;
}

static BOOL WINAPI write_port(HANDLE port, LPBYTE bytes, DWORD size, LPDWORD written)
{
    lock();
    look_at(port);
    *written = 0;
    uint32_t error = take(bytes, size, written);
    unlock();
    return answer(error);
}

static BOOL WINAPI read_port(HANDLE port, LPBYTE bytes, DWORD size, LPDWORD moved)
{
    uint64_t until = platen_os_now() + SECOND / 20;
    lock();
    look_at(port);
    here->reads++;
    while (!here->mute && here->reply_begin == here->reply_end)
        if (!platen_os_cond_wait_until(&here->changed, &here->lock, until))
            break;
    size_t there = here->reply_end - here->reply_begin;
    *moved = (DWORD)(there < size ? there : size);
    memcpy(bytes, here->replies + here->reply_begin, *moved);
    here->reply_begin += *moved;
    uint32_t error = here->mute ? PLATEN_INVALID_HANDLE : 0;
    platen_os_mutex_unlock(&here->lock);
    return answer(error);
}

static BOOL WINAPI end_doc(HANDLE port)
{
    lock();
    look_at(port);
    here->ends++;
    here->in_job = false;
    uint32_t error = here->end_fails ? here->error : 0;
    unlock();
    return answer(error);
}

static BOOL WINAPI close_port(HANDLE port)
{
    lock();
    look_at(port);
    here->closes++;
    here->open = false;
    unlock();
    return TRUE;
}

static BOOL WINAPI get_data(HANDLE port, DWORD control, LPWSTR name, LPWSTR in, DWORD in_size,
                            LPWSTR out, DWORD out_size, LPDWORD returned)
{
    (void)name;
    (void)in;
    (void)in_size;
    lock();
    look_at(port);
    here->controls++;
    uint32_t error = PLATEN_INVALID_PARAMETER;
    if (control == IOCTL_PAR_QUERY_DEVICE_ID && here->id) {
        *returned = (DWORD)strlen(here->id) + 1;
        error = *returned > out_size ? PLATEN_INSUFFICIENT_BUFFER : 0;
        if (!error)
            memcpy(out, here->id, *returned);
    }
    unlock();
    return answer(error);
}

static BOOL WINAPI set_timeouts(HANDLE port, LPCOMMTIMEOUTS times, DWORD reserved)
{
    lock();
    look_at(port);
    assert_int_equal(reserved, 0);
    assert_int_not_equal(times->ReadTotalTimeoutConstant, 0);
    uint32_t error = here->mute ? PLATEN_INVALID_PARAMETER : 0;
    unlock();
    return answer(error);
}

static DWORD WINAPI send_recv_bidi(HANDLE port, DWORD access, LPCWSTR action,
                                   PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *data)
{
    (void)access;
    (void)action;
    (void)request;
    lock();
    look_at(port);
    here->bidis++;
    unlock();
    *data = NULL;
    return PLATEN_BIDI_DEVICE_OFFLINE;
}

/* ---- the spooler ---------------------------------------------------------------------------- */

DWORD world_last_error(void)
{
    return last_error;
}

void world_set_last_error(DWORD error)
{
    last_error = error;
}

static DWORD WINAPI get_last_error(void)
{
    return last_error;
}

static VOID WINAPI set_last_error(DWORD error)
{
    last_error = error;
}

static BOOL WINAPI open_printer(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    (void)name;
    (void)defaults;
    lock();
    bool fails = here->printer_fails;
    here->printers += !fails;
    *printer = fails ? NULL : (HANDLE)(uintptr_t)0x9191;
    unlock();
    return answer(fails ? PLATEN_INVALID_PRINTER_NAME : 0);
}

static BOOL WINAPI close_printer(HANDLE printer)
{
    assert_ptr_equal(printer, (HANDLE)(uintptr_t)0x9191);
    lock();
    here->printers--;
    unlock();
    return TRUE;
}

static BOOL WINAPI set_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD command)
{
    assert_ptr_equal(printer, (HANDLE)(uintptr_t)0x9191);
    assert_int_equal(level, 0);
    assert_null(data);
    lock();
    assert_true(here->set_job_count < RECORDS);
    here->set_jobs[here->set_job_count++] = (struct set_job){job, command};
    unlock();
    return TRUE;
}

static BOOL WINAPI get_job(HANDLE printer, DWORD job, DWORD level, LPBYTE data, DWORD size,
                           LPDWORD needed)
{
    JOB_INFO_1W info = {.JobId = job};
    (void)printer;
    assert_int_equal(level, 1);
    lock();
    info.Status = here->job_status;
    bool gone = here->job_gone;
    unlock();
    *needed = sizeof(info);
    if (gone)
        return answer(PLATEN_INVALID_PARAMETER);
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
    lock();
    assert_true(here->set_port_count < RECORDS);
    here->set_ports[here->set_port_count++] = (struct set_port){info.dwStatus, info.dwSeverity};
    unlock();
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
    if (here->eoj_timeout < 0)
        return PLATEN_FILE_NOT_FOUND;
    *type = REG_BINARY;
    *size = 8;
    memcpy(data, &here->eoj_timeout, 8);
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
    here->stored++;
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
    world->table = (MONITOR2){
        .cbSize = sizeof(MONITOR2),
        .pfnOpenPort = open_port,
        .pfnStartDocPort = start_doc,
        .pfnWritePort = write_port,
        .pfnReadPort = read_port,
        .pfnEndDocPort = end_doc,
        .pfnClosePort = close_port,
        .pfnGetPrinterDataFromPort = get_data,
        .pfnSetPortTimeOuts = set_timeouts,
        .pfnSendRecvBidiDataFromPort = send_recv_bidi,
    };
    here = world;
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
    here = NULL;
}

static void make_instance(struct world *world)
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
    assert_non_null(world->lm);
    memset(&init, 0xDD, sizeof(init)); /* R8 */
    memset(&reg, 0xDD, sizeof(reg));
}

BOOL world_open_ex(struct world *world, MONITOR2 *table)
{
    static char16_t name[] = u"P1:";
    static char16_t printer[] = u"Printer";
    if (!world->lm)
        make_instance(world);
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
    lock();
    unsigned reads = world->reads;
    unlock();
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

void world_say(struct world *world, const char *text)
{
    assert_ptr_equal(world, here);
    lock();
    reply_text(text);
    unlock();
}

/* Nothing that is waited for here comes by itself in the time between. */
static void await(struct world *world, const unsigned *counter, unsigned count)
{
    uint64_t until = platen_os_now() + PATIENT;
    lock();
    while (*counter < count)
        if (!platen_os_cond_wait_until(&world->changed, &world->lock, until))
            break;
    unsigned came = *counter;
    unlock();
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
    lock();
    while (world->size < size)
        if (!platen_os_cond_wait_until(&world->changed, &world->lock, until))
            break;
    unlock();
    assert_int_equal(world->size, size);
}

void world_assert_received(struct world *world, const char *expected)
{
    lock();
    world->received[world->size] = '\0';
    unlock();
    assert_string_equal(world->received, expected);
}
