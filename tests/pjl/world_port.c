/* SPDX-License-Identifier: MIT
 *
 * The port monitor, and the printer behind it.
 */
#include <stdio.h>
#include <string.h>

#include <platen/ioctl.h>

#include "os/clock.h"
#include "world_inside.h"

/* ---- the printer ---------------------------------------------------------------------------- */

void world_reply(const char *text, size_t size)
{
    if (world_here->reply_begin == world_here->reply_end)
        world_here->reply_begin = world_here->reply_end = 0; /* all of it was read */
    if (world_here->reply_end + size <= REPLIES) {
        memcpy(world_here->replies + world_here->reply_end, text, size);
        world_here->reply_end += size;
    }
}

static void reply_text(const char *text)
{
    world_reply(text, strlen(text));
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
    if (world_here->speaks && strcmp(line, "@PJL INFO SUPPLIES") == 0) {
        reply_text("@PJL INFO SUPPLIES\r\n");
        reply_text(world_here->supplies ? world_here->supplies : "\"?\"");
        reply_text("\r\n\f");
    }
    for (size_t i = 0; world_here->speaks && i < sizeof(answers) / sizeof(answers[0]); i++)
        if (strcmp(line, answers[i].line) == 0)
            reply_text(answers[i].answer);
    if (strncmp(line, "@PJL JOB NAME = ", 16) == 0)
        snprintf(world_here->name, sizeof(world_here->name), "%s", line + 16);
    if (world_here->confirms && strncmp(line, "@PJL EOJ", 8) == 0) {
        snprintf(end, sizeof(end), "@PJL USTATUS JOB\r\nEND\r\nNAME=%s\r\n\f", world_here->name);
        reply_text(end);
    }
}

/* Lines count from their "@PJL" on. */
static void hear(char byte)
{
    if (byte == '\n' || world_here->line_size == sizeof(world_here->line) - 1) {
        world_here->line_size -=
            world_here->line_size > 0 && world_here->line[world_here->line_size - 1] == '\r';
        world_here->line[world_here->line_size] = '\0';
        const char *begin = strstr(world_here->line, "@PJL");
        if (begin)
            told(begin);
        world_here->line_size = 0;
    } else {
        world_here->line[world_here->line_size++] = byte ? byte : ' ';
    }
}

/* ---- the port monitor ----------------------------------------------------------------------- */

static void look_at(HANDLE port)
{
    world_here->strays += port != PORT || !world_here->open;
}

static BOOL WINAPI open_port(HANDLE monitor, LPWSTR name, PHANDLE port)
{
    world_lock();
    world_here->strays += monitor != INSTANCE || world_here->open;
    assert_true(platen_text_equal_folded(name, u"P1:"));
    world_here->opens++;
    world_here->open = true;
    *port = PORT;
    world_unlock();
    return TRUE;
}

/* Nobody holds the world's lock. */
static void be_at_work(void)
{
    if (world_here->beside)
        world_here->beside();
}

static BOOL WINAPI start_doc(HANDLE port, LPWSTR printer, DWORD job, DWORD level, LPBYTE info)
{
    (void)printer;
    (void)job;
    (void)level;
    (void)info;
    world_lock();
    look_at(port);
    world_here->starts++;
    world_here->in_job = !world_here->start_fails;
    uint32_t error = world_here->start_fails ? world_here->error : 0;
    world_unlock();
    be_at_work();
    return world_answer(error);
}

static uint32_t room_for(DWORD size)
{
    uint64_t room = world_here->most && world_here->most < size ? world_here->most : size;
    if (world_here->stop_at && world_here->size + room > world_here->stop_at)
        room = world_here->stop_at - world_here->size;
    return (uint32_t)room;
}

