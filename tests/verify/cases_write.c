/* SPDX-License-Identifier: MIT
 *
 * R98 to R101: what WritePort brings, and what is made of its answers.
 */
#include "break.h"

#include <string.h>

/* ---- R98 ------------------------------------------------------------------------------------- */

static void play_jobs(struct stage *s)
{
    stage_print(s, 1, 300);
    stage_print(s, 2, 1);
}

WRITE_BREAK(write_null)
{
    data = NULL;
    return REAL_WRITE();
}
WRAP(break_null, pfnWritePort, write_null)

WRITE_BREAK(write_nothing)
{
    DWORD none;

    stage_real()->pfnWritePort(port, data, 0, &none);
    return REAL_WRITE();
}
WRAP(break_nothing, pfnWritePort, write_nothing)

WRITE_BREAK(write_uncounted)
{
    *written = size;
    return stage_real()->pfnWritePort(port, data, size, NULL);
}
WRAP(break_count, pfnWritePort, write_uncounted)

END_BREAK(write_after_the_end)
{
    BYTE form_feed = 12;
    DWORD written;
    BOOL fine = REAL_END();

    stage_real()->pfnWritePort(port, &form_feed, 1, &written);
    return fine;
}
WRAP(break_late, pfnEndDocPort, write_after_the_end)

START_BREAK(write_before_the_start)
{
    BYTE reset[2] = {27, 'E'};
    DWORD written;

    stage_real()->pfnWritePort(port, reset, 2, &written);
    return REAL_START();
}
WRAP(break_early, pfnStartDocPort, write_before_the_start)

/* ---- R99 ------------------------------------------------------------------------------------- */

/* Parts of every size, the whole now and then. */
static uint32_t accept_parts(struct verify *v, struct verify_port *port, uint32_t size)
{
    uint32_t number = (uint32_t)(port->offset * 2654435761u) >> 7;

    (void)v;
    return size > 1 ? 1 + number % size : size;
}

static void prepare_parts(struct stage *s)
{
    s->v.accept = accept_parts;
}

static void play_parts(struct stage *s)
{
    struct platen_job_info info = stage_print(s, 3, 5000);

    KEPT(s, info.bytes == 5000, "5000 bytes were taken, and the spooler says %u",
         (unsigned)info.bytes);
}

WRITE_BREAK(takes_all_for_taken)
{
    BOOL fine = REAL_WRITE();

    if (fine)
        *written = size;
    return fine;
}
WRAP(break_skip, pfnWritePort, takes_all_for_taken)

WRITE_BREAK(sends_all_again)
{
    BOOL fine = REAL_WRITE();

    if (fine && *written < size)
        fine = REAL_WRITE();
    *written = size;
    return fine;
}
WRAP(break_again, pfnWritePort, sends_all_again)

WRITE_BREAK(one_off)
{
    BOOL fine = REAL_WRITE();

    if (fine && *written > 1 && *written < size)
        --*written;
    return fine;
}
WRAP(break_one_off, pfnWritePort, one_off)

/* A short count is an error. */
WRITE_BREAK(short_is_failed)
{
    BOOL fine = REAL_WRITE();

    return fine && *written < size ? fails_with(PLATEN_WRITE_FAULT) : fine;
}
WRAP(break_short, pfnWritePort, short_is_failed)

/* Looks at last-error after TRUE. */
WRITE_BREAK(success_by_last_error)
{
    BOOL fine = REAL_WRITE();
    DWORD code = stage_spl->GetLastError();

    return fine && code != 0 ? fails_with(code) : fine;
}
WRAP(break_verdict, pfnWritePort, success_by_last_error)

WRITE_BREAK(turns_line_ends)
{
    BYTE copy[64];

    memcpy(copy, data, size < sizeof copy ? size : sizeof copy);
    copy[0] ^= 0x20;
    data = copy;
    return REAL_WRITE();
}
WRAP(break_bytes, pfnWritePort, turns_line_ends)

/* The rest, and what comes behind it. */
WRITE_BREAK(brings_less)
{
    struct verify_port *there = &stage_now()->v.ports[0];

    if (there->last == VERIFY_SHORT && size > 1)
        size--;
    return REAL_WRITE();
}
WRAP(break_less, pfnWritePort, brings_less)

