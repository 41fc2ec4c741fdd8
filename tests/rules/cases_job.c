/* SPDX-License-Identifier: MIT
 *
 * StartDocPort (R30 to R37).
 */
#include <stdlib.h>
#include <string.h>

#include "break_job.h"
#include "os/file.h"
#include "os/text.h"

static struct trial *now(void)
{
    return trial_now_running();
}

static bool is_idle(struct trial *t, const char *when)
{
    return KEPT(t, t->winspool.opened == t->winspool.closed, "%s: %u printer handles are open",
                when, t->winspool.opened - t->winspool.closed);
}

/* ---- R30, R31: levels ------------------------------------------------------------------------ */

static bool level_starts(struct trial *t, HANDLE port, DWORD level, void *info)
{
    platen_sim_forget(t->device);
    struct probe_call start = probe_start(t, port, PROBE_W("printer"), 7, level, info);
    return KEPT(t, start.ok, "level %u is refused with %u", (unsigned)level,
                (unsigned)start.error) &&
           trial_write(t, port, "page", 4, 4) &&
           KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST) &&
           trial_device_has(t, "page", 4);
}

static void level_1(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    DOC_INFO_1W full = {PROBE_W("title"), PROBE_W("ignored"), PROBE_W("RAW")};
    DOC_INFO_1W bare = {PROBE_W("title"), NULL, NULL};
    if (level_starts(t, port, 1, &full)) {
        level_starts(t, port, 1, &bare);
    }
    t->m.pfnClosePort(port);
}

static void level_2(struct trial *t)
{
    static const DWORD others[] = {0, 3, 4, 0xffffffffu};
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    DOC_INFO_2W two = {PROBE_W("title"), NULL, PROBE_W("RAW"), 0, 7};
    level_starts(t, port, 2, &two);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct probe_call start = probe_start(t, port, PROBE_W("printer"), 7, others[i], &two);
        KEPT(t, !start.ok && start.error == PLATEN_INVALID_LEVEL, "level %u: %d, %u",
             (unsigned)others[i], start.ok, (unsigned)start.error);
        is_idle(t, "after a refused level");
    }
    t->m.pfnClosePort(port);
}

START_BREAK(wants_a_datatype)
{
    const DOC_INFO_1W *doc = (const DOC_INFO_1W *)(const void *)info;
    return level == 1 && doc->pDatatype == NULL ? fails_with(PLATEN_INVALID_PARAMETER)
                                                : REAL_START();
}

START_BREAK(takes_no_level_1)
{
    return level == 1 ? fails_with(PLATEN_INVALID_LEVEL) : REAL_START();
}

START_BREAK(ignores_the_level)
{
    level = 1;
    return REAL_START();
}

START_BREAK(refuses_levels_with_87)
{
    return level != 1 && level != 2 ? fails_with(PLATEN_INVALID_PARAMETER) : REAL_START();
}

START_BREAK(level_2_is_87)
{
    return level == 2 ? fails_with(PLATEN_INVALID_PARAMETER) : REAL_START();
}

WRAP(wrap_wants_datatype, pfnStartDocPort, wants_a_datatype)
WRAP(wrap_no_level_1, pfnStartDocPort, takes_no_level_1)
WRAP(wrap_any_level, pfnStartDocPort, ignores_the_level)
WRAP(wrap_levels_87, pfnStartDocPort, refuses_levels_with_87)
WRAP(wrap_level_2_87, pfnStartDocPort, level_2_is_87)

/* ---- R32: FILE: needs a target --------------------------------------------------------------- */

static void needs_target(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("FILE:"));
    DOC_INFO_1W none = {PROBE_W("title"), NULL, NULL};
    DOC_INFO_1W empty = {PROBE_W("title"), PROBE_W(""), NULL};
    DOC_INFO_1W named = {PROBE_W("title"), t->file_port, NULL};
    void *const refused[] = {NULL, &none, &empty};
    for (size_t i = 0; i < 3; i++) {
        struct probe_call start = probe_start(t, port, PROBE_W("printer"), 1, 1, refused[i]);
        KEPT(t, !start.ok && start.error == PLATEN_INVALID_PARAMETER,
             "a job without a target, form %u: %d, %u", (unsigned)i, start.ok,
             (unsigned)start.error);
    }
    struct probe_call start = probe_start(t, port, PROBE_W("printer"), 1, 1, &named);
    KEPT(t, start.ok, "a job with a target is refused with %u", (unsigned)start.error);
    probe_end(t, port);
    t->m.pfnClosePort(port);
}

START_BREAK(invents_a_target)
{
    DOC_INFO_1W doc = {NULL, now()->file_port, NULL};
    if (info == NULL || ((DOC_INFO_1W *)(void *)info)->pOutputFile == NULL) {
        info = (LPBYTE)&doc;
    }
    return REAL_START();
}

