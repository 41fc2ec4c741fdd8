/* SPDX-License-Identifier: MIT
 *
 * R94 to R97: jobs begin and end.
 */
#include "break.h"

#include <string.h>

/* ---- what may become of jobs ----------------------------------------------------------------- */

static void play_jobs(struct stage *s)
{
    stage_print(s, 1, 200);
    stage_print(s, 2, 0); /* nothing in it */
    stage_print(s, 3, 64);
}

/* The second job's second WritePort fails. */
static uint32_t fail_in_second(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    return at == VERIFY_WRITE && port->starts == 2 && port->offset != 0 ? PLATEN_WRITE_FAULT : 0;
}

static void prepare_failure(struct stage *s)
{
    s->v.inside = fail_in_second;
}

static void play_failure(struct stage *s)
{
    stage_print(s, 4, 100);
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 5, 200));
    KEPT(s, info.state == PLATEN_JOB_FAILED, "a job whose WritePort failed is in state %d",
         (int)info.state);
    stage_print(s, 6, 100);
}

/* The second job is cancelled while its first WritePort runs. */
static uint32_t cancel_second(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    if (at == VERIFY_WRITE && port->starts == 2)
        platen_job_cancel(stage_now()->spooler, port->job);
    return 0;
}

static void prepare_cancel(struct stage *s)
{
    s->v.inside = cancel_second;
}

static void play_cancel(struct stage *s)
{
    stage_print(s, 7, 100);
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 8, 200));
    KEPT(s, info.state == PLATEN_JOB_CANCELLED, "a cancelled job is in state %d", (int)info.state);
    stage_print(s, 9, 100);
}

static uint32_t refuse_first(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    return at == VERIFY_START && port->refusals == 0 ? PLATEN_WRITE_FAULT : 0;
}

static void prepare_refusal(struct stage *s)
{
    s->v.inside = refuse_first;
}

static void play_refusal(struct stage *s)
{
    struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 10, 200));

    KEPT(s, info.state != PLATEN_JOB_PRINTED || s->v.ports[0].starts == 1,
         "a job that was refused is printed");
    stage_print(s, 11, 100);
}

/* ---- R94 ------------------------------------------------------------------------------------- */

START_BREAK(starts_twice)
{
    REAL_START();
    return REAL_START();
}
WRAP(break_start, pfnStartDocPort, starts_twice)

END_BREAK(ends_twice)
{
    REAL_END();
    return REAL_END();
}
WRAP(break_end, pfnEndDocPort, ends_twice)

/* Ends before it starts, to be sure. */
START_BREAK(ends_first)
{
    stage_real()->pfnEndDocPort(port);
    return REAL_START();
}
WRAP(break_first, pfnStartDocPort, ends_first)

/* ---- R95 ------------------------------------------------------------------------------------- */

/* An empty job is none. */
START_BREAK(remembers_start)
{
    atomic_store(&stage_now()->number, 0);
    return REAL_START();
}

WRITE_BREAK(counts_write)
{
    BOOL fine = REAL_WRITE();

    atomic_store(&stage_now()->number, fine ? 1 : 2);
    return fine;
}

/* Only jobs that were written to, and well, are ended. */
END_BREAK(ends_good_ones)
{
    if (atomic_load(&stage_now()->number) != 1)
        return TRUE;
    return REAL_END();
}

static void break_good_ones(MONITOR2 *table)
{
    table->pfnStartDocPort = remembers_start;
    table->pfnWritePort = counts_write;
    table->pfnEndDocPort = ends_good_ones;
}

END_BREAK(ends_what_goes_on)
{
    struct stage *s = stage_now();
    DWORD status = 0;

    verify_job_status(&s->v, u"Printer", s->v.ports[0].job, &status);
    return status & JOB_STATUS_DELETING ? TRUE : REAL_END();
}
WRAP(break_cancelled, pfnEndDocPort, ends_what_goes_on)

