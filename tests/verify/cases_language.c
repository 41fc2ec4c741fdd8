/* SPDX-License-Identifier: MIT
 *
 * R105, R118: a language monitor over a port monitor, and who completes a job.
 */
#include "break.h"

#include <string.h>

#define TWO_DAYS (48 * 3600 * SECOND)

/* ---- R118 --------------------------------------------------------------------------------------
 */

static void prepare_over(struct stage *s)
{
    s->language = true;
    s->over.completes = JOB_CONTROL_LAST_PAGE_EJECTED;
}

static void prepare_no_bidi(struct stage *s)
{
    prepare_over(s);
    s->no_bidi = true;
}

static void play_jobs(struct stage *s)
{
    stage_print(s, 1, 300);
    stage_print(s, 2, 0);
    stage_print(s, 3, 64);
}

#define OPEN_EX_BREAK(name)                                                                        \
    static BOOL WINAPI name(HANDLE h, HANDLE below, LPWSTR port, LPWSTR printer, PHANDLE handle,   \
                            MONITOR2 *table)
#define REAL_OPEN_EX() stage_real_over()->pfnOpenPortEx(h, below, port, printer, handle, table)

OPEN_EX_BREAK(opens_both)
{
    HANDLE other;

    stage_real()->pfnOpenPort(below, port, &other);
    return REAL_OPEN_EX();
}
WRAP(break_both, pfnOpenPortEx, opens_both)

OPEN_EX_BREAK(with_itself)
{
    below = h;
    return REAL_OPEN_EX();
}
WRAP(break_below, pfnOpenPortEx, with_itself)

OPEN_EX_BREAK(as_the_port_monitor)
{
    h = below;
    return REAL_OPEN_EX();
}
WRAP(break_instance, pfnOpenPortEx, as_the_port_monitor)

OPEN_EX_BREAK(for_no_printer)
{
    printer = NULL;
    return REAL_OPEN_EX();
}
WRAP(break_printer, pfnOpenPortEx, for_no_printer)

OPEN_EX_BREAK(for_the_port)
{
    printer = port;
    return REAL_OPEN_EX();
}
WRAP(break_name, pfnOpenPortEx, for_the_port)

OPEN_EX_BREAK(without_table)
{
    table = NULL;
    return REAL_OPEN_EX();
}
WRAP(break_table, pfnOpenPortEx, without_table)

OPEN_EX_BREAK(with_an_empty_table)
{
    MONITOR2 empty = {.cbSize = sizeof empty};

    table = &empty;
    return REAL_OPEN_EX();
}
WRAP(break_members, pfnOpenPortEx, with_an_empty_table)

static void forget_over(struct stage *s)
{
    s->forgets_over = true;
}

static BOOL WINAPI write_past_it(HANDLE port, LPBYTE data, DWORD size, LPDWORD written)
{
    (void)port;
    return stage_real()->pfnWritePort(stage_now()->v.ports[0].handle, data, size, written);
}
WRAP(break_past, pfnWritePort, write_past_it)

static void forget_switch(struct stage *s)
{
    s->forgets_bidi = true;
}

/* ---- R92, R103 ---------------------------------------------------------------------------------
 */

/* One port, two queues: with the language monitor, and without. */
static void play_mixed(struct stage *s)
{
    s->v.wants_above = false;
    KEPT(s, platen_printer_add(s->spooler, "Plain", "V1:") == 0, "no second printer on V1:");
    for (unsigned i = 0; i < 2; i++) {
        stage_print(s, 10 + i, 100);
        stage_wait(s, stage_submit(s, "Plain", 20 + i, 100));
    }
}

OPEN_EX_BREAK(beside_the_open_one)
{
    HANDLE other;

    stage_real()->pfnOpenPort(below, port, &other);
    return REAL_OPEN_EX();
}
WRAP(break_beside, pfnOpenPortEx, beside_the_open_one)