START_BREAK(empty_target_is_123)
{
    const DOC_INFO_1W *doc = (const DOC_INFO_1W *)(const void *)info;
    bool empty = doc != NULL && doc->pOutputFile != NULL && *doc->pOutputFile == 0;
    return empty ? fails_with(PLATEN_INVALID_NAME) : REAL_START();
}

WRAP(wrap_invents_target, pfnStartDocPort, invents_a_target)
WRAP(wrap_empty_123, pfnStartDocPort, empty_target_is_123)

/* ---- R33: nothing is kept of a failure ------------------------------------------------------- */

static bool fails_cleanly(struct trial *t, HANDLE port, const char *why)
{
    struct probe_call start = probe_start(t, port, PROBE_W("printer"), 5, 1,
                                          &(DOC_INFO_1W){PROBE_W("title"), NULL, NULL});
    KEPT(t, !start.ok && probe_has_reason(start), "%s: %d, last-error %u", why, start.ok,
         (unsigned)start.error);
    is_idle(t, why);
    KEPT(t, probe_end(t, port).ok, "%s: a stray EndDocPort is FALSE", why);
    KEPT(t, t->winspool.set_jobs == 0, "%s: SetJob was called", why);
    return t->breach[0] == '\0';
}

static void start_fails(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    platen_sim_script(t->device, "refuse 21", NULL);
    if (fails_cleanly(t, port, "the device is not ready")) {
        platen_sim_script(t->device, "", NULL);
        probe_job(t, port, 6);
    }
    t->winspool.set_jobs = 0;
    t->winspool.open_error = PLATEN_INVALID_PRINTER_NAME;
    fails_cleanly(t, port, "OpenPrinter fails");
    t->winspool.open_error = 0;
    probe_job(t, port, 7);
    KEPT(t, platen_sim_counts(t->device).abandoned == 0, "a job was abandoned");
    t->m.pfnClosePort(port);
}

START_BREAK(fails_without_a_reason)
{
    BOOL ok = REAL_START();
    if (!ok) {
        platen_os_set_last_error(0);
    }
    return ok;
}

START_BREAK(leaves_a_printer_open)
{
    HANDLE kept;
    BOOL ok = REAL_START();
    if (!ok) {
        DWORD code = LAST;
        now()->options.imports->OpenPrinterW(printer, &kept, NULL);
        platen_os_set_last_error(code);
    }
    return ok;
}

static bool start_failed;

START_BREAK(remembers_a_failure)
{
    if (start_failed) {
        return fails_with(PLATEN_BUSY);
    }
    BOOL ok = REAL_START();
    start_failed = !ok;
    return ok;
}

END_BREAK(end_without_start_fails)
{
    if (start_failed) {
        start_failed = false;
        return fails_with(PLATEN_SPL_NO_STARTDOC);
    }
    return REAL_END();
}

WRAP(wrap_no_reason, pfnStartDocPort, fails_without_a_reason)
WRAP(wrap_printer_open, pfnStartDocPort, leaves_a_printer_open)

static void wrap_remembers(MONITOR2 *table)
{
    start_failed = false;
    table->pfnStartDocPort = remembers_a_failure;
}

static void wrap_stray_end(MONITOR2 *table)
{
    start_failed = false;
    table->pfnStartDocPort = remembers_a_failure;
    table->pfnEndDocPort = end_without_start_fails;
}

/* ---- R34: StartDocPort within a job ---------------------------------------------------------- */

static void nested(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    DOC_INFO_1W doc = {PROBE_W("second"), NULL, NULL};
    trial_start(t, port, 11);
    trial_write(t, port, "first ", 6, 6);
    struct probe_call start = probe_start(t, port, PROBE_W("printer"), 12, 1, &doc);
    KEPT(t, start.ok || start.error == PLATEN_BUSY, "a nested StartDocPort is refused with %u",
         (unsigned)start.error);
    trial_write(t, port, "second", 6, 6);
    KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST);
    trial_device_has(t, "first second", 12);
    KEPT(t, t->winspool.set_jobs == 1 && t->winspool.set_job[0].job == 11,
         "%u SetJobs, the first for job %u", t->winspool.set_jobs,
         (unsigned)t->winspool.set_job[0].job);
    KEPT(t, platen_sim_counts(t->device).started == 1, "the device saw %u starts",
         platen_sim_counts(t->device).started);
    is_idle(t, "after one EndDocPort");
    t->m.pfnClosePort(port);
}

START_BREAK(begins_anew)
{
    REAL_END();
    return REAL_START();
}

