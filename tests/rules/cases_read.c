/* SPDX-License-Identifier: MIT
 *
 * ReadPort (R46 to R49).
 */
#include <stdatomic.h>
#include <string.h>

#include "break_job.h"
#include "os/thread.h"

#define SECOND UINT64_C(1000000000)

/* ---- R46: memory and count ------------------------------------------------------------------- */

static void reads_what_there_is(struct trial *t)
{
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    if (!KEPT(t, t->m.pfnReadPort != NULL, "ReadPort is NULL")) {
        return;
    }
    for (DWORD size = 1; size <= 12; size++) {
        unsigned char *buffer = probe_canary(size);
        platen_sim_reply(t->device, "answer", 6);
        struct probe_call read = probe_read(t, port, buffer, size);
        DWORD expected = size < 6 ? size : 6;
        KEPT(t, read.ok && read.moved == expected, "room for %u of 6 bytes: %d, %u read",
             (unsigned)size, read.ok, (unsigned)read.moved);
        KEPT(t, probe_intact(), "written beyond %u bytes", (unsigned)size);
        KEPT(t, memcmp(buffer, "answer", expected) == 0, "other bytes than the device sent");
        for (unsigned rounds = 0; rounds < 10 && read.ok && read.moved > 0; rounds++) {
            unsigned char rest[16];
            read = probe_read(t, port, rest, sizeof rest);
        }
    }
    t->m.pfnClosePort(port);
}

READ_BREAK(writes_a_nul)
{
    BOOL ok = REAL_READ();
    data[*read] = 0;
    return ok;
}

READ_BREAK(counts_the_room)
{
    BOOL ok = REAL_READ();
    *read = size;
    return ok;
}

READ_BREAK(counts_nothing)
{
    BOOL ok = REAL_READ();
    *read = 0;
    return ok;
}

WRAP(wrap_nul, pfnReadPort, writes_a_nul)
WRAP(wrap_room, pfnReadPort, counts_the_room)
WRAP(wrap_no_count, pfnReadPort, counts_nothing)
WRAP(wrap_null, pfnReadPort, NULL)

/* ---- R47: nothing there ---------------------------------------------------------------------- */

static void silent(struct trial *t)
{
    unsigned char buffer[16];
    HANDLE port = trial_open(t, TEXT("SIM:trial"));
    for (unsigned in_job = 0; in_job < 2; in_job++) {
        uint64_t begin = trial_now(t);
        struct probe_call read = probe_read(t, port, buffer, sizeof buffer);
        uint64_t taken = trial_now(t) - begin;
        KEPT(t, read.ok && read.moved == 0, "a silent device: %d, %u bytes, last-error %u", read.ok,
             (unsigned)read.moved, (unsigned)read.error);
        KEPT(t, taken < 3 * SECOND, "ReadPort took %u seconds, 2 were allowed",
             (unsigned)(taken / SECOND));
        trial_start(t, port, 1);
    }
    probe_end(t, port);
    t->m.pfnClosePort(port);
}

READ_BREAK(silence_is_1460)
{
    BOOL ok = REAL_READ();
    return ok && *read == 0 ? fails_with(PLATEN_TIMEOUT) : ok;
}

READ_BREAK(waits_for_an_answer)
{
    BOOL ok = REAL_READ();
    for (int i = 0; i < 100 && ok && *read == 0; i++) {
        ok = REAL_READ();
    }
    return ok;
}

WRAP(wrap_1460, pfnReadPort, silence_is_1460)
WRAP(wrap_waits, pfnReadPort, waits_for_an_answer)

/* ---- R48: no back channel -------------------------------------------------------------------- */

static void one_way(struct trial *t)
{
    unsigned char buffer[16];
    static const WCHAR *const names[] = {TEXT("NUL:"), TEXT("FILE:")};
    for (size_t i = 0; i < 2; i++) {
        HANDLE port = trial_open(t, names[i]);
        struct probe_call read = probe_read(t, port, buffer, sizeof buffer);
        KEPT(t, !read.ok, "ReadPort of a port without back channel is TRUE");
        KEPT(t, read.error == 6 || read.error == 50 || read.error == 120, "it fails with %u",
             (unsigned)read.error);
        KEPT(t, read.moved == 0, "it leaves %u as the count", (unsigned)read.moved);
        t->m.pfnClosePort(port);
    }
}

READ_BREAK(one_way_is_true)
{
    REAL_READ();
    *read = 0;
    return TRUE;
}

READ_BREAK(one_way_leaves_count)
{
    DWORD count = *read;
    BOOL ok = REAL_READ();
    *read = ok ? *read : count;
    return ok;
}

READ_BREAK(one_way_is_31)
{
    return REAL_READ() ? TRUE : fails_with(PLATEN_GEN_FAILURE);
}

WRAP(wrap_true, pfnReadPort, one_way_is_true)
WRAP(wrap_leaves_count, pfnReadPort, one_way_leaves_count)
WRAP(wrap_31, pfnReadPort, one_way_is_31)

