/* SPDX-License-Identifier: MIT
 *
 * R91 to R93, R104: ports are opened by names that are known, once, and closed, once.
 */
#include "break.h"

static void play_print(struct stage *s)
{
    stage_print(s, 10, 200);
    stage_print(s, 11, 50);
}

/* Four printers on three ports, one of them by another spelling. */
static void prepare_ports(struct stage *s)
{
    s->v.port_count = 3;
}

static void play_ports(struct stage *s)
{
    static const char *const printers[][2] = {{"Two", "v2:"}, {"Three", "V3:"}, {"Third", "v3:"}};
    uint32_t jobs[3];

    for (unsigned i = 0; i < 3; i++) {
        KEPT(s, platen_printer_add(s->spooler, printers[i][0], printers[i][1]) == 0,
             "no printer on %s", printers[i][1]);
        jobs[i] = stage_submit(s, printers[i][0], 20 + i, 100);
    }
    for (unsigned i = 0; i < 3; i++)
        stage_wait(s, jobs[i]);
    stage_print(s, 30, 10);
}

/* D6: at the start, when a queue is made, with the first job. */
static void prepare_connected(struct stage *s)
{
    prepare_ports(s);
    s->options.open_mode = PLATEN_OPEN_CONNECTED;
}

static void prepare_at_start(struct stage *s)
{
    prepare_ports(s);
    s->options.open_mode = PLATEN_OPEN_AT_START;
}

/* ---- R91 ------------------------------------------------------------------------------------- */

OPEN_BREAK(open_null)
{
    (void)port;
    return stage_real()->pfnOpenPort(h, NULL, handle);
}
WRAP(break_null, pfnOpenPort, open_null)

OPEN_BREAK(open_empty)
{
    port = text_of(u"");
    return REAL_OPEN();
}
WRAP(break_empty, pfnOpenPort, open_empty)

OPEN_BREAK(open_unknown)
{
    port = text_of(u"LPT1:");
    return REAL_OPEN();
}
WRAP(break_unknown, pfnOpenPort, open_unknown)

OPEN_BREAK(open_nowhere)
{
    *handle = NULL;
    return stage_real()->pfnOpenPort(h, port, NULL);
}
WRAP(break_nowhere, pfnOpenPort, open_nowhere)

/* "V1:, Port", as programs write it. */
OPEN_BREAK(open_with_comma)
{
    port = text_of(u"V1:, Port");
    return REAL_OPEN();
}
WRAP(break_comma, pfnOpenPort, open_with_comma)

/* ---- R92 ------------------------------------------------------------------------------------- */

/* For each printer, or for each job. */
OPEN_BREAK(open_twice)
{
    HANDLE first;

    if (stage_once())
        stage_real()->pfnOpenPort(h, port, &first);
    return REAL_OPEN();
}
WRAP(break_twice, pfnOpenPort, open_twice)

OPEN_BREAK(open_in_other_case)
{
    HANDLE other;
    BOOL fine = REAL_OPEN();

    if (stage_once())
        stage_real()->pfnOpenPort(h, text_of(u"v1:"), &other);
    return fine;
}
WRAP(break_case, pfnOpenPort, open_in_other_case)

START_BREAK(opens_for_the_job)
{
    HANDLE other;

    if (stage_once())
        stage_real()->pfnOpenPort(stage_instance(), text_of(u"V1:"), &other);
    return REAL_START();
}
WRAP(break_job, pfnStartDocPort, opens_for_the_job)

/* ---- R93 ------------------------------------------------------------------------------------- */

static void prepare_null_handle(struct stage *s)
{
    s->v.any_handle = true;
}

static void prepare_odd_handle(struct stage *s)
{
    s->v.any_handle = true;
    s->v.any = (HANDLE)UINTPTR_MAX;
}

static uint32_t refuse_first_open(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)port;
    return at == VERIFY_OPEN && atomic_load(&v->calls[VERIFY_OPEN]) == 1 ? PLATEN_BUSY : 0;
}

static void prepare_garbage(struct stage *s)
{
    s->v.inside = refuse_first_open;
}

static void play_garbage(struct stage *s)
{
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 12, 50));

    KEPT(s, info.state != PLATEN_JOB_PRINTED, "printed on a port that could not be opened");
    stage_print(s, 13, 50);
}

OPEN_BREAK(takes_garbage)
{
    REAL_OPEN();
    return TRUE;
}
WRAP(break_garbage, pfnOpenPort, takes_garbage)

OPEN_BREAK(closes_garbage)
{
    BOOL fine = REAL_OPEN();

    if (!fine)
        stage_real()->pfnClosePort(*handle);
    return fine;
}
WRAP(break_cleanup, pfnOpenPort, closes_garbage)

OPEN_BREAK(null_is_none)
{
    BOOL fine = REAL_OPEN();

    return fine && *handle == NULL ? fails_with(PLATEN_INVALID_HANDLE) : fine;
}
WRAP(break_none, pfnOpenPort, null_is_none)

