/* SPDX-License-Identifier: MIT
 *
 * WritePort (R38 to R45).
 */
#include <stdlib.h>
#include <string.h>

#include "break_job.h"
#include "os/memory.h"
#include "world.h"

#define SECOND UINT64_C(1000000000)
#define STREAM 100000u

static unsigned char stream[STREAM];

static HANDLE open_with_job(struct trial *t, const char *script)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (size_t i = 0; i < sizeof stream; i++) {
        stream[i] = (unsigned char)(i * 31 + i / 256);
    }
    platen_sim_forget(t->device);
    platen_sim_script(t->device, script, NULL);
    trial_start(t, port, 1);
    return port;
}

static void end_and_close(struct trial *t, HANDLE port)
{
    platen_sim_script(t->device, "", NULL);
    probe_end(t, port);
    t->m.pfnClosePort(port);
}

/* ---- R38: the count -------------------------------------------------------------------------- */

static bool counts(struct trial *t, HANDLE port, const char *when, uint64_t *before)
{
    struct probe_call write = probe_write(t, port, stream, 50);
    uint64_t arrived = platen_sim_received(t->device) - *before;
    *before += arrived;
    KEPT(t, write.moved != UNSET, "%s: *pcbWritten is not written", when);
    KEPT(t, write.moved <= 50, "%s: %u of 50 bytes written", when, (unsigned)write.moved);
    return KEPT(t, write.moved == arrived, "%s: %u bytes told, %u arrived", when,
                (unsigned)write.moved, (unsigned)arrived);
}

static void count_is_right(struct trial *t)
{
    static const char *const scripts[] = {
        "",         "short 7",           "take 20; stall", "stall", "take 20; error 28",
        "error 28", "take 1; disconnect"};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        uint64_t before = 0;
        HANDLE port = open_with_job(t, scripts[i]);
        counts(t, port, scripts[i], &before);
        counts(t, port, scripts[i], &before);
        end_and_close(t, port);
        platen_sim_forget(t->device);
    }
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    uint64_t none = 0;
    counts(t, port, "without a job", &none);
    t->m.pfnClosePort(port);
}

WRITE_BREAK(count_untouched_on_failure)
{
    DWORD count = *written;
    BOOL ok = REAL_WRITE();
    if (!ok) {
        *written = count;
    }
    return ok;
}

WRITE_BREAK(counts_what_was_asked)
{
    BOOL ok = REAL_WRITE();
    *written = ok ? size : *written;
    return ok;
}

WRITE_BREAK(counts_a_header)
{
    BOOL ok = REAL_WRITE();
    *written += ok ? 9 : 0;
    return ok;
}

WRAP(wrap_untouched, pfnWritePort, count_untouched_on_failure)
WRAP(wrap_asked, pfnWritePort, counts_what_was_asked)
WRAP(wrap_header, pfnWritePort, counts_a_header)

/* ---- R39: once, in order, unmodified --------------------------------------------------------- */

static void stream_arrives(struct trial *t)
{
    static const size_t steps[] = {1, 7, 4096, 65536, STREAM};
    static const char *const scripts[] = {"", "short 777"};
    for (size_t i = 0; i < 10; i++) {
        HANDLE port = open_with_job(t, scripts[i / 5]);
        trial_write(t, port, stream, sizeof stream, steps[i % 5]);
        KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST);
        trial_device_has(t, stream, sizeof stream);
        t->m.pfnClosePort(port);
    }
}

static void one_big_block(struct trial *t)
{
    const size_t size = 16u << 20;
    unsigned char *big = malloc(size);
    HANDLE port = open_with_job(t, "");
    for (size_t i = 0; big != NULL && i < size; i++) {
        big[i] = (unsigned char)(i * 2654435761u >> 23);
    }
    if (big != NULL && trial_write(t, port, big, size, size)) {
        trial_device_has(t, big, size);
    }
    free(big);
    end_and_close(t, port);
}

WRITE_BREAK(turns_lf_into_blanks)
{
    unsigned char copy[16];
    if (size <= sizeof copy) {
        memcpy(copy, data, size);
        for (DWORD i = 0; i < size; i++) {
            copy[i] = copy[i] == '\n' ? ' ' : copy[i];
        }
        data = copy;
    }
    return REAL_WRITE();
}

WRITE_BREAK(repeats_short_writes)
{
    BOOL ok = REAL_WRITE();
    if (ok && *written > 4096) {
        *written -= 1;
    }
    return ok;
}