static uint32_t take(const BYTE *bytes, DWORD size, DWORD *taken)
{
    if (!world_here->in_job && !world_here->between)
        return PLATEN_INVALID_HANDLE;
    if (world_here->failing && world_here->failing--)
        return world_here->error;
    if (world_here->nothing && world_here->nothing--)
        return 0;
    *taken = room_for(size);
    if (!world_here->forgets) {
        assert_true(world_here->size + *taken < RECEIVED);
        memcpy(world_here->received + world_here->size, bytes, *taken);
        world_here->size += *taken;
    }
    for (DWORD i = 0; i < *taken; i++)
        hear((char)bytes[i]);
    if (world_here->loop)
        world_reply((const char *)bytes, *taken);
    return *taken || !size ? 0 : PLATEN_TIMEOUT;
}

static BOOL WINAPI write_port(HANDLE port, LPBYTE bytes, DWORD size, LPDWORD written)
{
    world_lock();
    look_at(port);
    *written = 0;
    bool in_job = world_here->in_job;
    uint32_t error = take(bytes, size, written);
    world_unlock();
    if (in_job)
        be_at_work();
    return world_answer(error);
}

static BOOL WINAPI read_port(HANDLE port, LPBYTE bytes, DWORD size, LPDWORD moved)
{
    uint64_t until = platen_os_now() + SECOND / 20;
    world_lock();
    look_at(port);
    world_here->reads++;
    while (!world_here->mute && world_here->reply_begin == world_here->reply_end)
        if (!platen_os_cond_wait_until(&world_here->changed, &world_here->lock, until))
            break;
    size_t there = world_here->reply_end - world_here->reply_begin;
    *moved = (DWORD)(there < size ? there : size);
    memcpy(bytes, world_here->replies + world_here->reply_begin, *moved);
    world_here->reply_begin += *moved;
    uint32_t error = world_here->mute ? PLATEN_INVALID_HANDLE : 0;
    platen_os_mutex_unlock(&world_here->lock);
    return world_answer(error);
}

static BOOL WINAPI end_doc(HANDLE port)
{
    world_lock();
    look_at(port);
    world_here->ends++;
    world_here->in_job = false;
    uint32_t error = world_here->end_fails ? world_here->error : 0;
    world_unlock();
    be_at_work();
    return world_answer(error);
}

static BOOL WINAPI close_port(HANDLE port)
{
    world_lock();
    look_at(port);
    world_here->closes++;
    world_here->open = false;
    world_unlock();
    return TRUE;
}

static BOOL WINAPI get_data(HANDLE port, DWORD control, LPWSTR name, LPWSTR in, DWORD in_size,
                            LPWSTR out, DWORD out_size, LPDWORD returned)
{
    (void)name;
    (void)in;
    (void)in_size;
    world_lock();
    look_at(port);
    world_here->controls++;
    uint32_t error = PLATEN_INVALID_PARAMETER;
    if (control == IOCTL_PAR_QUERY_DEVICE_ID && world_here->id) {
        *returned = (DWORD)strlen(world_here->id) + 1;
        error = *returned > out_size ? PLATEN_INSUFFICIENT_BUFFER : 0;
        if (!error)
            memcpy(out, world_here->id, *returned);
    }
    world_unlock();
    return world_answer(error);
}

static BOOL WINAPI set_timeouts(HANDLE port, LPCOMMTIMEOUTS times, DWORD reserved)
{
    world_lock();
    look_at(port);
    assert_int_equal(reserved, 0);
    assert_int_not_equal(times->ReadTotalTimeoutConstant, 0);
    uint32_t error = world_here->mute ? PLATEN_INVALID_PARAMETER : 0;
    world_unlock();
    return world_answer(error);
}

static DWORD WINAPI send_recv_bidi(HANDLE port, DWORD access, LPCWSTR action,
                                   PBIDI_REQUEST_CONTAINER request, PBIDI_RESPONSE_CONTAINER *data)
{
    (void)access;
    (void)action;
    (void)request;
    world_lock();
    look_at(port);
    world_here->bidis++;
    world_unlock();
    *data = NULL;
    return PLATEN_BIDI_DEVICE_OFFLINE;
}

MONITOR2 world_port_monitor(void)
{
    return (MONITOR2){
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
}