WRITE_BREAK(leaves_the_tail)
{
    struct verify_port *there = &stage_now()->v.ports[0];

    if (there->offset + size == there->document.size) {
        *written = size;
        return TRUE;
    }
    return REAL_WRITE();
}
WRAP(break_tail, pfnWritePort, leaves_the_tail)

/* ---- R100 ------------------------------------------------------------------------------------ */

static uint32_t accept_late(struct verify *v, struct verify_port *port, uint32_t size)
{
    (void)v;
    return port->offset == 64 && port->zeros < 100 ? 0 : size;
}

static void prepare_late(struct stage *s)
{
    s->v.accept = accept_late;
    s->clock.jumps = true;
}

static void play_late(struct stage *s)
{
    stage_print(s, 4, 200);
    KEPT(s, s->v.ports[0].writes > 100, "100 times nothing, and %u calls", s->v.ports[0].writes);
}

WRITE_BREAK(zero_is_failed)
{
    BOOL fine = REAL_WRITE();

    return fine && *written == 0 ? fails_with(PLATEN_TIMEOUT) : fine;
}
WRAP(break_zero, pfnWritePort, zero_is_failed)

WRITE_BREAK(zero_is_done)
{
    BOOL fine = REAL_WRITE();

    if (fine && *written == 0)
        *written = size;
    return fine;
}
WRAP(break_skipped, pfnWritePort, zero_is_done)

WRITE_BREAK(spins)
{
    BOOL fine = REAL_WRITE();

    while (fine && *written == 0)
        fine = REAL_WRITE();
    return fine;
}
WRAP(break_spin, pfnWritePort, spins)

/* For ever nothing: there is an end to it, or at least a rest. */
static uint32_t accept_never(struct verify *v, struct verify_port *port, uint32_t size)
{
    (void)v;
    return port->offset == 64 ? 0 : size;
}

static void prepare_never(struct stage *s)
{
    s->v.accept = accept_never;
    s->clock.jumps = true;
}

/* It is the scene that gives up at last, and cancels the job. */
static uint32_t cancel_in_time(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    if (at == VERIFY_WRITE && port->zeros == 5000)
        platen_job_cancel(stage_now()->spooler, port->job);
    return 0;
}

static void prepare_for_ever(struct stage *s)
{
    prepare_never(s);
    s->v.inside = cancel_in_time;
}

static void play_for_ever(struct stage *s)
{
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 5, 200));

    KEPT(s, info.state != PLATEN_JOB_PRINTED, "a job that was not taken is printed");
}

WRITE_BREAK(spins_a_while)
{
    BOOL fine = REAL_WRITE();

    for (unsigned i = 0; i < 50 && fine && *written == 0; i++)
        fine = REAL_WRITE();
    return fine;
}
WRAP(break_while, pfnWritePort, spins_a_while)

const struct stage_case stage_write_cases[] = {
    {98,
     "WritePort's arguments are usable",
     NULL,
     play_jobs,
     {{.how = "no buffer", .wrap = break_null},
      {.how = "no bytes", .wrap = break_nothing},
      {.how = "no place for the count", .wrap = break_count},
      {.how = "writes after EndDocPort", .wrap = break_late},
      {.how = "writes before StartDocPort", .wrap = break_early}}},
    {99,
     "the rest is sent, exactly",
     prepare_parts,
     play_parts,
     {{.how = "takes TRUE for all", .wrap = break_skip},
      {.how = "sends all again", .wrap = break_again},
      {.how = "is one off", .wrap = break_one_off},
      {.how = "sends less than the rest", .wrap = break_less},
      {.how = "takes short for failed", .wrap = break_short}}},
    {99,
     "the stream is the job",
     NULL,
     play_parts,
     {{.how = "changes a byte", .wrap = break_bytes},
      {.how = "leaves the last part out", .wrap = break_tail},
      {.how = "success is what last-error says", .wrap = break_verdict}}},
    {100,
     "nothing a hundred times, and then all",
     prepare_late,
     play_late,
     {{.how = "takes it for an error", .wrap = break_zero},
      {.how = "takes it for done", .wrap = break_skipped},
      {.how = "asks without a pause", .wrap = break_spin}}},
    {100,
     "nothing for ever",
     prepare_for_ever,
     play_for_ever,
     {{.how = "rests only now and then", .wrap = break_while}}},
    {.rule = 0},
};