WRITE_BREAK(drops_beyond_a_mebibyte)
{
    DWORD whole = size;
    size = size > (1u << 20) ? 1u << 20 : size;
    BOOL ok = REAL_WRITE();
    *written = ok && *written == size ? whole : *written;
    return ok;
}

WRAP(wrap_lf, pfnWritePort, turns_lf_into_blanks)
WRAP(wrap_repeats, pfnWritePort, repeats_short_writes)
WRAP(wrap_drops, pfnWritePort, drops_beyond_a_mebibyte)

/* ---- R40: bounded time ----------------------------------------------------------------------- */

static void returns_in_time(struct trial *t)
{
    static const char *const scripts[] = {"stall", "take 3; stall", "rate 1", "take 1; disconnect",
                                          "fail 21"};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        HANDLE port = open_with_job(t, scripts[i]);
        uint64_t begin = 0;
        uint64_t taken = 0;
        for (unsigned calls = 0; calls < 3; calls++) {
            begin = trial_now(t);
            probe_write(t, port, stream, 1000);
            taken = trial_now(t) - begin;
            KEPT(t, taken < 5 * SECOND, "%s: WritePort took %u seconds, 4 were allowed", scripts[i],
                 (unsigned)(taken / SECOND));
        }
        begin = trial_now(t);
        platen_sim_script(t->device, scripts[i], NULL);
        probe_end(t, port);
        taken = trial_now(t) - begin;
        KEPT(t, taken < 5 * SECOND, "%s: EndDocPort took %u seconds, 4 were allowed", scripts[i],
             (unsigned)(taken / SECOND));
        end_and_close(t, port);
    }
}

WRITE_BREAK(waits_for_ever)
{
    BOOL ok = REAL_WRITE();
    for (int i = 0; i < 100 && !ok; i++) {
        ok = REAL_WRITE();
    }
    return ok;
}

WRITE_BREAK(sleeps_at_trouble)
{
    BOOL ok = REAL_WRITE();
    if (!ok && LAST == PLATEN_DEVICE_NOT_CONNECTED) {
        trial_pass(trial_now_running(), 200 * SECOND);
    }
    return ok;
}

WRAP(wrap_for_ever, pfnWritePort, waits_for_ever)
WRAP(wrap_sleeps, pfnWritePort, sleeps_at_trouble)

/* ---- R41: FALSE has a reason, TRUE is no lie ------------------------------------------------- */

/* Writes all, taking every answer at its word; the sum of what was told. */
static uint64_t write_believing(struct trial *t, HANDLE port, unsigned tries)
{
    uint64_t told = 0;
    for (unsigned i = 0; i < tries && told < 1000; i++) {
        struct probe_call write = probe_write(t, port, stream + told, (DWORD)(1000 - told));
        KEPT(t, write.ok || probe_has_reason(write), "FALSE without a reason (last-error %u)",
             (unsigned)write.error);
        told += write.moved <= 1000 - told ? write.moved : 0;
    }
    return told;
}

static void no_lies(struct trial *t)
{
    static const char *const scripts[] = {"take 100; stall 9000", "take 100; stall",
                                          "take 100; error 28; take 10; error 21",
                                          "take 100; disconnect", "fail 31"};
    for (size_t i = 0; i < sizeof scripts / sizeof *scripts; i++) {
        HANDLE port = open_with_job(t, scripts[i]);
        uint64_t told = write_believing(t, port, 6);
        uint64_t arrived = platen_sim_received(t->device);
        KEPT(t, told == arrived, "%s: %u bytes were told, %u arrived", scripts[i], (unsigned)told,
             (unsigned)arrived);
        end_and_close(t, port);
    }
}

WRITE_BREAK(says_no_reason)
{
    BOOL ok = REAL_WRITE();
    if (!ok) {
        platen_os_set_last_error(0);
    }
    return ok;
}

WRITE_BREAK(lies_when_stalled)
{
    BOOL ok = REAL_WRITE();
    if (!ok && LAST == PLATEN_TIMEOUT) {
        *written = size;
        ok = TRUE;
    }
    return ok;
}

WRAP(wrap_no_reason, pfnWritePort, says_no_reason)
WRAP(wrap_lies, pfnWritePort, lies_when_stalled)

/* ---- R42, R43: no job, no bytes ---------------------------------------------------------------
 */