START_BREAK(nested_is_3003)
{
    static bool open;
    open = !open;
    return open ? REAL_START() : fails_with(PLATEN_SPL_NO_STARTDOC);
}

WRAP(wrap_anew, pfnStartDocPort, begins_anew)
WRAP(wrap_3003, pfnStartDocPort, nested_is_3003)

/* ---- R35: everything is copied --------------------------------------------------------------- */

/* StartDocPort with arguments that are gone when it has returned. */
static bool start_and_forget(struct trial *t, HANDLE port)
{
    struct {
        DOC_INFO_1W doc;
        WCHAR printer[16];
        WCHAR title[16];
        WCHAR file[1100];
    } *gone = calloc(1, sizeof *gone);
    if (gone == NULL) {
        return trial_breach(t, "no memory");
    }
    memcpy(gone->printer, TEXT("printer"), sizeof TEXT("printer"));
    memcpy(gone->title, TEXT("title"), sizeof TEXT("title"));
    memcpy(gone->file, t->file_port, sizeof gone->file);
    gone->doc = (DOC_INFO_1W){gone->title, gone->file, NULL};
    struct probe_call start = probe_start(t, port, gone->printer, 9, 1, &gone->doc);
    memset(gone, 0xdd, sizeof *gone);
    free(gone);
    return KEPT(t, start.ok, "StartDocPort failed with %u", (unsigned)start.error);
}

static void copied(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("FILE:"));
    char path[1100];
    char *data = NULL;
    size_t size = 0;
    platen_text_to8((const char16_t *)t->file_port, SIZE_MAX, path, sizeof path);
    if (start_and_forget(t, port)) {
        trial_write(t, port, "kept", 4, 2);
        KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST);
        uint32_t error = platen_os_file_load(path, 100, &data, &size);
        KEPT(t, error == 0 && size == 4 && memcmp(data, "kept", 4) == 0,
             "the target got something else");
        KEPT(t, t->winspool.set_jobs == 1 && t->winspool.set_job[0].job == 9,
             "the job's number was lost");
    }
    free(data);
    t->m.pfnClosePort(port);
}

static struct {
    HANDLE port;
    LPWSTR printer;
    DWORD job;
    WCHAR first;
    DOC_INFO_1W *doc;
} later;

/* Starts when the first bytes come, as some do, with what it kept by pointer alone. */
START_BREAK(starts_later)
{
    later.port = port;
    later.printer = printer;
    later.job = job;
    later.first = *printer;
    later.doc = (DOC_INFO_1W *)(void *)info;
    (void)level;
    return TRUE;
}

WRITE_BREAK(write_starts)
{
    /* Freed memory cannot be read in a test; what it would read there is no printer and no file. */
    static WCHAR rubbish[] = {0xdddd, 0};
    DOC_INFO_1W doc = {rubbish, rubbish, NULL};
    if (later.port == port) {
        later.port = NULL;
        if (!trial_real()->pfnStartDocPort(port, rubbish, later.job, 1, (LPBYTE)&doc)) {
            return FALSE;
        }
    }
    return REAL_WRITE();
}

static void wrap_later(MONITOR2 *table)
{
    memset(&later, 0, sizeof later);
    table->pfnStartDocPort = starts_later;
    table->pfnWritePort = write_starts;
}

/* ---- R36: nobody else meanwhile -------------------------------------------------------------- */

static void exclusive(struct trial *t)
{
    HANDLE one = trial_open(t, TEXT("SIM:trial"));
    HANDLE two = NULL;
    BOOL opened = t->m.pfnOpenPort(t->monitor, PROBE_W("sim:TRIAL"), &two);
    DOC_INFO_1W doc = {PROBE_W("intruder"), NULL, NULL};
    platen_sim_forget(t->device);
    trial_start(t, one, 1);
    trial_write(t, one, "mine ", 5, 5);
    if (opened && two != one) {
        struct probe_call start = probe_start(t, two, PROBE_W("printer"), 2, 1, &doc);
        KEPT(t, !start.ok, "a second handle starts a job on the same device");
        KEPT(t, !probe_write(t, two, "not", 3).ok || platen_sim_received(t->device) == 5,
             "a second handle pushes bytes into the job");
    }
    trial_write(t, one, "alone", 5, 5);
    KEPT(t, probe_end(t, one).ok, "EndDocPort failed with %u", LAST);
    trial_device_has(t, "mine alone", 10);
    if (opened && two != one) {
        probe_job(t, two, 3);
        t->m.pfnClosePort(two);
    }
    t->m.pfnClosePort(one);
}

static HANDLE busy_port;

START_BREAK(lets_others_in)
{
    BOOL ok = REAL_START();
    busy_port = ok ? port : busy_port;
    return ok || LAST != PLATEN_BUSY ? ok : TRUE;
}