static BOOL WINAPI end_and_read(HANDLE port)
{
    BYTE answer[16];
    DWORD moved;
    BOOL fine = stage_real_over()->pfnEndDocPort(port);

    stage_real_over()->pfnReadPort(port, answer, sizeof answer, &moved);
    return fine;
}
WRAP(break_read, pfnEndDocPort, end_and_read)

/* ---- R105: without a language monitor ----------------------------------------------------------
 */

static void prepare_strict(struct stage *s)
{
    s->options.profile = "strict"; /* where a job waits for its completion */
}

static uint32_t complete(struct stage *s, uint32_t job, DWORD command)
{
    return verify_set_job(&s->v, u"Printer", job, command);
}

static enum platen_job_state state_of(struct stage *s, uint32_t job)
{
    struct platen_job_info info;

    platen_job_query(s->spooler, job, &info);
    return info.state;
}

struct late {
    struct stage *s;
    uint32_t job;
    DWORD command;
};

static void complete_there(void *argument)
{
    struct late *late = argument;

    complete(late->s, late->job, late->command);
}

/* After EndDocPort, from a thread of the monitor's own. */
static void complete_late(struct stage *s, uint32_t job, DWORD command)
{
    struct late late = {s, job, command};

    verify_on_thread(complete_there, &late);
}

static void play_late(struct stage *s)
{
    uint32_t job = stage_submit(s, "Printer", 4, 100);
    enum platen_job_state state = stage_state_at_rest(s, job, 1);

    KEPT(s, state == PLATEN_JOB_PRINTING, "not completed, and in state %d", (int)state);
    complete_late(s, job, JOB_CONTROL_SENT_TO_PRINTER);
    state = state_of(s, job);
    KEPT(s, state == PLATEN_JOB_PRINTED, "6 without a language monitor leaves state %d",
         (int)state);
}

static void prepare_in_time(struct stage *s)
{
    prepare_strict(s);
    s->v.completes = JOB_CONTROL_SENT_TO_PRINTER;
}

static void play_in_time(struct stage *s)
{
    uint32_t job = stage_submit(s, "Printer", 5, 100);
    enum platen_job_state state = stage_state_at_rest(s, job, 1);

    KEPT(s, state == PLATEN_JOB_PRINTED, "6 in EndDocPort leaves state %d", (int)state);
}

/* ---- R105: with one ----------------------------------------------------------------------------
 */

static void prepare_both(struct stage *s)
{
    s->language = true;
    s->v.completes = JOB_CONTROL_SENT_TO_PRINTER;
}

static void play_both(struct stage *s)
{
    uint32_t job = stage_submit(s, "Printer", 6, 100);
    enum platen_job_state state = stage_state_at_rest(s, job, 1);

    KEPT(s, state == PLATEN_JOB_PRINTING, "6 under a language monitor leaves state %d", (int)state);
    complete_late(s, job, JOB_CONTROL_LAST_PAGE_EJECTED);
    state = state_of(s, job);
    KEPT(s, state == PLATEN_JOB_PRINTED, "7 from a language monitor leaves state %d", (int)state);
}

/* ---- R105: never -------------------------------------------------------------------------------
 */

static void prepare_never(struct stage *s)
{
    s->language = true;
}

/* Both jobs are in nobody's way, and have ended after a time that a person would wait. */
static void play_never(struct stage *s)
{
    uint32_t first = stage_submit(s, "Printer", 7, 100);
    uint32_t second = stage_submit(s, "Printer", 8, 100);

    for (unsigned i = 0; i < 2; i++) {
        stage_clock_until_asleep(&s->clock, 1);
        stage_clock_pass(&s->clock, 600 * SECOND);
    }
    enum platen_job_state states[] = {stage_state_at_rest(s, first, 1), state_of(s, second)};
    for (unsigned i = 0; i < 2; i++)
        KEPT(s, states[i] == PLATEN_JOB_PRINTED || states[i] == PLATEN_JOB_FAILED,
             "never completed, job %u is in state %d after twenty minutes", i + 1, (int)states[i]);
    stage_clock_run(&s->clock);
    stage_wait(s, first);
    stage_wait(s, second);
}

/* ---- broken ones -------------------------------------------------------------------------------
 */