static void without_a_job(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (unsigned round = 0; round < 2; round++) {
        platen_sim_forget(t->device);
        struct probe_call write = probe_write(t, port, "stray", 5);
        uint64_t arrived = platen_sim_received(t->device);
        KEPT(t, write.ok || (probe_has_reason(write) && write.moved == 0),
             "FALSE with %u bytes and last-error %u", (unsigned)write.moved, (unsigned)write.error);
        KEPT(t, arrived == write.moved, "%u bytes told, %u arrived", (unsigned)write.moved,
             (unsigned)arrived);
        KEPT(t, t->winspool.set_jobs == round, "SetJob was called");
        probe_job(t, port, 3);
    }
    t->m.pfnClosePort(port);
}

WRITE_BREAK(swallows_strays)
{
    BOOL ok = REAL_WRITE();
    if (!ok && LAST == PLATEN_INVALID_HANDLE) {
        *written = size;
        ok = TRUE;
    }
    return ok;
}

WRITE_BREAK(starts_a_job)
{
    DOC_INFO_1W doc = {PROBE_W("stray"), NULL, NULL};
    BOOL ok = REAL_WRITE();
    if (!ok && LAST == PLATEN_INVALID_HANDLE) {
        trial_real()->pfnStartDocPort(port, PROBE_W("printer"), 99, 1, (LPBYTE)&doc);
        ok = REAL_WRITE();
        trial_real()->pfnEndDocPort(port);
    }
    return ok;
}

WRAP(wrap_swallows, pfnWritePort, swallows_strays)
WRAP(wrap_starts, pfnWritePort, starts_a_job)

static void no_bytes(struct trial *t)
{
    HANDLE port = open_with_job(t, "");
    const void *const buffers[] = {stream, NULL};
    for (size_t i = 0; i < 2; i++) {
        struct probe_call write = probe_write(t, port, buffers[i], 0);
        KEPT(t, write.moved == 0, "0 bytes count as %u", (unsigned)write.moved);
        KEPT(t, write.ok || write.error == PLATEN_TIMEOUT, "0 bytes are refused with %u",
             (unsigned)write.error);
    }
    trial_write(t, port, "after", 5, 5);
    trial_device_has(t, "after", 5);
    end_and_close(t, port);
}

WRITE_BREAK(nothing_is_87)
{
    return size == 0 ? fails_with(PLATEN_INVALID_PARAMETER) : REAL_WRITE();
}

WRITE_BREAK(nothing_is_a_byte)
{
    BOOL ok = REAL_WRITE();
    *written = size == 0 ? 1 : *written;
    return ok;
}

WRAP(wrap_nothing_87, pfnWritePort, nothing_is_87)
WRAP(wrap_nothing_1, pfnWritePort, nothing_is_a_byte)

/* ---- R44: the rest ----------------------------------------------------------------------------
 */

static void rest_fits(struct trial *t)
{
    HANDLE port = open_with_job(t, "take 333; error 28; take 5; error 21; short 100; take 50; "
                                   "stall 9000; take 1; error 28");
    size_t sent = 0;
    for (unsigned tries = 0; tries < 200 && sent < 5000; tries++) {
        DWORD part = (DWORD)(5000 - sent < 700 ? 5000 - sent : 700);
        struct probe_call write = probe_write(t, port, stream + sent, part);
        sent += write.moved <= part ? write.moved : 0;
    }
    KEPT(t, sent == 5000, "the stream got stuck after %u bytes", (unsigned)sent);
    trial_device_has(t, stream, 5000);
    end_and_close(t, port);
}

WRITE_BREAK(fails_after_taking)
{
    BOOL ok = REAL_WRITE();
    if (ok && *written < size) {
        *written = 0;
        return fails_with(PLATEN_OUT_OF_PAPER);
    }
    return ok;
}

WRITE_BREAK(keeps_a_byte)
{
    BOOL ok = REAL_WRITE();
    *written += ok && *written < size ? 1 : 0;
    return ok;
}

WRAP(wrap_after_taking, pfnWritePort, fails_after_taking)
WRAP(wrap_keeps_byte, pfnWritePort, keeps_a_byte)

/* ---- R45: the buffer is the caller's ----------------------------------------------------------
 */

