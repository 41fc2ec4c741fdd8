/* SPDX-License-Identifier: MIT */
#include "world.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "os/clock.h"
#include "os/lasterror.h"

#define PRINTER_TAG 0x5a000001u

/* ---- the clock that jumps -----------------------------------------------------------------------
 */

static _Atomic uint64_t virtual_now = 1000000000u;

static uint64_t jump_now(struct platen_clock *clock)
{
    (void)clock;
    return atomic_load(&virtual_now);
}

static void jump_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                      uint64_t until)
{
    (void)clock;
    const uint64_t an_hour = 3600000000000u;
    uint64_t now = atomic_load(&virtual_now);
    if (*(const volatile uint32_t *)word == seen && until > now) {
        /* Nobody else is there to change the word; a wait without end shows as a very long one. */
        atomic_store(&virtual_now, until == PLATEN_FOREVER ? now + an_hour : until);
    }
}

static void jump_wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    (void)word;
}

struct platen_clock *world_clock(void)
{
    static struct platen_clock clock = {jump_now, jump_wait, jump_wake};
    return &clock;
}

static uint64_t real_now(struct platen_clock *clock)
{
    (void)clock;
    return platen_os_now();
}

static void real_wait(struct platen_clock *clock, const uint32_t *word, uint32_t seen,
                      uint64_t until)
{
    (void)clock;
    platen_os_wait(word, seen, until);
}

static void real_wake(struct platen_clock *clock, const uint32_t *word)
{
    (void)clock;
    platen_os_wake(word);
}

struct platen_clock *world_real_clock(void)
{
    static struct platen_clock clock = {real_now, real_wait, real_wake};
    return &clock;
}

/* ---- winspool
 * ------------------------------------------------------------------------------------ */

static BOOL fail(uint32_t code)
{
    platen_os_set_last_error(code);
    return FALSE;
}

/* Printer handles are tag + number; one that is closed is dead for ever. */
static bool is_open(struct trial_winspool *w, HANDLE printer)
{
    uintptr_t number = (uintptr_t)printer - PRINTER_TAG;
    bool alive = number >= 1 && number <= w->opened && w->closed < w->opened;
    if (!alive) {
        w->misuses++;
    }
    return alive;
}

static BOOL WINAPI open_printer(LPWSTR name, PHANDLE printer, LPVOID defaults)
{
    struct trial_winspool *w = &trial_now_running()->winspool;
    (void)defaults;
    *printer = NULL;
    if (w->open_error != 0) {
        return fail(w->open_error);
    }
    if (name == NULL || *name == 0) {
        return fail(PLATEN_INVALID_PRINTER_NAME);
    }
    w->opened++;
    *printer = (HANDLE)(uintptr_t)(PRINTER_TAG + w->opened);
    return TRUE;
}

static BOOL WINAPI close_printer(HANDLE printer)
{
    struct trial_winspool *w = &trial_now_running()->winspool;
    if (!is_open(w, printer)) {
        return fail(PLATEN_INVALID_HANDLE);
    }
    w->closed++;
    return TRUE;
}

static BOOL WINAPI set_job(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD command)
{
    struct trial *t = trial_now_running();
    struct trial_winspool *w = &t->winspool;
    if (!is_open(w, printer)) {
        return fail(PLATEN_INVALID_HANDLE);
    }
    if (level != 0 || info != NULL) {
        return fail(PLATEN_INVALID_LEVEL);
    }
    if (w->set_jobs < TRIAL_MAX_SET_JOBS) {
        w->set_job[w->set_jobs].job = job;
        w->set_job[w->set_jobs].command = command;
        w->set_job[w->set_jobs].device_bytes = platen_sim_received(t->device);
    }
    w->set_jobs++;
    return TRUE;
}

static BOOL WINAPI get_job(HANDLE printer, DWORD job, DWORD level, LPBYTE to, DWORD size,
                           LPDWORD needed)
{
    struct trial_winspool *w = &trial_now_running()->winspool;
    JOB_INFO_1W info = {.JobId = job, .Status = w->job_status};
    w->get_jobs++;
    *needed = sizeof info;
    if (!is_open(w, printer)) {
        return fail(PLATEN_INVALID_HANDLE);
    }
    if (w->get_error != 0 || level != 1) {
        return fail(w->get_error != 0 ? w->get_error : PLATEN_INVALID_LEVEL);
    }
    if (size < sizeof info) {
        return fail(PLATEN_INSUFFICIENT_BUFFER);
    }
    memcpy(to, &info, sizeof info);
    return TRUE;
}

static BOOL WINAPI set_port(LPWSTR name, LPWSTR port, DWORD level, LPBYTE info)
{
    (void)name;
    (void)port;
    (void)info;
    return level == 3 ? TRUE : fail(PLATEN_INVALID_LEVEL);
}

/* The spooler tells of two ports of another monitor, in one buffer with their names. Those of the
 * monitor under trial it leaves out: who asks must not count on finding its own. */
static BOOL WINAPI enum_ports(LPWSTR name, DWORD level, LPBYTE ports, DWORD size, LPDWORD needed,
                              LPDWORD returned)
{
    static const WCHAR names[2][16] = {TEXT("OTHER1:"), TEXT("SIM:elsewhere")};
    PORT_INFO_1W info[2];
    (void)name;
    *needed = sizeof info + sizeof names;
    *returned = 0;
    if (level != 1) {
        return fail(PLATEN_INVALID_LEVEL);
    }
    if (size < *needed) {
        return fail(PLATEN_INSUFFICIENT_BUFFER);
    }
    for (size_t i = 0; i < 2; i++) {
        info[i].pName = (LPWSTR)(void *)(ports + sizeof info + i * sizeof names[0]);
    }
    memcpy(ports, info, sizeof info);
    memcpy(ports + sizeof info, names, sizeof names);
    *returned = 2;
    return TRUE;
}

static BOOL WINAPI impersonate(HANDLE token)
{
    return token != NULL;
}

static HANDLE WINAPI revert(VOID)
{
    return (HANDLE)(uintptr_t)PRINTER_TAG;
}

static PBIDI_RESPONSE_CONTAINER WINAPI alloc_container(DWORD count)
{
    return calloc(1, sizeof(BIDI_RESPONSE_CONTAINER) + count * sizeof(BIDI_RESPONSE_DATA));
}

static LPVOID WINAPI alloc_mem(size_t size)
{
    return calloc(1, size);
}

static DWORD WINAPI free_container(PBIDI_RESPONSE_CONTAINER container)
{
    free(container);
    return 0;
}

static VOID WINAPI free_mem(LPVOID memory)
{
    free(memory);
}

const PLATEN_IMPORTS world_winspool = {
    .cbSize = sizeof world_winspool,
    .OpenPrinterW = open_printer,
    .ClosePrinter = close_printer,
    .SetJobW = set_job,
    .GetJobW = get_job,
    .SetPortW = set_port,
    .EnumPortsW = enum_ports,
    .ImpersonatePrinterClient = impersonate,
    .RevertToPrinterSelf = revert,
    .RouterAllocBidiResponseContainer = alloc_container,
    .RouterAllocBidiMem = alloc_mem,
    .RouterFreeBidiResponseContainer = free_container,
    .RouterFreeBidiMem = free_mem,
};
