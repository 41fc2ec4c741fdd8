/* SPDX-License-Identifier: MIT
 *
 * EndDocPort (R50 to R55).
 */
#include <stdlib.h>
#include <string.h>

#include "break_job.h"
#include "os/file.h"
#include "os/text.h"

#define SECOND UINT64_C(1000000000)

static struct trial *now(void)
{
    return trial_now_running();
}

/* ---- R50: ready for the next ----------------------------------------------------------------- */

static void after_each_kind(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    trial_start(t, port, 1); /* no WritePort at all */
    KEPT(t, probe_end(t, port).ok, "an empty job: EndDocPort failed with %u", LAST);
    probe_job(t, port, 2);

    trial_start(t, port, 3);
    platen_sim_script(t->device, "fail 31", NULL);
    probe_write(t, port, "lost", 4);
    probe_end(t, port);
    platen_sim_script(t->device, "", NULL);
    probe_job(t, port, 4);

    trial_start(t, port, 5);
    t->winspool.job_status = JOB_STATUS_DELETING;
    platen_sim_script(t->device, "stall", NULL);
    probe_write(t, port, "cancelled", 9);
    probe_end(t, port);
    t->winspool.job_status = 0;
    platen_sim_script(t->device, "", NULL);
    probe_job(t, port, 6);

    platen_sim_script(t->device, "end 1117", NULL);
    trial_start(t, port, 7);
    trial_write(t, port, "unsure", 6, 6);
    KEPT(t, !probe_end(t, port).ok, "the device failed at the end and EndDocPort is TRUE");
    platen_sim_script(t->device, "", NULL);
    probe_job(t, port, 8);
    t->m.pfnClosePort(port);
}

static bool wrote;
static bool failed;

START_BREAK(start_after_trouble)
{
    wrote = false;
    return failed ? fails_with(PLATEN_BUSY) : REAL_START();
}

WRITE_BREAK(write_notes_trouble)
{
    wrote = true;
    BOOL ok = REAL_WRITE();
    failed = failed || !ok;
    return ok;
}

END_BREAK(end_wants_bytes)
{
    BOOL ok = REAL_END();
    return wrote ? ok : fails_with(PLATEN_NO_DATA);
}

static void wrap_stuck(MONITOR2 *table)
{
    failed = false;
    table->pfnStartDocPort = start_after_trouble;
    table->pfnWritePort = write_notes_trouble;
}

static void wrap_wants_bytes(MONITOR2 *table)
{
    wrote = failed = false;
    table->pfnStartDocPort = start_after_trouble;
    table->pfnWritePort = write_notes_trouble;
    table->pfnEndDocPort = end_wants_bytes;
}

END_BREAK(end_is_always_true)
{
    REAL_END();
    return TRUE;
}

WRAP(wrap_always_true, pfnEndDocPort, end_is_always_true)

/* ---- R51: without a job ---------------------------------------------------------------------- */

static void end_without_job(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (unsigned round = 0; round < 3; round++) {
        uint64_t before = platen_sim_received(t->device);
        KEPT(t, probe_end(t, port).ok, "EndDocPort without a job failed with %u", LAST);
        KEPT(t, platen_sim_received(t->device) == before, "something was sent");
        KEPT(t, t->winspool.set_jobs == round, "SetJob was called");
        probe_job(t, port, round + 1);
    }
    t->m.pfnClosePort(port);
}

static bool in_job;

START_BREAK(start_noted)
{
    in_job = REAL_START() || in_job;
    return in_job;
}

END_BREAK(no_job_is_3003)
{
    bool had_job = in_job;
    in_job = false;
    return had_job ? REAL_END() : fails_with(PLATEN_SPL_NO_STARTDOC);
}

END_BREAK(completes_anything)
{
    bool had_job = in_job;
    in_job = false;
    if (!had_job) {
        HANDLE printer;
        now()->options.imports->OpenPrinterW(PROBE_W("printer"), &printer, NULL);
        now()->options.imports->SetJobW(printer, 1, 0, NULL, JOB_CONTROL_SENT_TO_PRINTER);
        now()->options.imports->ClosePrinter(printer);
    }
    return REAL_END();
}