static void buffer_is_borrowed(struct trial *t)
{
    unsigned char copy[64];
    HANDLE port = open_with_job(t, "short 10");
    memcpy(copy, stream, sizeof copy);
    for (size_t sent = 0; sent < sizeof copy && t->breach[0] == '\0';) {
        struct probe_call write = probe_write(t, port, copy + sent, (DWORD)(sizeof copy - sent));
        KEPT(t, write.ok, "WritePort failed with %u", (unsigned)write.error);
        KEPT(t, memcmp(copy + sent, stream + sent, sizeof copy - sent) == 0,
             "WritePort wrote into its buffer");
        memset(copy + sent, 0xdd, write.moved); /* gone: nobody may look at it any more */
        sent += write.moved;
    }
    KEPT(t, probe_end(t, port).ok, "EndDocPort failed with %u", LAST);
    trial_device_has(t, stream, sizeof copy);
    if (t->breach[0] == '\0') {
        unsigned char *page = platen_os_pages_alloc(platen_os_page_size());
        platen_os_pages_protect(page, platen_os_page_size(), PLATEN_OS_READ_ONLY);
        trial_start(t, port, 2);
        trial_write(t, port, page, platen_os_page_size(), 1000);
        platen_os_pages_free(page, platen_os_page_size());
    }
    end_and_close(t, port);
}

WRITE_BREAK(marks_its_buffer)
{
    BOOL ok = REAL_WRITE();
    data[size - 1] ^= 1;
    return ok;
}

static struct {
    LPBYTE data;
    DWORD size;
} held;

static BOOL send_held(HANDLE port)
{
    DWORD written;
    while (held.size > 0) {
        if (!trial_real()->pfnWritePort(port, held.data, held.size, &written)) {
            return FALSE;
        }
        held.data += written;
        held.size -= written;
    }
    return TRUE;
}

/* Takes a block and sends it when the next one comes. */
WRITE_BREAK(sends_later)
{
    BOOL ok = send_held(port);
    held.data = data;
    held.size = size < 10 ? size : 10;
    *written = ok ? held.size : 0;
    return ok;
}

END_BREAK(sends_the_last)
{
    return send_held(port) & REAL_END();
}

WRAP(wrap_marks, pfnWritePort, marks_its_buffer)

static void wrap_later(MONITOR2 *table)
{
    memset(&held, 0, sizeof held);
    table->pfnWritePort = sends_later;
    table->pfnEndDocPort = sends_the_last;
}

const struct trial_case trial_data_cases[] = {
    {.rule = "R38",
     .about = "the count after every outcome",
     .probe = count_is_right,
     .breaks = {{.how = "leaves it untouched on failure", .wrap = wrap_untouched},
                {.how = "counts what was asked for", .wrap = wrap_asked},
                {.how = "counts a header of its own", .wrap = wrap_header}}},
    {.rule = "R39",
     .about = "any split, all byte values",
     .probe = stream_arrives,
     .breaks = {{.how = "turns line feeds into blanks", .wrap = wrap_lf},
                {.how = "repeats a byte", .wrap = wrap_repeats}}},
    {.rule = "R39",
     .about = "16 MiB in one call",
     .probe = one_big_block,
     .breaks = {{.how = "drops what is beyond a mebibyte", .wrap = wrap_drops}}},
    {.rule = "R40",
     .about = "stalled, slow, vanished, failing",
     .probe = returns_in_time,
     .breaks = {{.how = "waits for ever", .wrap = wrap_for_ever},
                {.how = "sleeps when the device is gone", .wrap = wrap_sleeps}}},
    {.rule = "R41",
     .about = "FALSE has a reason, TRUE is no lie",
     .probe = no_lies,
     .breaks = {{.how = "FALSE without last-error", .wrap = wrap_no_reason},
                {.how = "TRUE for bytes that never went", .wrap = wrap_lies}}},
    {.rule = "R42",
     .about = "WritePort before and after jobs",
     .probe = without_a_job,
     .breaks = {{.how = "swallows the bytes", .wrap = wrap_swallows},
                {.how = "makes a job of them", .wrap = wrap_starts}}},
    {.rule = "R43",
     .about = "0 bytes",
     .probe = no_bytes,
     .breaks = {{.how = "refuses with 87", .wrap = wrap_nothing_87},
                {.how = "counts one byte", .wrap = wrap_nothing_1}}},
    {.rule = "R44",
     .about = "resending exactly the rest",
     .probe = rest_fits,
     .breaks = {{.how = "FALSE with 0 after taking some", .wrap = wrap_after_taking},
                {.how = "counts a byte too many", .wrap = wrap_keeps_byte}}},
    {.rule = "R45",
     .about = "a buffer that is read-only, and gone afterwards",
     .probe = buffer_is_borrowed,
     .breaks = {{.how = "writes into it", .wrap = wrap_marks},
                {.how = "keeps a pointer into it", .wrap = wrap_later}}},
    {.rule = NULL},
};
