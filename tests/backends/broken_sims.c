/* SPDX-License-Identifier: MIT
 *
 * The sim backend, broken in one way each: what concerns the back channel and cancel.
 */
#include <stdatomic.h>
#include <string.h>

#include "broken.h"
#include "os/thread.h"

static const struct platen_backend *sim;

static uint32_t read_lies(void *state, void *data, uint32_t size, uint64_t deadline,
                          uint32_t *moved)
{
    uint32_t error = sim->read(state, data, size, deadline, moved);
    *moved = size + 1;
    return error;
}

static uint32_t read_overruns(void *state, void *data, uint32_t size, uint64_t deadline,
                              uint32_t *moved)
{
    if (size)
        memset(data, 0, size + 1);
    return sim->read(state, data, size, deadline, moved);
}

static uint32_t read_fails_empty(void *state, void *data, uint32_t size, uint64_t deadline,
                                 uint32_t *moved)
{
    uint32_t error = sim->read(state, data, size, deadline, moved);
    return error || *moved ? error : PLATEN_NO_DATA;
}

static uint32_t read_waits(void *state, void *data, uint32_t size, uint64_t deadline,
                           uint32_t *moved)
{
    broken_dawdle();
    return sim->read(state, data, size, deadline, moved);
}

static _Atomic bool job_is_open;

static uint32_t start_notes_job(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    uint32_t error = sim->start_doc(state, doc, deadline);
    atomic_store(&job_is_open, !error);
    return error;
}

static uint32_t end_notes_job(void *state, bool abandoned, uint64_t deadline)
{
    atomic_store(&job_is_open, false);
    return sim->end_doc(state, abandoned, deadline);
}

static uint32_t read_not_in_job(void *state, void *data, uint32_t size, uint64_t deadline,
                                uint32_t *moved)
{
    if (!atomic_load(&job_is_open))
        return sim->read(state, data, size, deadline, moved);
    *moved = 0;
    return PLATEN_BUSY;
}

static void cancel_nothing(void *state)
{
    (void)state;
}

/* Cancel that is remembered until somebody meets it, in whatever job. */
static _Atomic bool is_cancelled;

static void cancel_stays(void *state)
{
    (void)state;
    atomic_store(&is_cancelled, true);
}

static uint32_t start_meets_cancel(void *state, const struct platen_doc *doc, uint64_t deadline)
{
    return atomic_exchange(&is_cancelled, false) ? PLATEN_OPERATION_ABORTED
                                                 : sim->start_doc(state, doc, deadline);
}

static uint32_t write_is_busy(void *state, const void *data, uint32_t size, uint64_t deadline,
                              uint32_t *moved)
{
    uint32_t error = sim->write(state, data, size, deadline, moved);
    return error == PLATEN_OPERATION_ABORTED ? PLATEN_BUSY : error;
}

static uint32_t end_says_fine(void *state, bool abandoned, uint64_t deadline)
{
    sim->end_doc(state, abandoned, deadline);
    return 0;
}

static uint32_t drain_is_busy(void *state, uint64_t deadline)
{
    uint32_t error = sim->drain(state, deadline);
    return error ? error : PLATEN_IO_INCOMPLETE;
}

static uint32_t drain_meets_no_cancel(void *state, uint64_t deadline)
{
    uint32_t error = sim->drain(state, deadline);
    return error == PLATEN_OPERATION_ABORTED ? 0 : error;
}

static uint32_t end_waits_again(void *state, bool abandoned, uint64_t deadline)
{
    uint32_t error = sim->end_doc(state, abandoned, deadline);
    return error || deadline ? error : PLATEN_TIMEOUT;
}

// clang-format off
static struct broken rows[] = {
    {"read says more than size",   "reading",         "moved",                   NULL, {.read = read_lies}},
    {"read writes too far",        "reading",         "beyond",                  NULL, {.read = read_overruns}},
    {"read fails on silence",      "reading",         "error 232",               NULL, {.read = read_fails_empty}},
    {"read waits too long",        "reading",         "read does not return",    NULL, {.read = read_waits}},
    {"cancel does nothing",        "cancelling",      "not 995",                 NULL, {.cancel = cancel_nothing}},
    {"cancel is another error",    "cancelling",      "not 995",                 NULL, {.write = write_is_busy}},
    {"a cancelled job is fine",    "cancelling",      "as if it were printed",   NULL, {.end_doc = end_says_fine}},
    {"cancel hits the next job",   "early_cancelling", "start_doc: error 995",    NULL, {.cancel = cancel_stays, .start_doc = start_meets_cancel}},
    {"drain does not say when",    "draining",        "drain: error 996",        NULL, {.drain = drain_is_busy}},
    {"drain meets no cancel",      "draining",        "drain: error 0 after",    NULL, {.drain = drain_meets_no_cancel}},
    {"end_doc waits after drain",  "draining",        "end_doc after drain",     NULL, {.end_doc = end_waits_again}},
    {"no reading in a job",        "reading_aside",   "read beside jobs: error 170", NULL, {.start_doc = start_notes_job, .end_doc = end_notes_job, .read = read_not_in_job}},
};
// clang-format on

static void forget(void)
{
    atomic_store(&is_cancelled, false);
    atomic_store(&job_is_open, false);
}

const struct broken_set broken_sims = {
    .of = "sim",
    .example = "sim:broken",
    .rows = rows,
    .count = sizeof rows / sizeof *rows,
    .good = &sim,
    .forget = forget,
};