static BOOL set_job_as(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD command,
                       DWORD from, DWORD to)
{
    if (command == from && to == 0)
        return TRUE;
    return stage_spl->SetJobW(printer, job, level, info, command == from ? to : command);
}

static BOOL WINAPI ignores_6(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD command)
{
    return set_job_as(printer, job, level, info, command, JOB_CONTROL_SENT_TO_PRINTER, 0);
}

static BOOL WINAPI ignores_7(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD command)
{
    return set_job_as(printer, job, level, info, command, JOB_CONTROL_LAST_PAGE_EJECTED, 0);
}

static BOOL WINAPI takes_6_for_7(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD command)
{
    return set_job_as(printer, job, level, info, command, JOB_CONTROL_SENT_TO_PRINTER,
                      JOB_CONTROL_LAST_PAGE_EJECTED);
}

/* Hears its own threads alone. */
static BOOL WINAPI ignores_strangers(HANDLE printer, DWORD job, DWORD level, LPBYTE info,
                                     DWORD command)
{
    if (atomic_load(&stage_now()->v.in_flight) == 0)
        return TRUE;
    return stage_spl->SetJobW(printer, job, level, info, command);
}

#define BREAK(name, function)                                                                      \
    static void name(PLATEN_IMPORTS *imports)                                                      \
    {                                                                                              \
        imports->SetJobW = function;                                                               \
    }
BREAK(break_6, ignores_6)
BREAK(break_7, ignores_7)
BREAK(break_6_for_7, takes_6_for_7)
BREAK(break_strangers, ignores_strangers)

/* The lane itself waits for the completion. */
static BOOL WINAPI waits_for_it(HANDLE port)
{
    struct stage *s = stage_now();
    struct platen_clock *clock = &s->clock.clock;
    BOOL fine = stage_real_over()->pfnEndDocPort(port);
    uint64_t until = clock->now(clock) + TWO_DAYS;
    const void *word = &s->mark;

    while (clock->now(clock) < until)
        clock->wait(clock, word, 0, until);
    return fine;
}
WRAP(break_queue, pfnEndDocPort, waits_for_it)

const struct stage_case stage_language_cases[] = {
    {92,
     "never through OpenPort and OpenPortEx at once",
     prepare_over,
     play_mixed,
     {{.how = "lets both stand", .over = break_beside}}},
    {103,
     "a language monitor's ReadPort is not called either",
     prepare_over,
     play_jobs,
     {{.how = "looks for an answer", .over = break_read}}},
    {105,
     "6 completes a job",
     prepare_in_time,
     play_in_time,
     {{.how = "does not listen", .imports = break_6}}},
    {105,
     "6 comes late, from a thread of the monitor's",
     prepare_strict,
     play_late,
     {{.how = "does not listen", .imports = break_6},
      {.how = "listens to its own threads alone", .imports = break_strangers}}},
    {105,
     "under a language monitor 7 completes, and 6 does not",
     prepare_both,
     play_both,
     {{.how = "takes 6 for 7", .imports = break_6_for_7},
      {.how = "does not listen to 7", .imports = break_7}}},
    {105,
     "what is never completed blocks nobody for ever",
     prepare_never,
     play_never,
     {{.how = "the queue waits", .over = break_queue}}},
    {118,
     "a language monitor stands before the port monitor",
     prepare_over,
     play_jobs,
     {{.how = "opens the port too", .over = break_both},
      {.how = "gives it itself as port monitor", .over = break_below},
      {.how = "calls it with the port monitor's hMonitor", .over = break_instance},
      {.how = "for no printer", .over = break_printer},
      {.how = "the port's name for the printer's", .over = break_name},
      {.how = "no table", .over = break_table},
      {.how = "a table with nothing in it", .over = break_members},
      {.how = "leaves it out", .start = forget_over},
      {.how = "writes past it", .over = break_past}}},
    {118,
     "with bidi off jobs pass it by",
     prepare_no_bidi,
     play_jobs,
     {{.how = "takes no notice of the switch", .start = forget_switch}}},
    {.rule = 0},
};