START_BREAK(ends_what_was_refused)
{
    BOOL fine = REAL_START();

    if (!fine)
        stage_real()->pfnEndDocPort(port);
    return fine;
}
WRAP(break_refused, pfnStartDocPort, ends_what_was_refused)

END_BREAK(never_ends)
{
    (void)port;
    return TRUE;
}
WRAP(break_never, pfnEndDocPort, never_ends)

/* ---- R96 ------------------------------------------------------------------------------------- */

START_BREAK(no_printer)
{
    printer = NULL;
    return REAL_START();
}
WRAP(break_printer, pfnStartDocPort, no_printer)

START_BREAK(no_job)
{
    job = 0;
    return REAL_START();
}
WRAP(break_job, pfnStartDocPort, no_job)

START_BREAK(other_job)
{
    job += 1000;
    return REAL_START();
}
WRAP(break_other_job, pfnStartDocPort, other_job)

START_BREAK(other_printer)
{
    printer = text_of(u"V1:");
    return REAL_START();
}
WRAP(break_other_printer, pfnStartDocPort, other_printer)

START_BREAK(level_3)
{
    level = 3;
    return REAL_START();
}
WRAP(break_level, pfnStartDocPort, level_3)

START_BREAK(no_info)
{
    info = NULL;
    return REAL_START();
}
WRAP(break_info, pfnStartDocPort, no_info)

START_BREAK(endless_title)
{
    static char16_t endless[40000];
    DOC_INFO_1W doc;

    for (size_t i = 0; i < sizeof endless / sizeof *endless; i++)
        endless[i] = u'a';
    memcpy(&doc, info, sizeof doc);
    doc.pDocName = endless;
    info = (LPBYTE)&doc;
    return REAL_START();
}
WRAP(break_title, pfnStartDocPort, endless_title)

/* Takes no calls while it is in a monitor. */
static BOOL WINAPI no_such_job(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD size,
                               LPDWORD needed)
{
    (void)printer;
    (void)job;
    (void)level;
    (void)info;
    (void)size;
    (void)needed;
    return fails_with(PLATEN_INVALID_PARAMETER);
}

static void break_get_job(PLATEN_IMPORTS *imports)
{
    imports->GetJobW = no_such_job;
}

static BOOL WINAPI no_such_printer(LPWSTR name, PHANDLE handle, LPVOID defaults)
{
    (void)name;
    (void)handle;
    (void)defaults;
    return fails_with(PLATEN_INVALID_PRINTER_NAME);
}

static void break_open_printer(PLATEN_IMPORTS *imports)
{
    imports->OpenPrinterW = no_such_printer;
}

static BOOL WINAPI no_command(HANDLE printer, DWORD job, DWORD level, LPBYTE info, DWORD command)
{
    (void)printer;
    (void)job;
    (void)level;
    (void)info;
    (void)command;
    return fails_with(PLATEN_NOT_SUPPORTED);
}

static void break_set_job(PLATEN_IMPORTS *imports)
{
    imports->SetJobW = no_command;
}

static void prepare_completion(struct stage *s)
{
    s->v.completes = JOB_CONTROL_SENT_TO_PRINTER;
}

/* ---- R97 ------------------------------------------------------------------------------------- */

START_BREAK(takes_no_no)
{
    REAL_START();
    return TRUE;
}

/* It ends nothing that was refused, so that R95 is kept. */
END_BREAK(ends_what_is_there)
{
    return stage_now()->v.ports[0].in_doc ? REAL_END() : TRUE;
}

static void break_no(MONITOR2 *table)
{
    table->pfnStartDocPort = takes_no_no;
    table->pfnEndDocPort = ends_what_is_there;
}

static uint32_t refuse_always(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    (void)v;
    (void)port;
    return at == VERIFY_START ? PLATEN_ACCESS_DENIED : 0;
}