WRITE_BREAK(writes_for_others)
{
    port = busy_port;
    return REAL_WRITE();
}

START_BREAK(ends_the_others)
{
    BOOL ok = REAL_START();
    if (!ok && LAST == PLATEN_BUSY) {
        trial_real()->pfnEndDocPort(busy_port);
        ok = REAL_START();
    }
    busy_port = ok ? port : busy_port;
    return ok;
}

static void wrap_lets_in(MONITOR2 *table)
{
    table->pfnStartDocPort = lets_others_in;
    table->pfnWritePort = writes_for_others;
}

WRAP(wrap_ends_others, pfnStartDocPort, ends_the_others)

/* ---- R37: printers that cannot be opened ----------------------------------------------------- */

static void refused_printer(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    DOC_INFO_1W doc = {PROBE_W("title"), NULL, NULL};
    LPWSTR const names[] = {PROBE_W("printer"), PROBE_W(""), NULL};
    for (size_t i = 0; i < 3; i++) {
        t->winspool.open_error = PLATEN_INVALID_PRINTER_NAME;
        struct probe_call start = probe_start(t, port, names[i], 4, 1, &doc);
        KEPT(t, start.ok || start.error == PLATEN_INVALID_PRINTER_NAME,
             "printer %u refused: %u is not OpenPrinter's error", (unsigned)i,
             (unsigned)start.error);
        if (start.ok) {
            trial_write(t, port, "x", 1, 1);
            KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST);
        }
        KEPT(t, t->winspool.misuses == 0, "a dead printer handle was used");
        t->winspool.open_error = 0;
        probe_job(t, port, 5);
        KEPT(t, t->winspool.misuses == 0, "a dead printer handle was used");
        is_idle(t, "after a job");
    }
    t->m.pfnClosePort(port);
}

END_BREAK(completes_a_null_printer)
{
    BOOL ok = REAL_END();
    now()->options.imports->SetJobW(NULL, 4, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
    return ok;
}

START_BREAK(refuses_with_5)
{
    BOOL ok = REAL_START();
    return ok ? ok : fails_with(PLATEN_ACCESS_DENIED);
}

WRAP(wrap_null_printer, pfnEndDocPort, completes_a_null_printer)
WRAP(wrap_refuses_5, pfnStartDocPort, refuses_with_5)

const struct trial_case trial_job_cases[] = {
    {.rule = "R30",
     .about = "level 1, with and without target and data type",
     .probe = level_1,
     .breaks = {{.how = "wants a data type", .wrap = wrap_wants_datatype},
                {.how = "takes level 2 alone", .wrap = wrap_no_level_1}}},
    {.rule = "R31",
     .about = "level 2, and no others",
     .probe = level_2,
     .breaks = {{.how = "ignores the level", .wrap = wrap_any_level},
                {.how = "refuses other levels with 87", .wrap = wrap_levels_87},
                {.how = "refuses level 2 with 87", .wrap = wrap_level_2_87}}},
    {.rule = "R32",
     .about = "FILE: refuses a job without a target",
     .probe = needs_target,
     .breaks = {{.how = "invents a target", .wrap = wrap_invents_target},
                {.how = "an empty target is 123", .wrap = wrap_empty_123}}},
    {.rule = "R33",
     .about = "nothing is kept of a failure",
     .probe = start_fails,
     .breaks = {{.how = "fails without a reason", .wrap = wrap_no_reason},
                {.how = "leaves a printer open", .wrap = wrap_printer_open},
                {.how = "wants an EndDocPort first", .wrap = wrap_remembers},
                {.how = "a stray EndDocPort is 3003", .wrap = wrap_stray_end}}},
    {.rule = "R34",
     .about = "StartDocPort within a job",
     .probe = nested,
     .breaks = {{.how = "begins anew", .wrap = wrap_anew},
                {.how = "refuses with 3003", .wrap = wrap_3003}}},
    {.rule = "R35",
     .about = "arguments that are gone after the call",
     .probe = copied,
     .breaks = {{.how = "keeps pointers", .wrap = wrap_later}}},
    {.rule = "R36",
     .about = "a second handle on the same device",
     .probe = exclusive,
     .breaks = {{.how = "lets others in", .wrap = wrap_lets_in},
                {.how = "ends the job of others", .wrap = wrap_ends_others}}},
    {.rule = "R37",
     .about = "a printer that OpenPrinter refuses",
     .probe = refused_printer,
     .breaks = {{.how = "SetJob on a NULL printer", .wrap = wrap_null_printer},
                {.how = "fails with 5", .wrap = wrap_refuses_5}}},
    {.rule = NULL},
};