static void wrap_3003(MONITOR2 *table)
{
    in_job = false;
    table->pfnStartDocPort = start_noted;
    table->pfnEndDocPort = no_job_is_3003;
}

static void wrap_completes_anything(MONITOR2 *table)
{
    in_job = false;
    table->pfnStartDocPort = start_noted;
    table->pfnEndDocPort = completes_anything;
}

/* ---- R52: completion ------------------------------------------------------------------------- */

static void completes_once(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    DOC_INFO_1W doc = {PROBE_W("title"), NULL, NULL};
    platen_sim_script(t->device, "refuse 21", NULL);
    probe_start(t, port, PROBE_W("printer"), 41, 1, &doc);
    KEPT(t, t->winspool.set_jobs == 0, "SetJob for a job that never started");
    platen_sim_script(t->device, "", NULL);
    for (DWORD job = 1; job <= 3; job++) {
        platen_sim_forget(t->device);
        trial_start(t, port, job * 10);
        trial_write(t, port, "whole page", 10, 3);
        probe_end(t, port);
        KEPT(t, t->winspool.set_jobs == job, "%u SetJobs after %u jobs", t->winspool.set_jobs,
             (unsigned)job);
        KEPT(t,
             t->winspool.set_job[job - 1].job == job * 10 &&
                 t->winspool.set_job[job - 1].command == JOB_CONTROL_SENT_TO_PRINTER,
             "SetJob said %u for job %u", (unsigned)t->winspool.set_job[job - 1].command,
             (unsigned)t->winspool.set_job[job - 1].job);
        KEPT(t, t->winspool.set_job[job - 1].device_bytes == 10,
             "SetJob came when the device had %u of 10 bytes",
             (unsigned)t->winspool.set_job[job - 1].device_bytes);
    }
    t->m.pfnClosePort(port);
}

static DWORD current_job;

static void say_job(DWORD job, DWORD command)
{
    HANDLE printer;
    now()->options.imports->OpenPrinterW(PROBE_W("printer"), &printer, NULL);
    now()->options.imports->SetJobW(printer, job, 0, NULL, command);
    now()->options.imports->ClosePrinter(printer);
}

START_BREAK(says_it_at_the_start)
{
    BOOL ok = REAL_START();
    current_job = job;
    if (ok) {
        say_job(job, JOB_CONTROL_SENT_TO_PRINTER);
    }
    return ok;
}

START_BREAK(start_without_printer)
{
    current_job = job;
    printer = NULL; /* so that ours says nothing */
    return REAL_START();
}

END_BREAK(deletes_the_job)
{
    BOOL ok = REAL_END();
    say_job(current_job, JOB_CONTROL_DELETE);
    return ok;
}

END_BREAK(says_it_twice)
{
    BOOL ok = REAL_END();
    say_job(current_job, JOB_CONTROL_SENT_TO_PRINTER);
    return ok;
}

WRAP(wrap_too_early, pfnStartDocPort, says_it_at_the_start)
WRAP(wrap_never, pfnStartDocPort, start_without_printer)

static void wrap_deletes(MONITOR2 *table)
{
    table->pfnStartDocPort = start_without_printer;
    table->pfnEndDocPort = deletes_the_job;
}

WRAP(wrap_twice, pfnEndDocPort, says_it_twice)

/* ---- R53: everything is released ------------------------------------------------------------- */

static void releases(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (DWORD job = 1; job <= 200 && t->breach[0] == '\0'; job++) {
        probe_job(t, port, job);
        KEPT(t, t->winspool.opened == t->winspool.closed, "%u printers opened, %u closed",
             t->winspool.opened, t->winspool.closed);
        struct platen_sim_tally device = platen_sim_counts(t->device);
        KEPT(t, device.started == device.ended, "the device saw %u starts and %u ends",
             device.started, device.ended);
    }
    KEPT(t, t->winspool.misuses == 0, "a dead printer handle was used");
    t->m.pfnClosePort(port);
}

END_BREAK(leaves_the_printer)
{
    HANDLE printer;
    BOOL ok = REAL_END();
    now()->options.imports->OpenPrinterW(PROBE_W("printer"), &printer, NULL);
    return ok;
}

