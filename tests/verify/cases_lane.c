/* SPDX-License-Identifier: MIT
 *
 * R102, R103: one port, one call at a time; and what is not the spooler's to call.
 */
#include "break.h"

#define PATIENCE (3600 * SECOND)

static const uint32_t *plain(const void *at)
{
    return at;
}

static void play_jobs(struct stage *s)
{
    stage_print(s, 1, 200);
    stage_print(s, 2, 100);
}

/* ---- one thread, one call ----------------------------------------------------------------------
 */

struct write_there {
    HANDLE port;
    LPBYTE data;
    DWORD size;
    LPDWORD written;
    BOOL fine;
    DWORD code;
};

static void write_there(void *argument)
{
    struct write_there *there = argument;

    there->fine = stage_real()->pfnWritePort(there->port, there->data, there->size, there->written);
    there->code = stage_spl->GetLastError();
}

WRITE_BREAK(on_another_thread)
{
    struct write_there there = {port, data, size, written, FALSE, 0};

    verify_on_thread(write_there, &there);
    return there.fine ? TRUE : fails_with(there.code);
}
WRAP(break_thread, pfnWritePort, on_another_thread)

static void end_there(void *argument)
{
    stage_real()->pfnEndDocPort(argument);
}

END_BREAK(ends_on_another_thread)
{
    verify_on_thread(end_there, port);
    return TRUE;
}
WRAP(break_end_thread, pfnEndDocPort, ends_on_another_thread)

static void read_data(void *argument)
{
    DWORD moved;

    stage_real()->pfnGetPrinterDataFromPort(argument, 1, NULL, NULL, 0, NULL, 0, &moved);
}

/* While WritePort runs another thread calls something else on the handle. */
static void call_meanwhile(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    if (at == VERIFY_WRITE && stage_once())
        verify_on_thread(read_data, port->handle);
}

/* ---- no port waits for another -----------------------------------------------------------------
 */

/* The first port's WritePort returns when the second port's job has ended. */
static uint32_t wait_for_the_other(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    struct stage *s = stage_now();
    struct platen_clock *clock = v->clock;

    if (port == &v->ports[1] && at == VERIFY_END) {
        atomic_store(&s->mark, 1);
        clock->wake(clock, plain(&s->mark));
    }
    uint64_t until = clock->now(clock) + PATIENCE;
    if (port != &v->ports[0] || at != VERIFY_WRITE || atomic_exchange(&s->number, 1) != 0)
        return 0;
    while (atomic_load(&s->mark) == 0 && clock->now(clock) < until)
        clock->wait(clock, plain(&s->mark), 0, until);
    if (atomic_load(&s->mark) == 0)
        verify_breach(v, 102, "while one port stalls another's job does not end");
    return 0;
}

static void prepare_stall(struct stage *s)
{
    s->v.port_count = 2;
    s->v.inside = wait_for_the_other;
}

static void play_stall(struct stage *s)
{
    KEPT(s, platen_printer_add(s->spooler, "Second", "V2:") == 0, "no printer on V2:");
    uint32_t first = stage_submit(s, "Printer", 3, 100);
    while (atomic_load(&s->number) == 0)
        platen_os_thread_yield();
    uint32_t second = stage_submit(s, "Second", 4, 100);
    stage_wait(s, second);
    stage_wait(s, first);
}

/* One lock for all ports. Who does not get it at once would wait for very long. */
static atomic_bool locked;

static void lock_all(void)
{
    bool waits = false;

    while (atomic_exchange(&locked, true)) {
        if (!waits)
            stage_clock_pass(&stage_now()->clock, 2 * PATIENCE);
        waits = true;
        platen_os_thread_yield();
    }
}

WRITE_BREAK(one_write_for_all)
{
    lock_all();
    BOOL fine = REAL_WRITE();
    atomic_store(&locked, false);
    return fine;
}
WRAP(break_lock, pfnWritePort, one_write_for_all)

START_BREAK(starts_when_all_rest)
{
    lock_all();
    BOOL fine = REAL_START();
    atomic_store(&locked, false);
    return fine;
}

static void break_start_lock(MONITOR2 *table)
{
    table->pfnWritePort = one_write_for_all;
    table->pfnStartDocPort = starts_when_all_rest;
}

/* ---- R103 --------------------------------------------------------------------------------------
 */

END_BREAK(reads_the_answer)
{
    BYTE answer[16];
    DWORD moved;

    stage_real()->pfnReadPort(port, answer, sizeof answer, &moved);
    return REAL_END();
}
WRAP(break_read, pfnEndDocPort, reads_the_answer)

OPEN_BREAK(sets_timeouts)
{
    COMMTIMEOUTS timeouts = {.WriteTotalTimeoutConstant = 45000};
    BOOL fine = REAL_OPEN();

    if (fine)
        stage_real()->pfnSetPortTimeOuts(*handle, &timeouts, 0);
    return fine;
}
WRAP(break_timeouts, pfnOpenPort, sets_timeouts)

const struct stage_case stage_lane_cases[] = {
    {102,
     "one call at a time, one thread for a job",
     NULL,
     play_jobs,
     {{.how = "a thread for each WritePort", .wrap = break_thread},
      {.how = "another thread ends the job", .wrap = break_end_thread},
      {.how = "another call during WritePort", .meanwhile = call_meanwhile}}},
    {102,
     "no port waits for another",
     prepare_stall,
     play_stall,
     {{.how = "one lock around WritePort", .wrap = break_lock},
      {.how = "one lock around everything", .wrap = break_start_lock}}},
    {103,
     "ReadPort and SetPortTimeOuts are not called",
     NULL,
     play_jobs,
     {{.how = "looks for an answer", .wrap = break_read},
      {.how = "sets time-outs", .wrap = break_timeouts}}},
    {.rule = 0},
};