static void prepare_always(struct stage *s)
{
    s->v.inside = refuse_always;
}

static void play_always(struct stage *s)
{
    for (unsigned i = 0; i < 3; i++) {
        struct platen_job_info info = stage_wait(s, stage_submit(s, "Printer", 20 + i, 100));
        KEPT(s, info.state == PLATEN_JOB_FAILED, "a job that was refused is in state %d",
             (int)info.state);
    }
}

/* A pool: the first port always refuses, the second takes everything. */
static uint32_t refuse_on_first(struct verify *v, enum verify_slot at, struct verify_port *port)
{
    return at == VERIFY_START && port == &v->ports[0] ? PLATEN_NOT_READY : 0;
}

static void prepare_pool(struct stage *s)
{
    s->v.port_count = 2;
    s->v.inside = refuse_on_first;
    s->pool = 2;
}

static void play_pool(struct stage *s)
{
    for (unsigned i = 0; i < 3; i++)
        stage_print(s, 30 + i, 150);
    KEPT(s, s->v.ports[1].ends == 3, "the other port has %u of 3 jobs", s->v.ports[1].ends);
}

/* The first port has refused it, and has it all the same. */
START_BREAK(tries_the_first)
{
    BOOL fine = REAL_START();
    DWORD written, code = stage_spl->GetLastError();
    BYTE byte = 0;

    if (!fine)
        stage_real()->pfnWritePort(port, &byte, 1, &written);
    return fine ? fine : fails_with(code);
}
WRAP(break_tries, pfnStartDocPort, tries_the_first)

const struct stage_case stage_job_cases[] = {
    {94,
     "StartDocPort and EndDocPort alternate",
     NULL,
     play_jobs,
     {{.how = "starts twice", .wrap = break_start},
      {.how = "ends twice", .wrap = break_end},
      {.how = "ends before it starts", .wrap = break_first}}},
    {95,
     "a job without data is ended",
     NULL,
     play_jobs,
     {{.how = "takes an empty job for none", .wrap = break_good_ones},
      {.how = "never ends one", .wrap = break_never},
      {.how = "ends each twice", .wrap = break_end}}},
    {95,
     "a job whose WritePort failed is ended",
     prepare_failure,
     play_failure,
     {{.how = "ends what went well", .wrap = break_good_ones}}},
    {95,
     "a cancelled job is ended",
     prepare_cancel,
     play_cancel,
     {{.how = "drops it", .wrap = break_cancelled}}},
    {95,
     "a job that was refused is not ended",
     prepare_refusal,
     play_refusal,
     {{.how = "ends it all the same", .wrap = break_refused}}},
    {96,
     "StartDocPort's arguments are usable",
     prepare_completion,
     play_jobs,
     {{.how = "no printer", .wrap = break_printer},
      {.how = "job 0", .wrap = break_job},
      {.how = "level 3", .wrap = break_level},
      {.how = "no structure", .wrap = break_info},
      {.how = "a title without end", .wrap = break_title}}},
    {96,
     "printer and job are good for calls back",
     prepare_completion,
     play_jobs,
     {{.how = "the job's number is another's", .wrap = break_other_job},
      {.how = "the port's name for the printer's", .wrap = break_other_printer},
      {.how = "GetJob knows no job", .imports = break_get_job},
      {.how = "OpenPrinter knows no printer", .imports = break_open_printer},
      {.how = "SetJob takes no command", .imports = break_set_job}}},
    {97,
     "a job that was refused once is not written",
     prepare_refusal,
     play_refusal,
     {{.how = "does not listen", .wrap = break_no}}},
    {97,
     "a job that one port refused goes to the other",
     prepare_pool,
     play_pool,
     {{.how = "writes it to the first too", .wrap = break_tries}}},
    {97,
     "a job that is refused always is not written",
     prepare_always,
     play_always,
     {{.how = "does not listen", .wrap = break_no}}},
    {.rule = 0},
};