END_BREAK(leaves_the_device)
{
    (void)port;
    return TRUE;
}

WRAP(wrap_leaves_printer, pfnEndDocPort, leaves_the_printer)
WRAP(wrap_leaves_device, pfnEndDocPort, leaves_the_device)

/* ---- R54: visible at once, no older rest ----------------------------------------------------- */

static void print_file(struct trial *t, HANDLE port, const char *text)
{
    DOC_INFO_1W doc = {PROBE_W("title"), t->file_port, NULL};
    char path[1100];
    char *data = NULL;
    size_t size = 0;
    platen_text_to8((const char16_t *)t->file_port, SIZE_MAX, path, sizeof path);
    struct probe_call start = probe_start(t, port, PROBE_W("printer"), 1, 1, &doc);
    KEPT(t, start.ok, "StartDocPort failed with %u", (unsigned)start.error);
    trial_write(t, port, text, strlen(text), 5);
    KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST);
    uint32_t error = platen_os_file_load(path, 100, &data, &size);
    KEPT(t, error == 0 && size == strlen(text) && memcmp(data, text, size) == 0,
         "the target holds '%.60s' instead of '%s'", error == 0 ? data : "nothing", text);
    free(data);
}

static void visible(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("FILE:"));
    print_file(t, port, "a rather long document");
    print_file(t, port, "short");
    print_file(t, port, "a middling one");
    t->m.pfnClosePort(port);
}

static unsigned char last_byte;
static bool has_last_byte;

/* Keeps the last byte of each block back until the next block comes. */
WRITE_BREAK(keeps_the_last_byte)
{
    DWORD moved;
    if (has_last_byte) {
        trial_real()->pfnWritePort(port, &last_byte, 1, &moved);
    }
    last_byte = data[size - 1];
    has_last_byte = true;
    *written = size;
    return size == 1 ? TRUE : trial_real()->pfnWritePort(port, data, size - 1, &moved);
}

static void wrap_keeps_byte(MONITOR2 *table)
{
    has_last_byte = false;
    table->pfnWritePort = keeps_the_last_byte;
}

/* Writes into the old file without emptying it, as OPEN_ALWAYS alone would. */
END_BREAK(leaves_the_old_rest)
{
    static const char rest[] = "ther long document";
    DWORD moved;
    trial_real()->pfnWritePort(port, (LPBYTE)(uintptr_t)rest, sizeof rest - 1, &moved);
    return REAL_END();
}

WRAP(wrap_old_rest, pfnEndDocPort, leaves_the_old_rest)

/* ---- R55: a job nobody wants any more -------------------------------------------------------- */

/* The job is deleted when the spooler is asked for the third time. */
static unsigned questions;

static void delete_at_the_third(struct trial *t)
{
    if (++questions == 3) {
        t->winspool.job_status = JOB_STATUS_DELETING;
    }
}

static void stops_draining(struct trial *t, HANDLE port)
{
    trial_start(t, port, 1);
    trial_write(t, port, "whole", 5, 5);
    platen_sim_script(t->device, "drain", NULL);
    questions = 0;
    t->inside = delete_at_the_third;
    t->inside_slot = PLATEN_SLOT_GetJobW;
    uint64_t begin = trial_now(t);
    probe_end(t, port);
    uint64_t taken = trial_now(t) - begin;
    KEPT(t, taken < 2 * SECOND, "EndDocPort went on waiting for the last bytes, %u ms in all",
         (unsigned)(taken / 1000000));
    KEPT(t, t->winspool.set_jobs == 0, "SetJob told of a job that was deleted");
    t->inside = NULL;
    t->winspool.job_status = 0;
    platen_sim_script(t->device, "", NULL);
}