/* ---- R49: beside a job ----------------------------------------------------------------------- */

#define JOBS 100

static struct {
    HANDLE port;
    struct trial *trial;
    atomic_bool stop;
    atomic_uint reads;
    atomic_uint failures;
} reader;

static void read_on(void *argument)
{
    (void)argument;
    while (!atomic_load(&reader.stop)) {
        unsigned char buffer[64];
        DWORD moved = 0;
        if (!reader.trial->m.pfnReadPort(reader.port, buffer, sizeof buffer, &moved)) {
            atomic_fetch_add(&reader.failures, 1);
        }
        atomic_fetch_add(&reader.reads, 1);
    }
}

/* Until the reader has come back with what the device says now, in the midst of the job. */
static void let_reader_read(struct trial *t)
{
    unsigned before = atomic_load(&reader.reads);
    platen_sim_reply(t->device, "@PJL", 4);
    while (atomic_load(&reader.reads) == before) {
        platen_os_thread_yield();
    }
}

static bool job_beside_reader(struct trial *t, DWORD job)
{
    platen_sim_forget(t->device);
    if (!trial_start(t, reader.port, job)) {
        return false;
    }
    let_reader_read(t);
    return trial_write(t, reader.port, "a page", 6, 2) &&
           KEPT(t, probe_end(t, reader.port).ok, "EndDocPort failed with %u", LAST) &&
           trial_device_has(t, "a page", 6);
}

static void beside_a_job(struct trial *t)
{
    platen_os_thread *thread;
    memset(&reader, 0, sizeof reader);
    reader.trial = t;
    reader.port = trial_open(t, TEXT("SIM:trial"));
    if (platen_os_thread_start(&thread, "reader", 0, read_on, NULL) != 0) {
        trial_breach(t, "no thread");
        return;
    }
    while (atomic_load(&reader.reads) == 0) {
        platen_os_thread_yield(); /* so that there is a reader at all */
    }
    uint64_t begin = trial_now(t);
    for (DWORD job = 1; job <= JOBS && job_beside_reader(t, job); job++) {
    }
    uint64_t taken = trial_now(t) - begin;
    atomic_store(&reader.stop, true);
    platen_os_thread_join(thread);
    KEPT(t, atomic_load(&reader.failures) == 0, "ReadPort failed %u times",
         atomic_load(&reader.failures));
    /* Were each job held up by a read time-out of 0.2 s, it would be 20 s. */
    KEPT(t, taken < 15 * SECOND, "%d jobs beside a reader took %u seconds", JOBS,
         (unsigned)(taken / SECOND));
    t->m.pfnClosePort(reader.port);
}

static atomic_bool taken_by_reader;

READ_BREAK(takes_the_port)
{
    atomic_store(&taken_by_reader, true);
    return REAL_READ();
}

WRITE_BREAK(port_is_taken)
{
    return atomic_load(&taken_by_reader) ? fails_with(PLATEN_BUSY) : REAL_WRITE();
}

READ_BREAK(read_ends_the_job)
{
    BOOL ok = REAL_READ();
    trial_real()->pfnEndDocPort(port);
    return ok;
}

READ_BREAK(read_fails_now_and_then)
{
    static atomic_uint calls;
    return atomic_fetch_add(&calls, 1) % 8 == 0 ? fails_with(PLATEN_BUSY) : REAL_READ();
}

static void wrap_takes(MONITOR2 *table)
{
    atomic_store(&taken_by_reader, false);
    table->pfnReadPort = takes_the_port;
    table->pfnWritePort = port_is_taken;
}

WRAP(wrap_ends_job, pfnReadPort, read_ends_the_job)
WRAP(wrap_fails, pfnReadPort, read_fails_now_and_then)

const struct trial_case trial_read_cases[] = {
    {.rule = "R46",
     .about = "buffers of all sizes",
     .probe = reads_what_there_is,
     .breaks = {{.how = "writes a NUL behind", .wrap = wrap_nul},
                {.how = "counts the room", .wrap = wrap_room},
                {.how = "counts nothing", .wrap = wrap_no_count},
                {.how = "is NULL", .wrap = wrap_null}}},
    {.rule = "R47",
     .about = "a silent device, in and out of a job",
     .probe = silent,
     .breaks = {{.how = "silence is 1460", .wrap = wrap_1460},
                {.how = "waits for an answer", .wrap = wrap_waits}}},
    {.rule = "R48",
     .about = "ports without a back channel",
     .probe = one_way,
     .breaks = {{.how = "TRUE", .wrap = wrap_true},
                {.how = "leaves the count", .wrap = wrap_leaves_count},
                {.how = "fails with 31", .wrap = wrap_31}}},
    {.rule = "R49",
     .about = "a reader beside a hundred jobs",
     .probe = beside_a_job,
     .real_clock = true,
     .breaks = {{.how = "the reader has the port", .wrap = wrap_takes},
                {.how = "ends the job", .wrap = wrap_ends_job},
                {.how = "fails now and then", .wrap = wrap_fails}}},
    {.rule = NULL},
};