OPEN_BREAK(minus_one_is_none)
{
    BOOL fine = REAL_OPEN();

    if (!fine || *handle != (HANDLE)UINTPTR_MAX)
        return fine;
    *handle = (HANDLE)(uintptr_t)1;
    return TRUE;
}
WRAP(break_invalid, pfnOpenPort, minus_one_is_none)

START_BREAK(start_with_a_bit_less)
{
    port = (HANDLE)((uintptr_t)port & ~(uintptr_t)1);
    return REAL_START();
}
WRAP(break_bits, pfnStartDocPort, start_with_a_bit_less)

END_BREAK(closes_and_forgets)
{
    BOOL fine = REAL_END();

    if (stage_once())
        stage_real()->pfnClosePort(port);
    return fine;
}
WRAP(break_life, pfnEndDocPort, closes_and_forgets)

CLOSE_BREAK(ends_after_close)
{
    BOOL fine = REAL_CLOSE();

    stage_real()->pfnEndDocPort(port);
    return fine;
}
WRAP(break_end, pfnClosePort, ends_after_close)

/* ---- R104 ------------------------------------------------------------------------------------ */

CLOSE_BREAK(never_closes)
{
    (void)port;
    return TRUE;
}
WRAP(break_never, pfnClosePort, never_closes)

CLOSE_BREAK(closes_twice)
{
    REAL_CLOSE();
    return REAL_CLOSE();
}
WRAP(break_double, pfnClosePort, closes_twice)

END_BREAK(closes_before_the_end)
{
    REAL_CLOSE();
    return TRUE;
}
WRAP(break_early, pfnEndDocPort, closes_before_the_end)

/* Shutdown does not wait for ports. */
static _Atomic(HANDLE) left_open;

CLOSE_BREAK(closes_late)
{
    atomic_store(&left_open, port);
    return TRUE;
}

SHUTDOWN_BREAK(closes_behind)
{
    REAL_SHUTDOWN();
    stage_real()->pfnClosePort(atomic_load(&left_open));
}

static void break_order(MONITOR2 *table)
{
    table->pfnClosePort = closes_late;
    table->pfnShutdown = closes_behind;
}

const struct stage_case stage_open_cases[] = {
    {91,
     "names are known, and there is a place for the handle",
     prepare_ports,
     play_ports,
     {{.how = "opens NULL", .wrap = break_null},
      {.how = "opens \"\"", .wrap = break_empty},
      {.how = "opens what is not listed", .wrap = break_unknown},
      {.how = "opens \"V1:, Port\"", .wrap = break_comma},
      {.how = "has no place for the handle", .wrap = break_nowhere}}},
    {92,
     "a port is open once",
     prepare_ports,
     play_ports,
     {{.how = "opens it for each printer", .wrap = break_twice},
      {.how = "opens it in another case", .wrap = break_case},
      {.how = "opens it again for the job", .wrap = break_job}}},
    {92,
     "a port is open once, opened when a queue is made",
     prepare_connected,
     play_ports,
     {{.how = "opens it in another case", .wrap = break_case},
      {.how = "opens it again for the job", .wrap = break_job}}},
    {92,
     "a port is open once, opened at the start",
     prepare_at_start,
     play_ports,
     {{.how = "opens it in another case", .wrap = break_case},
      {.how = "opens it again for the job", .wrap = break_job}}},
    {93,
     "handles pass unchanged",
     NULL,
     play_print,
     {{.how = "loses a bit", .wrap = break_bits},
      {.how = "goes on after ClosePort", .wrap = break_life},
      {.how = "ends a job after ClosePort", .wrap = break_end}}},
    {93,
     "NULL is a handle",
     prepare_null_handle,
     play_print,
     {{.how = "takes it for none", .wrap = break_none}}},
    {93,
     "all ones are a handle",
     prepare_odd_handle,
     play_print,
     {{.how = "takes it for INVALID_HANDLE_VALUE", .wrap = break_invalid}}},
    {93,
     "after FALSE there is no handle",
     prepare_garbage,
     play_garbage,
     {{.how = "uses what was left there", .wrap = break_garbage},
      {.how = "closes what was left there", .wrap = break_cleanup}}},
    {104,
     "what was opened is closed, once, in peace",
     prepare_ports,
     play_ports,
     {{.how = "never closes", .wrap = break_never},
      {.how = "closes twice", .wrap = break_double},
      {.how = "closes in the job's place", .wrap = break_early},
      {.how = "closes after Shutdown", .wrap = break_order}}},
    {104,
     "what was opened at the start is closed too",
     prepare_at_start,
     play_ports,
     {{.how = "never closes", .wrap = break_never}, {.how = "closes twice", .wrap = break_double}}},
    {.rule = 0},
};