static void stops_waiting(struct trial *t)
{
    static const uint32_t statuses[] = {JOB_STATUS_DELETING, JOB_STATUS_DELETED, JOB_STATUS_RESTART,
                                        0};
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (size_t i = 0; i < 4; i++) {
        trial_start(t, port, 1);
        platen_sim_script(t->device, "take 2; stall", NULL);
        probe_write(t, port, "ab", 2);
        t->winspool.job_status = statuses[i];
        t->winspool.get_error = statuses[i] == 0 ? PLATEN_INVALID_PARAMETER : 0;
        uint64_t begin = trial_now(t);
        struct probe_call write = probe_write(t, port, "cdef", 4);
        uint64_t taken = trial_now(t) - begin;
        KEPT(t, !write.ok || write.moved == 0, "a stalled device took bytes");
        KEPT(t, taken < 2 * SECOND, "status 0x%x: WritePort waited %u ms, of 4000 allowed at all",
             (unsigned)statuses[i], (unsigned)(taken / 1000000));
        begin = trial_now(t);
        probe_end(t, port);
        taken = trial_now(t) - begin;
        KEPT(t, taken < 2 * SECOND, "status 0x%x: EndDocPort waited %u ms", (unsigned)statuses[i],
             (unsigned)(taken / 1000000));
        t->winspool.job_status = 0;
        t->winspool.get_error = 0;
        platen_sim_script(t->device, "", NULL);
        if (i == 0) {
            stops_draining(t, port);
        }
        probe_job(t, port, 2);
    }
    t->m.pfnClosePort(port);
}

WRITE_BREAK(waits_all_the_same)
{
    BOOL ok = REAL_WRITE();
    if (!ok && LAST == PLATEN_PRINT_CANCELLED) {
        trial_pass(now(), 4 * SECOND);
        return fails_with(PLATEN_TIMEOUT);
    }
    return ok;
}

END_BREAK(drains_all_the_same)
{
    if (now()->winspool.job_status == JOB_STATUS_RESTART) {
        trial_pass(now(), 4 * SECOND);
    }
    return REAL_END();
}

/* Asks once, and then no more. */
END_BREAK(drains_without_asking)
{
    struct trial_winspool *winspool = &now()->winspool;
    if (winspool->job_status == 0 && winspool->get_error == 0) {
        trial_pass(now(), 4 * SECOND);
    }
    return REAL_END();
}

WRAP(wrap_end_drains, pfnEndDocPort, drains_without_asking)
WRAP(wrap_write_waits, pfnWritePort, waits_all_the_same)
WRAP(wrap_end_waits, pfnEndDocPort, drains_all_the_same)

const struct trial_case trial_end_cases[] = {
    {.rule = "R50",
     .about = "the next job after an empty, a failed, a cancelled one",
     .probe = after_each_kind,
     .breaks = {{.how = "stuck after a failed write", .wrap = wrap_stuck},
                {.how = "refuses to end an empty job", .wrap = wrap_wants_bytes},
                {.how = "TRUE whatever happened", .wrap = wrap_always_true}}},
    {.rule = "R51",
     .about = "EndDocPort without a job",
     .probe = end_without_job,
     .breaks = {{.how = "fails with 3003", .wrap = wrap_3003},
                {.how = "calls SetJob", .wrap = wrap_completes_anything}}},
    {.rule = "R52",
     .about = "one SetJob 6 per job, when the device has it all",
     .probe = completes_once,
     .breaks = {{.how = "says so at the start", .wrap = wrap_too_early},
                {.how = "never says so", .wrap = wrap_never},
                {.how = "deletes the job instead", .wrap = wrap_deletes},
                {.how = "says so twice", .wrap = wrap_twice}}},
    {.rule = "R53",
     .about = "printer and device after each of 200 jobs",
     .probe = releases,
     .breaks = {{.how = "leaves a printer open", .wrap = wrap_leaves_printer},
                {.how = "leaves the device in its job", .wrap = wrap_leaves_device}}},
    {.rule = "R54",
     .about = "the target as soon as EndDocPort has returned",
     .probe = visible,
     .breaks = {{.how = "keeps a byte back", .wrap = wrap_keeps_byte},
                {.how = "leaves the rest of an older document", .wrap = wrap_old_rest}}},
    {.rule = "R55",
     .about = "a stalled job that GetJob says is gone",
     .probe = stops_waiting,
     .breaks = {{.how = "WritePort waits all the same", .wrap = wrap_write_waits},
                {.how = "EndDocPort waits all the same", .wrap = wrap_end_waits},
                {.how = "EndDocPort drains without asking", .wrap = wrap_end_drains}}},
    {.rule = NULL},
};
